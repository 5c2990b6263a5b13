#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/byte_order.hpp"
#include "codec/deflate/encode.hpp"
#include "codec/deflate/gzip_fields.hpp"
#include "codec/deflate/gzip_header.hpp"
#include "codec/format.hpp"

namespace braid::codec::deflate {
namespace {

constexpr Algorithm family[] = {Algorithm::deflate, Algorithm::zlib, Algorithm::gzip};

std::string noise(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

// Words of a skewed vocabulary: compresses about as prose does.
std::string prose(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) {
    const unsigned word = static_cast<unsigned>(random() % 64) * (random() % 64);
    text += "word" + std::to_string(word * 2654435761U % 9973);
    text += random() % 11 == 0 ? ".\n" : " ";
  }
  text.resize(size);
  return text;
}

std::string mixture(std::size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) {
    text += i % 3 == 0 ? noise(30000, i) : i % 3 == 1 ? prose(90000, i) : std::string(40000, 'z');
  }
  text.resize(size);
  return text;
}

struct Chunk {
  ByteView plain;
  ChunkPlace place;
};

std::vector<Chunk> cut(ByteView plain, std::size_t size) {
  std::vector<Chunk> chunks;
  ByteView rest = plain;
  do {
    const ByteView chunk = rest.first(size);
    rest = rest.drop(chunk.size());
    chunks.push_back(
        {chunk, {chunks.size(), static_cast<std::uint64_t>(chunk.data() - plain.data()), false}});
  } while (!rest.empty());
  chunks.back().place.last = true;
  return chunks;
}

// Encodes chunks in the order of `order` (all of them), joins them in theirs.
std::string join(const CompressionConfig& config, const std::vector<Chunk>& chunks,
                 const std::vector<std::size_t>& order) {
  EXPECT_TRUE(config.validate()) << config.validate().error().text();
  const Format& row = format(config.algorithm());
  auto encoder = row.make_chunk_encoder(config).value();
  auto framer = row.make_framer(config).value();
  std::vector<Piece> pieces(chunks.size());
  for (const std::size_t i : order) {
    encoder->encode(chunks[i].plain, chunks[i].place, pieces[i]).value();
  }
  Buffer out;
  framer->begin({}, chunks.size() == 1, out).value();
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    framer->add(pieces[i], chunks[i].plain, chunks[i].place, out).value();
    out.append(pieces[i].bytes.view());
  }
  framer->finish(out).value();
  return std::string(out.view().text());
}

std::string encode(const CompressionConfig& config, ByteView plain) {
  const auto chunks = cut(plain, chunk_size(config));
  std::vector<std::size_t> order(chunks.size());
  std::iota(order.begin(), order.end(), 0U);
  return join(config, chunks, order);
}

std::string encode_single(const CompressionConfig& config, ByteView plain, std::size_t in_step,
                          std::size_t out_step) {
  auto encoder = format(config.algorithm()).make_stream_encoder(config).value();
  std::string out;
  std::vector<std::byte> room(out_step);
  for (;;) {
    const ByteView in = plain.first(in_step);
    const bool all = in.size() == plain.size();
    const Step step = encoder->step(in, room, all ? Flush::finish : Flush::none).value();
    out.append(reinterpret_cast<const char*>(room.data()), step.produced);
    plain = plain.drop(step.consumed);
    if (step.state == StepState::finished) return out;
  }
}

