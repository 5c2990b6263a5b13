#include <braid/codec.hpp>

#include <deque>

#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/deflate_read.hpp"
#include "codec/deflate/gzip_fields.hpp"
#include "codec/deflate/mark_scan.hpp"
#include "tests/codec/deflate_parts.hpp"
#include "tests/codec/deflate_samples.hpp"

namespace braid::codec::deflate {
namespace {

using namespace parts_test;

TEST(MarkScan, finds_a_mark_at_every_position) {
  const std::string mark(reinterpret_cast<const char*>(chunk_mark.data()), chunk_mark.size());
  for (const char fill : {'\0', '\xff', 'x'}) {
    for (std::size_t at = 0; at < 40; ++at) {
      const std::string bytes = std::string(at, fill) + mark + std::string(20, fill);
      const std::size_t expected = bytes.find(mark);
      EXPECT_EQ(find_mark(bytes), expected) << at;
      EXPECT_EQ(find_mark(ByteView(bytes).first(expected + 8)), expected + 8) << at;
    }
  }
}

TEST(MarkScan, hops_over_stored_blocks_that_hold_marks) {
  const std::string mark(reinterpret_cast<const char*>(chunk_mark.data()), chunk_mark.size());
  const std::string part = flushed(mark + noise(70000, 1) + mark, 0) + second_block;
  for (const std::size_t cut : {std::size_t{1}, std::size_t{1000}, part.size() + 5}) {
    MarkScan scan;
    const std::string bytes = part + "more!";
    std::optional<std::size_t> end;
    for (std::size_t seen = cut; !end && seen < bytes.size() + cut; seen += cut) {
      end = scan.part_end(ByteView(bytes).first(seen));
    }
    EXPECT_EQ(end, part.size()) << cut;
  }
}

TEST(DeflateUnits, parts_of_a_member_decode_in_any_order) {
  for (const std::size_t size : {1, 100, 4096, 65536}) {
    const std::string plain = text(size * 7 + size / 2, 2);
    const std::string packed = gzip_in_parts(plain, size);
    for (const std::size_t cut : {std::size_t{11}, std::size_t{5000}, SIZE_MAX}) {
      const Outcome outcome = read_parts(Wrap::gzip, packed, cut);
      ASSERT_FALSE(outcome.error) << outcome.error->message;
      ASSERT_EQ(outcome.plain, plain);
      EXPECT_EQ(outcome.units, size == 1 ? 7 : 8);
      EXPECT_EQ(outcome.joined + outcome.taken_over + outcome.sequential, 0);
      EXPECT_EQ(outcome.info.streams, 1U);
      EXPECT_EQ(outcome.info.check, "CRC-32");
    }
  }
}

TEST(DeflateUnits, parts_of_zlib_and_raw_data_need_no_field) {
  const std::string plain = text(70000, 3);
  const Outcome zlib = read_parts(Wrap::zlib, zlib_in_parts(plain, 9000), 3000);
  ASSERT_FALSE(zlib.error) << zlib.error->message;
  EXPECT_EQ(zlib.plain, plain);
  EXPECT_EQ(zlib.units, 8);
  EXPECT_EQ(zlib.sequential, 0);
  const Outcome raw = read_parts(Wrap::raw, parts(plain, 9000), 3000);
  ASSERT_FALSE(raw.error) << raw.error->message;
  EXPECT_EQ(raw.plain, plain);
  EXPECT_EQ(raw.units, 8);
  EXPECT_EQ(raw.sequential, 0);
}

TEST(DeflateUnits, what_others_wrote_is_read_in_sequence) {
  const std::string plain = text(70000, 4);
  for (const Wrap wrap : {Wrap::raw, Wrap::zlib, Wrap::gzip}) {
    const Outcome outcome = read_parts(wrap, deflated(plain, {wrap, 6}), 3000);
    ASSERT_FALSE(outcome.error) << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain);
    EXPECT_EQ(outcome.sequential, 1);
  }
}

// Incompressible parts that hold a whole stream of ours are stored: the marks inside lie.
TEST(DeflateUnits, marks_inside_stored_data_cost_time_and_no_bytes) {
  const std::string inner = gzip_in_parts(noise(30000, 5) + text(50000, 6), 5000);
  for (const int level : {0, 6}) {
    const std::string plain = inner + text(3000, 7) + inner;
    const Outcome outcome = read_parts(Wrap::gzip, gzip_in_parts(plain, 40000, level), 10000);
    ASSERT_FALSE(outcome.error) << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain);
    if (level == 0) {
      EXPECT_EQ(outcome.joined, 0) << "stored from the beginning: hopped over";
    }
  }
}

