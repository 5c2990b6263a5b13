#include <braid/stream.hpp>

#include <cstring>
#include <new>

namespace braid {

Result<std::size_t> MemorySource::read(MutableBytes out) {
  const ByteView part = rest_.first(out.size());
  if (!part.empty()) std::memcpy(out.data(), part.data(), part.size());
  rest_ = rest_.drop(part.size());
  return part.size();
}

Result<void> BufferSink::write(ByteView bytes) try {
  buffer_->append(bytes);
  return {};
} catch (const std::bad_alloc&) {
  return Error{.code = Errc::out_of_memory, .message = "no memory for the result"};
}

}  // namespace braid
