#pragma once

#include <atomic>

// operator new of the whole program, which fails when it is told to.
namespace failing_new {

inline constexpr long all = 1L << 60;

// Allocations that succeed before some fail.
extern std::atomic<long> allowed;

// How many fail then, one after the other.
extern std::atomic<long> in_a_row;

// Allocations so far.
extern std::atomic<long> asked;

}  // namespace failing_new
