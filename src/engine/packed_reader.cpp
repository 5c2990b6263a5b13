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

Result<void> PackedReader::read_more(std::uint64_t wanted) {
  if (ended_) return {};
  const std::size_t kept = storage_.size() - begin_;
  if (begin_ != 0) {
    std::memmove(storage_.data(), storage_.data() + begin_, kept);
    begin_ = 0;
  }
  const std::uint64_t missing = wanted - std::min<std::uint64_t>(wanted, kept);
  const auto count_wanted =
      static_cast<std::size_t>(std::clamp<std::uint64_t>(missing, read_bytes, most_read_bytes));
  storage_.resize(kept + count_wanted);
  auto count = parallel::call_user([&] { return source_.read(storage_.writable().subspan(kept)); });
  storage_.resize(kept + (count ? *count : 0));
  BRAID_TRY(count);
  ended_ = *count == 0;
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
    Buffer joined(parallel::chunk_memory());
    joined.reserve(bytes.size() + ahead().size());
    joined.append(bytes);
    joined.append(ahead());
    storage_ = std::move(joined);
    begin_ = 0;
  }
  offset_ = offset;
}

}  // namespace braid::engine