// All members of a stream, by zlib. "?" for anything that is not exactly that.
std::string inflate_all(Algorithm algorithm, std::string_view packed, ByteView dictionary = {},
                        std::vector<std::size_t>* members = nullptr) {
  const int bits = algorithm == Algorithm::gzip ? 31 : algorithm == Algorithm::zlib ? 15 : -15;
  std::string plain;
  std::string room(1 << 16, '\0');
  do {
    z_stream stream{};
    inflateInit2(&stream, bits);
    if (algorithm == Algorithm::deflate && !dictionary.empty()) {
      inflateSetDictionary(&stream, reinterpret_cast<const Bytef*>(dictionary.data()),
                           static_cast<uInt>(dictionary.size()));
    }
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    int status = Z_OK;
    while (status == Z_OK || status == Z_NEED_DICT) {
      if (status == Z_NEED_DICT &&
          inflateSetDictionary(&stream, reinterpret_cast<const Bytef*>(dictionary.data()),
                               static_cast<uInt>(dictionary.size())) != Z_OK) {
        break;
      }
      stream.next_out = reinterpret_cast<Bytef*>(room.data());
      stream.avail_out = static_cast<uInt>(room.size());
      status = inflate(&stream, Z_NO_FLUSH);
      plain.append(room.data(), room.size() - stream.avail_out);
    }
    if (members != nullptr) members->push_back(stream.total_in);
    packed.remove_prefix(packed.size() - stream.avail_in);
    inflateEnd(&stream);
    if (status != Z_STREAM_END) return "?";
  } while (!packed.empty() && algorithm == Algorithm::gzip);
  return packed.empty() ? plain : "?";
}

std::size_t count_marks(std::string_view packed) {
  const std::string_view mark(reinterpret_cast<const char*>(chunk_mark.data()), chunk_mark.size());
  std::size_t count = 0;
  for (std::size_t at = packed.find(mark); at != packed.npos; at = packed.find(mark, at + 1)) {
    ++count;
  }
  return count;
}

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

TEST(DeflateEncode, every_level_restores_in_chunks_and_in_one) {
  const std::string plain = mixture(700000);
  for (const Algorithm algorithm : family) {
    for (int level = 0; level <= 12; ++level) {
      for (const std::size_t size : {100000UL, 700000UL}) {
        const auto config = CompressionConfig(algorithm).level(level).chunk_size(size);
        const std::string packed = encode(config, plain);
        ASSERT_TRUE(inflate_all(algorithm, packed) == plain) << "level " << level;
        EXPECT_EQ(count_marks(packed), size == 100000 ? 6U : 0U) << "level " << level;
        EXPECT_LT(packed.size(), plain.size() + 500);
      }
    }
  }
}

TEST(DeflateEncode, level_9_is_smaller_than_level_8_by_longer_chunks) {
  const std::string plain = prose(5 << 20);
  const auto at = [&](int level) { return CompressionConfig(Algorithm::gzip).level(level); };
  EXPECT_LT(encode(at(9), plain).size(), encode(at(8), plain).size());
  EXPECT_EQ(inflate_all(Algorithm::gzip, encode(at(9), plain)), plain);
}

TEST(DeflateEncode, small_and_odd_sizes_restore) {
  for (const Algorithm algorithm : family) {
    for (const int level : {0, 1, 2, 6, 10}) {
      for (const std::size_t size : {0UL, 1UL, 2UL, 3UL, 100UL, 65535UL, 65536UL, 131070UL}) {
        for (const std::size_t chunk : {1UL, 7UL, 999UL, 65535UL, 1000000UL}) {
          if (size / chunk > 200) continue;
          const std::string plain = size % 2 == 0 ? prose(size) : noise(size);
          const auto config = CompressionConfig(algorithm).level(level).chunk_size(chunk);
          ASSERT_TRUE(inflate_all(algorithm, encode(config, plain)) == plain)
              << "level " << level << " size " << size << " chunk " << chunk;
        }
      }
    }
  }
}

TEST(DeflateEncode, random_chunkings_restore) {
  std::mt19937 random(3);
  const std::string plain = mixture(400000);
  for (int round = 0; round < 60; ++round) {
    const Algorithm algorithm = family[random() % 3];
    const auto config = CompressionConfig(algorithm)
                            .level(static_cast<int>(random() % 10))
                            .chunk_size(1 + random() % 150000);
    ASSERT_TRUE(inflate_all(algorithm, encode(config, plain)) == plain) << "round " << round;
  }
}

