#include <braid/braid.hpp>

#include <gtest/gtest.h>
#include <lzma.h>

#include "tests/codec/seam.hpp"

namespace braid::codec::test {
namespace {

const Format& row = format(Algorithm::xz);

CompressionConfig xz() {
  return CompressionConfig(Algorithm::xz);
}

const std::uint8_t* octets(const std::string& bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

std::uint8_t* octets(std::string& bytes) {
  return reinterpret_cast<std::uint8_t*>(bytes.data());
}

// liblzma's own stream decoder, as the judge of what was written.
std::string reference_decode(const std::string& packed, std::size_t plain_size) {
  std::string plain(plain_size + 1, '\0');
  std::uint64_t limit = UINT64_MAX;
  std::size_t in = 0;
  std::size_t out = 0;
  const lzma_ret code = lzma_stream_buffer_decode(&limit, 0, nullptr, octets(packed), &in,
                                                  packed.size(), octets(plain), &out, plain.size());
  EXPECT_EQ(code, LZMA_OK);
  EXPECT_EQ(in, packed.size());
  plain.resize(out);
  return plain;
}

// liblzma's single-block stream with a chain of filters in front of LZMA2.
std::string reference_encode(const std::string& plain, std::vector<lzma_filter> front,
                             lzma_check check = LZMA_CHECK_CRC64) {
  lzma_options_lzma lzma2{};
  EXPECT_EQ(lzma_lzma_preset(&lzma2, 1), 0);
  front.push_back({LZMA_FILTER_LZMA2, &lzma2});
  front.push_back({LZMA_VLI_UNKNOWN, nullptr});
  std::string packed(lzma_stream_buffer_bound(plain.size()) + 64, '\0');
  std::size_t out = 0;
  EXPECT_EQ(lzma_stream_buffer_encode(front.data(), check, nullptr, octets(plain), plain.size(),
                                      octets(packed), &out, packed.size()),
            LZMA_OK);
  packed.resize(out);
  return packed;
}

// Several blocks in one stream, each with or without its sizes in the header.
std::string blocks(const std::string& plain, const std::vector<bool>& sized) {
  lzma_options_lzma options{};
  EXPECT_EQ(lzma_lzma_preset(&options, 1), 0);
  lzma_filter chain[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  lzma_stream_flags flags{};
  flags.check = LZMA_CHECK_CRC32;
  lzma_index* index = lzma_index_init(nullptr);
  std::string packed(plain.size() * 2 + 1000, '\0');
  EXPECT_EQ(lzma_stream_header_encode(&flags, octets(packed)), LZMA_OK);
  std::size_t at = LZMA_STREAM_HEADER_SIZE;
  const std::size_t piece = plain.size() / sized.size();
  for (std::size_t i = 0; i < sized.size(); ++i) {
    const std::string part = plain.substr(i * piece, i + 1 == sized.size() ? SIZE_MAX : piece);
    lzma_block block{};
    block.check = LZMA_CHECK_CRC32;
    block.filters = chain;
    block.compressed_size = sized[i] ? lzma_block_buffer_bound(part.size()) : LZMA_VLI_UNKNOWN;
    block.uncompressed_size = sized[i] ? part.size() : LZMA_VLI_UNKNOWN;
    EXPECT_EQ(lzma_block_header_size(&block), LZMA_OK);
    const std::size_t start = at;
    at += block.header_size;
    lzma_stream stream = LZMA_STREAM_INIT;
    lzma_block encoded = block;
    EXPECT_EQ(lzma_block_encoder(&stream, &encoded), LZMA_OK);
    stream.next_in = octets(part);
    stream.avail_in = part.size();
    stream.next_out = octets(packed) + at;
    stream.avail_out = packed.size() - at;
    EXPECT_EQ(lzma_code(&stream, LZMA_FINISH), LZMA_STREAM_END);
    at += stream.total_out;
    lzma_end(&stream);
    lzma_block header = sized[i] ? encoded : block;
    EXPECT_EQ(lzma_block_header_encode(&header, octets(packed) + start), LZMA_OK);
    EXPECT_EQ(lzma_index_append(index, nullptr, lzma_block_unpadded_size(&encoded), part.size()),
              LZMA_OK);
  }
  flags.backward_size = lzma_index_size(index);
  EXPECT_EQ(lzma_index_buffer_encode(index, octets(packed), &at, packed.size()), LZMA_OK);
  EXPECT_EQ(lzma_stream_footer_encode(&flags, octets(packed) + at), LZMA_OK);
  lzma_index_end(index, nullptr);
  packed.resize(at + LZMA_STREAM_HEADER_SIZE);
  return packed;
}

TEST(Xz, writes_what_liblzma_reads_at_every_preset) {
  const std::string plain = sample(150000);
  for (int level = 0; level <= 9; ++level) {
    for (const bool extreme : {false, true}) {
      auto packed = encode(xz().level(level).extreme(extreme), plain);
      ASSERT_TRUE(packed) << packed.error().text();
      EXPECT_EQ(reference_decode(*packed, plain.size()), plain) << level;
      EXPECT_LT(packed->size(), plain.size() / 2) << level;
    }
  }
}

TEST(Xz, writes_every_check_knob_and_layout) {
  const std::string plain = sample(60000);
  const CompressionConfig configs[] = {
      xz().check(Check::none),
      xz().check(Check::crc32),
      xz().check(Check::sha256),
      xz().set(Knob::dictionary_size, 4096),
      xz().set(Knob::literal_context, 1).set(Knob::literal_position, 3),
      xz().set(Knob::position_bits, 0),
      xz().chunk_size(4096),
      xz().layout(Layout::single),
      xz().layout(Layout::single).check(Check::sha256),
  };
  for (const CompressionConfig& config : configs) {
    auto packed = encode(config, plain);
    ASSERT_TRUE(packed) << packed.error().text();
    EXPECT_EQ(reference_decode(*packed, plain.size()), plain);
    auto own = decode(Algorithm::xz, *packed);
    ASSERT_TRUE(own) << own.error().text();
    EXPECT_EQ(*own, plain);
  }
}

TEST(Xz, names_the_check_it_read) {
  const std::pair<Check, std::string> names[] = {{Check::none, "none"},
                                                 {Check::crc32, "CRC-32"},
                                                 {Check::crc64, "CRC-64"},
                                                 {Check::sha256, "SHA-256"}};
  for (const auto& [check, name] : names) {
    const std::string packed = encode(xz().check(check), "some text").value();
    auto decoder = row.make_stream_decoder({}).value();
    std::vector<std::byte> room(100);
    ASSERT_TRUE(decoder->step(packed, room, Input::last));
    StreamInfo info;
    decoder->describe(info);
    EXPECT_EQ(info.check, name);
  }
}

TEST(Xz, an_empty_input_has_no_block) {
  auto packed = encode(xz(), "");
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->size(), 32U);  // header, empty index, footer
  EXPECT_EQ(reference_decode(*packed, 0), "");
}

TEST(Xz, stores_noise_within_the_bound) {
  const std::string plain = noise(300000);
  auto packed = encode(xz().chunk_size(100000), plain);
  ASSERT_TRUE(packed);
  EXPECT_LT(packed->size(), plain.size() + 400);
  EXPECT_EQ(reference_decode(*packed, plain.size()), plain);
}

TEST(Xz, every_block_states_its_sizes) {
  const std::string plain = sample(100000);
  const std::string packed = encode(xz().chunk_size(30000), plain).value();
  auto parts = decode_parts(Algorithm::xz, packed);
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_EQ(parts->plain, plain);
  EXPECT_EQ(parts->units, 4U);
  EXPECT_EQ(parts->frames, 2U);
  EXPECT_EQ(parts->sequential, 0U);
}

TEST(Xz, cuts_alike_however_far_it_sees) {
  const std::string plain = sample(50000);
  const std::string packed = encode(xz().chunk_size(9000), plain).value();
  for (const std::size_t reach : {1, 13, 1000}) {
    auto parts = decode_parts(Algorithm::xz, packed, {}, reach);
    ASSERT_TRUE(parts) << parts.error().text();
    EXPECT_EQ(parts->plain, plain);
    EXPECT_EQ(parts->units, 6U);
  }
}

TEST(Xz, reads_streams_with_and_without_sizes_and_padding_in_one_file) {
  const std::string plain = sample(50000);
  const std::string sized = encode(xz().chunk_size(20000), plain).value();
  const std::string unsized = encode(xz().layout(Layout::single), plain).value();
  const std::string empty = encode(xz(), "").value();
  const std::string padding(8, '\0');
  const std::string file = unsized + padding + sized + empty + unsized + sized + padding;
  auto parts = decode_parts(Algorithm::xz, file);
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_EQ(parts->plain, plain + plain + plain + plain);
  EXPECT_EQ(parts->sequential, 2U);
  EXPECT_EQ(parts->units, 6U);
}

TEST(Xz, refuses_padding_that_is_no_multiple_of_four) {
  const std::string packed = encode(xz(), "text").value();
  for (const std::size_t zeros : {1, 2, 3, 5}) {
    const std::string padded = packed + std::string(zeros, '\0');
    for (const std::string& file : {padded, padded + packed, padded + "no stream"}) {
      EXPECT_FALSE(decode_parts(Algorithm::xz, file)) << zeros;
      for (const unsigned threads : {1U, 2U}) {
        Engine engine({.threads = threads});
        auto plain = ParallelCompressor(engine).decompress(ByteView(file));
        ASSERT_FALSE(plain) << zeros;
        EXPECT_EQ(plain.error().code, Errc::corrupt);
        EXPECT_EQ(plain.error().offset, padded.size());
      }
    }
  }
}

TEST(Xz, takes_over_at_a_block_without_sizes_behind_sized_ones) {
  const std::string plain = sample(40000);
  const std::string packed = blocks(plain, {true, true, false, true});
  EXPECT_EQ(reference_decode(packed, plain.size()), plain);
  EXPECT_EQ(decode(Algorithm::xz, packed).value(), plain);

  auto splitter = row.make_splitter();
  auto unit_decoder = row.make_unit_decoder({}).value();
  auto verifier = row.make_verifier({});
  ByteView rest = packed;
  std::string out;
  for (;;) {
    const Split split = splitter->next(rest, true);
    ASSERT_EQ(split.kind, Split::Kind::unit);
    const ByteView bytes = rest.first(split.unit.size);
    GrowingTarget target;
    Decoded decoded;
    if (split.unit.kind == Unit::Kind::data) {
      auto result = unit_decoder->decode(bytes, split.unit, target);
      if (!result) break;
      decoded = *result;
      out += text(target.view());
    }
    ASSERT_TRUE(verifier->add(split.unit, bytes, decoded, target.view()));
    rest = rest.drop(bytes.size());
  }
  ASSERT_TRUE(verifier->may_take_over());
  auto decoder = verifier->take_over({}).value();
  ASSERT_NE(decoder, nullptr);
  std::vector<std::byte> room(plain.size());
  auto step = decoder->step(rest, room, Input::last);
  ASSERT_TRUE(step) << step.error().text();
  EXPECT_EQ(step->state, StepState::finished);
  EXPECT_EQ(step->consumed, rest.size());
  out += ByteView(room.data(), step->produced).text();
  EXPECT_EQ(out, plain);
  EXPECT_TRUE(verifier->finish());
}

TEST(Xz, reads_filters_it_does_not_write) {
  const std::string plain = sample(30000);
  lzma_options_delta delta{};
  delta.type = LZMA_DELTA_TYPE_BYTE;
  delta.dist = 4;
  for (const lzma_vli bcj : {LZMA_FILTER_X86, LZMA_FILTER_POWERPC, LZMA_FILTER_IA64,
                             LZMA_FILTER_ARM, LZMA_FILTER_ARMTHUMB, LZMA_FILTER_SPARC}) {
    const std::string packed =
        reference_encode(plain, {{LZMA_FILTER_DELTA, &delta}, {bcj, nullptr}});
    auto own = decode(Algorithm::xz, packed);
    ASSERT_TRUE(own) << own.error().text();
    EXPECT_EQ(*own, plain);
    auto parts = decode_parts(Algorithm::xz, packed);
    ASSERT_TRUE(parts) << parts.error().text();
    EXPECT_EQ(parts->plain, plain);
  }
}

TEST(Xz, reads_every_split_of_a_small_stream) {
  const std::string plain = sample(3000);
  const std::string packed = encode(xz().chunk_size(4096), plain + plain).value();
  for (const std::size_t in_step : {1, 2, 5, 11}) {
    for (const std::size_t out_step : {1, 3, 4096}) {
      auto own = decode(Algorithm::xz, packed, {}, in_step, out_step);
      ASSERT_TRUE(own) << own.error().text();
      EXPECT_EQ(*own, plain + plain);
    }
  }
}

TEST(Xz, tells_truncated_from_corrupt_at_every_byte) {
  const std::string packed = encode(xz().chunk_size(4096), sample(6000)).value();
  for (std::size_t size = 1; size < packed.size(); ++size) {
    auto own = decode(Algorithm::xz, ByteView(packed).first(size));
    ASSERT_FALSE(own) << size;
    EXPECT_EQ(own.error().code, Errc::truncated) << size << ' ' << own.error().text();
    auto parts = decode_parts(Algorithm::xz, ByteView(packed).first(size));
    ASSERT_FALSE(parts) << size;
    EXPECT_EQ(parts.error().code, Errc::truncated) << size << ' ' << parts.error().text();
  }
}

TEST(Xz, no_flipped_bit_goes_unnoticed) {
  const std::string plain = sample(700);
  std::string packed = encode(xz().check(Check::crc32), plain).value();
  for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
    packed[bit / 8] = static_cast<char>(packed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(decode(Algorithm::xz, packed)) << bit;
    EXPECT_FALSE(decode_parts(Algorithm::xz, packed)) << bit;
    packed[bit / 8] = static_cast<char>(packed[bit / 8] ^ (1 << (bit % 8)));
  }
}

TEST(Xz, tells_a_wrong_check_from_malformed_data) {
  const std::string packed = encode(xz(), sample(5000)).value();
  // Index and footer of one small block take 12 + 12 bytes; the check stands before them.
  for (std::size_t back = 25; back < 33; ++back) {
    std::string bad = packed;
    bad[bad.size() - back] = static_cast<char>(bad[bad.size() - back] ^ 1);
    for (const bool in_parts : {false, true}) {
      Error error;
      if (in_parts) {
        auto parts = decode_parts(Algorithm::xz, bad);
        ASSERT_FALSE(parts);
        error = parts.error();
      } else {
        auto own = decode(Algorithm::xz, bad);
        ASSERT_FALSE(own);
        error = own.error();
        EXPECT_EQ(error.offset, 12U) << "the block begins behind the stream header";
      }
      EXPECT_EQ(error.code, Errc::checksum_mismatch) << back << ' ' << error.text();
    }
  }
}

TEST(Xz, refuses_a_check_it_cannot_verify) {
  std::string packed = encode(xz().check(Check::crc32), "text").value();
  // Type 2 is reserved and four bytes long like CRC-32 (file format 1.2, section 2.1.1.2).
  lzma_stream_flags flags{};
  flags.check = static_cast<lzma_check>(2);
  ASSERT_EQ(lzma_stream_header_encode(&flags, octets(packed)), LZMA_OK);
  auto own = decode(Algorithm::xz, packed);
  ASSERT_FALSE(own);
  EXPECT_EQ(own.error().code, Errc::unsupported_feature);
}

TEST(Xz, tells_foreign_bytes_by_the_first_one) {
  for (const std::string foreign : {"x", "text",
                                    "\xfd"
                                    "7zYZ and more",
                                    "0123456789abcdef"}) {
    auto own = decode(Algorithm::xz, foreign);
    ASSERT_FALSE(own);
    EXPECT_EQ(own.error().code, Errc::unknown_format) << foreign;
  }
}

TEST(Xz, holds_the_memory_limit_and_names_what_is_needed) {
  const std::string packed = reference_encode(sample(3000), {});  // preset 1: 1 MiB dictionary
  for (const bool in_parts : {false, true}) {
    const DecoderSettings small{.memory_limit = 100 << 10};
    const std::string sized = encode(xz().level(1).chunk_size(2 << 20), sample(2 << 20)).value();
    Error error;
    if (in_parts) {
      auto parts = decode_parts(Algorithm::xz, sized, small);
      ASSERT_FALSE(parts);
      error = parts.error();
    } else {
      auto own = decode(Algorithm::xz, packed, small);
      ASSERT_FALSE(own);
      error = own.error();
    }
    EXPECT_EQ(error.code, Errc::memory_limit);
    EXPECT_NE(error.message.find("needs 1"), std::string::npos) << error.message;
  }
  EXPECT_TRUE(decode(Algorithm::xz, packed, {.memory_limit = 2 << 20}));
}

TEST(Xz, small_chunks_do_not_cost_a_large_dictionary) {
  EXPECT_LT(row.encoder_memory(xz().level(9).chunk_size(64 << 10)), 4U << 20);
  EXPECT_GT(row.encoder_memory(xz().level(9)), 512U << 20);
}

TEST(Xz, refuses_settings_that_exclude_each_other) {
  const CompressionConfig bad[] = {
      xz().set(Knob::literal_context, 3).set(Knob::literal_position, 2),
      xz().layout(Layout::single).chunk_size(1 << 20),
      xz().layout(Layout::members),
      xz().level(10),
  };
  for (const CompressionConfig& config : bad) {
    auto valid = config.validate();
    ASSERT_FALSE(valid);
    EXPECT_EQ(valid.error().code, Errc::invalid_argument);
  }
}

TEST(Xz, hints_the_plain_size_of_all_streams) {
  const std::string one = encode(xz().chunk_size(20000), sample(50000)).value();
  EXPECT_EQ(row.plain_size_hint(one), 50000U);
  EXPECT_EQ(row.plain_size_hint(one + std::string(8, '\0') + one), 100000U);
  EXPECT_EQ(row.plain_size_hint(ByteView(one).first(one.size() - 1)), 0U);
  EXPECT_EQ(row.plain_size_hint(noise(5000)), 0U);
  EXPECT_EQ(row.plain_size_hint({}), 0U);
}

}  // namespace
}  // namespace braid::codec::test
