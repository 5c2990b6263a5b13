#include "bzip2_hand_made.hpp"
#include "bzip2_support.hpp"
#include "codec/bzip2/randomise.hpp"

namespace braid::codec::bzip2::testing {
namespace {

// A short file that uses all of the format: text, runs, several tables.
std::string small_plain() {
  return prose(700) + std::string(600, 'r') + random_bytes(300, 30);
}

Errc code_of(const std::string& packed) {
  const auto result = decompress(packed);
  EXPECT_FALSE(result);
  return result ? Errc::internal : result.error().code;
}

// What both make of it must be the same, down to the bytes.
void expect_agreement(const std::string& packed, const std::string& what) {
  std::string theirs;
  const bool right = reference_decompress(packed, theirs, 1 << 20);
  const auto ours = decompress(packed);
  ASSERT_EQ(ours.has_value(), right) << what << (ours ? "" : ": " + ours.error().text());
  ASSERT_TRUE(!ours || *ours == theirs) << what;
}

TEST(Bzip2Stream, reads_any_split_of_input_and_output) {
  const std::string plain = small_plain();
  for (const std::string& packed : {compress(plain, 9), reference_compress(plain, 9)}) {
    for (const std::size_t in_step : {1U, 2U, 3U, 7U, 8U, 9U, 64U}) {
      for (const std::size_t out_step : {1U, 2U, 3U, 255U, 4096U}) {
        const auto back = decompress(packed, in_step, out_step);
        ASSERT_TRUE(back) << back.error().text();
        ASSERT_TRUE(*back == plain) << in_step << " " << out_step;
      }
    }
  }
}

TEST(Bzip2Stream, takes_nothing_that_follows_the_stream) {
  const std::string packed = reference_compress(small_plain(), 9);
  for (const std::string& behind : {std::string("x"), std::string("BZh91AY"), packed}) {
    for (const std::size_t in_step : {1U, 2U, 7U, 8U, 9U, 100U, 1U << 20}) {
      std::size_t used = 0;
      ASSERT_TRUE(decompress(packed + behind, in_step, 100, &used));
      EXPECT_EQ(used, packed.size()) << in_step;
    }
  }
}

TEST(Bzip2Stream, refuses_truncation_at_every_byte) {
  for (const std::string& packed : {compress(small_plain(), 9), reference_compress("", 1)}) {
    for (std::size_t size = 0; size < packed.size(); ++size) {
      const auto back = decompress(ByteView(packed).first(size));
      ASSERT_FALSE(back) << size;
      EXPECT_EQ(back.error().code, Errc::truncated) << size;
    }
  }
}

TEST(Bzip2Stream, a_flipped_bit_is_never_silently_wrong) {
  const std::string plain = small_plain();
  const std::string packed = reference_compress(plain, 9);
  for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
    std::string changed = packed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const auto back = decompress(changed);
    ASSERT_TRUE(!back || *back == plain) << bit;
  }
}

TEST(Bzip2Stream, agrees_with_the_reference_on_damaged_streams) {
  std::mt19937 random(11);
  const std::vector<std::string> sound = {
      reference_compress(small_plain(), 9), reference_compress("abracadabra", 1),
      compress(std::string(5000, 'z'), 9), HandMade{.blocks = 3}.stream()};
  for (int round = 0; round < 4000; ++round) {
    std::string changed = sound[static_cast<std::size_t>(round) % sound.size()];
    for (auto edits = 1 + random() % 3; edits != 0; --edits) {
      const std::size_t at = 4 + random() % (changed.size() - 4);
      changed[at] = static_cast<char>(random() % 2 == 0 ? changed[at] ^ (1 << (random() % 8))
                                                        : static_cast<int>(random() % 256));
    }
    expect_agreement(changed, std::to_string(round));
  }
}

TEST(Bzip2Stream, tells_what_is_wrong) {
  const std::string packed = reference_compress(small_plain(), 9);
  EXPECT_EQ(code_of("BZh0" + packed.substr(4)), Errc::unknown_format);
  EXPECT_EQ(code_of("BZx9" + packed.substr(4)), Errc::unknown_format);
  EXPECT_EQ(code_of("PK\3\4 and so on"), Errc::unknown_format);
  EXPECT_EQ(code_of("BZh9 and so on"), Errc::corrupt);
  std::string block_crc = packed;
  block_crc[10] = static_cast<char>(block_crc[10] ^ 1);
  EXPECT_EQ(code_of(block_crc), Errc::checksum_mismatch);
  std::string stream_crc = packed;
  stream_crc[packed.size() - 3] = static_cast<char>(stream_crc[packed.size() - 3] ^ 1);
  EXPECT_EQ(code_of(stream_crc), Errc::checksum_mismatch);
}

TEST(Bzip2Stream, refuses_fields_out_of_range) {
  ASSERT_TRUE(decompress(HandMade{}.stream()));
  EXPECT_EQ(code_of(HandMade{.origin = 1}.stream()), Errc::corrupt);
  EXPECT_EQ(code_of(HandMade{.origin = 0xffffff}.stream()), Errc::corrupt);
  EXPECT_EQ(code_of(HandMade{.tables = 1}.stream()), Errc::corrupt);
  EXPECT_EQ(code_of(HandMade{.tables = 7}.stream()), Errc::corrupt);
  EXPECT_EQ(code_of(HandMade{.alphabet_map = 0}.stream()), Errc::corrupt);
  EXPECT_EQ(code_of(HandMade{.selectors = 0}.stream()), Errc::corrupt);
  EXPECT_EQ(code_of(HandMade{.lengths = {0, 1, 1}}.stream()), Errc::corrupt);
  EXPECT_EQ(code_of(HandMade{.lengths = {21, 20, 20}}.stream()), Errc::corrupt);
  // An empty block, and a symbol that no code stands for.
  EXPECT_EQ(code_of(HandMade{.symbols = 0b11, .symbol_bits = 2, .plain = ""}.stream()),
            Errc::corrupt);
  EXPECT_EQ(code_of(HandMade{.symbols = 0x3f, .symbol_bits = 6, .lengths = {2, 2, 2}}.stream()),
            Errc::corrupt);
}

TEST(Bzip2Stream, agrees_with_the_reference_on_odd_but_valid_fields) {
  expect_agreement(HandMade{.tables = 2}.stream(), "two tables");
  expect_agreement(HandMade{.blocks = 5}.stream(), "five blocks");
  expect_agreement(HandMade{.zero_selectors = 18'001}.stream(), "18002 selectors");
  expect_agreement(HandMade{.zero_selectors = 18'002}.stream(), "18003 selectors");
  expect_agreement(HandMade{.zero_selectors = 32'766}.stream(), "32767 selectors");
  expect_agreement(HandMade{.symbols = 0b001, .lengths = {2, 2, 2}}.stream(), "incomplete code");
  expect_agreement(HandMade{.symbols = 0b01, .symbol_bits = 2, .lengths = {1, 1, 1}}.stream(),
                   "too many codes");
  EXPECT_TRUE(decompress(HandMade{.zero_selectors = 32'766}.stream()));
}

TEST(Bzip2Stream, refuses_a_run_that_ends_without_its_count) {
  // RUNA RUNA is three, RUNB RUNA four: 10 0 11.
  const HandMade made{.symbols = 0b10'0'11, .symbol_bits = 5, .plain = "aaaa"};
  EXPECT_EQ(code_of(made.stream()), Errc::corrupt);
  expect_agreement(made.stream(), "no count");
}

TEST(Bzip2Stream, refuses_a_block_longer_than_its_level_allows) {
  // Twenty RUNB are over two million.
  HandMade made;
  made.symbols = 0b10'10'10'10'10'10'10'10'10'10;
  made.symbol_bits = 20;
  std::string packed = made.stream();
  EXPECT_NE(code_of(packed), Errc::internal);
  // Full blocks of level 2 do not fit in a stream that says level 1.
  packed = compress(random_bytes(150'000, 256), 2);
  packed[3] = '1';
  EXPECT_EQ(code_of(packed), Errc::corrupt);
}

TEST(Bzip2Stream, reads_randomised_blocks) {
  const std::string plain = random_bytes(20'000, 256);  // without runs
  std::string changed = plain;
  derandomise({reinterpret_cast<std::byte*>(changed.data()), changed.size()});
  ASSERT_NE(changed, plain);
  std::string packed = compress(changed, 9);
  const std::uint32_t crc = crc32(0, plain);
  for (unsigned i = 0; i < 4; ++i) {
    packed[10 + i] = static_cast<char>(crc >> (24 - 8 * i));
    packed[packed.size() - 4 + i] = static_cast<char>(crc >> (24 - 8 * i));
  }
  packed[14] = static_cast<char>(packed[14] | 0x80);
  std::string theirs;
  ASSERT_TRUE(reference_decompress(packed, theirs, plain.size()));
  ASSERT_TRUE(theirs == plain);
  const auto back = decompress(packed);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_TRUE(*back == plain);
}

TEST(Bzip2Stream, reads_the_largest_expansion_in_small_steps) {
  const std::string plain(12'000'000, '\0');
  const std::string packed = reference_compress(plain, 9);
  EXPECT_LT(packed.size(), 100U);
  const auto back = decompress(packed, 16, 10'000);
  ASSERT_TRUE(back);
  EXPECT_TRUE(*back == plain);
}

TEST(Bzip2Stream, holds_its_memory_limit) {
  const std::string packed = compress("some text", 9);
  std::byte room[64];
  auto decoder = row().make_stream_decoder({.memory_limit = 1 << 20}).value();
  const auto step = decoder->step(packed, room, Input::last);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, Errc::memory_limit);
}

TEST(Bzip2Stream, reads_on_after_reset_even_from_mid_stream) {
  const std::string plain = small_plain();
  const std::string packed = reference_compress(plain, 9);
  auto decoder = row().make_stream_decoder({}).value();
  Buffer room(1 << 16);
  for (const std::size_t cut : {2U, 9U, 20U, 100U, 400U}) {
    ASSERT_TRUE(decoder->step(ByteView(packed).first(cut), room.writable(), Input::more));
    decoder->reset().value();
    const auto step = decoder->step(packed, room.writable(), Input::last);
    ASSERT_TRUE(step) << step.error().text();
    EXPECT_TRUE(room.view().first(step->produced) == ByteView(plain));
    decoder->reset().value();
  }
}

TEST(Bzip2Stream, is_detected_by_its_first_bytes) {
  const std::string packed = compress("some text", 5);
  EXPECT_EQ(row().detect(packed), Detection::certain);
  EXPECT_EQ(row().detect(compress("", 9)), Detection::certain);
  EXPECT_EQ(row().detect("BZh9 but not this"), Detection::likely);
  EXPECT_EQ(row().detect("BZh0"), 0);
  EXPECT_EQ(row().detect("BZ"), 0);
  EXPECT_EQ(row().detect(""), 0);
}

}  // namespace
}  // namespace braid::codec::bzip2::testing