TEST(DeflateEncode, order_of_encoding_does_not_change_a_byte) {
  const std::string plain = mixture(500000);
  std::mt19937 random(5);
  for (const Algorithm algorithm : family) {
    for (const int level : {0, 1, 2, 4, 6, 11}) {
      const auto config = CompressionConfig(algorithm).level(level);
      const auto chunks = cut(plain, 40000);
      std::vector<std::size_t> order(chunks.size());
      std::iota(order.begin(), order.end(), 0U);
      const std::string expected = join(config, chunks, order);
      std::shuffle(order.begin(), order.end(), random);
      EXPECT_TRUE(join(config, chunks, order) == expected) << "level " << level;
    }
  }
}

TEST(DeflateEncode, chunks_do_not_refer_to_one_another) {
  const std::string plain = prose(300000);
  const std::string packed =
      encode(CompressionConfig(Algorithm::deflate).level(6).chunk_size(100000), plain);
  const std::string_view mark(reinterpret_cast<const char*>(chunk_mark.data()), chunk_mark.size());
  const std::size_t second = packed.find(mark) + mark.size();
  EXPECT_TRUE(inflate_all(Algorithm::deflate, std::string_view(packed).substr(second)) ==
              plain.substr(100000));
}

TEST(DeflateEncode, every_zlib_setting_restores_and_takes_effect) {
  const std::string plain = prose(200000);
  for (const Algorithm algorithm : family) {
    const auto base = CompressionConfig(algorithm).level(9).chunk_size(90000);
    const std::string usual = encode(base, plain);
    for (const Strategy strategy : {Strategy::filtered, Strategy::huffman_only, Strategy::rle,
                                    Strategy::fixed, Strategy::automatic}) {
      const std::string packed = encode(CompressionConfig(base).strategy(strategy), plain);
      EXPECT_TRUE(inflate_all(algorithm, packed) == plain);
      EXPECT_NE(packed, usual);
    }
    const std::string narrow = encode(CompressionConfig(base).window_log(9), plain);
    EXPECT_TRUE(inflate_all(algorithm, narrow) == plain);
    EXPECT_GT(narrow.size(), usual.size());
    const std::string small = encode(CompressionConfig(base).set(Knob::memory_level, 1), plain);
    EXPECT_TRUE(inflate_all(algorithm, small) == plain);
    EXPECT_GT(small.size(), usual.size());
  }
}

TEST(DeflateEncode, dictionary_stands_before_the_first_chunk) {
  const std::string plain = prose(30000);
  for (const Algorithm algorithm : {Algorithm::deflate, Algorithm::zlib}) {
    for (const Layout layout : {Layout::standard, Layout::single}) {
      auto config = CompressionConfig(algorithm).dictionary(prose(20000)).layout(layout);
      if (layout == Layout::standard) config.chunk_size(12000);
      const std::string packed = layout == Layout::standard
                                     ? encode(config, plain)
                                     : encode_single(config, plain, 5000, 999);
      EXPECT_TRUE(inflate_all(algorithm, packed, prose(20000)) == plain);
      EXPECT_FALSE(inflate_all(algorithm, packed, noise(20000)) == plain);
    }
  }
  const std::string packed =
      encode(CompressionConfig(Algorithm::zlib).dictionary("abc"), ByteView(plain));
  EXPECT_EQ(byte_at(packed, 1) & 0x20U, 0x20U);
  EXPECT_EQ(packed.substr(2, 4), std::string("\x02\x4d\x01\x27", 4));  // Adler-32 of "abc"
}

TEST(DeflateEncode, zlib_header_tells_window_and_level) {
  const auto head = [](int level, int window) {
    const std::string packed =
        encode(CompressionConfig(Algorithm::zlib).level(level).window_log(window), "x");
    EXPECT_EQ((byte_at(packed, 0) * 256 + byte_at(packed, 1)) % 31, 0U);
    return std::pair(byte_at(packed, 0) >> 4, byte_at(packed, 1) >> 6);
  };
  EXPECT_EQ(head(1, 15), std::pair(7U, 0U));
  EXPECT_EQ(head(5, 12), std::pair(4U, 1U));
  EXPECT_EQ(head(6, 9), std::pair(1U, 2U));
  EXPECT_EQ(head(9, 10), std::pair(2U, 3U));
}

