#include <gtest/gtest.h>

#include "codec/outlook.hpp"
#include "tests/codec/seam.hpp"
#include "tests/conformance/samples.hpp"

// Units that are found by headers are those that are found by reading.
namespace braid::codec {
namespace {

class Hop : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    if (!info(GetParam()).built) GTEST_SKIP() << "built without it";
    const auto config = conformance::in_small_parts(GetParam(), 150'000);
    for (const std::size_t size : {3'000'000, 150'000, 10, 0}) {
      packed_ += compress(conformance::words(size, 3), config).value().view().text();
      if (!info(GetParam()).concatenates) break;
    }
  }

  // Whether both ways say the same up to the first that is no unit.
  static void expect_same(const std::string& packed, const std::string& name) {
    const ByteView bytes(packed);
    const test::MemoryFile file(bytes);
    auto reading = format(GetParam()).make_splitter();
    auto hopping = format(GetParam()).make_splitter();
    for (std::size_t at = 0;;) {
      const Split read = reading->next(bytes.drop(at), true);
      FileOutlook rest(file, at, bytes.size() - at);
      const auto hopped = hopping->hop(rest);
      ASSERT_TRUE(hopped) << name;
      ASSERT_EQ(hopped->kind, read.kind) << name << " at " << at;
      ASSERT_FALSE(rest.failure()) << name;
      if (read.kind != Split::Kind::unit) return;
      ASSERT_EQ(hopped->unit.kind, read.unit.kind) << name << " at " << at;
      ASSERT_EQ(hopped->unit.size, read.unit.size) << name << " at " << at;
      ASSERT_EQ(hopped->unit.plain_size, read.unit.plain_size) << name << " at " << at;
      ASSERT_EQ(hopped->unit.tag, read.unit.tag) << name << " at " << at;
      ASSERT_EQ(hopped->unit.tag2, read.unit.tag2) << name << " at " << at;
      ASSERT_GT(read.unit.size, 0U) << name << " at " << at;
      ASSERT_LE(read.unit.size, bytes.size() - at) << name << " at " << at;
      at += static_cast<std::size_t>(read.unit.size);
    }
  }

  std::string packed_;
};

std::string name_of(const testing::TestParamInfo<Algorithm>& parameter) {
  return std::string(info(parameter.param).name);
}

INSTANTIATE_TEST_SUITE_P(Formats, Hop,
                         testing::Values(Algorithm::zstd, Algorithm::lz4, Algorithm::xz,
                                         Algorithm::brotli),
                         name_of);

TEST_P(Hop, cuts_as_reading_does) {
  expect_same(packed_, "whole");
}

TEST_P(Hop, cuts_what_is_cut_short_as_reading_does) {
  for (std::size_t cut = 1; cut < packed_.size(); cut += cut < 100 ? 1 : packed_.size() / 89) {
    expect_same(packed_.substr(0, packed_.size() - cut), "without " + std::to_string(cut));
  }
}

TEST_P(Hop, cuts_what_is_damaged_as_reading_does) {
  for (std::size_t at = 0; at < packed_.size(); at += at < 100 ? 1 : packed_.size() / 997) {
    std::string bad = packed_;
    bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
    expect_same(bad, "byte " + std::to_string(at));
  }
}

TEST_P(Hop, looks_at_little) {
  const test::MemoryFile file{ByteView(packed_)};
  auto splitter = format(GetParam()).make_splitter();
  std::uint64_t at = 0;
  for (;;) {
    FileOutlook rest(file, at, packed_.size() - at);
    const auto split = splitter->hop(rest);
    if (split->kind != Split::Kind::unit) break;
    at += split->unit.size;
  }
  EXPECT_GE(at, packed_.size() / 2);
  EXPECT_LE(file.read(), at / 8);
}

TEST(HopTest, formats_whose_units_are_searched_for_say_so) {
  for (const Format& row : formats()) {
    const Algorithm algorithm = row.info.algorithm;
    const bool searched = algorithm == Algorithm::gzip || algorithm == Algorithm::zlib ||
                          algorithm == Algorithm::deflate || algorithm == Algorithm::bzip2 ||
                          algorithm == Algorithm::lzip;
    if (!searched || row.make_splitter == nullptr) continue;
    const test::MemoryFile file{ByteView("anything")};
    FileOutlook rest(file, 0, 8);
    EXPECT_FALSE(row.make_splitter()->hop(rest)) << row.info.name;
    EXPECT_EQ(file.read(), 0U) << row.info.name;
  }
}

}  // namespace
}  // namespace braid::codec
