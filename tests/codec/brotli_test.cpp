#include <braid/braid.hpp>

#include <brotli/decode.h>
#include <gtest/gtest.h>

#include "codec/brotli/part.hpp"
#include "tests/codec/seam.hpp"

namespace braid::codec::test {
namespace {

const Format& row = format(Algorithm::brotli);

CompressionConfig config(int level) {
  return CompressionConfig(Algorithm::brotli).level(level);
}

// The library itself, without any of our options, as the judge of what was written.
std::string reference_decode(const std::string& packed, std::size_t plain_size) {
  std::string plain(plain_size + 1, '\0');
  std::size_t size = plain.size();
  EXPECT_EQ(
      BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()),
                              &size, reinterpret_cast<std::uint8_t*>(plain.data())),
      BROTLI_DECODER_RESULT_SUCCESS);
  plain.resize(size);
  return plain;
}

// Noise that brotli stores, text, and words of its static dictionary at the start of every part.
std::string mixed(std::size_t size) {
  std::string text = sample(size);
  for (std::size_t at = 0; at + 2000 < size; at += 16384) {
    text.replace(at, 60, " the development of international information and government ");
  }
  return text;
}

TEST(Brotli, parts_splice_into_a_stream_the_library_reads_at_every_level) {
  const std::string plain = mixed(700000);
  for (int level = 0; level <= 11; ++level) {
    auto packed = encode(config(level).chunk_size(150000), plain);
    ASSERT_TRUE(packed) << packed.error().text();
    ASSERT_EQ(reference_decode(*packed, plain.size()), plain) << level;
    auto own = decode(Algorithm::brotli, *packed);
    ASSERT_TRUE(own) << level << own.error().text();
    ASSERT_EQ(*own, plain) << level;
    auto parts = decode_parts(Algorithm::brotli, *packed);
    ASSERT_TRUE(parts) << level << ' ' << parts.error().text();
    ASSERT_EQ(parts->plain, plain) << level;
    EXPECT_EQ(parts->units, 5U);
    EXPECT_EQ(parts->sequential, 0U);
  }
}

TEST(Brotli, parts_decode_alone_in_every_window) {
  const std::string plain = mixed(400000);
  for (int log = 10; log <= 24; ++log) {
    for (const int level : {1, 5, 9}) {
      const std::string packed =
          encode(config(level).chunk_size(65536).window_log(log), plain).value();
      ASSERT_EQ(reference_decode(packed, plain.size()), plain) << log << ' ' << level;
      auto parts = decode_parts(Algorithm::brotli, packed, {}, 1000);
      ASSERT_TRUE(parts) << log << ' ' << level << ' ' << parts.error().text();
      ASSERT_EQ(parts->plain, plain) << log << ' ' << level;
      EXPECT_EQ(parts->units, 7U);
    }
  }
}

TEST(Brotli, one_chunk_is_a_plain_stream_without_notes) {
  for (const std::size_t size : {0, 1, 1000}) {
    const std::string packed = encode(config(6), sample(size)).value();
    EXPECT_EQ(reference_decode(packed, size), sample(size));
    EXPECT_EQ(packed.find("brd"), std::string::npos);
    EXPECT_LE(packed.size(), size + 8);
    auto parts = decode_parts(Algorithm::brotli, packed);
    ASSERT_TRUE(parts) << parts.error().text();
    EXPECT_EQ(parts->sequential, 1U);
  }
}

TEST(Brotli, a_last_part_may_be_empty) {
  const CompressionConfig made = config(5).chunk_size(65536);
  auto encoder = row.make_chunk_encoder(made).value();
  auto framer = row.make_framer(made).value();
  const std::string plain = sample(1000);
  Buffer file;
  Piece piece;
  ASSERT_TRUE(framer->begin({}, false, file));
  ASSERT_TRUE(encoder->encode(plain, {0, 0, false}, piece));
  ASSERT_TRUE(framer->add(piece, plain, {0, 0, false}, file));
  file.append(piece.bytes.view());
  ASSERT_TRUE(encoder->encode({}, {1, 1000, true}, piece));
  ASSERT_TRUE(framer->add(piece, {}, {1, 1000, true}, file));
  file.append(piece.bytes.view());
  const std::string packed = text(file.view());
  EXPECT_EQ(reference_decode(packed, plain.size()), plain);
  EXPECT_EQ(decode(Algorithm::brotli, packed).value(), plain);
  EXPECT_EQ(decode_parts(Algorithm::brotli, packed).value().plain, plain);
}

