#include <braid/braid.hpp>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"

namespace braid {
namespace {

using conformance::samples;
using conformance::variants;

// Runs for every format that was built: a new row of the table is tested by being there.
class Conformance : public testing::TestWithParam<Algorithm> {
 protected:
  [[nodiscard]] DecompressionConfig reading() const { return {.algorithm = GetParam()}; }

  static Buffer pack(std::string_view plain, const CompressionConfig& config) {
    return compress(plain, config).value();
  }

  // A file small enough to damage in every place.
  [[nodiscard]] Buffer small_file() const {
    return pack(conformance::words(600, 9), CompressionConfig(GetParam()));
  }

  // Feeds a decoder `in_step` bytes at a time and takes `out_step` at a time.
  Result<Buffer> decode_in_steps(ByteView packed, std::size_t in_step, std::size_t out_step,
                                 DecompressionConfig config) {
    auto made = Decoder::make(config);
    if (!made) return made.error();
    Buffer plain;
    Buffer room(out_step);
    std::size_t offset = 0;
    for (;;) {
      const ByteView in = packed.slice(offset, in_step);
      const Input input = offset + in.size() == packed.size() ? Input::last : Input::more;
      auto step = made->step(in, room.writable(), input);
      if (!step) return step.error();
      offset += step->consumed;
      plain.append(room.view().first(step->produced));
      if (step->state == StepState::finished) return plain;
    }
  }

