#pragma once

#include <cstddef>
#include <cstdint>

namespace braid::engine {

// What was lately seen of a stream and its sink, and what follows for how threads share the work in
// a FrontierRun. One thread at a time.
class FrontierPace {
 public:
  // `threads`: the calling one included.
  explicit FrontierPace(unsigned threads) noexcept : threads_(threads) {}

  // The frontier decoded so many bytes, in `ns` of its thread. `findable`: among them was a place
  // at which an excerpt could begin.
  void advanced(std::uint64_t packed, std::uint64_t plain, bool findable,
                std::uint64_t ns) noexcept;

  // It leaped over an excerpt.
  void leaped(std::uint64_t packed, std::uint64_t plain) noexcept;

  // So long a slice or an excerpt took to be written.
  void wrote(std::uint64_t ns) noexcept { write_ns_ += ns; }

  // An excerpt was of no use.
  void missed() noexcept { ++misses_; }

  // Packed bytes that hold `plain` plain ones.
  [[nodiscard]] std::uint64_t packed_of(std::uint64_t plain) const noexcept;

  // Whether to decode ahead: not before the ratio is known, nor where there is nothing to find or
  // to gain.
  [[nodiscard]] bool looks_ahead() const noexcept;

  // Whether to try segment `number`.
  [[nodiscard]] bool tries(std::uint64_t number) const noexcept;

  // Whether the frontier is left to the calling thread.
  [[nodiscard]] bool caller_leads() const noexcept;

  // Whether it has nobody to share with.
  [[nodiscard]] bool is_solo() const noexcept {
    return packed_ != 0 && !looks_ahead() && caller_leads();
  }

 private:
  void count(std::uint64_t packed, std::uint64_t plain) noexcept;

  std::uint64_t threads_;
  std::uint64_t packed_ = 0;
  std::uint64_t plain_ = 0;
  std::uint64_t since_place_ = 0;  // packed bytes since the last findable one
  bool barren_ = false;            // there are too few of them
  std::uint64_t frontier_ns_ = 0;
  std::uint64_t frontier_packed_ = 0;  // decoded in that time
  std::uint64_t write_ns_ = 0;
  unsigned misses_ = 0;  // in a row
};

}  // namespace braid::engine