TEST(Brotli, writes_large_windows_only_when_asked_and_reads_them_in_the_limit) {
  const std::string plain = sample(300000);
  const std::string packed = encode(config(5).layout(Layout::single).window_log(26), plain).value();
  auto own = decode(Algorithm::brotli, packed, {.memory_limit = 80 << 20});
  ASSERT_TRUE(own) << own.error().text();
  EXPECT_EQ(*own, plain);
  const std::string parts_of_it = encode(config(5).chunk_size(65536).window_log(26), plain).value();
  EXPECT_EQ(decode(Algorithm::brotli, parts_of_it).value(), plain);
  auto parts = decode_parts(Algorithm::brotli, parts_of_it);
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_EQ(parts->plain, plain);
}

TEST(Brotli, holds_the_memory_limit_and_names_what_is_needed) {
  const std::string plain = noise(3 << 20);
  const std::string packed = encode(config(1).chunk_size(1 << 20).window_log(22), plain).value();
  const DecoderSettings small{.memory_limit = 300 << 10};
  auto own = decode(Algorithm::brotli, packed, small);
  ASSERT_FALSE(own);
  EXPECT_EQ(own.error().code, Errc::memory_limit) << own.error().text();
  EXPECT_NE(own.error().message.find("needs "), std::string::npos);
  auto parts = decode_parts(Algorithm::brotli, packed, small);
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().code, Errc::memory_limit) << parts.error().text();
}

TEST(Brotli, reads_every_split_of_a_stream_of_parts) {
  const std::string plain = sample(70000);
  const std::string packed = encode(config(9).chunk_size(65536), plain).value();
  for (const std::size_t in_step : {1, 2, 7, 30}) {
    for (const std::size_t out_step : {1, 1000, 100000}) {
      auto own = decode(Algorithm::brotli, packed, {}, in_step, out_step);
      ASSERT_TRUE(own) << own.error().text();
      ASSERT_EQ(*own, plain) << in_step << ' ' << out_step;
    }
  }
}

TEST(Brotli, a_single_stream_does_not_depend_on_how_input_arrives) {
  const std::string plain = sample(2500000);
  for (const int level : {0, 1, 5}) {
    const CompressionConfig made = config(level).layout(Layout::single);
    const std::string whole = encode(made, plain).value();
    auto encoder = row.make_stream_encoder(made).value();
    std::vector<std::byte> room(5000);
    std::string pieces;
    ByteView rest = plain;
    for (;;) {
      const ByteView in = rest.first(70001);
      const Flush flush = in.size() == rest.size() ? Flush::finish : Flush::none;
      const Step step = encoder->step(in, room, flush).value();
      rest = rest.drop(step.consumed);
      pieces += ByteView(room.data(), step.produced).text();
      if (step.state == StepState::finished) break;
    }
    EXPECT_TRUE(pieces == whole) << level;
    EXPECT_EQ(reference_decode(whole, plain.size()), plain);
  }
}

TEST(Brotli, tells_truncated_from_corrupt_at_every_byte) {
  // Noise in front, so that few bytes of the stream are worth the test.
  const std::string plain = std::string(66000, 'a') + sample(3000);
  const std::string packed = encode(config(9).chunk_size(65536), plain).value();
  ASSERT_LT(packed.size(), 4000U);
  for (std::size_t size = 1; size < packed.size(); ++size) {
    auto own = decode(Algorithm::brotli, ByteView(packed).first(size));
    ASSERT_FALSE(own) << size;
    EXPECT_EQ(own.error().code, Errc::truncated) << size << ' ' << own.error().text();
    auto parts = decode_parts(Algorithm::brotli, ByteView(packed).first(size));
    ASSERT_FALSE(parts) << size;
    EXPECT_EQ(parts.error().code, Errc::truncated) << size << ' ' << parts.error().text();
  }
}

