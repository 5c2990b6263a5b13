#include "engine/unit_batch.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace braid::engine {
namespace {

using codec::Unit;

constexpr std::uint64_t memory = 1 << 20;

Unit data(std::uint64_t size, std::uint64_t plain) {
  return {.size = size, .plain_size = plain, .bounded = true};
}

Unit frame(std::uint64_t size) {
  return {.kind = Unit::Kind::frame, .size = size};
}

// Each byte stands for two of its kind; '!' is an error.
class Doubler final : public codec::UnitDecoder {
 public:
  Result<codec::Decoded> decode(ByteView bytes, const Unit& /*unit*/,
                                codec::Target& target) override {
    for (const std::byte byte : bytes) {
      if (byte == std::byte{'!'}) return Error{.code = Errc::corrupt, .message = "bad"};
      auto room = target.room(2);
      if (!room) return room.error();
      std::fill_n(room->data(), 2, byte);
      target.commit(2);
    }
    return codec::Decoded{.plain_size = 2 * bytes.size()};
  }
};

TEST(UnitBatch, takes_small_units_whose_end_is_certain) {
  const UnitBatch batch;
  EXPECT_TRUE(batch.takes(data(100, 1000), memory));
  EXPECT_TRUE(batch.takes(frame(100), memory));
  EXPECT_FALSE(batch.takes(data(100'000, 1000), memory)) << "large";
  EXPECT_FALSE(batch.takes(data(100, 100'000'000), memory)) << "large when decoded";
  EXPECT_FALSE(batch.takes({.size = 100, .bounded = true}, memory)) << "of unknown size";
  EXPECT_FALSE(batch.takes({.size = 100, .plain_size = 1000}, memory)) << "perhaps cut wrongly";
  Unit hungry = data(100, 1000);
  hungry.memory = memory + 1;
  EXPECT_FALSE(batch.takes(hungry, memory));
}

TEST(UnitBatch, is_full_after_so_many_parts_and_packed_and_plain_bytes) {
  const auto fill = [](const Unit& unit) {
    UnitBatch batch;
    const std::string bytes(unit.size, 'x');
    std::size_t count = 0;
    for (; batch.takes(unit, memory); ++count) batch.add({.unit = unit}, ByteView(bytes));
    return count;
  };
  EXPECT_EQ(fill(frame(1)), 256U);
  EXPECT_EQ(fill(data(16 << 10, 10)), 4U);
  EXPECT_EQ(fill(data(10, 256 << 10)), 4U);
}

TEST(UnitBatch, decodes_all_data_one_behind_the_other) {
  UnitBatch batch;
  batch.add({.unit = frame(2)}, "--");
  EXPECT_FALSE(batch.holds_data());
  batch.add({.unit = data(3, 6), .offset = 2}, "abc");
  batch.add({.unit = {.size = 1, .plain_most = 50, .bounded = true}, .offset = 5}, "d");
  batch.add({.unit = frame(1), .offset = 6}, "!");
  batch.add({.unit = data(1, 2), .offset = 7}, "e");
  EXPECT_TRUE(batch.holds_data());
  Doubler decoder;
  Buffer plain;
  batch.decode(decoder, plain);
  EXPECT_EQ(batch.failed(), nullptr);
  EXPECT_EQ(plain.view().first(10).text(), "aabbccddee");
  ASSERT_EQ(batch.sound().size(), 5U);
  EXPECT_EQ(batch.sound()[2].plain.text(), "dd");
  EXPECT_EQ(batch.packed().text(), "--abcd!e");
  batch.clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_FALSE(batch.holds_data());
}

TEST(UnitBatch, keeps_what_comes_before_a_unit_that_fails) {
  UnitBatch batch;
  batch.add({.unit = data(1, 2)}, "a");
  batch.add({.unit = frame(1), .offset = 1}, "-");
  batch.add({.unit = data(2, 4), .offset = 2, .number = 1}, "b!");
  batch.add({.unit = data(1, 2), .offset = 4, .number = 2}, "c");
  Doubler decoder;
  Buffer plain;
  batch.decode(decoder, plain);
  EXPECT_EQ(batch.sound().size(), 2U);
  ASSERT_NE(batch.failed(), nullptr);
  EXPECT_EQ(batch.failed()->offset, 2U);
  EXPECT_EQ(batch.failed()->number, 1U);
  EXPECT_EQ(batch.failure()->message, "bad");
  EXPECT_EQ(plain.view().first(2).text(), "aa");
}

TEST(UnitBatch, gives_no_unit_more_room_than_was_announced) {
  UnitBatch batch;
  batch.add({.unit = data(3, 4)}, "abc");
  batch.add({.unit = data(1, 2), .offset = 3}, "d");
  Doubler decoder;
  Buffer plain;
  batch.decode(decoder, plain);
  EXPECT_TRUE(batch.sound().empty());
  EXPECT_EQ(batch.failure()->code, Errc::corrupt);
}

TEST(UnitBatch, fails_at_its_first_unit_where_there_is_no_decoder) {
  UnitBatch batch;
  batch.add({.unit = frame(1)}, "-");
  batch.add({.unit = data(1, 2), .offset = 1}, "a");
  batch.fail({.code = Errc::out_of_memory, .message = "none"});
  EXPECT_EQ(batch.sound().size(), 1U);
  EXPECT_EQ(batch.failed()->offset, 1U);
  EXPECT_EQ(batch.failure()->code, Errc::out_of_memory);
}

}  // namespace
}  // namespace braid::engine
