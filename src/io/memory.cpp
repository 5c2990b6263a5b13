#include <braid/stream.hpp>

#include <algorithm>
#include <cstring>
#include <new>

#include "base/no_memory.hpp"

namespace braid {

void RandomAccess::will_read(std::uint64_t /*offset*/, std::uint64_t /*count*/) const noexcept {}

Result<std::uint64_t> Source::skip(std::uint64_t /*count*/) {
  return Error{.code = Errc::invalid_argument, .message = "this source can only be read"};
}

Result<std::size_t> MemorySource::read(MutableBytes out) {
  const ByteView part = rest_.first(out.size());
  if (!part.empty()) std::memcpy(out.data(), part.data(), part.size());
  rest_ = rest_.drop(part.size());
  return part.size();
}

Result<std::size_t> MemorySource::read_at(MutableBytes out, std::uint64_t offset) const {
  const ByteView part =
      whole_.drop(static_cast<std::size_t>(std::min<std::uint64_t>(offset, whole_.size())))
          .first(out.size());
  if (!part.empty()) std::memcpy(out.data(), part.data(), part.size());
  return part.size();
}

Result<std::uint64_t> MemorySource::skip(std::uint64_t count) {
  rest_ = rest_.drop(static_cast<std::size_t>(std::min<std::uint64_t>(count, rest_.size())));
  return whole_.size() - rest_.size();
}

Result<void> BufferSink::write(ByteView bytes) try {
  buffer_->append(bytes);
  return {};
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for the result");
}

}  // namespace braid
