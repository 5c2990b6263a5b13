#include <gtest/gtest.h>

#include "codec/deflate/ahead_decoder.hpp"
#include "codec/deflate/deflate_read.hpp"
#include "codec/deflate/dynamic_header.hpp"
#include "tests/codec/deflate_samples.hpp"

// Decoding ahead, without the engine: what is found, and what comes of leaping over it.
namespace braid::codec::deflate {
namespace {

using samples::deflated;
using samples::noise;
using samples::text;
using samples::Wrap;

struct Block {
  std::uint64_t bit;
  bool last;
  BlockType type;
};

// Where the blocks of raw deflate data begin.
std::vector<Block> blocks_of(const std::string& packed, std::size_t plain_size) {
  const auto* const begin = reinterpret_cast<const std::byte*>(packed.data());
  Buffer plain;
  plain.resize(plain_size);
  std::byte* const base = plain.data();
  Inflate inflate;
  InflateView view{begin, begin + packed.size(), base, base, base + plain_size, base + plain_size};
  std::vector<Block> blocks;
  for (view.stop = begin; inflate.run(view) == Inflate::Status::at_block; view.stop = view.in + 1) {
    const auto bit = 8 * static_cast<std::uint64_t>(view.in - begin) - inflate.bits_held();
    const auto head = static_cast<unsigned>(BitView({begin, packed.size()}).peek(bit));
    blocks.push_back({bit, (head & 1) != 0, static_cast<BlockType>((head >> 1) & 3)});
  }
  return blocks;
}

TEST(BlockFinder, finds_every_dynamic_and_stored_block_but_the_last) {
  const std::string plain = text(300'000, 1) + noise(200'000, 2) + text(100'000, 3);
  const std::string packed = deflated(plain);
  const ByteView bytes(packed.data(), packed.size());
  std::size_t found = 0;
  for (const Block& block : blocks_of(packed, plain.size())) {
    if (block.last || block.type == BlockType::fixed) continue;
    // Where the input ends soon, nothing is looked for.
    if (block.bit + 8 * 64 > 8 * packed.size()) continue;
    const auto guess = BlockFinder(false).next(bytes, block.bit, block.bit + 1);
    ASSERT_TRUE(guess) << block.bit;
    EXPECT_LE(guess->first, block.bit);
    EXPECT_GE(guess->last, block.bit);
    ++found;
  }
  EXPECT_GT(found, 8U);
}

std::vector<std::uint64_t> member_starts(const BlockFinder& finder, ByteView bytes) {
  std::vector<std::uint64_t> starts;
  std::uint64_t from = 0;
  for (;;) {
    const auto guess = finder.next(bytes, from, 8 * bytes.size());
    if (!guess) return starts;
    if (guess->member) starts.push_back(guess->first);
    from = guess->last + 1;
  }
}

TEST(BlockFinder, finds_members_where_asked) {
  const std::string packed = noise(5000, 4) + deflated(text(100, 5), {Wrap::gzip}) + noise(99, 6);
  const ByteView bytes(packed.data(), packed.size());
  EXPECT_EQ(member_starts(BlockFinder(true), bytes), std::vector<std::uint64_t>{8 * 5000});
  EXPECT_TRUE(member_starts(BlockFinder(false), bytes).empty());
}

struct Kind {
  Wrap wrap;
  Wrapper wrapper;
  const Ahead* ahead;
};

const Kind kinds[] = {{Wrap::raw, Wrapper::raw, &raw_ahead},
                      {Wrap::zlib, Wrapper::zlib, &zlib_ahead},
                      {Wrap::gzip, Wrapper::gzip, &gzip_ahead}};

std::unique_ptr<StreamDecoder> decoder_of(Wrapper wrapper) {
  switch (wrapper) {
    case Wrapper::gzip:
      return make_gzip_decoder({}).value();
    case Wrapper::zlib:
      return make_zlib_decoder({}).value();
    case Wrapper::raw:
      break;
  }
  return make_raw_decoder({}).value();
}

// Reads one stream, leaping over what is decoded ahead of each `segment` bytes.
struct Leaped {
  std::string plain;
  std::size_t leaps = 0;
  std::size_t refused = 0;
};

Leaped read_leaping(const Kind& kind, const std::string& packed, std::size_t segment,
                    std::size_t first_segment) {
  const ByteView bytes(packed.data(), packed.size());
  const auto decoder = decoder_of(kind.wrapper);
  Frontier& frontier = *decoder->frontier();
  const auto ahead = kind.ahead->make_decoder();
  const auto excerpt = kind.ahead->make_excerpt();
  const auto checker = kind.ahead->make_checker();
  std::vector<std::byte> room(1 << 16);
  Leaped leaped;
  std::size_t consumed = 0;
  std::size_t next = first_segment;
  bool there = false;
  frontier.defer_checks();
  for (;;) {
    if (!there && next < packed.size()) {
      there = ahead->decode({bytes.drop(next), next, segment}, 4 << 20, *excerpt);
      next += 2 * segment;
    }
    const std::uint64_t aim = there ? excerpt->first_bit() / 8 : packed.size();
    frontier.stop_behind(aim > consumed ? aim - consumed : 1);
    const auto step = decoder->step(bytes.drop(consumed), room, Input::last);
    if (!step) {
      ADD_FAILURE() << step.error().message;
      return leaped;
    }
    consumed += step->consumed;
    leaped.plain.append(reinterpret_cast<const char*>(room.data()), step->produced);
    SummedPart part = frontier.take_part();
    part.end = consumed - part.end;
    const auto verdict = checker->add(part);
    EXPECT_TRUE(verdict) << verdict.error().message;
    if (step->state == StepState::finished) return leaped;
    const auto held = frontier.at_block();
    if (!there || !held) continue;
    const StreamPlace place{StreamPlace::Kind::block, 8 * std::uint64_t{consumed} - *held};
    if (place.bit > excerpt->last_first_bit()) there = false;
    if (!there || !excerpt->begins_at(place)) continue;
    there = false;
    const auto end = static_cast<std::size_t>((excerpt->end().bit + 7) / 8);
    if (!frontier.leap(*excerpt, end - consumed)) {
      ++leaped.refused;
      continue;
    }
    ++leaped.leaps;
    consumed = end;
    excerpt->resolve();
    for (const ByteView piece : excerpt->plain()) leaped.plain.append(piece.text());
    for (const SummedPart& one : excerpt->parts()) EXPECT_TRUE(checker->add(one));
    if (excerpt->end().kind == StreamPlace::Kind::behind_stream) return leaped;
  }
}

TEST(Excerpt, leaping_gives_the_bytes_and_the_sums) {
  for (const Kind& kind : kinds) {
    for (const int level : {1, 6, 9}) {
      const std::string plain =
          text(1'500'000, 7) + noise(300'000, 8) + std::string(200'000, 'x') + text(1'500'000, 9);
      const std::string packed = deflated(plain, {kind.wrap, level});
      for (const std::size_t segment : {40'000, 100'000}) {
        const Leaped leaped = read_leaping(kind, packed, segment, segment);
        EXPECT_TRUE(leaped.plain == plain) << level << ' ' << segment;
        EXPECT_GE(leaped.leaps, 2U) << level << ' ' << segment;
      }
    }
  }
}

TEST(Excerpt, is_refused_where_the_stream_does_not_reach_back_far_enough) {
  // The second block begins before 32 KiB came out.
  const std::string plain = noise(20'000, 10) + text(2'000'000, 11);
  const std::string packed = deflated(plain, {Wrap::gzip, 6});
  const Leaped leaped = read_leaping(kinds[2], packed, 300'000, 12'000);
  EXPECT_TRUE(leaped.plain == plain);
  EXPECT_EQ(leaped.refused, 1U);
}

TEST(Excerpt, nothing_comes_of_noise) {
  const std::string bytes = noise(600'000, 12);
  const auto excerpt = gzip_ahead.make_excerpt();
  const auto decoder = gzip_ahead.make_decoder();
  EXPECT_FALSE(
      decoder->decode({ByteView(bytes.data(), bytes.size()), 0, 512'000}, 1 << 20, *excerpt));
}

TEST(Excerpt, goes_on_over_the_members_of_a_file) {
  std::string packed;
  std::string plain;
  for (unsigned i = 0; i < 40; ++i) {
    const std::string one = text(30'000, 20 + i);
    plain += one;
    packed += deflated(one, {Wrap::gzip});
  }
  const auto excerpt = gzip_ahead.make_excerpt();
  const auto decoder = gzip_ahead.make_decoder();
  ASSERT_TRUE(decoder->decode({ByteView(packed.data(), packed.size()), 0, packed.size()}, 4 << 20,
                              *excerpt));
  EXPECT_TRUE(excerpt->begins_at({StreamPlace::Kind::behind_stream, 0}));
  EXPECT_EQ(excerpt->streams(), 40U);
  excerpt->resolve();
  EXPECT_TRUE(excerpt->plain()[1].text() == plain);
  const auto checker = gzip_ahead.make_checker();
  for (const SummedPart& part : excerpt->parts()) EXPECT_TRUE(checker->add(part));
}

TEST(Excerpt, a_wrong_trailer_is_told_with_its_place) {
  const std::string one = text(100'000, 70);
  std::string packed = deflated(one, {Wrap::gzip});
  const std::size_t trailer = packed.size() - gzip_trailer_size;
  packed[trailer] = static_cast<char>(packed[trailer] ^ 1);
  packed += deflated(one, {Wrap::gzip});
  const auto excerpt = gzip_ahead.make_excerpt();
  ASSERT_TRUE(gzip_ahead.make_decoder()->decode(
      {ByteView(packed.data(), packed.size()), 0, packed.size()}, 4 << 20, *excerpt));
  excerpt->resolve();
  const auto verdict = gzip_ahead.make_checker()->add(excerpt->parts()[0]);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Errc::checksum_mismatch);
  EXPECT_EQ(verdict.error().offset, trailer);
}

}  // namespace
}  // namespace braid::codec::deflate
