#pragma once

#include <new>

#include <xxhash.h>

#include "codec/codec.hpp"

namespace braid::codec::lz4 {

// The checksum of a frame's content: XXH32 with seed zero, in the order of the data.
class ContentSum {
 public:
  // Throws std::bad_alloc.
  ContentSum() : state_(XXH32_createState()) {
    if (!state_) throw std::bad_alloc();
    reset();
  }

  // The sum of no bytes.
  [[nodiscard]] static std::uint32_t of_nothing() { return XXH32(nullptr, 0, 0); }

  void reset() { XXH32_reset(state_.get(), 0); }

  void update(ByteView plain) {
    if (!plain.empty()) XXH32_update(state_.get(), plain.data(), plain.size());
  }

  [[nodiscard]] std::uint32_t value() const { return XXH32_digest(state_.get()); }

 private:
  struct Free {
    void operator()(XXH32_state_t* state) const noexcept { XXH32_freeState(state); }
  };

  std::unique_ptr<XXH32_state_t, Free> state_;
};

}  // namespace braid::codec::lz4
