#include "parallel/recycled_memory.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/sanitized.hpp"

namespace braid::parallel {
namespace {

TEST(RecycledMemory, a_block_given_back_serves_the_next_request_of_its_size) {
  if (sanitized::by_address)
    GTEST_SKIP() << "every block is the heap's, so that AddressSanitizer sees it";
  auto* const memory = recycled_memory();
  void* const first = memory->allocate(3000);
  memory->deallocate(first, 3000);
  void* const second = memory->allocate(2950);
  EXPECT_EQ(first, second);
  memory->deallocate(second, 2950);
}

TEST(RecycledMemory, a_block_has_room_for_any_size_that_it_may_serve_next) {
  auto* const memory = recycled_memory();
  for (std::size_t bytes = 1; bytes <= 20 << 10; ++bytes) {
    void* const block = memory->allocate(bytes);
    std::memset(block, 0xa5, bytes);  // an overrun is seen by the heap when the block goes back
    memory->deallocate(block, bytes);
  }
  for (std::size_t bytes = 20 << 10; bytes != 0; --bytes) {
    void* const block = memory->allocate(bytes);
    std::memset(block, 0x5a, bytes);
    memory->deallocate(block, bytes);
  }
}

TEST(RecycledMemory, alignments_are_kept) {
  auto* const memory = recycled_memory();
  for (const std::size_t alignment : {1, 16, 64, 4096}) {
    void* const block = memory->allocate(2048, alignment);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignment, 0U) << alignment;
    memory->deallocate(block, 2048, alignment);
  }
}

// Blocks go round a ring of threads: each writes its mark into blocks that it allocates, and checks
// the marks of those that it gives back for another.
TEST(RecycledMemory, no_block_is_handed_out_twice) {
  constexpr std::size_t threads = 4;
  constexpr int rounds = 20000;
  constexpr std::size_t bytes = 1500;
  std::array<std::atomic<std::uint64_t*>, threads> hands{};
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> running;
    for (std::size_t me = 0; me < threads; ++me) {
      running.emplace_back([&, me] {
        auto* const memory = recycled_memory();
        for (int i = 0; i < rounds; ++i) {
          const std::uint64_t mark = me << 32 | static_cast<std::uint64_t>(i);
          auto* const block = static_cast<std::uint64_t*>(memory->allocate(bytes));
          block[0] = block[100] = mark;
          std::uint64_t* const other =
              hands.at((me + static_cast<std::size_t>(i)) % threads).exchange(block);
          if (other == nullptr) continue;
          if (other[0] != other[100]) ++wrong;
          memory->deallocate(other, bytes);
        }
      });
    }
  }
  for (auto& hand : hands) {
    if (hand != nullptr) recycled_memory()->deallocate(hand, bytes);
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace braid::parallel
