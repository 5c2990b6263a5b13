#include "codec/deflate/inflate.hpp"

#include <gtest/gtest.h>

#include "codec/deflate/deflate_read.hpp"
#include "tests/codec/deflate_samples.hpp"

namespace braid::codec::deflate {
namespace {

using samples::deflated;
using samples::noise;
using samples::read;
using samples::Reading;
using samples::text;
using samples::Wrap;

std::unique_ptr<StreamDecoder> decoder(Wrap wrap, const std::string& dictionary = {}) {
  DecoderSettings settings;
  settings.dictionary = dictionary;
  switch (wrap) {
    case Wrap::gzip:
      return make_gzip_decoder(settings).value();
    case Wrap::zlib:
      return make_zlib_decoder(settings).value();
    case Wrap::raw:
      break;
  }
  return make_raw_decoder(settings).value();
}

Reading read_once(const std::string& packed, Wrap wrap = Wrap::raw, std::size_t in_cut = SIZE_MAX,
                  std::size_t out_cut = 1 << 18) {
  return read(*decoder(wrap), packed, in_cut, out_cut);
}

constexpr Wrap all_wraps[] = {Wrap::raw, Wrap::zlib, Wrap::gzip};

// One of each kind of block, and data that ends in each.
std::vector<std::string> plains() {
  return {"",
          "a",
          text(300, 1),
          text(70000, 2),
          noise(300, 3),
          noise(70000, 4),
          std::string(100000, '\0'),
          text(200000, 5)};
}

TEST(Inflate, restores_every_level_and_strategy_of_zlib) {
  for (const std::string& plain : plains()) {
    for (const int level : {0, 1, 6, 9}) {
      for (const int strategy : {Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED}) {
        for (const Wrap wrap : all_wraps) {
          const std::string packed = deflated(plain, {wrap, level, strategy});
          const Reading reading = read_once(packed, wrap);
          ASSERT_TRUE(reading.ok) << reading.message;
          ASSERT_EQ(reading.plain, plain);
          ASSERT_EQ(reading.consumed, packed.size());
        }
      }
    }
  }
}

TEST(Inflate, gives_the_same_for_every_cut_of_input_and_output) {
  for (const Wrap wrap : all_wraps) {
    for (const std::string& plain : {text(700, 6), noise(100, 7) + text(500, 8), text(40000, 9)}) {
      const std::string packed = deflated(plain, {wrap, 6}) + "behind";
      for (const std::size_t in_cut : {1, 2, 3, 7, 8, 9, 31, 32, 33, 64, 500, 5000}) {
        for (const std::size_t out_cut : {1, 2, 5, 257, 258, 259, 291, 292, 293, 600, 40000}) {
          const Reading reading = read_once(packed, wrap, in_cut, out_cut);
          ASSERT_TRUE(reading.ok) << reading.message << ' ' << in_cut << ' ' << out_cut;
          ASSERT_EQ(reading.plain, plain);
          ASSERT_EQ(reading.consumed, packed.size() - 6);
        }
      }
    }
  }
}

TEST(Inflate, takes_no_byte_behind_the_end_even_when_it_is_there) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const std::string packed = deflated(text(seed * 7, seed));
    const Reading reading = read_once(packed + noise(40, seed));
    ASSERT_TRUE(reading.ok);
    ASSERT_EQ(reading.consumed, packed.size());
  }
}

TEST(Inflate, refuses_truncation_at_every_byte) {
  const std::string plain = text(600, 10) + noise(200, 11);
  for (const Wrap wrap : all_wraps) {
    const std::string packed = deflated(plain, {wrap, 6});
    for (std::size_t size = 0; size < packed.size(); ++size) {
      for (const std::size_t in_cut : {std::size_t{1}, SIZE_MAX}) {
        const Reading reading = read_once(packed.substr(0, size), wrap, in_cut, 100);
        ASSERT_FALSE(reading.ok);
        ASSERT_EQ(reading.code, Errc::truncated) << size << ' ' << reading.message;
        ASSERT_TRUE(plain.starts_with(reading.plain));
      }
    }
  }
}

TEST(Inflate, is_never_truncated_while_more_may_come) {
  const std::string packed = deflated(text(500, 12), {Wrap::gzip});
  auto reader = decoder(Wrap::gzip);
  std::vector<std::byte> room(1000);
  const ByteView half(packed.data(), packed.size() / 2);
  const auto step = reader->step(half, room, Input::more);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->state, StepState::need_input);
  EXPECT_EQ(step->consumed, half.size());
}

TEST(Inflate, never_passes_a_flipped_bit_as_good_where_there_is_a_checksum) {
  const std::string plain = text(900, 13) + noise(60, 14);
  for (const Wrap wrap : {Wrap::zlib, Wrap::gzip}) {
    const std::string packed = deflated(plain, {wrap, 6});
    for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
      std::string broken = packed;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
      const Reading reading = read_once(broken, wrap);
      ASSERT_EQ(reading.ok && reading.plain != plain, false) << bit;
      ASSERT_NE(reading.message, "no progress") << bit;
    }
  }
}

