#include "engine/piece_queue.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/sanitized.hpp"

namespace braid::engine {
namespace {

constexpr std::size_t block = PieceQueue::block_size;

class Pieces : public testing::Test {
 protected:
  // Makes so many bytes, each the low byte of its place in all that is made.
  void make(std::size_t count) {
    while (count != 0) {
      const MutableBytes room = queue_.room(std::min<std::size_t>(count, 1000));
      const std::size_t part = std::min(count, room.size());
      for (std::size_t i = 0; i < part; ++i) room[i] = std::byte(made_++ & 0xff);
      queue_.commit(part);
      count -= part;
    }
  }

  // Takes the next `most` bytes at the most; how many these are.
  std::size_t take(std::size_t most) {
    const ByteView front = queue_.front().first(std::min(most, queue_.front().size()));
    for (const std::byte byte : front) {
      wrong_ += byte == std::byte(taken_++ & 0xff) ? 0 : 1;
    }
    if (!front.empty()) queue_.pop(front.size());
    return front.size();
  }

  parallel::SpareBuffers spare_{1, 64, base::chunk_memory()};
  PieceQueue queue_{spare_};
  std::size_t made_ = 0;
  std::size_t taken_ = 0;
  std::size_t wrong_ = 0;
};

TEST_F(Pieces, give_back_what_was_put_in_in_its_order) {
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    make(random() % 100'000);
    for (auto steps = random() % 4; steps != 0; --steps) take(random() % 150'000);
  }
  while (take(SIZE_MAX) != 0) {
  }
  EXPECT_EQ(taken_, made_);
  EXPECT_EQ(wrong_, 0U);
}

TEST_F(Pieces, use_one_place_over_and_over_while_all_is_taken) {
  const std::byte* const first = queue_.room(1).data();
  for (std::size_t i = 0; i < 3 * block / 100'000; ++i) {
    EXPECT_EQ(queue_.room(1).data(), first);
    make(100'000);
    take(SIZE_MAX);
  }
  EXPECT_EQ(wrong_, 0U);
}

TEST_F(Pieces, give_blocks_to_others_once_their_bytes_are_taken) {
  const std::byte* const first = queue_.room(1).data();
  make(block + 1);
  while (take(SIZE_MAX) != 0) {
  }
  PieceQueue other(spare_);
  EXPECT_EQ(other.room(1).data(), first);
}

TEST_F(Pieces, need_no_more_memory_than_they_say) {
  constexpr std::size_t count = 10 * block + 12345;
  std::size_t blocks = 0;
  const std::byte* last = nullptr;
  for (std::size_t made = 0; made < count;) {
    const MutableBytes room = queue_.room(codec::unit_step);
    if (last == nullptr || room.data() != last) ++blocks;
    queue_.commit(100'000);
    last = room.data() + 100'000;
    made += 100'000;
  }
  EXPECT_LE(blocks * block, PieceQueue::memory_for(count));
}

TEST_F(Pieces, are_forgotten_when_cleared) {
  make(3 * block);
  queue_.clear();
  EXPECT_TRUE(queue_.front().empty());
  taken_ = made_;
  make(10);
  EXPECT_EQ(take(SIZE_MAX), 10U);
  EXPECT_EQ(wrong_, 0U);
}

TEST_F(Pieces, pass_from_thread_to_thread) {
  constexpr std::size_t count = sanitized::unless_any(20, 4) * block;
  std::thread maker([this] {
    std::mt19937 random(2);
    for (std::size_t left = count; left != 0;) {
      const std::size_t part = std::min<std::size_t>(left, random() % 300'000);
      make(part);
      left -= part;
    }
  });
  while (taken_ != count) take(SIZE_MAX);
  maker.join();
  EXPECT_EQ(wrong_, 0U);
}

}  // namespace
}  // namespace braid::engine
