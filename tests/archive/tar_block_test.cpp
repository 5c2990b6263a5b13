#include <string>

#include <gtest/gtest.h>

#include "archive/tar/block.hpp"
#include "tests/archive/tar_builder.hpp"

namespace braid::archive::tar {
namespace {

// A header whose name has bytes above 127, with `sum` in its own field.
std::string header_with(long sum) {
  std::string block = built::tar_header({.name = "\xc3\xbc\xc3\x9f"});
  block.replace(checksum_field.offset, 7, built::octal(static_cast<unsigned long>(sum), 6) + '\0');
  return block;
}

// Of all bytes as `Byte`, the sum's own field being spaces.
template <typename Byte>
long sum_of() {
  std::string block = header_with(0);
  block.replace(checksum_field.offset, checksum_field.size, checksum_field.size, ' ');
  long sum = 0;
  for (const char c : block) sum += static_cast<Byte>(c);
  return sum;
}

bool holds(long sum) {
  const std::string block = header_with(sum);
  return Block(reinterpret_cast<const std::byte*>(block.data())).checksum_holds();
}

TEST(TarBlock, holds_to_the_sum_of_unsigned_bytes_or_of_signed_ones_and_to_no_other) {
  const long as_unsigned = sum_of<unsigned char>();
  const long as_signed = sum_of<signed char>();
  ASSERT_EQ(as_unsigned - as_signed, 4 * 256);
  EXPECT_TRUE(holds(as_unsigned));
  EXPECT_TRUE(holds(as_signed));
  for (const long off : {-256L, -1L, 1L, 256L, 512L}) {
    EXPECT_FALSE(holds(as_unsigned + off)) << off;
    EXPECT_FALSE(holds(as_signed + off)) << off;
  }
}

TEST(TarBlock, does_not_hold_where_a_byte_was_changed) {
  std::string block = header_with(sum_of<unsigned char>());
  for (const std::size_t place : {0U, 100U, 156U, 511U}) {
    block[place] = static_cast<char>(block[place] ^ 1);
    EXPECT_FALSE(Block(reinterpret_cast<const std::byte*>(block.data())).checksum_holds());
    block[place] = static_cast<char>(block[place] ^ 1);
  }
}

}  // namespace
}  // namespace braid::archive::tar