// zlib is the judge: the same verdict, the same bytes, the same end.
TEST(Inflate, agrees_with_zlib_on_mutated_streams) {
  std::vector<std::string> seeds;
  for (const std::string& plain : {text(200, 15), text(3000, 16), noise(80, 17), text(30, 18)}) {
    for (const int strategy : {Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY}) {
      seeds.push_back(deflated(plain, {Wrap::raw, 9, strategy}));
    }
  }
  std::mt19937 random(19);
  int accepted = 0;
  for (int i = 0; i < 6000; ++i) {
    std::string packed = seeds[random() % seeds.size()];
    const auto flips = 1 + random() % 3;
    for (unsigned long n = 0; n < flips; ++n) {
      const std::size_t range =
          random() % 2 == 0 ? std::min<std::size_t>(packed.size(), 60) : packed.size();
      char& byte = packed[random() % range];
      byte = static_cast<char>(byte ^ (1 << (random() % 8)));
    }
    if (random() % 4 == 0) packed += noise(64, static_cast<unsigned>(random()));
    const auto oracle = samples::inflated_by_zlib(packed);
    const std::size_t in_cut = random() % 2 == 0 ? SIZE_MAX : 1 + random() % 40;
    const std::size_t out_cut = random() % 2 == 0 ? 1 << 18 : 1 + random() % 700;
    const Reading reading = read_once(packed, Wrap::raw, in_cut, out_cut);
    ASSERT_EQ(reading.ok, oracle.ok) << i << ' ' << reading.message;
    if (oracle.ok) {
      ++accepted;
      ASSERT_EQ(reading.plain, oracle.plain) << i;
      ASSERT_EQ(reading.consumed, oracle.consumed) << i;
    } else {
      ASSERT_EQ(reading.code, oracle.truncated ? Errc::truncated : Errc::corrupt) << i;
    }
  }
  EXPECT_GT(accepted, 100);  // or the mutations prove nothing
}

struct Malformed {
  const char* rule;
  std::vector<unsigned> bytes;
};

// Each breaks one rule of RFC 1951 and nothing else.
TEST(Inflate, refuses_each_malformed_construction) {
  const std::vector<Malformed> all = {
      {"block type 3", {0x07}},
      {"stored length without its complement", {0x01, 0x01, 0x00, 0x00, 0x00}},
      {"HLIT of 287", {0xf5, 0x00, 0x00, 0x00, 0x00, 0x00}},
      {"HDIST of 31", {0x05, 0x1e, 0x00, 0x00, 0x00, 0x00}},
      {"no code for code lengths", {0x05, 0x00, 0x00, 0x00, 0x00, 0x00}},
      {"a match before the first byte", {0x03, 0x02, 0x00, 0x00}},
  };
  for (const Malformed& malformed : all) {
    std::string packed;
    for (const unsigned byte : malformed.bytes) packed += static_cast<char>(byte);
    ASSERT_FALSE(samples::inflated_by_zlib(packed).ok) << malformed.rule;
    const Reading reading = read_once(packed);
    ASSERT_FALSE(reading.ok) << malformed.rule;
    EXPECT_EQ(reading.code, Errc::corrupt) << malformed.rule;
  }
}

TEST(Inflate, refuses_distances_beyond_the_beginning_but_reaches_all_of_the_window) {
  // 32768 literals, then a repeat of all of them: distance 32768 exactly.
  std::string plain = noise(32768, 20);
  plain += plain;
  const std::string packed = deflated(plain, {Wrap::raw, 9});
  for (const std::size_t out_cut : {1, 100, 32768, 32769, 1 << 18}) {
    const Reading reading = read_once(packed, Wrap::raw, SIZE_MAX, out_cut);
    ASSERT_TRUE(reading.ok) << reading.message;
    ASSERT_EQ(reading.plain, plain);
  }
}

TEST(Inflate, stops_at_every_block_and_begins_there_again) {
  const std::string plain = text(150000, 12) + noise(70000, 13) + text(150000, 14);
  for (const int strategy : {Z_DEFAULT_STRATEGY, Z_FIXED}) {
    const std::string packed = deflated(plain, {Wrap::raw, 6, strategy});
    const auto* const begin = reinterpret_cast<const std::byte*>(packed.data());
    Buffer whole;
    whole.resize(plain.size());
    std::byte* const base = whole.data();
    Inflate inflate;
    InflateView view{begin, begin + packed.size(), base, base, base + plain.size()};
    view.pause = view.end;
    view.stop = begin + 1;
    std::size_t blocks = 0;
    for (;;) {
      const auto status = inflate.run(view);
      if (status == Inflate::Status::finished) break;
      ASSERT_EQ(status, Inflate::Status::at_block);
      ASSERT_LT(inflate.bits_held(), 8U);
      Inflate again;
      again.reset_within(*(view.in - 1), inflate.bits_held());
      const auto before = static_cast<std::size_t>(view.next - base);
      again.remember(
          {base + before - std::min(before, max_distance), std::min(before, max_distance)});
      Buffer rest;
      rest.resize(plain.size() - before);
      InflateView second{view.in, begin + packed.size(), rest.data(), rest.data(),
                         rest.data() + rest.size()};
      second.pause = second.end;
      ASSERT_EQ(again.run(second), Inflate::Status::finished);
      ASSERT_EQ(second.next, second.end);
      ASSERT_EQ(std::string_view(reinterpret_cast<const char*>(rest.data()), rest.size()),
                std::string_view(plain).substr(before));
      view.stop = view.in + 1;
      ++blocks;
    }
    ASSERT_EQ(std::string_view(reinterpret_cast<const char*>(base), plain.size()), plain);
    ASSERT_GE(blocks, 5U);
  }
}

