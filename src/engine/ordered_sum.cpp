#include "engine/ordered_sum.hpp"

namespace braid::engine {

void OrderedSum::begin(std::uint64_t first, std::size_t window) {
  if (sum_ == nullptr) return;
  const base::Lock lock(mutex_);
  if (places_.size() != window) places_ = std::vector<Place>(window);
  for (Place& place : places_) place.ready.store(0, std::memory_order_relaxed);
  next_ = first;
}

void OrderedSum::offer(std::uint64_t index, Summands summands) {
  if (sum_ == nullptr) return;
  Place& place = places_[static_cast<std::size_t>(index % places_.size())];
  place.summands = summands;
  place.ready.store(index + 1, std::memory_order_release);
  while (add_next()) {
  }
}

// The lock is given back between indices, for the thread that waits in complete().
bool OrderedSum::add_next() {
  if (!mutex_.try_lock()) return false;
  const Place& place = places_[static_cast<std::size_t>(next_ % places_.size())];
  const bool ready = place.ready.load(std::memory_order_acquire) == next_ + 1;
  if (ready) {
    add(place.summands);
    ++next_;
  }
  mutex_.unlock();
  return ready;
}

void OrderedSum::complete(Summands summands, std::uint64_t index, std::uint64_t last) {
  if (sum_ == nullptr) return;
  const base::Lock lock(mutex_);
  if (next_ <= index) add(summands);
  next_ = std::max(next_, last + 1);
}

void OrderedSum::add(Summands summands) {
  for (const Summand& unit : summands) sum_->add(*unit.unit, unit.plain, *unit.decoded);
}

}  // namespace braid::engine
