#include "engine/packed_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/try.hpp"
#include "parallel/failure.hpp"

namespace braid::engine {

PackedReader::PackedReader(Source& source)
    : source_(source),
      whole_(source.view().value_or(ByteView())),
      in_memory_(source.view().has_value()),
      ended_(in_memory_) {}

Result<void> PackedReader::read_more() {
  if (ended_) return {};
  if (offset_ > source_at_) {
    BRAID_TRY(parallel::call_user([&] { return source_.skip(offset_ - source_at_); }));
    source_at_ = offset_;
  }
  const std::size_t kept = storage_.size() - begin_;
  if (begin_ != 0) {
    std::memmove(storage_.data(), storage_.data() + begin_, kept);
    begin_ = 0;
  }
  storage_.resize(kept + read_bytes);
  auto count = parallel::call_user([&] { return source_.read(storage_.writable().subspan(kept)); });
  storage_.resize(kept + (count ? *count : 0));
  BRAID_TRY(count);
  ended_ = *count == 0;
  source_at_ += *count;
  return {};
}

void PackedReader::consume(std::size_t count) noexcept {
  offset_ += count;
  begin_ += in_memory_ ? 0 : count;
}

ByteView PackedReader::take(std::size_t count, std::size_t beyond, Buffer& into) {
  const ByteView wanted = ahead().first(count + beyond);
  if (in_memory_) {
    consume(count);
    return wanted;
  }
  const ByteView rest = ahead().drop(count);
  // What it has room for beside the bytes is memory that nobody counts.
  const bool fits = storage_.capacity() <= wanted.size() + wanted.size() / 2 + read_bytes;
  into.clear();
  if (begin_ != 0 || rest.size() >= wanted.size() || !fits) {
    into.append(wanted);
    consume(count);
    return into.view();
  }
  const std::size_t size = wanted.size();
  into.append(rest);
  std::swap(storage_, into);
  into.resize(size);
  offset_ += count;
  return into.view();
}

void PackedReader::put_back(std::uint64_t offset, ByteView bytes) {
  if (!in_memory_) {
    Buffer joined(base::chunk_memory());
    joined.reserve(bytes.size() + ahead().size());
    joined.append(bytes);
    joined.append(ahead());
    storage_ = std::move(joined);
    begin_ = 0;
  }
  offset_ = offset;
}

bool PackedReader::find_file() {
  file_.reset();
  if (in_memory_ || ended_) return false;
  const auto left = parallel::call_user([this] { return source_.size(); });
  if (!left) return false;
  file_end_ = source_at_ + *left;
  if (offset_ >= file_end_) return false;
  file_ = SourceFile::find(source_, source_at_);
  return file_.has_value();
}

codec::FileOutlook PackedReader::outlook() const {
  return {*file_, offset_, file_end_ - offset_};
}

void PackedReader::pass(std::uint64_t count) {
  // A system call for every few units, and headers are there when they are looked at.
  constexpr std::uint64_t least = 1 << 20;
  constexpr std::uint64_t most = 4 << 20;
  const std::uint64_t end = offset_ + count;
  if (announced_ < std::min(file_end_, end + least)) {
    const std::uint64_t from = std::max(announced_, offset_);
    announced_ = std::min(file_end_, end + most);
    file_->will_read(from, announced_ - from);
  }
  offset_ = end;
  begin_ += static_cast<std::size_t>(std::min<std::uint64_t>(count, storage_.size() - begin_));
}

Result<void> PackedReader::read_part(std::uint64_t offset, std::uint64_t size, Buffer& into) const {
  return file_->read(offset, size, into);
}

Result<void> PackedReader::go_back(std::uint64_t offset) {
  Buffer bytes(base::chunk_memory());
  if (offset < source_at_) BRAID_TRY(read_part(offset, source_at_ - offset, bytes));
  storage_ = std::move(bytes);
  begin_ = 0;
  offset_ = offset;
  return {};
}

}  // namespace braid::engine