TEST(Inflate, names_what_did_not_match) {
  const std::string plain = text(500, 21);
  const std::string gzip = deflated(plain, {Wrap::gzip});
  const std::string zlib = deflated(plain, {Wrap::zlib});
  const auto broken = [](std::string packed, std::size_t from_end) {
    packed[packed.size() - from_end] = static_cast<char>(packed[packed.size() - from_end] ^ 1);
    return packed;
  };
  const Reading crc = read_once(broken(gzip, 5), Wrap::gzip);
  EXPECT_EQ(crc.code, Errc::checksum_mismatch);
  EXPECT_NE(crc.message.find("CRC-32"), std::string::npos);
  EXPECT_EQ(crc.offset, gzip.size() - 8);
  const Reading size = read_once(broken(gzip, 1), Wrap::gzip);
  EXPECT_EQ(size.code, Errc::checksum_mismatch);
  EXPECT_NE(size.message.find("size"), std::string::npos);
  const Reading adler = read_once(broken(zlib, 1), Wrap::zlib);
  EXPECT_EQ(adler.code, Errc::checksum_mismatch);
  EXPECT_NE(adler.message.find("Adler-32"), std::string::npos);
}

TEST(Inflate, begins_anew_after_an_error) {
  const std::string plain = text(500, 22);
  const std::string packed = deflated(plain, {Wrap::gzip});
  auto reader = decoder(Wrap::gzip);
  EXPECT_FALSE(read(*reader, packed.substr(0, 40), 10, 10).ok);
  ASSERT_TRUE(reader->reset());
  EXPECT_EQ(read(*reader, packed, 10, 10).plain, plain);
}

TEST(Zlib, refuses_what_is_no_zlib_header_and_produces_nothing) {
  for (const std::string& bytes : {std::string("\x78\x9d"), std::string("\x79\x9b"),
                                   std::string("\x88\x1c"), std::string("hello, world")}) {
    const Reading reading = read_once(bytes, Wrap::zlib);
    EXPECT_EQ(reading.code, Errc::unknown_format) << bytes;
    EXPECT_TRUE(reading.plain.empty());
  }
  EXPECT_EQ(read_once("\x78", Wrap::zlib).code, Errc::truncated);
}

TEST(Zlib, uses_the_dictionary_that_the_stream_names) {
  const std::string dictionary = text(5000, 23);
  const std::string plain = dictionary.substr(1000, 2000) + text(100, 24);
  const std::string packed = deflated(plain, {Wrap::zlib, 9, Z_DEFAULT_STRATEGY, dictionary});
  for (const std::size_t cut : {std::size_t{1}, std::size_t{10}, SIZE_MAX}) {
    const Reading right = read(*decoder(Wrap::zlib, dictionary), packed, cut, 77);
    ASSERT_TRUE(right.ok) << right.message;
    EXPECT_EQ(right.plain, plain);
  }
  const Reading missing = read_once(packed, Wrap::zlib);
  EXPECT_EQ(missing.code, Errc::unsupported_feature);
  EXPECT_NE(missing.message.find("dictionary"), std::string::npos);
  const Reading wrong = read(*decoder(Wrap::zlib, "another"), packed, SIZE_MAX, 100);
  EXPECT_EQ(wrong.code, Errc::unsupported_feature);
  EXPECT_NE(wrong.message.find("dictionary"), std::string::npos);
}

TEST(Zlib, leaves_a_dictionary_alone_that_the_stream_does_not_name) {
  const std::string plain = text(500, 25);
  const Reading reading =
      read(*decoder(Wrap::zlib, "unused"), deflated(plain, {Wrap::zlib}), 10, 10);
  EXPECT_EQ(reading.plain, plain);
}

TEST(Raw, takes_the_dictionary_as_what_came_before) {
  const std::string dictionary = text(40000, 26);
  const std::string plain = dictionary.substr(20000, 9000);
  const std::string packed = deflated(plain, {Wrap::raw, 9, Z_DEFAULT_STRATEGY, dictionary});
  const Reading reading = read(*decoder(Wrap::raw, dictionary), packed, 100, 100);
  ASSERT_TRUE(reading.ok) << reading.message;
  EXPECT_EQ(reading.plain, plain);
  EXPECT_EQ(read_once(packed).code, Errc::corrupt);
}

}  // namespace
}  // namespace braid::codec::deflate
