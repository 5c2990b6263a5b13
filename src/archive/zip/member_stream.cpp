#include "archive/zip/member_stream.hpp"

#include <algorithm>
#include <cstring>

#include "archive/zip/member_decoder.hpp"
#include "archive/zip/method.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"

namespace braid::archive::zip {

namespace {

namespace deflate = codec::deflate;

// Content on its way, counted and summed.
class SummingSink final : public Sink {
 public:
  SummingSink(EntrySink& sink, std::uint64_t limit) noexcept : sink_(sink), limit_(limit) {}

  Result<void> write(ByteView bytes) override {
    if (bytes.size() > limit_ - size_) {
      return Error{.code = Errc::corrupt, .message = "more bytes come out than the directory says"};
    }
    size_ += bytes.size();
    sum_ = deflate::crc32(sum_, bytes);
    return sink_.write(bytes);
  }

  [[nodiscard]] Result<void> judge(const Member& member) const {
    if (size_ != member.plain) {
      return Error{.code = Errc::corrupt, .message = "its size is not what the directory says"};
    }
    if (sum_ != member.crc) {
      return Error{.code = Errc::checksum_mismatch, .message = "its CRC-32 does not match"};
    }
    return {};
  }

 private:
  EntrySink& sink_;
  std::uint64_t limit_;
  std::uint64_t size_ = 0;
  std::uint32_t sum_ = deflate::crc32_of_nothing;
};

Result<void> copy(Source& source, Sink& sink, const std::stop_token& stop) {
  Buffer piece(std::size_t{1} << 20);
  for (;;) {
    if (stop.stop_requested()) return Error{.code = Errc::cancelled, .message = "stopped"};
    BRAID_TRY_VALUE(const std::size_t count, source.read(piece.writable()));
    if (count == 0) return {};
    BRAID_TRY(sink.write(piece.view().first(count)));
  }
}

}  // namespace

Result<std::size_t> RangeSource::read(MutableBytes out) {
  if (head_at_ != head_.size()) {
    const ByteView part = head_.view().drop(head_at_).first(out.size());
    std::memcpy(out.data(), part.data(), part.size());
    head_at_ += part.size();
    return part.size();
  }
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
  if (wanted == 0) return std::size_t{0};
  BRAID_TRY_VALUE(const std::size_t count, file_.read_at(out.first(wanted), at_));
  at_ += count;
  left_ -= count;
  return count;
}

Result<void> stream_member(Engine& engine, const Positioned& file, std::uint64_t start,
                           const Member& member, std::uint64_t memory_limit, std::stop_token stop,
                           EntrySink& sink) {
  BRAID_TRY_VALUE(const Algorithm algorithm, algorithm_of(member));
  SummingSink summing(sink, member.plain);
  if (algorithm == Algorithm::none) {
    RangeSource source(file, start, member.packed);
    BRAID_TRY(copy(source, summing, stop));
    return summing.judge(member);
  }
  Buffer head;
  std::uint64_t skipped = 0;
  if (algorithm == Algorithm::lzma) {
    Buffer begin(lzma_header_bytes);
    RangeSource source(file, start, std::min<std::uint64_t>(member.packed, begin.size()));
    BRAID_TRY_VALUE(const std::size_t count, source.read(begin.writable()));
    BRAID_TRY_VALUE(head, lzma_file_header(begin.view().first(count), member));
    skipped = lzma_header_bytes;
  }
  RangeSource source(file, start + skipped, member.packed - skipped, std::move(head));
  auto done = ParallelCompressor(engine).decompress(
      source, summing, {.algorithm = algorithm, .memory_limit = memory_limit}, {.stop = stop});
  if (!done) return std::move(done).error();
  return summing.judge(member);
}

}  // namespace braid::archive::zip
