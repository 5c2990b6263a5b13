#include "codec/cut.hpp"

#include <braid/braid.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/codec/deflate_samples.hpp"

namespace braid::codec {
namespace {

using deflate::samples::noise;
using deflate::samples::text;

constexpr std::size_t largest = 64 << 10;

CompressionConfig by_content(Algorithm algorithm) {
  return CompressionConfig(algorithm).chunk_size(largest).rsyncable(true);
}

std::vector<std::string> chunks_of(ByteView data, const CompressionConfig& config) {
  const Format& row = format(config.algorithm());
  std::vector<std::string> chunks;
  while (!data.empty()) {
    const std::size_t size = cut(row, config, data.first(row.chunk_size(config)));
    chunks.emplace_back(data.first(size).text());
    data = data.drop(size);
  }
  return chunks;
}

TEST(Cut, without_rsyncable_chunks_have_the_size_that_was_asked_for) {
  const auto config = CompressionConfig(Algorithm::gzip).chunk_size(largest);
  EXPECT_TRUE(cuts_by_size(format(Algorithm::gzip), config));
  EXPECT_FALSE(cuts_by_size(format(Algorithm::gzip), by_content(Algorithm::gzip)));
  const auto chunks = chunks_of(noise(3 * largest + 1, 1), config);
  ASSERT_EQ(chunks.size(), 4U);
  EXPECT_EQ(chunks[2].size(), largest);
}

TEST(Cut, by_content_chunks_are_neither_tiny_nor_larger_than_asked_for) {
  for (const std::string& data : {noise(8 << 20, 1), text(8 << 20, 2)}) {
    const auto chunks = chunks_of(data, by_content(Algorithm::zstd));
    for (std::size_t i = 0; i + 1 < chunks.size(); ++i) {
      ASSERT_GE(chunks[i].size(), largest / 16);
      ASSERT_LE(chunks[i].size(), largest);
    }
    const std::size_t mean = data.size() / chunks.size();
    EXPECT_GT(mean, largest / 6);
    EXPECT_LT(mean, largest / 2);
  }
}

TEST(Cut, the_same_content_is_cut_alike_wherever_it_stands) {
  const std::string before = text(4 << 20, 3);
  std::string after = before;
  after.insert(3'000'000, "three words more");
  after.erase(1'000'000, 5);
  after[2'000'000] ^= 1;
  const auto old_chunks = chunks_of(before, by_content(Algorithm::gzip));
  const std::set<std::string> known(old_chunks.begin(), old_chunks.end());
  const auto chunks = chunks_of(after, by_content(Algorithm::gzip));
  const auto fresh = std::ranges::count_if(
      chunks, [&](const std::string& chunk) { return !known.contains(chunk); });
  EXPECT_GE(fresh, 3);
  EXPECT_LE(fresh, 9) << "of " << chunks.size();
}

TEST(Cut, any_chunk_size_will_do) {
  const std::string data = text(2000, 4);
  for (const std::uint64_t size : {1, 2, 3, 4, 7, 15, 16, 17, 64, 1999, 2000, 2001}) {
    const auto config = CompressionConfig(Algorithm::deflate).chunk_size(size).rsyncable(true);
    std::string joined;
    for (const std::string& chunk : chunks_of(data, config)) {
      ASSERT_FALSE(chunk.empty());
      ASSERT_LE(chunk.size(), size);
      joined += chunk;
    }
    EXPECT_EQ(joined, data);
  }
}

// What rsync counts on.
TEST(Cut, a_change_in_the_input_changes_the_output_near_it_alone) {
  const std::string before = text(4 << 20, 5);
  std::string after = before;
  after.insert(2'000'000, "x");
  for (const Algorithm algorithm : {Algorithm::gzip, Algorithm::zstd}) {
    if (!info(algorithm).built) continue;
    const Buffer a = compress(before, by_content(algorithm)).value();
    const Buffer b = compress(after, by_content(algorithm)).value();
    const std::size_t size = std::min(a.size(), b.size());
    const auto front = static_cast<std::size_t>(
        std::mismatch(a.begin(), a.begin() + size, b.begin()).first - a.begin());
    EXPECT_GT(front, a.size() / 3) << info(algorithm).name;
    // What follows is the same, up to a trailer or a seek table.
    const std::string_view rest = a.view().drop(a.size() * 2 / 3).first(a.size() / 6).text();
    EXPECT_NE(b.view().text().find(rest), std::string_view::npos) << info(algorithm).name;
  }
}

TEST(Cut, by_content_is_refused_where_there_are_no_chunks) {
  for (const auto layout : {Layout::single, Layout::bgzf}) {
    const auto config = CompressionConfig(Algorithm::gzip).layout(layout).rsyncable(true);
    const auto verdict = config.validate();
    ASSERT_FALSE(verdict);
    EXPECT_NE(verdict.error().message.find("rsyncable"), std::string::npos);
  }
  EXPECT_FALSE(
      CompressionConfig(Algorithm::zstd).layout(Layout::single).rsyncable(true).validate());
  EXPECT_FALSE(CompressionConfig(Algorithm::xz).rsyncable(true).validate());
}

}  // namespace
}  // namespace braid::codec
