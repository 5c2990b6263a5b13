#include "engine/packed_reader.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "tests/codec/deflate_samples.hpp"
#include "tests/engine/awkward_streams.hpp"

namespace braid::engine {
namespace {

using codec::deflate::samples::noise;
using testing_streams::DripSource;

constexpr std::size_t total = 6 << 20;

// Whether each take gives the bytes at the reader's offset, whatever buffers come back to it.
void expect_bytes_in_order(PackedReader& reader, ByteView all, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<Buffer> buffers(3);
  for (std::size_t turn = 0; reader.offset() != all.size(); ++turn) {
    // Small and large beside what a read brings, so that some are copied and some handed over.
    const std::size_t wanted = 1 + random() % (turn % 3 == 0 ? 900'000 : 9'000);
    const std::size_t beyond = turn % 2 == 0 ? 0 : random() % 300'000;
    while (reader.ahead().size() < wanted + beyond && !reader.ended()) {
      ASSERT_TRUE(reader.read_more().has_value());
    }
    const auto at = static_cast<std::size_t>(reader.offset());
    const std::size_t count = std::min(wanted, reader.ahead().size());
    Buffer& into = buffers[turn % buffers.size()];
    const ByteView taken = reader.take(count, beyond, into);
    ASSERT_TRUE(taken == all.drop(at).first(count + beyond)) << "at " << at;
    ASSERT_EQ(reader.offset(), at + count);
    if (!reader.in_memory()) {
      ASSERT_EQ(taken.data() + taken.size(), into.data() + into.size());
    }
    ASSERT_TRUE(reader.ahead() == all.drop(at + count).first(reader.ahead().size()));
    if (turn % 7 == 6) {
      reader.put_back(at, all.drop(at).first(count));
      ASSERT_TRUE(reader.ahead().first(count) == all.drop(at).first(count));
    }
  }
}

TEST(PackedReaderTest, whatever_is_taken_is_the_sources_next_bytes) {
  const auto bytes = noise(total, 5);
  for (const std::size_t most : {std::size_t{1} << 30, std::size_t{64'000}, std::size_t{777}}) {
    DripSource source(bytes, most);
    PackedReader reader(source);
    expect_bytes_in_order(reader, bytes, static_cast<std::uint32_t>(most));
  }
}

TEST(PackedReaderTest, of_a_source_in_memory_nothing_is_copied) {
  const auto bytes = noise(total, 6);
  MemorySource source(bytes);
  PackedReader reader(source);
  Buffer untouched;
  EXPECT_EQ(reader.take(1000, 10, untouched).data(), ByteView(bytes).data());
  EXPECT_EQ(untouched.capacity(), 0U);
  expect_bytes_in_order(reader, bytes, 1);
}

TEST(PackedReaderTest, what_makes_up_most_of_what_was_read_is_handed_over) {
  const auto bytes = noise(total, 7);
  DripSource source(bytes, total);
  PackedReader reader(source);
  while (reader.ahead().size() < 1'000'000) ASSERT_TRUE(reader.read_more().has_value());
  const std::byte* const at = reader.ahead().data();
  Buffer into;
  EXPECT_EQ(reader.take(900'000, 0, into).data(), at);
}

// A small unit behind a long look ahead does not carry that memory away.
TEST(PackedReaderTest, room_beyond_the_bytes_is_not_handed_over) {
  const auto bytes = noise(total, 8);
  DripSource source(bytes, total);
  PackedReader reader(source);
  while (reader.ahead().size() < 5'000'000) ASSERT_TRUE(reader.read_more().has_value());
  reader.consume(reader.ahead().size() - 1);
  ASSERT_TRUE(reader.read_more().has_value());
  Buffer into;
  (void)reader.take(reader.ahead().size(), 0, into);
  EXPECT_LT(into.capacity(), 1'000'000U);
}

}  // namespace
}  // namespace braid::engine
