#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <libdeflate.h>

#include "codec/deflate/engine.hpp"
#include "codec/deflate/final_block.hpp"
#include "deflate_samples.hpp"

namespace braid::codec::deflate {
namespace {

constexpr std::size_t reach = 320U << 10;

std::string libdeflate(std::string_view plain, int level) {
  auto* const compressor = libdeflate_alloc_compressor(level);
  std::string out(libdeflate_deflate_compress_bound(compressor, plain.size()) + 9, '\0');
  out.resize(
      libdeflate_deflate_compress(compressor, plain.data(), plain.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

// Data of many kinds. Some of it is deflated already, so that the stream is full of things that
// look like headers.
class Samples {
 public:
  Samples() {
    std::ifstream file("/proc/self/exe", std::ios::binary);
    binary_.assign(std::istreambuf_iterator<char>(file), {});
  }

  std::string next(std::size_t size) {
    switch (random_() % 8) {
      case 0:
        return std::string(size, static_cast<char>(random_()));
      case 1:
        return noise(size, 256);
      case 2:
        return noise(size, 2 + static_cast<unsigned>(random_() % 60));
      case 3:
        return part_of_binary(size);
      case 4:
        return text(size);
      case 5:
        return alternating(size);
      case 6: {
        std::string inner = libdeflate(text(size * 2), 6);
        return text(size / 2) + inner.substr(inner.size() - std::min(inner.size(), size / 2));
      }
      default:
        return text(size / 2) + noise(size / 4, 256) + std::string(size / 4, 'a');
    }
  }

  std::mt19937& random() { return random_; }

 private:
  std::string noise(std::size_t size, unsigned symbols) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random_() % symbols);
    return bytes;
  }

  std::string part_of_binary(std::size_t size) {
    if (binary_.size() <= size) return binary_;
    return binary_.substr(random_() % (binary_.size() - size), size);
  }

  std::string text(std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) {
      bytes +=
          std::to_string(random_() % 64 * (random_() % 64)) + (random_() % 9 == 0 ? "\n" : " ");
    }
    bytes.resize(size);
    return bytes;
  }

  std::string alternating(std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) {
      bytes += random_() % 2 == 0 ? noise(random_() % 9000, 256) : text(random_() % 9000);
    }
    bytes.resize(size);
    return bytes;
  }

  std::mt19937 random_{11};
  std::string binary_;
};

TEST(DeflateFinalBlock, finds_what_reading_every_symbol_finds) {
  Samples samples;
  FinalBlockFinder finder;
  std::uint64_t long_streams = 0;
  for (int round = 0; round < 1000; ++round) {
    const std::size_t size = 1 + samples.random()() % (round % 50 == 0 ? 900000 : 90000);
    const std::string plain = samples.next(size);
    const std::string packed = libdeflate(plain, 1 + round % 9);
    const auto found = finder.find(packed, plain, reach);
    const auto walked = finder.walk(packed);
    ASSERT_TRUE(found && walked) << round;
    ASSERT_EQ(found->start, walked->start) << round;
    ASSERT_EQ(found->end, walked->end) << round;
    long_streams += packed.size() > 8192 ? 1 : 0;
  }
  EXPECT_GT(long_streams, 300U);
  // Many of these end in stored blocks, which are looked for from the front.
  EXPECT_LT(finder.walked(), long_streams / 2) << "the search is no use";
}

TEST(DeflateFinalBlock, opened_streams_go_on) {
  Samples samples;
  for (const int level : {1, 3, 6, 9, 12}) {
    auto engine = make_libdeflate_engine(level).value();
    for (int round = 0; round < (level == 12 ? 20 : 200); ++round) {
      const std::string first = samples.next(1 + samples.random()() % 60000);
      const std::string second = samples.next(1 + samples.random()() % 3000);
      Buffer out;
      const bool smaller = engine->append(first, false, false, out).value();
      const std::size_t seam = out.size();
      std::string packed(out.view().text());
      if (smaller) {
        ASSERT_EQ(packed.substr(seam - 4), std::string("\x00\x00\xff\xff", 4));
      } else {
        ASSERT_EQ(seam, 0U);
      }
      packed += libdeflate(second, 6);
      const std::string plain = (smaller ? first : "") + second;
      ASSERT_TRUE(samples::inflate_raw(packed, plain.size()) == plain) << level << '/' << round;
    }
  }
}

// Writes bits, first bit lowest.
class BitWriter {
 public:
  void add(std::uint32_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      if (bit_ % 8 == 0) bytes_.push_back('\0');
      const unsigned one = (value >> i) & 1U;
      bytes_.back() =
          static_cast<char>(static_cast<unsigned char>(bytes_.back()) | (one << (bit_ % 8)));
      ++bit_;
    }
  }