TEST(DeflateEncode, gzip_header_holds_every_field_and_its_checksum) {
  const std::string extra("XY\x02\x00hi", 6);
  const auto config = CompressionConfig(Algorithm::gzip)
                          .header_name("a name")
                          .header_comment("a comment")
                          .header_extra(extra)
                          .header_time(123456789)
                          .header_checksum(true)
                          .level(9)
                          .chunk_size(1000);
  const std::string plain = prose(2500);
  const std::string packed = encode(config, plain);
  EXPECT_TRUE(inflate_all(Algorithm::gzip, packed) == plain);  // zlib checks FHCRC

  z_stream stream{};
  inflateInit2(&stream, 31);
  gz_header header{};
  char name[50];
  char comment[50];
  char fields[50];
  header.name = reinterpret_cast<Bytef*>(name);
  header.name_max = sizeof name;
  header.comment = reinterpret_cast<Bytef*>(comment);
  header.comm_max = sizeof comment;
  header.extra = reinterpret_cast<Bytef*>(fields);
  header.extra_max = sizeof fields;
  inflateGetHeader(&stream, &header);
  std::string room(100, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(room.data());
  stream.avail_out = static_cast<uInt>(room.size());
  inflate(&stream, Z_NO_FLUSH);
  inflateEnd(&stream);
  EXPECT_EQ(header.done, 1);
  EXPECT_STREQ(name, "a name");
  EXPECT_STREQ(comment, "a comment");
  EXPECT_EQ(header.time, 123456789U);
  EXPECT_EQ(header.hcrc, 1);
  EXPECT_EQ(header.xflags, 2);
  EXPECT_EQ(header.os, 255);
  const std::string own("BR\x04\x00\xe8\x03\x00\x00", 8);  // chunks of 1000 bytes
  EXPECT_EQ(std::string(fields, header.extra_len), own + extra);
}

TEST(DeflateEncode, one_chunk_is_plain_gzip) {
  const std::string packed = encode(CompressionConfig(Algorithm::gzip), prose(1000));
  EXPECT_EQ(packed.substr(0, 10), std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10));
  EXPECT_EQ(encode(CompressionConfig(Algorithm::gzip), ByteView()).size(), 20U);
}

TEST(DeflateEncode, members_tell_their_size) {
  const std::string plain = mixture(250000);
  const auto config = CompressionConfig(Algorithm::gzip)
                          .layout(Layout::members)
                          .chunk_size(40000)
                          .header_checksum(true)
                          .header_name("n");
  const std::string packed = encode(config, plain);
  std::vector<std::size_t> members;
  EXPECT_TRUE(inflate_all(Algorithm::gzip, packed, {}, &members) == plain);
  EXPECT_EQ(members.size(), 7U);
  std::size_t at = 0;
  for (const std::size_t size : members) {
    EXPECT_EQ(packed.substr(at + 12, 4), std::string("BM\x04\x00", 4));
    EXPECT_EQ(base::load_le<std::uint32_t>(ByteView(packed).data() + at + 16), size);
    EXPECT_EQ((byte_at(packed, at + 3) & gzip_name) != 0, at == 0);
    at += size;
  }
}

TEST(DeflateEncode, bgzf_has_small_sized_blocks_and_its_end) {
  const std::string end(reinterpret_cast<const char*>(bgzf_end.data()), bgzf_end.size());
  for (const int level : {0, 1, 6}) {
    const std::string plain = mixture(3000000);
    const auto config = CompressionConfig(Algorithm::gzip).layout(Layout::bgzf).level(level);
    const std::string packed = encode(config, plain);
    std::vector<std::size_t> members;
    EXPECT_TRUE(inflate_all(Algorithm::gzip, packed, {}, &members) == plain);
    EXPECT_EQ(members.size(), (plain.size() + 65279) / 65280 + 1);
    std::size_t at = 0;
    for (const std::size_t size : members) {
      EXPECT_EQ(packed.substr(at + 3, 1), "\x04");
      EXPECT_EQ(packed.substr(at + 10, 6), std::string("\x06\x00"
                                                       "BC\x02\x00",
                                                       6));
      EXPECT_EQ(base::load_le<std::uint16_t>(ByteView(packed).data() + at + 16), size - 1);
      at += size;
    }
    EXPECT_EQ(packed.substr(packed.size() - 28), end);
    EXPECT_EQ(encode(config, ByteView()), end);
  }
}

