#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "codec/deflate/encode.hpp"

namespace braid::codec::deflate {
namespace {

// Few words, so that matches reach back to the first bytes.
std::string few_words(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) {
    text += std::string(1 + random() % 6, static_cast<char>('a' + random() % 4));
    text += random() % 5 == 0 ? '\n' : ' ';
  }
  text.resize(size);
  return text;
}

class DeflatePlacement : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Levels, DeflatePlacement, testing::Values(1, 2, 3, 6, 9, 12),
                         [](const auto& row) { return "level" + std::to_string(row.param); });

TEST_P(DeflatePlacement, the_bytes_do_not_depend_on_where_the_memory_of_an_encoder_lies) {
  const auto config = CompressionConfig(Algorithm::deflate).level(GetParam());
  const std::size_t count = GetParam() < 10 ? 24 : 4;  // the highest levels take 9 MB each
  std::vector<std::unique_ptr<ChunkEncoder>> encoders;
  while (encoders.size() < count) encoders.push_back(make_chunk_encoder(config).value());
  Piece first;
  Piece other;
  for (unsigned seed = 0; seed < 600; ++seed) {
    const std::string plain = few_words(20 + seed % 700, seed);
    const ChunkPlace place{.index = 1, .offset = 1 << 20, .last = seed % 3 == 0};
    ASSERT_TRUE(encoders[0]->encode(plain, place, first));
    for (std::size_t i = 1; i < count; ++i) {
      ASSERT_TRUE(encoders[i]->encode(plain, place, other));
      ASSERT_TRUE(other.bytes.view() == first.bytes.view()) << "encoder " << i << " text " << seed;
    }
  }
}

}  // namespace
}  // namespace braid::codec::deflate