TEST(DeflateUnits, a_lying_mark_behind_another_block_is_joined) {
  const std::string mark(reinterpret_cast<const char*>(chunk_mark.data()), chunk_mark.size());
  // A fixed block with one literal and, in the same part, a stored block that holds marks.
  const std::string stored = mark + noise(100, 8) + mark + noise(50, 9);
  const std::string first = flushed("A", 6);
  std::string part = first + std::string(1, '\0') + little(stored.size(), 2) +
                     little(~stored.size() & 0xffff, 2) + stored +
                     std::string("\0\0\0\xff\xff", 5) + second_block;
  const std::string plain = "A" + stored;
  const std::string all = plain + plain + "end";
  const std::string packed = head_with("BR", little(plain.size(), 4)) + part + part +
                             deflated("end", {Wrap::raw}) + gzip_trailer_of(all);
  const Outcome outcome = read_parts(Wrap::gzip, packed, 50);
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(outcome.plain, all);
  EXPECT_GT(outcome.joined, 0);
  EXPECT_EQ(outcome.taken_over, 0);
}

// Marks between parts that do refer to each other: decoding finds out, and goes on with history.
TEST(DeflateUnits, parts_that_are_not_independent_are_taken_over) {
  const std::string once = noise(3000, 10);
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string body;
  for (int i = 0; i < 4; ++i) {
    std::string copy = once;
    std::string out(10000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream, i == 3 ? Z_FINISH : Z_SYNC_FLUSH);
    body += out.substr(0, out.size() - stream.avail_out) + (i == 3 ? "" : second_block);
  }
  deflateEnd(&stream);
  const std::string plain = once + once + once + once;
  const std::string gzip = head_with("BR", little(once.size(), 4)) + body + gzip_trailer_of(plain) +
                           std::string(40, '\0');
  for (const auto& [wrap, packed] : {std::pair{Wrap::raw, body},
                                     {Wrap::zlib, "\x78\x9c" + body + big(adler32(1, plain))},
                                     {Wrap::gzip, gzip}}) {
    const Outcome outcome = read_parts(wrap, packed, 2000);
    ASSERT_FALSE(outcome.error) << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain);
    EXPECT_EQ(outcome.units, 1);
    EXPECT_EQ(outcome.taken_over, 1);
  }
}

TEST(DeflateUnits, a_wrong_part_size_is_no_wrong_output) {
  const std::string plain = text(50000, 11);
  for (const std::uint64_t claimed : {1ULL, 4999ULL, 5001ULL, 20000ULL, 0xffffffffULL}) {
    const std::string packed =
        head_with("BR", little(claimed, 4)) + parts(plain, 5000) + gzip_trailer_of(plain);
    const Outcome outcome = read_parts(Wrap::gzip, packed);
    ASSERT_FALSE(outcome.error) << claimed << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain);
  }
}

TEST(DeflateUnits, several_members_of_ours_with_padding_between) {
  const std::string one = text(20000, 12);
  const std::string two = text(30000, 13);
  const std::string packed = gzip_in_parts(one, 3000) + std::string(512, '\0') +
                             deflated(two, {Wrap::gzip}) + gzip_in_parts(two, 7000);
  const Outcome outcome = read_parts(Wrap::gzip, packed, 4000);
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(outcome.plain, one + two + two);
}

std::string sized_member(const std::string& plain, const std::string& id, std::size_t width,
                         int less) {
  const std::string body = deflated(plain) + gzip_trailer_of(plain);
  const std::size_t size = head_with(id, std::string(width, 'x')).size() + body.size();
  return head_with(id, little(size - static_cast<std::size_t>(less), width)) + body;
}

TEST(DeflateUnits, members_with_sizes_decode_by_themselves) {
  struct Kind {
    const char* id;
    std::size_t width;
    int less;
  };

  for (const Kind& kind : {Kind{"BM", 4, 0}, Kind{"BC", 2, 1}, Kind{"IG", 4, 0}}) {
    std::string plain;
    std::string packed;
    for (unsigned i = 0; i < 60; ++i) {
      const std::string one = i % 7 == 0 ? std::string() : noise(30000, i);
      plain += one;
      packed += sized_member(one, kind.id, kind.width, kind.less);
    }
    for (const std::size_t cut : {std::size_t{30000}, SIZE_MAX}) {
      const Outcome outcome = read_parts(Wrap::gzip, packed, cut);
      ASSERT_FALSE(outcome.error) << outcome.error->message;
      EXPECT_EQ(outcome.plain, plain);
      EXPECT_GT(outcome.units, 1);
      EXPECT_EQ(outcome.sequential + outcome.taken_over, 0) << kind.id;
      EXPECT_EQ(outcome.info.streams, 60U);
    }
  }
}