TEST(DeflateEncode, single_stream_is_the_same_however_it_is_fed) {
  const std::string plain = mixture(300000);
  for (const Algorithm algorithm : family) {
    for (const int level : {0, 1, 6, 9}) {
      const auto config = CompressionConfig(algorithm).layout(Layout::single).level(level);
      const std::string packed = encode_single(config, plain, 1U << 20, 1U << 20);
      EXPECT_TRUE(inflate_all(algorithm, packed) == plain);
      EXPECT_TRUE(encode_single(config, plain, 777, 31) == packed);
      EXPECT_EQ(inflate_all(algorithm, encode_single(config, {}, 1, 1)), "");
    }
  }
}

TEST(DeflateEncode, single_stream_flushes_all_that_was_given) {
  const std::string plain = prose(5000);
  const auto config = CompressionConfig(Algorithm::deflate).layout(Layout::single);
  auto encoder = format(Algorithm::deflate).make_stream_encoder(config).value();
  std::vector<std::byte> room(10000);
  const Step step = encoder->step(plain, room, Flush::flush).value();
  EXPECT_EQ(step.state, StepState::need_input);
  std::string out(5000, '\0');
  z_stream stream{};
  inflateInit2(&stream, -15);
  stream.next_in = reinterpret_cast<Bytef*>(room.data());
  stream.avail_in = static_cast<uInt>(step.produced);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_NO_FLUSH);
  inflateEnd(&stream);
  EXPECT_TRUE(out == plain);
}

TEST(DeflateEncode, refuses_settings_that_exclude_each_other) {
  const auto gzip = CompressionConfig(Algorithm::gzip);
  const auto refused = [](const CompressionConfig& config) {
    const auto result = config.validate();
    return !result && result.error().code == Errc::invalid_argument;
  };
  EXPECT_TRUE(refused(CompressionConfig(gzip).level(10).strategy(Strategy::rle)));
  EXPECT_TRUE(refused(CompressionConfig(gzip).level(10).layout(Layout::single)));
  EXPECT_TRUE(refused(CompressionConfig(gzip).chunk_size(1000).layout(Layout::single)));
  EXPECT_TRUE(refused(CompressionConfig(gzip).header_name("x").layout(Layout::bgzf)));
  EXPECT_TRUE(refused(CompressionConfig(gzip).chunk_size(1000).layout(Layout::bgzf)));
  EXPECT_TRUE(refused(CompressionConfig(gzip).header_extra(std::string("XY\x03\x00hi", 6))));
  EXPECT_TRUE(refused(CompressionConfig(gzip).header_extra(std::string("BR\x00\x00", 4))));
  EXPECT_TRUE(refused(CompressionConfig(gzip).dictionary("x")));
  EXPECT_TRUE(refused(CompressionConfig(Algorithm::zlib).layout(Layout::members)));
  EXPECT_TRUE(refused(CompressionConfig(Algorithm::zlib).header_time(1)));
  EXPECT_TRUE(refused(CompressionConfig(gzip).strategy(Strategy::btopt)));
}

TEST(DeflateEncode, a_piece_reuses_its_memory) {
  const std::string plain = mixture(300000);
  for (const int level : {0, 1, 6}) {
    auto encoder = make_chunk_encoder(CompressionConfig(Algorithm::gzip).level(level)).value();
    Piece piece;
    encoder->encode(noise(300000), {0, 0, false}, piece).value();
    encoder->encode(plain, {1, 0, false}, piece).value();
    const std::byte* const memory = piece.bytes.data();
    encoder->encode(noise(300000, 9), {2, 0, false}, piece).value();
    EXPECT_EQ(piece.bytes.data(), memory) << "level " << level;
  }
}

}  // namespace
}  // namespace braid::codec::deflate
