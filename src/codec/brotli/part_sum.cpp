#include "codec/brotli/part_sum.hpp"

#include <xxhash.h>

#if BRAID_XXHASH_DISPATCHES
#include <xxh_x86dispatch.h>  // gives the functions of xxhash.h new meanings
#endif

namespace braid::codec::brotli {

std::uint64_t part_sum(ByteView plain) noexcept {
  return XXH3_64bits(plain.data(), plain.size());
}

}  // namespace braid::codec::brotli
