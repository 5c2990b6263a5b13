#include <gtest/gtest.h>

#include "tests/codec/seam.hpp"

namespace braid::codec {
namespace {

using test::decode;
using test::encode;
using test::noise;
using test::sample;

CompressionConfig lz4() {
  return CompressionConfig(Algorithm::lz4);
}

CompressionConfig small_blocks() {
  return lz4().set(Knob::block_size, 64 << 10);
}

CompressionConfig linked() {
  return small_blocks().set(Knob::linked_blocks, 1);
}

CompressionConfig small_chunks() {
  return small_blocks().chunk_size(64 << 10);
}

std::string packed(const CompressionConfig& config, ByteView input) {
  return encode(config, input).value();
}

void expect_round_trip(const CompressionConfig& config, ByteView input) {
  const auto bytes = encode(config, input);
  ASSERT_TRUE(bytes) << bytes.error().text();
  const auto plain = decode(Algorithm::lz4, *bytes);
  ASSERT_TRUE(plain) << plain.error().text();
  EXPECT_TRUE(*plain == input.text());
}

// A legacy frame with one block of literals only.
std::string legacy(const std::string& text) {
  std::string block;
  block += static_cast<char>(0xF0);
  block += static_cast<char>(text.size() - 15);
  block += text;
  return std::string("\x02\x21\x4c\x18", 4) + static_cast<char>(block.size()) +
         std::string(3, '\0') + block;
}

const std::string legacy_text = "a legacy block of plain literals";

TEST(Lz4, restores_every_level) {
  const std::string input = sample(300'000);
  for (const int level : {-65536, -1000, -5, -1, 0, 1, 2, 3, 4, 6, 9, 10, 12}) {
    SCOPED_TRACE(level);
    expect_round_trip(small_chunks().level(level), input);
    expect_round_trip(linked().level(level), input);
    expect_round_trip(lz4().level(level), input);
  }
}

TEST(Lz4, restores_every_shape_of_input) {
  for (const std::string& input : {std::string(), std::string("x"), std::string(500'000, '\0'),
                                   noise(300'000), sample(65536), sample(65537), sample(131072)}) {
    SCOPED_TRACE(input.size());
    expect_round_trip(small_chunks(), input);
    expect_round_trip(linked(), input);
  }
}

TEST(Lz4, restores_every_block_size_with_and_without_sums) {
  const std::string input = sample(5 << 20);
  for (const int block : {64 << 10, 256 << 10, 1 << 20, 4 << 20}) {
    for (const int sums : {0, 1}) {
      SCOPED_TRACE(block);
      const auto config =
          lz4().set(Knob::block_size, block).set(Knob::block_checksum, sums).checksum(sums == 0);
      expect_round_trip(config, input);
      expect_round_trip(CompressionConfig(config).set(Knob::linked_blocks, 1), input);
    }
  }
}

TEST(Lz4, blocks_fit_the_chunk_unless_their_size_is_set) {
  const std::string input = sample(300'000);
  const std::string bytes = packed(lz4().chunk_size(100'000), input);
  EXPECT_EQ(bytes[5], 5 << 4);  // 256 KiB
  EXPECT_EQ(decode(Algorithm::lz4, bytes).value(), input);
}

TEST(Lz4, linked_blocks_are_smaller) {
  const std::string input = sample(1 << 20);
  EXPECT_LT(packed(linked(), input).size(), packed(small_blocks(), input).size());
}

TEST(Lz4, incompressible_blocks_grow_by_their_size_alone) {
  const std::string input = noise(200'000);
  EXPECT_EQ(packed(small_blocks(), input).size(), 7 + 4 * 4 + 200'000 + 4 + 4);
}

TEST(Lz4, refuses_settings_that_exclude_each_other) {
  for (const CompressionConfig& bad :
       {lz4().set(Knob::block_size, 100'000),
        lz4().set(Knob::block_size, 4 << 20).chunk_size(5 << 20), linked().chunk_size(1 << 20),
        lz4().set(Knob::dictionary_id, 1), lz4().level(13), lz4().window_log(20)}) {
    const auto result = bad.validate();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::invalid_argument);
  }
}

TEST(Lz4, stores_the_content_size_or_says_why_not) {
  const std::string input = sample(200'000);
  for (const auto& config : {small_chunks().content_size(true), linked().content_size(true)}) {
    const auto bytes = encode(config, input, {.content_size = input.size()});
    ASSERT_TRUE(bytes);
    EXPECT_EQ((*bytes)[4] & 8, 8);
    EXPECT_EQ(decode(Algorithm::lz4, *bytes).value(), input);
    EXPECT_EQ(encode(config, input).error().code, Errc::invalid_argument);
    EXPECT_EQ(encode(config, input, {.content_size = 5}).error().code, Errc::invalid_argument);
  }
  // One chunk knows its own size.
  const std::string one = packed(lz4().content_size(true), input);
  EXPECT_EQ(one[4] & 8, 8);
  EXPECT_EQ(decode(Algorithm::lz4, one).value(), input);
}

TEST(Lz4, refuses_content_of_another_size_than_stored) {
  for (const std::size_t size : {99U, 101U}) {
    const std::string input = sample(100);
    std::string lie = packed(lz4().content_size(true), std::string(size, 'x'));
    const std::string truth = packed(lz4().content_size(true), input);
    lie = lie.substr(0, 15) + truth.substr(15);
    EXPECT_FALSE(decode(Algorithm::lz4, lie)) << size;
  }
}

TEST(Lz4, needs_the_dictionary_it_was_written_with) {
  const std::string dictionary = sample(100'000, 5);
  const std::string input = dictionary.substr(60'000, 20'000) + sample(100'000, 5);
  for (const auto& plain : {small_chunks(), linked(), small_chunks().level(9), linked().level(9)}) {
    const auto config = CompressionConfig(plain).dictionary(dictionary);
    const std::string bytes = packed(config, input);
    EXPECT_LT(bytes.size(), packed(plain, input).size());
    EXPECT_TRUE(decode(Algorithm::lz4, bytes, {.dictionary = dictionary}).value() == input);
    EXPECT_FALSE(decode(Algorithm::lz4, bytes));
    EXPECT_FALSE(decode(Algorithm::lz4, bytes, {.dictionary = noise(100'000)}));

    const std::string named = packed(CompressionConfig(config).set(Knob::dictionary_id, 1), input);
    EXPECT_EQ(named.size(), bytes.size() + 4);
    EXPECT_TRUE(decode(Algorithm::lz4, named, {.dictionary = dictionary}).value() == input);
    EXPECT_EQ(decode(Algorithm::lz4, named).error().code, Errc::unsupported_feature);
  }
}

TEST(Lz4, encodes_a_chunk_the_same_whatever_came_before) {
  const Format& row = format(Algorithm::lz4);
  const std::string chunk = sample(60'000);
  const std::string dictionary = sample(10'000, 9);
  for (const int level : {1, 4, 10}) {
    for (const std::string& with : {std::string(), dictionary}) {
      const auto config = small_chunks().level(level).dictionary(with);
      Piece fresh;
      Piece used;
      ASSERT_TRUE(row.make_chunk_encoder(config).value()->encode(chunk, {.index = 3}, fresh));
      auto encoder = row.make_chunk_encoder(config).value();
      for (unsigned seed = 2; seed < 8; ++seed) {
        ASSERT_TRUE(encoder->encode(sample(60'000 - 7000 * seed, seed), {.index = seed}, used));
      }
      ASSERT_TRUE(encoder->encode(chunk, {.index = 3}, used));
      EXPECT_TRUE(used.bytes.view() == fresh.bytes.view());
    }
  }
}

TEST(Lz4, linked_stream_does_not_depend_on_how_the_input_was_split) {
  const std::string input = sample(200'000);
  const std::string whole = packed(linked(), input);
  for (const std::size_t in_step : {std::size_t{999}, std::size_t{65536}}) {
    for (const std::size_t out_step : {std::size_t{1}, std::size_t{70'000}}) {
      auto encoder = format(Algorithm::lz4).make_stream_encoder(linked()).value();
      std::vector<std::byte> room(out_step);
      std::string out;
      ByteView rest(input);
      for (;;) {
        const ByteView in = rest.first(in_step);
        const Flush flush = in.size() == rest.size() ? Flush::finish : Flush::none;
        const Step step = encoder->step(in, room, flush).value();
        rest = rest.drop(step.consumed);
        out += ByteView(room.data(), step.produced).text();
        if (step.state == StepState::finished) break;
      }
      EXPECT_TRUE(out == whole) << in_step << ' ' << out_step;
    }
  }
}

TEST(Lz4, flush_lets_a_decoder_restore_all_so_far) {
  auto encoder = format(Algorithm::lz4).make_stream_encoder(linked()).value();
  auto decoder = format(Algorithm::lz4).make_stream_decoder({}).value();
  std::vector<std::byte> room(1 << 16);
  std::vector<std::byte> plain(1 << 16);
  std::string out;
  for (const char* words : {"some words", " and some more words"}) {
    const Step written = encoder->step(words, room, Flush::flush).value();
    EXPECT_EQ(written.state, StepState::need_input);
    const Step read =
        decoder->step(ByteView(room.data(), written.produced), plain, Input::more).value();
    out += ByteView(plain.data(), read.produced).text();
  }
  EXPECT_EQ(out, "some words and some more words");
}

TEST(Lz4, decodes_however_input_and_output_are_split) {
  const std::string input = sample(150'000);
  for (const auto& config : {small_chunks().set(Knob::block_checksum, 1), linked()}) {
    const std::string bytes = packed(config, input);
    for (const std::size_t in_step :
         std::initializer_list<std::size_t>{1, 7, 1000, 65536, 1'000'000}) {
      for (const std::size_t out_step :
           std::initializer_list<std::size_t>{1, 100, 65535, 65536, 100'000, 1'000'000}) {
        const auto plain = decode(Algorithm::lz4, bytes, {}, in_step, out_step);
        ASSERT_TRUE(plain) << in_step << ' ' << out_step << plain.error().text();
        ASSERT_TRUE(*plain == input) << in_step << ' ' << out_step;
      }
    }
  }
}

TEST(Lz4, polling_without_input_or_room_is_no_error) {
  const std::string bytes = packed(small_chunks(), sample(1000));
  auto decoder = format(Algorithm::lz4).make_stream_decoder({}).value();
  std::size_t used = decoder->step(ByteView(bytes).first(100), {}, Input::more).value().consumed;
  for (int i = 0; i < 40; ++i) {
    used += decoder->step(ByteView(bytes).drop(used), {}, Input::more).value().consumed;
  }
  std::vector<std::byte> room(2000);
  const Step step = decoder->step(ByteView(bytes).drop(used), room, Input::last).value();
  EXPECT_EQ(step.state, StepState::finished);
  EXPECT_EQ(step.produced, 1000U);
}

TEST(Lz4, refuses_truncation_at_every_byte) {
  for (const auto& config : {small_chunks().set(Knob::block_checksum, 1), linked(),
                             lz4().content_size(true).checksum(false)}) {
    const std::string bytes = encode(config, sample(2000), {.content_size = 2000}).value();
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      for (const std::size_t step : {std::size_t{1}, SIZE_MAX}) {
        const auto plain = decode(Algorithm::lz4, ByteView(bytes).first(size), {}, step);
        ASSERT_FALSE(plain) << size;
        EXPECT_EQ(plain.error().code, Errc::truncated) << size;
      }
    }
  }
}

TEST(Lz4, never_takes_flipped_bits_for_other_content) {
  const std::string input = sample(700);
  const std::string bytes = packed(small_chunks(), input);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    // A match may well point at the same bytes elsewhere.
    const auto plain = decode(Algorithm::lz4, damaged);
    if (plain) {
      EXPECT_TRUE(*plain == input) << bit;
    }
  }
}

TEST(Lz4, tells_which_sum_is_wrong_and_where) {
  std::string bytes = packed(small_chunks().set(Knob::block_checksum, 1), sample(1000));
  const auto flipped = [&](std::size_t at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    return decode(Algorithm::lz4, damaged).error();
  };
  EXPECT_EQ(flipped(6).code, Errc::checksum_mismatch);  // of the header
  EXPECT_EQ(flipped(20).code, Errc::checksum_mismatch);
  EXPECT_EQ(flipped(20).offset, 7U);  // of the block that begins there
  EXPECT_EQ(flipped(bytes.size() - 1).code, Errc::checksum_mismatch);
  EXPECT_EQ(flipped(bytes.size() - 1).offset, bytes.size() - 4);
}

TEST(Lz4, reads_streams_one_after_another) {
  const std::string input = sample(70'000);
  const std::string frame = packed(small_chunks(), input);
  const std::string other = packed(linked(), input);
  for (const std::size_t in_step : {std::size_t{1}, SIZE_MAX}) {
    EXPECT_TRUE(decode(Algorithm::lz4, frame + other + frame, {}, in_step).value() ==
                input + input + input);
  }
}

TEST(Lz4, passes_over_skippable_frames_of_any_number) {
  const std::string input = sample(5000);
  const std::string frame = packed(small_chunks(), input);
  for (int low = 0; low < 16; ++low) {
    std::string skippable = std::string(1, static_cast<char>(0x50 + low)) + "\x2a\x4d\x18";
    skippable += std::string("\x05\0\0\0", 4) + "hello";
    for (const std::size_t in_step : {std::size_t{1}, SIZE_MAX}) {
      EXPECT_TRUE(
          decode(Algorithm::lz4, skippable + frame + skippable + frame, {}, in_step).value() ==
          input + input);
    }
    EXPECT_EQ(decode(Algorithm::lz4, frame + skippable.substr(0, 11)).error().code,
              Errc::truncated);
  }
}

TEST(Lz4, reads_legacy_frames_to_the_end_or_the_next_frame) {
  const std::string frame = packed(small_chunks(), "new");
  const std::string old = legacy(legacy_text);
  for (const std::size_t in_step : {std::size_t{1}, std::size_t{3}, SIZE_MAX}) {
    EXPECT_EQ(decode(Algorithm::lz4, old, {}, in_step).value(), legacy_text);
    EXPECT_EQ(decode(Algorithm::lz4, old + frame + old + old, {}, in_step).value(),
              legacy_text + "new" + legacy_text + legacy_text);
  }
  EXPECT_EQ(decode(Algorithm::lz4, old.substr(0, old.size() - 1)).error().code, Errc::truncated);
  EXPECT_EQ(decode(Algorithm::lz4, old + "\x01").error().code, Errc::truncated);
  EXPECT_EQ(decode(Algorithm::lz4, old + "trailing").error().code, Errc::corrupt);
}

TEST(Lz4, names_what_is_not_a_frame) {
  for (const std::size_t in_step : {std::size_t{1}, SIZE_MAX}) {
    EXPECT_EQ(decode(Algorithm::lz4, "hello, world", {}, in_step).error().code,
              Errc::unknown_format);
    EXPECT_EQ(decode(Algorithm::lz4, "he", {}, in_step).error().code, Errc::unknown_format);
  }
  std::string bytes = packed(small_chunks(), "x");
  bytes[4] = static_cast<char>(bytes[4] ^ 0xC0);  // version 2
  EXPECT_EQ(decode(Algorithm::lz4, bytes).error().code, Errc::unsupported_feature);
}

TEST(Lz4, refuses_blocks_beyond_the_memory_limit) {
  const std::string bytes = packed(lz4(), sample(1000));
  const auto plain = decode(Algorithm::lz4, bytes, {.memory_limit = 1 << 20});
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::memory_limit);
  EXPECT_TRUE(decode(Algorithm::lz4, bytes, {.memory_limit = 4 << 20}));
}

TEST(Lz4, tells_what_the_header_says) {
  const auto info_of = [](const std::string& bytes) {
    auto decoder = format(Algorithm::lz4).make_stream_decoder({}).value();
    std::vector<std::byte> room(2000);
    EXPECT_TRUE(decoder->step(bytes, room, Input::last));
    StreamInfo info;
    decoder->describe(info);
    return info;
  };
  const StreamInfo full = info_of(packed(lz4().content_size(true), sample(1000)));
  EXPECT_EQ(full.check, "XXH32");
  EXPECT_EQ(full.content_size, 1000U);
  const StreamInfo bare = info_of(packed(lz4().checksum(false), sample(1000)));
  EXPECT_EQ(bare.check, "none");
  EXPECT_FALSE(bare.content_size);
}

TEST(Lz4, a_skippable_frame_holds_no_data) {
  auto decoder = format(Algorithm::lz4).make_stream_decoder({}).value();
  std::vector<std::byte> room(100);
  ASSERT_TRUE(decoder->step(packed(small_chunks(), "x"), room, Input::last));
  EXPECT_TRUE(decoder->holds_data());
  ASSERT_TRUE(decoder->reset());
  ASSERT_TRUE(decoder->step(std::string("\x50\x2a\x4d\x18\0\0\0\0", 8), room, Input::last));
  EXPECT_FALSE(decoder->holds_data());
}

TEST(Lz4, is_known_by_its_signature) {
  const Format& row = format(Algorithm::lz4);
  EXPECT_EQ(row.detect(packed(lz4(), "x")), Detection::certain);
  EXPECT_EQ(row.detect(legacy(legacy_text)), Detection::certain);
  EXPECT_EQ(row.detect("\x04\x22\x4d"), 0);
  EXPECT_EQ(row.detect("hello"), 0);
}

}  // namespace
}  // namespace braid::codec