  Result<Buffer> encode_in_steps(ByteView plain, std::size_t in_step, std::size_t out_step,
                                 const CompressionConfig& config) {
    auto made = Encoder::make(config);
    if (!made) return made.error();
    Buffer packed;
    Buffer room(out_step);
    std::size_t offset = 0;
    for (;;) {
      const ByteView in = plain.slice(offset, in_step);
      const Flush flush = offset + in.size() == plain.size() ? Flush::finish : Flush::none;
      auto step = made->step(in, room.writable(), flush);
      if (!step) return step.error();
      offset += step->consumed;
      packed.append(room.view().first(step->produced));
      if (step->state == StepState::finished) return packed;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Formats, Conformance, testing::ValuesIn(conformance::built_algorithms()),
                         [](const auto& row) { return std::string(braid::info(row.param).name); });

TEST_P(Conformance, restores_what_it_compressed) {
  for (const auto& variant : variants(GetParam())) {
    for (const auto& sample : samples()) {
      const Buffer packed = pack(sample.bytes, variant.config);
      auto plain = decompress(packed, reading());
      ASSERT_TRUE(plain) << variant.name << ' ' << sample.name << ": " << plain.error().text();
      ASSERT_TRUE(plain->view() == ByteView(sample.bytes)) << variant.name << ' ' << sample.name;
    }
  }
}

TEST_P(Conformance, gives_the_same_bytes_from_memory_and_in_steps) {
  for (const auto& variant : variants(GetParam())) {
    for (const auto& sample : samples()) {
      const Buffer packed = pack(sample.bytes, variant.config);
      for (const auto& [in_step, out_step] :
           {std::pair<std::size_t, std::size_t>{1000, 777}, {65536, 1 << 20}, {1 << 20, 4096}}) {
        auto stepped = encode_in_steps(sample.bytes, in_step, out_step, variant.config);
        ASSERT_TRUE(stepped) << stepped.error().text();
        ASSERT_TRUE(stepped->view() == packed.view()) << variant.name << ' ' << sample.name;
      }
    }
  }
}

TEST_P(Conformance, reads_every_split_of_input_and_output) {
  const std::string text = conformance::words(600, 9);
  const Buffer packed = small_file();
  for (const std::size_t in_step : {1, 2, 3, 7, 100000}) {
    for (const std::size_t out_step : {1, 2, 5, 100000}) {
      auto plain = decode_in_steps(packed, in_step, out_step, reading());
      ASSERT_TRUE(plain) << in_step << '/' << out_step << ": " << plain.error().text();
      ASSERT_TRUE(plain->view() == ByteView(text)) << in_step << '/' << out_step;
    }
  }
}

TEST_P(Conformance, refuses_truncation_at_every_byte) {
  if (GetParam() == Algorithm::none) GTEST_SKIP() << "a copy has no end of its own";
  for (const auto& variant : variants(GetParam())) {
    const std::string text = conformance::words(600, 9);
    const Buffer packed = pack(text, variant.config);
    for (std::size_t size = 0; size < packed.size(); ++size) {
      auto plain = decompress(packed.view().first(size), reading());
      // BGZF ends with an empty member: without it the file is whole, and so are its bytes.
      if (plain && info(GetParam()).concatenates && plain->view() == ByteView(text)) continue;
      ASSERT_FALSE(plain) << variant.name << " cut to " << size << " of " << packed.size();
      ASSERT_EQ(plain.error().code, Errc::truncated)
          << variant.name << " cut to " << size << " of " << packed.size() << ": "
          << plain.error().text();
    }
  }
}

TEST_P(Conformance, never_passes_a_flipped_bit_as_good_where_there_is_a_checksum) {
  const std::string text = conformance::words(600, 9);
  Buffer packed = small_file();
  for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(1U << (bit % 8));
    packed.data()[bit / 8] ^= mask;
    auto plain = decompress(packed, {.algorithm = GetParam(), .output_limit = 1 << 20});
    packed.data()[bit / 8] ^= mask;
    if (plain && info(GetParam()).has_checksum) {
      ASSERT_TRUE(plain->view() == ByteView(text)) << "bit " << bit;
    }
  }
}

TEST_P(Conformance, reads_concatenated_streams_where_the_format_has_them) {
  const Buffer one = pack("first ", CompressionConfig(GetParam()));
  const Buffer two = pack("second", CompressionConfig(GetParam()));
  Buffer both;
  both.append(one.view());
  both.append(two.view());
  auto plain = decompress(both, reading());
  if (GetParam() == Algorithm::none) return;
  if (info(GetParam()).concatenates) {
    ASSERT_TRUE(plain) << plain.error().text();
    EXPECT_EQ(plain->view().text(), "first second");
  } else {
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().code, Errc::trailing_data);
  }
}

TEST_P(Conformance, refuses_trailing_bytes_unless_told_to_ignore_them) {
  if (GetParam() == Algorithm::none) GTEST_SKIP() << "any byte is data";
  Buffer packed = small_file();
  const std::size_t end = packed.size();
  packed.append("no stream begins like this");
  auto refused = decompress(packed, reading());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::trailing_data) << refused.error().text();
  EXPECT_EQ(refused.error().offset, end);
  auto ignored = decompress(packed, {.algorithm = GetParam(), .trailing = Trailing::ignore});
  ASSERT_TRUE(ignored) << ignored.error().text();
  EXPECT_EQ(ignored->view().text(), conformance::words(600, 9));
}

TEST_P(Conformance, refuses_trailing_bytes_that_come_one_at_a_time) {
  if (GetParam() == Algorithm::none) GTEST_SKIP() << "any byte is data";
  Buffer packed = small_file();
  packed.append("garbage");
  auto plain = decode_in_steps(packed, 1, 4096, reading());
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::trailing_data) << plain.error().text();
  EXPECT_EQ(plain.error().offset, packed.size() - 7);
}

TEST_P(Conformance, stops_at_the_output_limit_and_not_before) {
  const std::string text = conformance::words(5000, 9);
  const Buffer packed = pack(text, CompressionConfig(GetParam()));
  EXPECT_TRUE(decompress(packed, {.algorithm = GetParam(), .output_limit = 5000}));
  for (const std::uint64_t limit : {0, 1, 4096, 4999}) {
    auto plain = decompress(packed, {.algorithm = GetParam(), .output_limit = limit});
    ASSERT_FALSE(plain) << limit;
    EXPECT_EQ(plain.error().code, Errc::output_limit) << plain.error().text();
  }
}

