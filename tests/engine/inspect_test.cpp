#include <braid/braid.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/codec/deflate_samples.hpp"
#include "tests/conformance/samples.hpp"
#include "tests/engine/decode_outcome.hpp"

// What inspect() tells of a file is what the file holds.
namespace braid {
namespace {

using codec::deflate::samples::deflated;
using codec::deflate::samples::noise;
using codec::deflate::samples::text;
using codec::deflate::samples::Wrap;

struct Seen {
  std::vector<FilePart> parts;
  Inspection inspection;
};

Seen look(Source& source, Algorithm algorithm) {
  Seen seen;
  auto found = inspect(source, {.algorithm = algorithm},
                       [&](const FilePart& part) { seen.parts.push_back(part); });
  EXPECT_TRUE(found) << found.error().text();
  if (found) seen.inspection = *std::move(found);
  return seen;
}

Seen look(const std::string& packed, Algorithm algorithm) {
  MemorySource source{ByteView(packed)};
  return look(source, algorithm);
}

std::vector<std::string> described(const Seen& seen) {
  std::vector<std::string> lines;
  for (const FilePart& part : seen.parts) {
    lines.push_back(
        std::to_string(static_cast<int>(part.kind)) + " " + std::to_string(part.offset) + "." +
        std::to_string(part.bit) + "+" + std::to_string(part.packed) + " " +
        (part.plain ? std::to_string(*part.plain) : "-") + " " + std::string(part.form));
  }
  return lines;
}

std::string sample() {
  return text(300'000, 1) + noise(100'000, 2) + std::string(200'000, 'z') + text(100'000, 3);
}

class Inspect : public testing::TestWithParam<Algorithm> {};

TEST_P(Inspect, tells_of_parts_that_make_up_the_file_however_it_comes) {
  const Algorithm algorithm = GetParam();
  const std::string plain = sample();
  for (const auto& variant : conformance::variants(algorithm)) {
    auto compressed = compress(ByteView(plain), variant.config);
    ASSERT_TRUE(compressed);
    std::string packed(compressed->view().text());
    if (info(algorithm).concatenates) packed += packed;
    const std::uint64_t held = plain.size() * (info(algorithm).concatenates ? 2 : 1);
    const Seen seen = look(packed, algorithm);
    EXPECT_EQ(seen.inspection.packed, packed.size()) << variant.name;
    EXPECT_EQ(seen.inspection.plain, held) << variant.name;

    std::uint64_t streams = 0;
    std::uint64_t skippable = 0;
    std::uint64_t blocks = 0;
    std::uint64_t end = 0;
    std::uint64_t plain_of_streams = 0;
    std::uint64_t plain_of_blocks = 0;
    bool all_known = true;
    std::uint64_t bit = 0;
    for (const FilePart& part : seen.parts) {
      if (part.kind == FilePart::Kind::block) {
        ++blocks;
        EXPECT_GE(8 * part.offset + part.bit, bit) << variant.name;
        bit = 8 * part.offset + part.bit + 1;
        all_known = all_known && part.plain.has_value();
        plain_of_blocks += part.plain.value_or(0);
        continue;
      }
      EXPECT_EQ(part.offset, end) << variant.name;
      end = part.offset + part.packed;
      plain_of_streams += part.plain.value_or(0);
      ++(part.kind == FilePart::Kind::stream ? streams : skippable);
    }
    EXPECT_EQ(end, packed.size()) << variant.name;
    EXPECT_EQ(plain_of_streams, held) << variant.name;
    EXPECT_EQ(streams, seen.inspection.stream.streams) << variant.name;
    EXPECT_EQ(skippable, seen.inspection.skippable) << variant.name;
    EXPECT_EQ(blocks, seen.inspection.blocks) << variant.name;
    if (blocks != 0 && all_known) {
      EXPECT_EQ(plain_of_blocks, held) << variant.name;
    }

    testing_streams::PipeSource pipe{ByteView(packed)};
    EXPECT_EQ(described(look(pipe, algorithm)), described(seen)) << variant.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, Inspect, testing::ValuesIn(conformance::built_algorithms()),
                         [](const auto& tested) {
                           return std::string(braid::info(tested.param).name);
                         });

// Where zlib says that blocks end, from the front of raw deflate data. Bits.
std::vector<std::uint64_t> block_ends(std::string packed) {
  z_stream stream{};
  inflateInit2(&stream, -15);
  std::vector<unsigned char> room(1 << 16);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::vector<std::uint64_t> ends;
  for (int status = Z_OK; status == Z_OK;) {
    stream.next_out = room.data();
    stream.avail_out = static_cast<uInt>(room.size());
    status = inflate(&stream, Z_BLOCK);
    const bool last = (stream.data_type & 64) != 0;
    const bool at_end = (stream.data_type & 128) != 0;
    if (at_end && !last && stream.avail_out != 0) {
      ends.push_back(8 * std::uint64_t{stream.total_in} -
                     static_cast<unsigned>(stream.data_type & 7));
    }
  }
  inflateEnd(&stream);
  return ends;
}

TEST(InspectDeflate, finds_the_blocks_that_zlib_finds) {
  for (const int level : {0, 1, 6, 9}) {
    for (const int strategy : {Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY}) {
      const std::string packed = deflated(sample(), {Wrap::raw, level, strategy});
      const Seen seen = look(packed, Algorithm::deflate);
      std::vector<std::uint64_t> begins;
      for (const FilePart& part : seen.parts) {
        const std::uint64_t bit = 8 * part.offset + part.bit;
        if (part.kind == FilePart::Kind::block && bit != 0) begins.push_back(bit);
      }
      EXPECT_EQ(begins, block_ends(packed)) << level << ' ' << strategy;
    }
  }
}

TEST(InspectDeflate, knows_writers_by_what_they_leave) {
  const std::string plain = sample();
  const auto writer = [](const std::string& packed) {
    return look(packed, Algorithm::gzip).inspection.writer;
  };
  CompressionConfig config(Algorithm::gzip);
  config.chunk_size(100'000);
  EXPECT_EQ(writer(std::string(compress(ByteView(plain), config).value().view().text())), "braid");
  config = CompressionConfig(Algorithm::gzip).layout(Layout::bgzf);
  const Seen bgzf =
      look(std::string(compress(ByteView(plain), config).value().view().text()), Algorithm::gzip);
  EXPECT_EQ(bgzf.inspection.writer, "bgzip, or another writer of BGZF");
  EXPECT_EQ(bgzf.inspection.parallel, Inspection::Parallel::parts);
  EXPECT_EQ(writer(deflated(plain, {Wrap::gzip, 6})), "gzip on a pipe, or a program with zlib");
}

TEST(InspectDeflate, says_how_a_long_stream_is_shared_out) {
  const std::string plain = text(5 << 20, 7);
  using Parallel = Inspection::Parallel;
  const auto parallel = [](const std::string& packed) {
    return look(packed, Algorithm::gzip).inspection.parallel;
  };
  EXPECT_EQ(parallel(deflated(plain, {Wrap::gzip, 6})), Parallel::ahead);
  EXPECT_EQ(parallel(deflated(plain, {Wrap::gzip, 6, Z_FIXED})), Parallel::no);
  EXPECT_EQ(parallel(deflated(plain.substr(0, 1 << 20), {Wrap::gzip, 6})), Parallel::no);
}

TEST(InspectErrors, are_those_of_decompressing) {
  std::string packed = deflated(sample(), {Wrap::gzip, 6});
  packed.resize(packed.size() - 3);
  MemorySource cut{ByteView(packed)};
  auto found = inspect(cut);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::truncated);
  const std::string foreign = "no compressed file at all";
  MemorySource other{ByteView(foreign)};
  found = inspect(other);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::unknown_format);
}

}  // namespace
}  // namespace braid
