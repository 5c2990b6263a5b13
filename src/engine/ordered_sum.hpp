#pragma once

#include <atomic>
#include <span>
#include <vector>

#include "base/mutex.hpp"
#include "codec/codec.hpp"

namespace braid::engine {

// Feeds a RunningSum with the units of a run, in order, on whichever thread has one decoded while
// nobody else is at it: the sum is serial, but no thread has to be the one that computes it.
class OrderedSum {
 public:
  // One decoded unit.
  struct Summand {
    const codec::Unit* unit = nullptr;
    ByteView plain{};
    codec::Decoded* decoded = nullptr;
  };

  // What is offered under one index: units that follow one another, or none, for a header for
  // example. Borrowed until complete() has returned for it.
  using Summands = std::span<const Summand>;

  // `sum` may be null: then all of this does nothing.
  explicit OrderedSum(std::unique_ptr<codec::RunningSum> sum) : sum_(std::move(sum)) {}

  // From here on indices count from `first`, and `window` are in flight at most. No other
  // thread may be inside. Throws std::bad_alloc.
  void begin(std::uint64_t first, std::size_t window);

  // Any thread: these units are decoded. Sums up what can be by now, unless another thread is doing
  // so. What failed is not offered: the sum waits there for complete().
  void offer(std::uint64_t index, Summands summands);

  // The thread that takes units in order: when this returns, they are summed up. They stand for all
  // indices up to `last`.
  void complete(Summands summands, std::uint64_t index, std::uint64_t last);

 private:
  struct Place {
    std::atomic<std::uint64_t> ready{0};  // one more than the index of what is offered here
    Summands summands;
  };

  bool add_next();
  void add(Summands summands) BRAID_REQUIRES(mutex_);

  base::Mutex mutex_;
  std::unique_ptr<codec::RunningSum> sum_;
  std::uint64_t next_ BRAID_GUARDED_BY(mutex_) = 0;
  std::vector<Place> places_;  // by index modulo the window
};

}  // namespace braid::engine