TEST_P(Conformance, is_reusable_after_an_error) {
  if (GetParam() == Algorithm::none) GTEST_SKIP() << "a copy cannot fail";
  const std::string text = conformance::words(600, 9);
  const Buffer packed = small_file();
  auto decoder = Decoder::make(reading());
  ASSERT_TRUE(decoder);
  Buffer room(1000);
  for (std::size_t size = 0; size < packed.size(); size += 5) {
    auto bad = decoder->step(packed.view().first(size), room.writable(), Input::last);
    ASSERT_FALSE(bad) << size;
    ASSERT_TRUE(decoder->reset());
  }
  auto good = decoder->step(packed, room.writable(), Input::last);
  ASSERT_TRUE(good) << good.error().text();
  EXPECT_EQ(room.view().first(good->produced).text(), text);
}

TEST_P(Conformance, an_encoder_reset_in_mid_stream_begins_anew) {
  const std::string text = conformance::words(5000, 9);
  auto encoder = Encoder::make(CompressionConfig(GetParam()));
  ASSERT_TRUE(encoder);
  Buffer room(20000);
  ASSERT_TRUE(encoder->step(ByteView(text).first(3000), room.writable().first(10), Flush::none));
  ASSERT_TRUE(encoder->reset());
  auto step = encoder->step(text, room.writable(), Flush::finish);
  ASSERT_TRUE(step);
  ASSERT_EQ(step->state, StepState::finished);
  EXPECT_TRUE(room.view().first(step->produced) ==
              pack(text, CompressionConfig(GetParam())).view());
}

TEST_P(Conformance, a_flush_makes_all_earlier_bytes_readable) {
  const std::string text = conformance::words(5000, 9);
  auto encoder = Encoder::make(CompressionConfig(GetParam()));
  auto decoder = Decoder::make(reading());
  ASSERT_TRUE(encoder && decoder);
  if (GetParam() == Algorithm::lzma) GTEST_SKIP() << "the format cannot flush";
  Buffer room(20000);
  auto packed = encoder->step(text, room.writable(), Flush::flush);
  ASSERT_TRUE(packed) << packed.error().text();
  ASSERT_EQ(packed->consumed, text.size());
  ASSERT_EQ(packed->state, StepState::need_input);
  Buffer plain(20000);
  auto step = decoder->step(room.view().first(packed->produced), plain.writable(), Input::more);
  ASSERT_TRUE(step) << step.error().text();
  EXPECT_EQ(plain.view().first(step->produced).text(), text);
}

TEST_P(Conformance, is_found_by_content_when_it_has_a_signature) {
  const Buffer packed = small_file();
  const auto found = detect(packed);
  const auto unsigned_formats = {Algorithm::none, Algorithm::deflate, Algorithm::brotli};
  if (std::ranges::find(unsigned_formats, GetParam()) != unsigned_formats.end()) {
    EXPECT_TRUE(!found || found->algorithm != GetParam() || found->score <= Detection::guess);
  } else {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->algorithm, GetParam());
    EXPECT_GE(found->score, Detection::likely);
  }
}

TEST_P(Conformance, refuses_an_empty_input) {
  if (GetParam() == Algorithm::none) GTEST_SKIP() << "nothing is a valid copy of nothing";
  auto plain = decompress(ByteView(), reading());
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::truncated);
}

TEST_P(Conformance, refuses_settings_of_other_formats_by_name) {
  for (int i = 0; i < knob_count; ++i) {
    const auto knob = static_cast<Knob>(i);
    if (info(GetParam()).knob(knob) != nullptr) continue;
    auto result = compress("x", CompressionConfig(GetParam()).set(knob, 1));
    ASSERT_FALSE(result) << name(knob);
    EXPECT_EQ(result.error().code, Errc::invalid_argument);
    EXPECT_NE(result.error().message.find(name(knob)), std::string::npos);
  }
}

TEST_P(Conformance, every_level_restores) {
  const AlgorithmInfo& row = info(GetParam());
  const std::string text = conformance::words(30000, 9);
  for (int level = std::max(row.min_level, -7); level <= row.max_level; ++level) {
    const Buffer packed = pack(text, CompressionConfig(GetParam()).level(level));
    auto plain = decompress(packed, reading());
    ASSERT_TRUE(plain) << "level " << level << ": " << plain.error().text();
    ASSERT_EQ(plain->view().text(), text) << "level " << level;
  }
}

}  // namespace
}  // namespace braid