TEST(Brotli, no_flipped_bit_of_a_part_goes_unnoticed) {
  const std::string plain = std::string(66000, 'a') + sample(600);
  std::string packed = encode(config(5).chunk_size(65536), plain).value();
  const std::size_t first_note = brotli::note_end(brotli::read_window(packed)->bits);
  for (std::size_t bit = first_note * 8; bit < packed.size() * 8; ++bit) {
    packed[bit / 8] = static_cast<char>(packed[bit / 8] ^ (1 << (bit % 8)));
    auto own = decode(Algorithm::brotli, packed);
    EXPECT_TRUE(!own || *own == plain) << bit;
    auto parts = decode_parts(Algorithm::brotli, packed);
    EXPECT_TRUE(!parts || parts->plain == plain) << bit;
    packed[bit / 8] = static_cast<char>(packed[bit / 8] ^ (1 << (bit % 8)));
  }
}

// A stream with history, dressed up with notes as if its two halves were parts.
TEST(Brotli, refuses_a_part_that_looks_at_history) {
  const std::string plain = noise(60000);
  const CompressionConfig made = config(5).layout(Layout::single).window_log(18);
  auto encoder = row.make_stream_encoder(made).value();
  std::vector<std::byte> room(200000);
  const Step first = encoder->step(plain, room, Flush::flush).value();
  const std::string a = text({room.data(), first.produced});
  const Step second = encoder->step(plain, room, Flush::finish).value();
  const std::string b = text({room.data(), second.produced});
  ASSERT_LT(b.size(), 1000U) << "the second half has to be a copy of the first";

  // A true checksum: that of the bytes which reading in sequence would give.
  auto part_encoder = row.make_chunk_encoder(made).value();
  Piece piece;
  ASSERT_TRUE(part_encoder->encode(plain, {1, 60000, true}, piece));
  const brotli::Note note{.last = true,
                          .packed = static_cast<std::uint32_t>(b.size()),
                          .plain = 60000,
                          .checksum = piece.checksum};
  const auto block = brotli::write_block(note);
  const std::string unit_bytes = text(ByteView(block)) + b;
  auto decoder = row.make_unit_decoder({}).value();
  Unit unit{.size = unit_bytes.size(), .plain_size = 60000, .tag = 60000, .tag2 = 18 | 4 << 8};
  GrowingTarget target;
  auto decoded = decoder->decode(unit_bytes, unit, target);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::checksum_mismatch) << decoded.error().text();
}

// Its note speaks of more bytes, which the end of the stream makes no matter.
TEST(Brotli, a_stream_that_ends_within_a_cut_part_is_told_alike_by_parts_and_as_a_whole) {
  const std::string plain = sample(140000);
  const std::string packed = encode(config(5).chunk_size(70000), plain).value();
  const auto first = brotli::read_window(packed)->bits;
  const auto head = brotli::read_block(packed, first);
  ASSERT_TRUE(head);
  const std::size_t second = head->size + head->note.packed;
  const auto note = brotli::write_block({.last = true, .packed = 100, .plain = 70000});
  const std::string end_of_stream = "\x03";
  for (const std::string& rest : {end_of_stream, end_of_stream + "more"}) {
    const std::string cut = packed.substr(0, second) + text(ByteView(note)) + rest;
    const auto own = decode(Algorithm::brotli, cut);
    const auto parts = decode_parts(Algorithm::brotli, cut);
    ASSERT_FALSE(own);
    ASSERT_FALSE(parts);
    EXPECT_EQ(own.error().code, Errc::corrupt) << own.error().text();
    EXPECT_EQ(parts.error().code, own.error().code) << parts.error().text();
    EXPECT_EQ(parts.error().message, own.error().message);
  }
}

TEST(Brotli, notes_survive_their_own_writing) {
  const brotli::Note note{.last = true, .packed = 0x12345678, .plain = 5, .checksum = 1ULL << 63};
  const auto block = brotli::write_block(note);
  const auto read = brotli::read_block(block, 0);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size, block.size());
  EXPECT_TRUE(read->note.last);
  EXPECT_EQ(read->note.packed, note.packed);
  EXPECT_EQ(read->note.plain, note.plain);
  EXPECT_EQ(read->note.checksum, note.checksum);
  for (std::size_t size = 0; size < block.size(); ++size) {
    EXPECT_TRUE(brotli::may_begin_block(ByteView(block).first(size), 0));
    EXPECT_FALSE(brotli::read_block(ByteView(block).first(size), 0));
  }
}

TEST(Brotli, refuses_a_chunk_size_where_there_are_no_chunks) {
  auto valid = config(5).layout(Layout::single).chunk_size(1 << 20).validate();
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace braid::codec::test
