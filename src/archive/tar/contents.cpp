#include <algorithm>
#include <cstring>

#include "archive/decoded_source.hpp"
#include "archive/tar/parser.hpp"
#include "archive/tar/tar.hpp"
#include "archive/tar/walk.hpp"
#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

constexpr std::size_t read_bytes = 64 << 10;

// The content of one entry out of the bytes of an archive from its headers on.
class EntryBytes final : public Source {
 public:
  explicit EntryBytes(std::unique_ptr<Source> archive)
      : archive_(std::move(archive)), piece_(read_bytes) {}

  Result<std::size_t> read(MutableBytes out) override {
    std::size_t filled = 0;
    while (filled == 0 && !ended_) {
      if (hole_ != 0) {
        filled = static_cast<std::size_t>(std::min<std::uint64_t>(hole_, out.size()));
        std::fill_n(out.begin(), filled, std::byte{0});
        hole_ -= filled;
      } else if (!data_.empty()) {
        filled = std::min(data_.size(), out.size());
        std::memcpy(out.data(), data_.data(), filled);
        data_ = data_.drop(filled);
      } else {
        BRAID_TRY(advance());
      }
    }
    return filled;
  }

 private:
  Result<void> advance() {
    BRAID_TRY_VALUE(const Parser::Event event, parser_.next(in_));
    switch (event) {
      case Parser::Event::data:
        data_ = parser_.data();
        return {};
      case Parser::Event::hole:
        hole_ = parser_.hole();
        return {};
      case Parser::Event::entry:
        return {};
      case Parser::Event::end_of_entry:
      case Parser::Event::end:
        ended_ = true;
        return {};
      case Parser::Event::need_input:
        break;
    }
    BRAID_TRY_VALUE(const std::size_t count, archive_->read(piece_.writable()));
    in_ = piece_.view().first(count);
    if (count != 0) return {};
    return Error{.code = Errc::truncated, .message = "the archive ends within the entry"};
  }

  std::unique_ptr<Source> archive_;
  Buffer piece_;
  Parser parser_;
  ByteView in_;
  ByteView data_;
  std::uint64_t hole_ = 0;
  bool ended_ = false;
};

class TarContents final : public Contents {
 public:
  explicit TarContents(const ReadCall& call) : file_(*call.file), config_(call.config) {}

  Result<std::unique_ptr<Source>> open(const Entry& entry) const override {
    const std::uint64_t offset = entry.offset.value_or(0);
    std::unique_ptr<Source> bytes;
    if (config_.algorithm == Algorithm::none) {
      const std::uint64_t start = std::min(offset, file_.size());
      bytes = std::make_unique<FileRange>(file_, start, file_.size() - start);
    } else {
      auto packed = std::make_unique<FileRange>(file_, 0, file_.size());
      BRAID_TRY_VALUE(bytes, DecodedSource::make(std::move(packed), config_));
      BRAID_TRY(pass_over(*bytes, offset));
    }
    return std::unique_ptr<Source>(std::make_unique<EntryBytes>(std::move(bytes)));
  }

 private:
  const Positioned& file_;
  DecompressionConfig config_;
};

}  // namespace

Result<std::unique_ptr<Contents>> contents(const ReadCall& call, EntryVisitor& visitor) {
  auto result = std::make_unique<TarContents>(call);
  if (call.config.algorithm == Algorithm::none) {
    BRAID_TRY(walk(*call.file, {call.ignore_zeros, call.strict, call.run.stop}, visitor));
  } else {
    BRAID_TRY(read(call, visitor));
  }
  return std::unique_ptr<Contents>(std::move(result));
}

}  // namespace braid::archive::tar
