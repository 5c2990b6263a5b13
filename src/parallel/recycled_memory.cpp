#include "parallel/recycled_memory.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>

namespace braid::parallel {

namespace {

#ifdef BRAID_SANITIZED_ADDRESS
constexpr bool recycles = false;
#else
constexpr bool recycles = true;
#endif

constexpr std::size_t least = 1 << 10;
constexpr std::size_t most = 16 << 10;
constexpr std::size_t steps = 8;  // sizes from one power of two to the next
constexpr std::size_t sizes = steps * std::countr_zero(most / least);

// Which size a block of `bytes`, from least + 1 to most, has; and how many bytes that is.
struct Fit {
  std::size_t index;
  std::size_t bytes;
};

constexpr Fit fit(std::size_t bytes) {
  const std::size_t power = std::bit_floor(bytes - 1);
  const std::size_t step = power / steps;
  const std::size_t up = (bytes - power + step - 1) / step;  // 1 to `steps`
  const auto doublings = static_cast<std::size_t>(std::countr_zero(power / least));
  return {doublings * steps + up - 1, power + up * step};
}

static_assert(fit(least + 1).index == 0 && fit(most).index == sizes - 1);
static_assert(fit(2 * least).bytes == 2 * least && fit(2 * least + 1).index == steps);

// Free blocks of one size. Whoever exchanges a pointer out of its place owns the block, so that
// none can be taken twice.
class alignas(64) Shelf {
 public:
  [[nodiscard]] void* take() noexcept {
    for (std::atomic<void*>& place : places_) {
      if (place.load(std::memory_order_relaxed) == nullptr) continue;
      if (void* block = place.exchange(nullptr, std::memory_order_acquire)) return block;
    }
    return nullptr;
  }

  [[nodiscard]] bool put(void* block) noexcept {
    for (std::atomic<void*>& place : places_) {
      void* empty = nullptr;
      if (place.load(std::memory_order_relaxed) == nullptr &&
          place.compare_exchange_strong(empty, block, std::memory_order_release,
                                        std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

 private:
  std::array<std::atomic<void*>, 16> places_{};
};

class RecycledMemory final : public std::pmr::memory_resource {
  static bool fits(std::size_t bytes, std::size_t alignment) {
    return recycles && bytes > least && bytes <= most && alignment <= alignof(std::max_align_t);
  }

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (!fits(bytes, alignment)) return heap_->allocate(bytes, alignment);
    const Fit size = fit(bytes);
    if (void* block = shelves_[size.index].take()) return block;
    return heap_->allocate(size.bytes);
  }

  void do_deallocate(void* block, std::size_t bytes, std::size_t alignment) override {
    if (!fits(bytes, alignment)) return heap_->deallocate(block, bytes, alignment);
    const Fit size = fit(bytes);
    if (!shelves_[size.index].put(block)) heap_->deallocate(block, size.bytes);
  }

  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::pmr::memory_resource* heap_ = std::pmr::new_delete_resource();
  std::array<Shelf, sizes> shelves_;
};

}  // namespace

std::pmr::memory_resource* recycled_memory() noexcept {
  // Never destroyed: a result may be the last thing to go in a program.
  static auto* const memory = new RecycledMemory;
  return memory;
}

}  // namespace braid::parallel
