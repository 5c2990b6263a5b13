#pragma once

#include <braid/bytes.hpp>

#include "base/byte_order.hpp"

// Numbers one after the other, in memory.
namespace braid::engine {

// Reads fields from bytes that may be too few: what is not there is zero, and remembered.
class FieldReader {
 public:
  explicit FieldReader(ByteView bytes) noexcept : rest_(bytes) {}

  // Little-endian.
  template <typename T>
  [[nodiscard]] T take() noexcept {
    const ByteView field = take_bytes(sizeof(T));
    return field.size() == sizeof(T) ? base::load_le<T>(field.data()) : T{};
  }

  // The same, the most significant byte first.
  template <typename T>
  [[nodiscard]] T take_be() noexcept {
    return base::swap_bytes(take<T>());
  }

  // Fewer when there are fewer.
  [[nodiscard]] ByteView take_bytes(std::size_t count) noexcept {
    failed_ = failed_ || count > rest_.size();
    const ByteView bytes = rest_.first(count);
    rest_ = rest_.drop(count);
    return bytes;
  }

  // Some field was not there.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

  [[nodiscard]] ByteView rest() const noexcept { return rest_; }

 private:
  ByteView rest_;
  bool failed_ = false;
};

}  // namespace braid::engine
