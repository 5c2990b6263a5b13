#include "engine/packed_reader.hpp"

#include <cstring>

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
  return {};
}

void PackedReader::consume(std::size_t count) noexcept {
  offset_ += count;
  begin_ += in_memory_ ? 0 : count;
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
