#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "tests/codec/seam.hpp"

namespace braid::codec {
namespace {

using test::decode;
using test::encode;
using test::noise;
using test::sample;

CompressionConfig small_chunks() {
  return CompressionConfig(Algorithm::zstd).chunk_size(64 << 10);
}

std::string packed(const CompressionConfig& config, ByteView input) {
  return encode(config, input).value();
}

void expect_round_trip(const CompressionConfig& config, ByteView input) {
  const auto bytes = encode(config, input);
  ASSERT_TRUE(bytes) << bytes.error().text();
  const auto plain = decode(Algorithm::zstd, *bytes);
  ASSERT_TRUE(plain) << plain.error().text();
  EXPECT_TRUE(*plain == input.text());
}

TEST(Zstd, restores_every_level) {
  const std::string input = sample(300'000);
  for (const int level : {-(1 << 17), -100, -7, -1, 0, 1, 2, 3, 6, 9, 12, 15, 17, 19, 22}) {
    SCOPED_TRACE(level);
    expect_round_trip(CompressionConfig(Algorithm::zstd).level(level).chunk_size(100'000), input);
    expect_round_trip(CompressionConfig(Algorithm::zstd).level(level).layout(Layout::single),
                      input);
  }
}

TEST(Zstd, restores_every_shape_of_input) {
  for (const std::string& input : {std::string(), std::string("x"), std::string(500'000, '\0'),
                                   noise(300'000), sample(65536), sample(65537), sample(131072)}) {
    SCOPED_TRACE(input.size());
    expect_round_trip(small_chunks(), input);
    expect_round_trip(CompressionConfig(Algorithm::zstd).layout(Layout::single), input);
  }
}

TEST(Zstd, writes_a_seek_table_behind_more_than_one_frame) {
  const std::string input = sample(200'000);
  const std::string bytes = packed(small_chunks(), input);
  const auto at = [&](std::size_t from_end) {
    return base::load_le<std::uint32_t>(ByteView(bytes).data() + bytes.size() - from_end);
  };
  EXPECT_EQ(at(4), 0x8F92EAB1U);
  ASSERT_EQ(at(9), 4U);  // frames
  const std::size_t table = 8 + 4 * 8 + 9;
  EXPECT_EQ(at(table), 0x184D2A5EU);
  EXPECT_EQ(at(table - 4), table - 8);
  std::size_t compressed = 0;
  std::size_t plain = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    compressed += at(table - 8 - 8 * i);
    plain += at(table - 12 - 8 * i);
  }
  EXPECT_EQ(compressed + table, bytes.size());
  EXPECT_EQ(plain, input.size());
}

TEST(Zstd, writes_a_plain_frame_when_there_is_one_chunk) {
  const std::string bytes = packed(small_chunks(), sample(1000));
  EXPECT_EQ(bytes.find("\xb1\xea\x92\x8f"), std::string::npos);
}

TEST(Zstd, restores_with_every_knob) {
  const std::string input = sample(400'000);
  const std::string dictionary = sample(20'000, 5);

  struct Case {
    Knob knob;
    std::int64_t value;
  };

  for (const Case& it : std::initializer_list<Case>{{Knob::checksum, 0},
                                                    {Knob::content_size, 0},
                                                    {Knob::window_log, 10},
                                                    {Knob::window_log, 27},
                                                    {Knob::hash_log, 8},
                                                    {Knob::chain_log, 8},
                                                    {Knob::search_log, 4},
                                                    {Knob::min_match, 4},
                                                    {Knob::target_length, 64},
                                                    {Knob::long_distance, 1}}) {
    SCOPED_TRACE(name(it.knob));
    expect_round_trip(small_chunks().set(it.knob, it.value), input);
  }
  for (int strategy = static_cast<int>(Strategy::fast);
       strategy <= static_cast<int>(Strategy::btultra2); ++strategy) {
    expect_round_trip(small_chunks().strategy(static_cast<Strategy>(strategy)), input);
  }
  expect_round_trip(small_chunks()
                        .long_distance(true)
                        .set(Knob::ldm_hash_log, 12)
                        .set(Knob::ldm_min_match, 32)
                        .set(Knob::ldm_bucket_size_log, 2)
                        .set(Knob::ldm_hash_rate_log, 4),
                    input);
}

TEST(Zstd, refuses_settings_that_exclude_each_other) {
  const CompressionConfig config(Algorithm::zstd);
  for (CompressionConfig bad :
       {CompressionConfig(config).layout(Layout::single).chunk_size(1 << 20),
        CompressionConfig(config).set(Knob::ldm_hash_log, 20),
        CompressionConfig(config).set(Knob::dictionary_id, 0),
        CompressionConfig(config).strategy(Strategy::huffman_only),
        CompressionConfig(config).layout(Layout::members), CompressionConfig(config).level(23),
        CompressionConfig(config).set(Knob::memory_level, 8)}) {
    const auto result = bad.validate();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::invalid_argument);
  }
}

TEST(Zstd, stores_what_the_switches_say) {
  const std::string input = sample(1000);
  const auto info_of = [](const std::string& bytes) {
    auto decoder = format(Algorithm::zstd).make_stream_decoder({}).value();
    std::vector<std::byte> room(2000);
    EXPECT_TRUE(decoder->step(bytes, room, Input::last));
    StreamInfo info;
    decoder->describe(info);
    return info;
  };
  const StreamInfo both = info_of(packed(small_chunks(), input));
  EXPECT_EQ(both.check, "XXH64");
  EXPECT_EQ(both.content_size, 1000U);
  const StreamInfo none =
      info_of(packed(small_chunks().checksum(false).content_size(false), input));
  EXPECT_EQ(none.check, "none");
  EXPECT_FALSE(none.content_size);
  const auto single = CompressionConfig(Algorithm::zstd).layout(Layout::single);
  EXPECT_FALSE(info_of(packed(single, input)).content_size);
  const auto sized = CompressionConfig(single).content_size(true);
  EXPECT_EQ(info_of(encode(sized, input, {.content_size = 1000}).value()).content_size, 1000U);
  EXPECT_EQ(encode(sized, input).error().code, Errc::invalid_argument);
}

TEST(Zstd, needs_the_dictionary_it_was_written_with) {
  const std::string dictionary = sample(30'000, 5);
  const std::string input = sample(5'000, 5);
  for (const Layout layout : {Layout::standard, Layout::single}) {
    const auto plain = CompressionConfig(Algorithm::zstd).layout(layout);
    const auto config = CompressionConfig(plain).dictionary(dictionary);
    const std::string bytes = packed(config, input);
    EXPECT_LT(bytes.size() * 2, packed(plain, input).size());
    EXPECT_EQ(decode(Algorithm::zstd, bytes, {.dictionary = dictionary}).value(), input);
    EXPECT_FALSE(decode(Algorithm::zstd, bytes));
    EXPECT_FALSE(decode(Algorithm::zstd, bytes, {.dictionary = noise(30'000)}));
  }
}

TEST(Zstd, refuses_a_damaged_dictionary_when_it_is_made) {
  const std::string damaged = "\x37\xa4\x30\xec" + noise(500);
  const auto config = CompressionConfig(Algorithm::zstd).dictionary(damaged);
  const auto encoder = format(Algorithm::zstd).make_chunk_encoder(config);
  ASSERT_FALSE(encoder);
  EXPECT_EQ(encoder.error().code, Errc::invalid_argument);
}

TEST(Zstd, encodes_a_chunk_the_same_whatever_came_before) {
  const auto config = small_chunks().level(9);
  const Format& row = format(Algorithm::zstd);
  const std::string chunk = sample(60'000);
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

TEST(Zstd, single_frame_does_not_depend_on_how_the_input_was_split) {
  const auto config = CompressionConfig(Algorithm::zstd).layout(Layout::single);
  const std::string input = sample(300'000);
  const std::string whole = packed(config, input);
  for (const std::size_t in_step : {std::size_t{1000}, std::size_t{131072}}) {
    for (const std::size_t out_step : {std::size_t{1}, std::size_t{70'000}}) {
      auto encoder = format(Algorithm::zstd).make_stream_encoder(config).value();
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

TEST(Zstd, flush_lets_a_decoder_restore_all_so_far) {
  auto encoder = format(Algorithm::zstd)
                     .make_stream_encoder(CompressionConfig(Algorithm::zstd).layout(Layout::single))
                     .value();
  std::vector<std::byte> room(1 << 16);
  std::vector<std::byte> plain(1 << 16);
  const Step written = encoder->step("some words", room, Flush::flush).value();
  EXPECT_EQ(written.state, StepState::need_input);
  auto decoder = format(Algorithm::zstd).make_stream_decoder({}).value();
  const Step read =
      decoder->step(ByteView(room.data(), written.produced), plain, Input::more).value();
  EXPECT_EQ(ByteView(plain.data(), read.produced).text(), "some words");
}

TEST(Zstd, decodes_however_input_and_output_are_split) {
  const std::string input = sample(3000) + std::string(300, 'x');
  const std::string bytes = packed(CompressionConfig(Algorithm::zstd).chunk_size(2000), input);
  for (const std::size_t in_step :
       std::initializer_list<std::size_t>{1, 2, 3, 5, 17, 100, 100'000}) {
    for (const std::size_t out_step : std::initializer_list<std::size_t>{1, 2, 7, 100, 100'000}) {
      const auto plain = decode(Algorithm::zstd, bytes, {}, in_step, out_step);
      ASSERT_TRUE(plain) << in_step << ' ' << out_step << plain.error().text();
      EXPECT_TRUE(*plain == input);
    }
  }
}

TEST(Zstd, polling_without_input_or_room_is_no_error) {
  const std::string bytes = packed(small_chunks(), sample(1000));
  auto decoder = format(Algorithm::zstd).make_stream_decoder({}).value();
  std::vector<std::byte> room(2000);
  ASSERT_TRUE(decoder->step(ByteView(bytes).first(100), {}, Input::more));
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(decoder->step({}, {}, Input::more));
  const Step step = decoder->step(ByteView(bytes).drop(100), room, Input::last).value();
  EXPECT_LE(step.consumed, bytes.size() - 100);
}

TEST(Zstd, refuses_truncation_at_every_byte) {
  const std::string bytes = packed(small_chunks(), sample(2000));
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    for (const std::size_t step : {std::size_t{1}, SIZE_MAX}) {
      const auto plain = decode(Algorithm::zstd, ByteView(bytes).first(size), {}, step);
      ASSERT_FALSE(plain) << size;
      EXPECT_EQ(plain.error().code, Errc::truncated) << size;
    }
  }
}

TEST(Zstd, never_takes_flipped_bits_for_other_content) {
  const std::string input = sample(700);
  const std::string bytes = packed(small_chunks(), input);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto plain = decode(Algorithm::zstd, damaged);
    // The unused bit of the descriptor changes nothing, and a match may point at the same bytes
    // elsewhere.
    if (plain) {
      EXPECT_TRUE(*plain == input) << bit;
    }
  }
}

TEST(Zstd, refuses_a_block_larger_than_the_window_whole_and_in_steps) {
  // No content, so no window; then a block of three bytes that makes nothing.
  const std::string frame("\x28\xb5\x2f\xfd\x20\x00\x1d\x00\x00\x01\x00\x00", 12);
  const auto whole = decode(Algorithm::zstd, frame);
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code, Errc::corrupt);
  const auto steps = decode(Algorithm::zstd, frame, {}, 2, 7);
  ASSERT_FALSE(steps);
  EXPECT_EQ(steps.error().code, Errc::corrupt);
}

TEST(Zstd, passes_over_skippable_frames_of_any_number) {
  const std::string input = sample(5000);
  const std::string frame = packed(small_chunks(), input);
  for (int low = 0; low < 16; ++low) {
    std::string skippable = std::string(1, static_cast<char>(0x50 + low)) + "\x2a\x4d\x18";
    skippable += std::string("\x05\0\0\0", 4) + "hello";
    for (const std::size_t in_step : {std::size_t{1}, SIZE_MAX}) {
      EXPECT_EQ(decode(Algorithm::zstd, skippable + frame + skippable + frame, {}, in_step).value(),
                input + input);
    }
    EXPECT_EQ(decode(Algorithm::zstd, frame + skippable.substr(0, 11)).error().code,
              Errc::truncated);
  }
}

TEST(Zstd, names_what_is_not_a_frame) {
  for (const std::size_t in_step : {std::size_t{1}, SIZE_MAX}) {
    EXPECT_EQ(decode(Algorithm::zstd, "hello, world", {}, in_step).error().code,
              Errc::unknown_format);
    const std::string old = "\x27\xb5\x2f\xfd" + noise(30);  // 0.7
    EXPECT_EQ(decode(Algorithm::zstd, old, {}, in_step).error().code, Errc::unsupported_feature);
  }
  std::string wrong_sum = packed(small_chunks(), sample(100));
  wrong_sum.back() = static_cast<char>(wrong_sum.back() ^ 1);
  EXPECT_EQ(decode(Algorithm::zstd, wrong_sum).error().code, Errc::checksum_mismatch);
}

TEST(Zstd, refuses_a_window_beyond_the_limit_by_its_size) {
  const auto config = CompressionConfig(Algorithm::zstd).layout(Layout::single).window_log(27);
  const std::string bytes = packed(config, sample(1000));
  const auto plain = decode(Algorithm::zstd, bytes, {.memory_limit = (1 << 27) - 1});
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::memory_limit);
  EXPECT_NE(plain.error().message.find("134217728"), std::string::npos);
  EXPECT_TRUE(decode(Algorithm::zstd, bytes, {.memory_limit = 1 << 27}));
}

TEST(Zstd, refuses_a_window_the_library_cannot_keep) {
  const std::string header("\x28\xb5\x2f\xfd\x00\xff", 6);  // window of more than 3 TiB
  EXPECT_EQ(decode(Algorithm::zstd, header + noise(20)).error().code, Errc::unsupported_feature);
  EXPECT_EQ(decode(Algorithm::zstd, header + noise(20), {.memory_limit = 1 << 30}).error().code,
            Errc::memory_limit);
}

TEST(Zstd, hints_at_the_plain_size_without_trusting_it) {
  const Format& row = format(Algorithm::zstd);
  const std::string input = sample(200'000);
  EXPECT_EQ(row.plain_size_hint(packed(small_chunks(), input)), input.size());
  EXPECT_EQ(row.plain_size_hint(packed(small_chunks().content_size(false), input)), 0U);
  // A frame that claims 2^56 bytes and holds one empty block.
  const std::string liar("\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\0\0\1\1\0\0", 16);
  EXPECT_EQ(row.plain_size_hint(liar), 0U);
}

TEST(Zstd, a_skippable_frame_holds_no_data) {
  auto decoder = format(Algorithm::zstd).make_stream_decoder({}).value();
  std::vector<std::byte> room(100);
  ASSERT_TRUE(decoder->step(packed(small_chunks(), "x"), room, Input::last));
  EXPECT_TRUE(decoder->holds_data());
  ASSERT_TRUE(decoder->reset());
  ASSERT_TRUE(decoder->step(std::string("\x50\x2a\x4d\x18\0\0\0\0", 8), room, Input::last));
  EXPECT_FALSE(decoder->holds_data());
}

TEST(Zstd, is_known_by_its_signature) {
  const Format& row = format(Algorithm::zstd);
  EXPECT_EQ(row.detect(packed(small_chunks(), "x")), Detection::certain);
  EXPECT_EQ(row.detect("\x28\xb5\x2f"), 0);
  EXPECT_EQ(row.detect("hello"), 0);
}

}  // namespace
}  // namespace braid::codec
