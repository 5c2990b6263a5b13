#pragma once

#include <cstddef>
#include <cstdint>

namespace braid::engine {

// What a FrontierRun has lately seen of its data and its sink, and what follows for how threads
// share the work. One thread at a time.
class FrontierPace {
 public:
  // `threads`: the calling one included.
  explicit FrontierPace(unsigned threads) noexcept : threads_(threads) {}

  // What is known of the ratio beforehand; nothing is where `packed` is 0.
  void expect(std::uint64_t packed, std::uint64_t plain) noexcept;

  // The frontier went on by so many bytes, in `ns` of its thread.
  void advanced(std::uint64_t packed, std::uint64_t plain, std::uint64_t ns) noexcept;

  // So long a slice or an excerpt took to be written.
  void wrote(std::uint64_t ns) noexcept { write_ns_ += ns; }

  // An excerpt was of no use, or of use.
  void missed() noexcept { ++misses_; }
  void hit() noexcept { misses_ = 0; }

  // Packed bytes that hold `plain` plain ones.
  [[nodiscard]] std::uint64_t packed_of(std::uint64_t plain) const noexcept;

  // Whether to decode ahead: not before the ratio is known.
  [[nodiscard]] bool looks_ahead() const noexcept;

  // Whether to try segment `number`.
  [[nodiscard]] bool tries(std::uint64_t number) const noexcept;

  // Whether the frontier is left to the calling thread.
  [[nodiscard]] bool caller_leads() const noexcept;

 private:
  std::uint64_t threads_;
  std::uint64_t packed_ = 0;
  std::uint64_t plain_ = 0;
  std::uint64_t frontier_ns_ = 0;
  std::uint64_t write_ns_ = 0;
  unsigned misses_ = 0;  // in a row
};

}  // namespace braid::engine
