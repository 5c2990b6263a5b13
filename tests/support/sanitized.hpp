#pragma once

// What the tests are built with. ThreadSanitizer makes them ten times slower and
// AddressSanitizer four times: a test that repeats itself does so less often there. What it shows
// and what it asserts stay the same; the plain build runs all of it.
namespace braid::sanitized {

#ifdef BRAID_SANITIZED_THREAD
inline constexpr bool by_thread = true;
#else
inline constexpr bool by_thread = false;
#endif

#ifdef BRAID_SANITIZED_ADDRESS
inline constexpr bool by_address = true;
#else
inline constexpr bool by_address = false;
#endif

inline constexpr bool at_all = by_thread || by_address;

// One for each build.
template <typename Value>
constexpr Value choose(Value plain, Value address, Value thread) {
  return by_thread ? thread : by_address ? address : plain;
}

// `plain`, and `thread` under ThreadSanitizer.
template <typename Value>
constexpr Value unless_thread(Value plain, Value thread) {
  return choose(plain, plain, thread);
}

// The same for both sanitizers, where more repetitions would show neither of them anything.
template <typename Value>
constexpr Value unless_any(Value plain, Value sanitized) {
  return choose(plain, sanitized, sanitized);
}

}  // namespace braid::sanitized