  void add_mirrored(std::uint32_t code, unsigned count) {
    for (unsigned i = count; i-- > 0;) add(code >> i, 1);
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::size_t bit_ = 0;
};

// The header of a final block whose code gives literals 0 to 254 eight bits, in order, and 255 and
// the end of block nine. 256 bits long, none of its bytes 0xff.
void add_flat_header(BitWriter& out) {
  out.add(1, 1);
  out.add(2, 2);
  out.add(0, 5);  // 257 literals
  out.add(0, 5);  // 1 distance
  out.add(3, 4);  // 7 lengths of the precode: 16 17 18 0 8 7 9
  for (const unsigned length : {2U, 0U, 0U, 2U, 2U, 0U, 2U}) out.add(length, 3);
  const auto eight = [&out] { out.add_mirrored(1, 2); };
  const auto repeat = [&out](unsigned count) {
    out.add_mirrored(3, 2);
    out.add(count - 3, 2);
  };
  eight();
  for (int i = 0; i < 49; ++i) repeat(5);
  repeat(4);
  for (int i = 0; i < 5; ++i) eight();
  out.add_mirrored(2, 2);
  out.add_mirrored(2, 2);
  out.add_mirrored(0, 2);
}

void add_flat_literal(BitWriter& out, unsigned value) {
  if (value < 255) {
    out.add_mirrored(value, 8);
  } else {
    out.add_mirrored(0x1fe, 9);
  }
}

TEST(DeflateFinalBlock, plain_bytes_that_deflate_into_a_header_do_not_mislead) {
  BitWriter fake;
  add_flat_header(fake);
  ASSERT_EQ(fake.bytes().size(), 32U);
  std::string spelling;  // literals whose codes are the bits of the header
  for (const char c : fake.bytes()) {
    unsigned mirrored = 0;
    for (unsigned i = 0; i < 8; ++i) {
      mirrored |= ((static_cast<unsigned char>(c) >> i) & 1U) << (7 - i);
    }
    ASSERT_NE(mirrored, 255U);
    spelling.push_back(static_cast<char>(mirrored));
  }
  std::mt19937 random(2);
  std::string plain;
  for (int i = 0; i < 20000; ++i) plain.push_back(static_cast<char>(random()));
  plain += spelling;
  for (int i = 0; i < 3000; ++i) plain.push_back(static_cast<char>(random()));
  for (int i = 0; i < 256; ++i) plain.push_back(static_cast<char>(i));

  BitWriter stream;
  add_flat_header(stream);
  for (const char c : plain) add_flat_literal(stream, static_cast<unsigned char>(c));
  stream.add_mirrored(0x1ff, 9);
  ASSERT_TRUE(samples::inflate_raw(stream.bytes(), plain.size()) == plain);

  FinalBlockFinder finder;
  const auto found = finder.find(stream.bytes(), plain, reach);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->start, 0U);
  EXPECT_EQ(finder.walked(), 1U);
}

TEST(DeflateFinalBlock, stored_and_fixed_last_blocks_are_found) {
  const std::string text = "some words, and some words again, and again";
  std::string plain;
  std::mt19937 random(4);
  for (int i = 0; i < 30000; ++i) plain.push_back(static_cast<char>(random()));
  BitWriter stored;
  stored.add(0, 8);
  stored.add(30000, 16);
  stored.add(~30000U, 16);
  const auto head = stored.bytes() + plain;

  BitWriter last_stored;
  last_stored.add(1, 8);
  last_stored.add(static_cast<std::uint32_t>(text.size()), 16);
  last_stored.add(~static_cast<std::uint32_t>(text.size()), 16);
  BitWriter last_fixed;
  last_fixed.add(3, 3);
  for (const char c : text) last_fixed.add_mirrored(0x30U + static_cast<unsigned char>(c), 8);
  last_fixed.add(0, 7);

  FinalBlockFinder finder;
  for (const std::string& end : {last_stored.bytes() + text, last_fixed.bytes()}) {
    const auto found = finder.find(head + end, plain + text, reach);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->start, head.size() * 8);
  }
}

TEST(DeflateFinalBlock, refuses_what_is_no_stream) {
  FinalBlockFinder finder;
  EXPECT_FALSE(finder.find(std::string(20000, '\x06'), std::string(50000, 'a'), reach));
  EXPECT_FALSE(finder.walk(ByteView()));
  const std::string plain(100, 'a');
  const std::string packed = libdeflate(plain, 6);
  EXPECT_FALSE(finder.walk(ByteView(packed).first(packed.size() - 1)));
}

}  // namespace
}  // namespace braid::codec::deflate
