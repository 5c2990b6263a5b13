#include <gtest/gtest.h>

#include "tests/codec/seam.hpp"

// Chunks that take their encoder long: it asks meanwhile whether they are still wanted.
namespace braid::codec {
namespace {

class LongChunks : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    const Format& row = format(GetParam());
    if (!row.info.built) GTEST_SKIP() << "built without it";
    encoder_ = make_encoder();
  }

  static std::unique_ptr<ChunkEncoder> make_encoder() {
    return format(GetParam()).make_chunk_encoder(CompressionConfig(GetParam()).level(2)).value();
  }

  // Says no to the question of number `most`, and yes before.
  Result<void> encode_while_patient(int most) {
    asked_ = 0;
    const auto wanted = [this, most] { return ++asked_ < most; };
    return encoder_->encode_while(wanted, chunk_, place_, piece_);
  }

  const std::string chunk_ = test::sample(3'000'000);
  const ChunkPlace place_{.index = 1, .offset = chunk_.size()};
  std::unique_ptr<ChunkEncoder> encoder_;
  Piece piece_;
  int asked_ = 0;
};

TEST_P(LongChunks, are_left_where_they_are_not_wanted_any_more) {
  for (const int most : {1, 2, 5}) {
    const Result<void> encoded = encode_while_patient(most);
    ASSERT_FALSE(encoded);
    EXPECT_EQ(encoded.error().code, Errc::cancelled);
    EXPECT_EQ(asked_, most) << "went on, or asked again";
  }
}

TEST_P(LongChunks, are_the_same_whether_somebody_is_asked_or_not_and_whatever_was_left) {
  ASSERT_FALSE(encode_while_patient(3));
  ASSERT_TRUE(encode_while_patient(1'000'000));
  EXPECT_GT(asked_, 5);
  Piece alone;
  ASSERT_TRUE(make_encoder()->encode(chunk_, place_, alone));
  EXPECT_TRUE(piece_.bytes.view() == alone.bytes.view());
}

INSTANTIATE_TEST_SUITE_P(Formats, LongChunks,
                         testing::Values(Algorithm::xz, Algorithm::lzip, Algorithm::brotli),
                         [](const auto& tested) {
                           return std::string(braid::info(tested.param).name);
                         });

}  // namespace
}  // namespace braid::codec
