#include <braid/braid.hpp>

#include <gtest/gtest.h>
#include <lzma.h>

#include "tests/codec/seam.hpp"

namespace braid::codec::test {
namespace {

const Format& row = format(Algorithm::lzma);

CompressionConfig lzma_config() {
  return CompressionConfig(Algorithm::lzma);
}

// liblzma's own decoder, as the judge of what was written.
std::string reference_decode(const std::string& packed, std::size_t plain_size) {
  std::string plain(plain_size + 1, '\0');
  lzma_stream stream = LZMA_STREAM_INIT;
  EXPECT_EQ(lzma_alone_decoder(&stream, UINT64_MAX), LZMA_OK);
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  stream.next_out = reinterpret_cast<std::uint8_t*>(plain.data());
  stream.avail_out = plain.size();
  EXPECT_EQ(lzma_code(&stream, LZMA_FINISH), LZMA_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  plain.resize(stream.total_out);
  lzma_end(&stream);
  return plain;
}

// A header of 13 bytes and one byte more, as detection sees it.
std::string header(unsigned properties, std::uint32_t dictionary, std::uint64_t size) {
  std::string bytes(1, static_cast<char>(properties));
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(dictionary >> (8 * i)));
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(size >> (8 * i)));
  bytes.push_back('\0');
  return bytes;
}

TEST(Lzma, writes_what_liblzma_reads_at_every_preset_and_knob) {
  const std::string plain = sample(100000);
  std::vector<CompressionConfig> configs;
  for (int level = 0; level <= 9; ++level) configs.push_back(lzma_config().level(level));
  configs.push_back(lzma_config().extreme(true));
  configs.push_back(lzma_config().set(Knob::dictionary_size, 4096));
  configs.push_back(lzma_config().set(Knob::literal_context, 0).set(Knob::literal_position, 2));
  configs.push_back(lzma_config().set(Knob::position_bits, 4));
  for (const CompressionConfig& made : configs) {
    auto packed = encode(made, plain);
    ASSERT_TRUE(packed) << packed.error().text();
    EXPECT_EQ(reference_decode(*packed, plain.size()), plain);
    EXPECT_EQ(decode(Algorithm::lzma, *packed).value(), plain);
    EXPECT_EQ(row.detect(*packed), Detection::likely);
  }
}

TEST(Lzma, has_no_seams_and_says_so) {
  EXPECT_FALSE(row.info.has_seams);
  EXPECT_EQ(row.chunk_size, nullptr);
  EXPECT_EQ(row.make_splitter, nullptr);
}

TEST(Lzma, refuses_to_flush_in_mid_stream) {
  auto encoder = row.make_stream_encoder(lzma_config()).value();
  std::vector<std::byte> room(1000);
  auto step = encoder->step("text", room, Flush::flush);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, Errc::unsupported_feature);
}

TEST(Lzma, tells_truncated_from_corrupt_at_every_byte) {
  const std::string packed = encode(lzma_config().level(1), sample(2000)).value();
  for (std::size_t size = 1; size < packed.size(); ++size) {
    auto own = decode(Algorithm::lzma, ByteView(packed).first(size));
    ASSERT_FALSE(own) << size;
    EXPECT_EQ(own.error().code, Errc::truncated) << size << ' ' << own.error().text();
  }
}

TEST(Lzma, reads_every_split) {
  const std::string plain = sample(2000);
  const std::string packed = encode(lzma_config().level(1), plain).value();
  for (const std::size_t in_step : {1, 2, 13}) {
    for (const std::size_t out_step : {1, 7, 4096}) {
      EXPECT_EQ(decode(Algorithm::lzma, packed, {}, in_step, out_step).value(), plain);
    }
  }
}

TEST(Lzma, reads_known_sizes_with_and_without_an_end_marker) {
  const std::string plain = sample(5000);
  std::string packed = encode(lzma_config(), plain).value();
  const std::string sized = header(0x5d, 8 << 20, plain.size()).substr(0, 13);
  packed.replace(0, 13, sized);
  EXPECT_EQ(decode(Algorithm::lzma, packed).value(), plain);
  packed.replace(0, 13, header(0x5d, 8 << 20, plain.size() + 1).substr(0, 13));
  auto longer = decode(Algorithm::lzma, packed);
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, Errc::corrupt);
}

TEST(Lzma, refuses_a_huge_dictionary_before_allocating_it) {
  std::string packed = encode(lzma_config(), sample(5000)).value();
  packed.replace(1, 4, "\xff\xff\xff\xff");
  auto own = decode(Algorithm::lzma, packed, {.memory_limit = 1 << 30});
  ASSERT_FALSE(own);
  EXPECT_EQ(own.error().code, Errc::memory_limit);
  EXPECT_NE(own.error().message.find("429"), std::string::npos) << own.error().message;
}

TEST(Lzma, is_found_by_its_header_alone) {
  constexpr std::uint64_t unknown = UINT64_MAX;
  EXPECT_EQ(row.detect(header(0x5d, 1 << 23, unknown)), Detection::likely);
  EXPECT_EQ(row.detect(header(0x5d, 3 << 22, 5)), Detection::likely);
  EXPECT_EQ(row.detect(header(0x5d, UINT32_MAX, 5)), Detection::likely);
  EXPECT_EQ(row.detect(header(225, 1 << 23, unknown)), 0) << "no such properties";
  EXPECT_EQ(row.detect(header(8, 1 << 23, unknown)), 0) << "lc 8";
  EXPECT_EQ(row.detect(header(0x5d, (1 << 23) + 1, unknown)), 0) << "odd dictionary";
  EXPECT_EQ(row.detect(header(0x5d, 0, unknown)), 0) << "no dictionary";
  EXPECT_EQ(row.detect(header(0x5d, 1 << 23, 1ULL << 38)), 0) << "implausible size";
  EXPECT_EQ(row.detect(header(0x5d, 1 << 23, unknown).substr(0, 13)), 0) << "too short";
  EXPECT_EQ(row.detect(std::string(100, '\0')), 0) << "zeros";
}

}  // namespace
}  // namespace braid::codec::test
