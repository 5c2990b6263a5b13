#include <gtest/gtest.h>

#include "tests/codec/seam.hpp"

// Chunks that take their encoder long: it asks meanwhile whether they are still wanted.
namespace braid::codec {
namespace {

// Says no to the question of this number, and yes before.
class Patience final : public StillWanted {
 public:
  explicit Patience(int most) : most_(most) {}

  bool operator()() override { return ++asked < most_; }

  int asked = 0;

 private:
  int most_;
};

class LongChunks : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    const Format& row = format(GetParam());
    if (!row.info.built) GTEST_SKIP() << "built without it";
    encoder_ = row.make_chunk_encoder(CompressionConfig(GetParam()).level(2)).value();
  }

  Piece encode_alone() {
    Piece piece;
    EXPECT_TRUE(format(GetParam())
                    .make_chunk_encoder(CompressionConfig(GetParam()).level(2))
                    .value()
                    ->encode(chunk_, place_, piece));
    return piece;
  }

  const std::string chunk_ = test::sample(3'000'000);
  const ChunkPlace place_{.index = 1, .offset = chunk_.size()};
  std::unique_ptr<ChunkEncoder> encoder_;
  Piece piece_;
};

TEST_P(LongChunks, are_left_where_they_are_not_wanted_any_more) {
  for (const int most : {1, 2, 5}) {
    Patience patience(most);
    encoder_->ask(&patience);
    const Result<void> encoded = encoder_->encode(chunk_, place_, piece_);
    ASSERT_FALSE(encoded);
    EXPECT_EQ(encoded.error().code, Errc::cancelled);
    EXPECT_EQ(patience.asked, most) << "went on, or asked again";
  }
}

TEST_P(LongChunks, are_the_same_whether_somebody_is_asked_or_not_and_whatever_was_left) {
  Patience short_one(3);
  encoder_->ask(&short_one);
  ASSERT_FALSE(encoder_->encode(chunk_, place_, piece_));
  Patience endless(1'000'000);
  encoder_->ask(&endless);
  ASSERT_TRUE(encoder_->encode(chunk_, place_, piece_));
  EXPECT_GT(endless.asked, 5);
  EXPECT_TRUE(piece_.bytes.view() == encode_alone().bytes.view());
}

INSTANTIATE_TEST_SUITE_P(Formats, LongChunks,
                         testing::Values(Algorithm::xz, Algorithm::lzip, Algorithm::brotli),
                         [](const auto& tested) {
                           return std::string(braid::info(tested.param).name);
                         });

}  // namespace
}  // namespace braid::codec
