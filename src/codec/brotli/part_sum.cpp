#include "codec/brotli/part_sum.hpp"

#include <new>

#include <xxhash.h>

#if BRAID_XXHASH_DISPATCHES
#include <xxh_x86dispatch.h>  // gives the functions of xxhash.h new meanings
#endif

namespace braid::codec::brotli {

void PartSum::Free::operator()(XXH3_state_s* state) const noexcept {
  XXH3_freeState(state);
}

PartSum::PartSum() : state_(XXH3_createState()) {
  if (state_ == nullptr) throw std::bad_alloc();
  reset();
}

std::uint64_t PartSum::of(ByteView plain) noexcept {
  return XXH3_64bits(plain.data(), plain.size());
}

void PartSum::reset() noexcept {
  (void)XXH3_64bits_reset(state_.get());
}

void PartSum::add(ByteView plain) noexcept {
  (void)XXH3_64bits_update(state_.get(), plain.data(), plain.size());
}

std::uint64_t PartSum::value() const noexcept {
  return XXH3_64bits_digest(state_.get());
}

}  // namespace braid::codec::brotli
