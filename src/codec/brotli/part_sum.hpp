#pragma once

#include <braid/bytes.hpp>

#include <cstdint>
#include <memory>

struct XXH3_state_s;

namespace braid::codec::brotli {

// The sum in a note: XXH3-64 of the part's plain bytes. It takes the widest instructions of the CPU
// where the library can choose them: half the time of SSE2, which is 6 % of level 1.
class PartSum {
 public:
  // Throws std::bad_alloc.
  PartSum();

  // Of a whole part at once.
  [[nodiscard]] static std::uint64_t of(ByteView plain) noexcept;

  void reset() noexcept;
  void add(ByteView plain) noexcept;
  [[nodiscard]] std::uint64_t value() const noexcept;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const noexcept;
  };

  std::unique_ptr<XXH3_state_s, Free> state_;
};

}  // namespace braid::codec::brotli
