#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "tests/codec/seam.hpp"

// Format::read_table(): the parts of a file without reading the file.
namespace braid::codec {
namespace {

using test::encode;
using test::MemoryFile;
using test::sample;

std::optional<std::vector<PlacedUnit>> table_of(Algorithm algorithm, const std::string& bytes) {
  return format(algorithm).read_table(MemoryFile(bytes), bytes.size(), Believe::tables);
}

std::string packed(Algorithm algorithm, ByteView input) {
  return encode(CompressionConfig(algorithm).chunk_size(64 << 10), input).value();
}

class Tables : public testing::TestWithParam<Algorithm> {};

TEST_P(Tables, tell_every_part_and_read_little) {
  const std::string input = sample(500'000);
  const std::string bytes = packed(GetParam(), input);
  const MemoryFile file(bytes);
  const auto units = format(GetParam()).read_table(file, bytes.size(), Believe::tables);
  ASSERT_TRUE(units);
  EXPECT_LT(file.read(), bytes.size() / 2);
  auto decoder = format(GetParam()).make_unit_decoder({}).value();
  std::string plain;
  for (const auto& [offset, unit] : *units) {
    test::GrowingTarget target(unit.plain_size);
    const ByteView part = ByteView(bytes).slice(offset, unit.size);
    EXPECT_EQ(decoder->decode(part, unit, target).value().plain_size, unit.plain_size);
    plain += target.view().text();
  }
  EXPECT_TRUE(plain == input);
}

TEST_P(Tables, of_files_behind_one_another_are_one) {
  const std::string one = packed(GetParam(), sample(200'000));
  const std::string two = packed(GetParam(), sample(300'000));
  const auto units = table_of(GetParam(), one + two);
  ASSERT_TRUE(units);
  EXPECT_EQ(units->size(), table_of(GetParam(), one)->size() + table_of(GetParam(), two)->size());
  EXPECT_GE(units->back().offset, one.size());
}

TEST_P(Tables, are_none_where_the_file_ends_early_or_goes_on) {
  const std::string bytes = packed(GetParam(), sample(200'000));
  EXPECT_FALSE(table_of(GetParam(), bytes.substr(0, bytes.size() / 2)));
  EXPECT_FALSE(table_of(GetParam(), bytes + "something else"));
}

std::vector<Algorithm> with_tables() {
  std::vector<Algorithm> all;
  for (const Format& row : formats()) {
    if (row.read_table != nullptr) all.push_back(row.info.algorithm);
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Algorithm>& tested) {
  return std::string(format(tested.param).info.name);
}

INSTANTIATE_TEST_SUITE_P(Formats, Tables, testing::ValuesIn(with_tables()), name_of);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Tables);  // a build of other formats alone

// A table that does not account for all bytes is passed over: the frames tell of themselves.
TEST(ZstdTable, that_leaves_something_out_is_not_believed) {
  if (format(Algorithm::zstd).read_table == nullptr) GTEST_SKIP() << "built without zstd";
  std::string bytes = packed(Algorithm::zstd, sample(200'000));
  const auto right = table_of(Algorithm::zstd, bytes);
  ASSERT_TRUE(right);
  const std::size_t frames = right->size();
  const std::size_t entries = bytes.size() - 9 - 8 * frames;
  const auto first = base::load_le<std::uint32_t>(ByteView(bytes).data() + entries);
  base::store_le(reinterpret_cast<std::byte*>(bytes.data()) + entries, first - 1);
  const auto units = table_of(Algorithm::zstd, bytes);
  ASSERT_TRUE(units);
  ASSERT_EQ(units->size(), frames);
  EXPECT_EQ(units->front().unit.size, first);
}

}  // namespace
}  // namespace braid::codec
