#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace braid::archive {

// A set that grows and is asked, in one block of memory: std::unordered_set has a node for each
// key, which none of the caches holds where there are tens of thousands. Keys are small and cheap
// to copy; `Hash` spreads them over 64 bits. One thread at a time.
template <typename Key, typename Hash>
class FlatSet {
 public:
  // False: the key was there. Throws std::bad_alloc, and nothing has changed.
  bool insert(const Key& key) {
    if (key == Key{}) return !std::exchange(has_empty_, true);
    if (2 * (count_ + 1) > slots_.size()) grow();
    Key& slot = slots_[find(slots_, key)];
    if (slot == key) return false;
    slot = key;
    ++count_;
    return true;
  }

  [[nodiscard]] bool contains(const Key& key) const noexcept {
    if (key == Key{}) return has_empty_;
    return !slots_.empty() && slots_[find(slots_, key)] == key;
  }

 private:
  // Where the key is, or the empty slot that it belongs in. The highest bits of a hash tell where
  // to begin.
  static std::size_t find(const std::vector<Key>& slots, const Key& key) noexcept {
    const int bits = std::countr_zero(slots.size());
    const std::uint64_t hash = Hash()(key);
    auto at = static_cast<std::size_t>(hash >> (64 - bits));
    while (slots[at] != Key{} && slots[at] != key) at = (at + 1) & (slots.size() - 1);
    return at;
  }

  void grow() {
    constexpr std::size_t least = 64;
    std::vector<Key> larger(slots_.empty() ? least : 2 * slots_.size());
    for (const Key& key : slots_) {
      if (key != Key{}) larger[find(larger, key)] = key;
    }
    slots_ = std::move(larger);
  }

  std::vector<Key> slots_;  // a power of two, at most half of them taken; Key{}: empty
  std::size_t count_ = 0;
  bool has_empty_ = false;  // the key that would look like an empty slot
};

}  // namespace braid::archive
