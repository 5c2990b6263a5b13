#pragma once

#include <braid/bytes.hpp>

#include <cstddef>
#include <cstdint>

#include "base/byte_order.hpp"

// The fixed fields of zip's records, which are all little-endian. The caller knows that the bytes
// reach that far.
namespace braid::archive::zip {

[[nodiscard]] inline std::uint16_t u16(ByteView bytes, std::size_t at) noexcept {
  return base::load_le<std::uint16_t>(bytes.data() + at);
}

[[nodiscard]] inline std::uint32_t u32(ByteView bytes, std::size_t at) noexcept {
  return base::load_le<std::uint32_t>(bytes.data() + at);
}

[[nodiscard]] inline std::uint64_t u64(ByteView bytes, std::size_t at) noexcept {
  return base::load_le<std::uint64_t>(bytes.data() + at);
}

}  // namespace braid::archive::zip