TEST(DeflateUnits, a_member_that_lies_about_its_size_is_still_read) {
  const std::string plain = text(5000, 14);
  for (const int less : {-3, -1, 1, 10, 300}) {
    const std::string packed = sized_member(plain, "BM", 4, less) + sized_member(plain, "BM", 4, 0);
    const Outcome outcome = read_parts(Wrap::gzip, packed);
    ASSERT_FALSE(outcome.error) << less << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain + plain);
  }
}

TEST(DeflateUnits, damage_is_found_wherever_it_is) {
  const std::string plain = text(2500, 15);
  const std::string members = sized_member(plain, "BM", 4, 0) + sized_member("more", "BM", 4, 0);
  for (const auto& [wrap, packed] : {std::pair{Wrap::gzip, gzip_in_parts(plain, 400)},
                                     {Wrap::zlib, zlib_in_parts(plain, 400)},
                                     {Wrap::gzip, members}}) {
    const std::string whole = read_parts(wrap, packed).plain;
    for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
      std::string broken = packed;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
      const Outcome outcome = read_parts(wrap, broken);
      ASSERT_TRUE(outcome.error || outcome.plain == whole) << bit;
    }
  }
}

TEST(DeflateUnits, truncation_is_found_at_every_byte) {
  const std::string plain = text(2500, 16);
  for (const auto& [wrap, packed] : {std::pair{Wrap::gzip, gzip_in_parts(plain, 400)},
                                     {Wrap::zlib, zlib_in_parts(plain, 400)},
                                     {Wrap::raw, parts(plain, 400)}}) {
    for (std::size_t size = 0; size < packed.size(); ++size) {
      const Outcome outcome = read_parts(wrap, packed.substr(0, size), 100);
      ASSERT_TRUE(outcome.error) << size;
      EXPECT_EQ(outcome.error->code, Errc::truncated) << size << outcome.error->message;
    }
  }
}

TEST(DeflateUnits, a_dictionary_is_there_for_the_first_raw_part_alone) {
  const std::string dictionary = text(8000, 17);
  const std::string plain = dictionary.substr(100, 5000);
  std::string first = deflated(plain, {Wrap::raw, 9, Z_DEFAULT_STRATEGY, dictionary});
  // Deflate it again as a part: flushed instead of finished.
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string words = dictionary;
  deflateSetDictionary(&stream, reinterpret_cast<Bytef*>(words.data()),
                       static_cast<uInt>(words.size()));
  std::string copy = plain;
  first.assign(20000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(first.data());
  stream.avail_out = static_cast<uInt>(first.size());
  ::deflate(&stream, Z_SYNC_FLUSH);
  first.resize(stream.total_out);
  deflateEnd(&stream);
  const std::string packed = first + second_block + parts(plain, 1000);
  const Outcome outcome = read_parts(Wrap::raw, packed, SIZE_MAX, dictionary);
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(outcome.plain, plain + plain);
  EXPECT_EQ(outcome.taken_over, 0);
}

TEST(DeflateUnits, what_braid_writes_is_read_in_parts) {
  struct Kind {
    Algorithm algorithm;
    Wrap wrap;
    Layout layout;
  };

  const std::string plain = text(300000, 18) + noise(300000, 19) + std::string(300000, 'z');
  for (const Kind& kind : {Kind{Algorithm::gzip, Wrap::gzip, Layout::standard},
                           Kind{Algorithm::gzip, Wrap::gzip, Layout::members},
                           Kind{Algorithm::gzip, Wrap::gzip, Layout::bgzf},
                           Kind{Algorithm::zlib, Wrap::zlib, Layout::standard},
                           Kind{Algorithm::deflate, Wrap::raw, Layout::standard}}) {
    for (const int level : {1, 6}) {
      CompressionConfig config(kind.algorithm);
      config.level(level);
      if (kind.layout != Layout::standard) config.layout(kind.layout);
      if (kind.layout != Layout::bgzf) config.chunk_size(65536);
      const auto packed = compress(plain, config);
      ASSERT_TRUE(packed) << packed.error().message;
      const Outcome outcome = read_parts(kind.wrap, std::string(packed->view().text()), 100000);
      ASSERT_FALSE(outcome.error) << outcome.error->message;
      EXPECT_EQ(outcome.plain, plain);
      EXPECT_GT(outcome.units, 1) << static_cast<int>(kind.layout);
      EXPECT_EQ(outcome.joined + outcome.taken_over + outcome.sequential, 0);
    }
  }
}

}  // namespace
}  // namespace braid::codec::deflate
