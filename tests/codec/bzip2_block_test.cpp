#include <array>
#include <numeric>

#include "bzip2_support.hpp"
#include "codec/bzip2/bits.hpp"
#include "codec/bzip2/block_sort.hpp"
#include "codec/bzip2/code_lengths.hpp"
#include "codec/bzip2/code_table.hpp"
#include "codec/bzip2/crc.hpp"
#include "codec/bzip2/inverse_sort.hpp"
#include "codec/bzip2/magic_scan.hpp"
#include "codec/bzip2/move_to_front.hpp"
#include "codec/bzip2/randomise.hpp"
#include "codec/bzip2/run_length.hpp"
#include "codec/code_lengths.hpp"

namespace braid::codec::bzip2::testing {
namespace {

MutableBytes writable(std::string& text) {
  return {reinterpret_cast<std::byte*>(text.data()), text.size()};
}

// All words of up to nine letters a and b, and some of more letters.
std::vector<std::string> small_words() {
  std::vector<std::string> words;
  for (unsigned size = 1; size <= 9; ++size) {
    for (unsigned bits = 0; bits < 1U << size; ++bits) {
      std::string word;
      for (unsigned i = 0; i < size; ++i) word += (bits >> i & 1) != 0 ? 'b' : 'a';
      words.push_back(word);
    }
  }
  for (unsigned seed = 0; seed < 300; ++seed) {
    const std::string word = random_bytes(1 + seed % 40, 3, seed);
    words.push_back(word);
    words.push_back(word + word);
    words.push_back(word + word + word + "x");
  }
  return words;
}

std::string rotation(const std::string& word, std::size_t start) {
  return word.substr(start) + word.substr(0, start);
}

// The transform by its definition: the last column of the sorted rotations.
std::string sorted_column(const std::string& word) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < word.size(); ++i) rows.push_back(rotation(word, i));
  std::sort(rows.begin(), rows.end());
  std::string column;
  for (const std::string& row : rows) column += row.back();
  return column;
}

std::array<std::uint32_t, 256> count(const std::string& text) {
  std::array<std::uint32_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  return counts;
}

TEST(Bzip2Block, least_rotation_and_period_are_those_of_the_definition) {
  for (const std::string& word : small_words()) {
    const Rotation found = least_rotation(word);
    std::string least = word;
    std::size_t period = word.size();
    for (std::size_t i = 1; i < word.size(); ++i) {
      least = std::min(least, rotation(word, i));
      if (rotation(word, i) == word) period = std::min(period, i);
    }
    EXPECT_EQ(rotation(word, found.start), least) << word;
    EXPECT_EQ(found.period, period) << word;
    EXPECT_LT(found.start, found.period) << word;
  }
}

TEST(Bzip2Block, transform_is_the_last_column_of_the_sorted_rotations) {
  BlockSorter sorter;
  for (const std::string& word : small_words()) {
    std::string block = word;
    const auto origin = sorter.transform(writable(block));
    ASSERT_TRUE(origin);
    EXPECT_EQ(block, sorted_column(word)) << word;
  }
}

TEST(Bzip2Block, inverse_restores_what_was_transformed) {
  BlockSorter sorter;
  InverseSort inverse;
  std::vector<std::string> words = small_words();
  for (const auto& [name, plain] : samples()) {
    if (!plain.empty() && plain.size() <= 300'000) words.push_back(plain);
  }
  for (const std::string& word : words) {
    std::string block = word;
    const auto origin = sorter.transform(writable(block));
    ASSERT_TRUE(origin);
    inverse.run(writable(block), *origin, count(block));
    EXPECT_TRUE(block == word) << word.substr(0, 40);
  }
}

// Rows that are no transform have several cycles. The format then means: the cycle of the origin,
// again and again.
TEST(Bzip2Block, inverse_of_any_rows_follows_the_cycle_of_the_origin) {
  InverseSort inverse;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const std::string rows = random_bytes(1 + seed * seed * 3, 2 + seed % 7, seed);
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return rows[a] < rows[b]; });
    const auto origin = static_cast<std::uint32_t>(rows.size() / 3);
    std::string expected;
    for (std::uint32_t row = order[origin]; expected.size() < rows.size(); row = order[row]) {
      expected += rows[row];
    }
    std::string block = rows;
    inverse.run(writable(block), origin, count(rows));
    EXPECT_TRUE(block == expected) << seed;
  }
}

TEST(Bzip2Block, runs_come_back_whatever_the_output_is_cut_into) {
  for (const auto& [name, plain] : samples()) {
    if (plain.size() > 5000 && name != "zeros") continue;
    std::string coded(plain.size() + plain.size() / 4, '\0');
    coded.resize(encode_runs(plain, writable(coded).data()));
    for (const std::size_t step : {1U, 2U, 3U, 7U, 1000U}) {
      RunDecoder decoder{ByteView(coded)};
      std::string back;
      std::string room(step, '\0');
      while (!decoder.done()) {
        EXPECT_GE(decoder.at_least(), 1U);
        const std::size_t written = decoder.write(writable(room));
        back.append(room, 0, written);
      }
      EXPECT_FALSE(decoder.broken());
      EXPECT_TRUE(back == plain) << name << " by " << step;
    }
  }
}

TEST(Bzip2Block, a_run_without_its_count_is_noticed) {
  RunDecoder decoder{ByteView("xaaaa")};
  std::string room(100, '\0');
  EXPECT_EQ(decoder.write(writable(room)), 5U);
  EXPECT_TRUE(decoder.done());
  EXPECT_TRUE(decoder.broken());
}

TEST(Bzip2Block, a_filled_block_is_full_and_never_more) {
  for (const auto& [name, plain] : samples()) {
    for (const std::size_t limit : {5U, 6U, 7U, 8U, 9U, 100U, 99'981U}) {
      const std::size_t size = fill_block(plain, limit);
      ASSERT_LE(size, plain.size());
      std::string coded(size + size / 4 + 1, '\0');
      const std::size_t fill = encode_runs(ByteView(plain).first(size), writable(coded).data());
      EXPECT_LE(fill, limit) << name;
      if (size < plain.size()) {
        EXPECT_GT(fill + 5, limit) << name << " " << limit;
      }
    }
  }
}

TEST(Bzip2Block, move_to_front_agrees_with_a_plain_list) {
  std::string list(256, '\0');
  std::iota(list.begin(), list.end(), '\0');
  MoveToFront encoder;
  MoveToFront decoder;
  encoder.reset();
  decoder.reset();
  for (const char c : random_bytes(5000, 256) + random_bytes(2000, 9)) {
    const std::size_t place = list.find(c);
    list.erase(place, 1);
    list.insert(list.begin(), c);
    const auto value = static_cast<std::uint8_t>(c);
    ASSERT_EQ(encoder.encode(value), place);
    ASSERT_EQ(decoder.decode(static_cast<unsigned>(place)), value);
    ASSERT_EQ(decoder.front(), value);
  }
}

TEST(Bzip2Block, code_lengths_are_complete_and_within_the_limit) {
  std::vector<std::vector<std::uint32_t>> cases = {{0, 0, 0}, {1, 0, 7}, {5, 5, 5, 5, 5}};
  std::vector<std::uint32_t> fibonacci_numbers = {1, 1};  // the deepest code
  while (fibonacci_numbers.size() < 29) {
    fibonacci_numbers.push_back(fibonacci_numbers.end()[-1] + fibonacci_numbers.end()[-2]);
  }
  cases.push_back(fibonacci_numbers);
  cases.emplace_back(max_alphabet, 1U);
  for (const auto& frequencies : cases) {
    std::vector<std::uint8_t> lengths(frequencies.size());
    make_code_lengths(frequencies, lengths);
    std::uint64_t sum = 0;
    for (const std::uint8_t length : lengths) {
      ASSERT_GE(length, 1);
      ASSERT_LE(length, writer_code_bits);
      sum += 1U << (writer_code_bits - length);
    }
    EXPECT_EQ(sum, 1U << writer_code_bits);
  }
}

TEST(Bzip2Block, code_lengths_are_optimal) {
  const std::vector<std::uint32_t> frequencies = {40, 10, 30, 5, 15};
  std::vector<std::uint8_t> lengths(5);
  make_code_lengths(frequencies, lengths);
  EXPECT_EQ(lengths, (std::vector<std::uint8_t>{1, 4, 2, 4, 3}));
}

TEST(Bzip2Block, every_code_is_found_again) {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::uint32_t> frequencies(3 + random() % 256);
    for (auto& f : frequencies) f = static_cast<std::uint32_t>(1U << (random() % 20));
    std::vector<std::uint8_t> lengths(frequencies.size());
    std::vector<std::uint32_t> codes(frequencies.size());
    make_code_lengths(frequencies, lengths);
    assign_codes(lengths, codes);
    CodeTable table;
    table.build(lengths);
    for (std::size_t s = 0; s < codes.size(); ++s) {
      const CodeHit hit = table.find(codes[s] << (max_code_bits - lengths[s]));
      EXPECT_EQ(hit.symbol, s);
      EXPECT_EQ(hit.length, lengths[s]);
    }
  }
}

TEST(Bzip2Block, bits_outside_an_incomplete_code_are_no_symbol) {
  CodeTable table;
  table.build(std::vector<std::uint8_t>{2, 2, 20});
  EXPECT_EQ(table.find(0).length, 2U);
  EXPECT_EQ(table.find(0b10U << 18).length, 20U);
  EXPECT_EQ(table.find((0b10U << 18) + 1).length, 0U);
}

// Not one bit more or less than the format has, and nothing read out of bounds.
TEST(Bzip2Block, more_codes_than_fit_are_safe) {
  CodeTable table;
  table.build(std::vector<std::uint8_t>(max_alphabet, 1));
  EXPECT_EQ(table.find(0).symbol, 0U);
  EXPECT_EQ(table.find(0xfffff).symbol, 1U);
  table.build(std::vector<std::uint8_t>(max_alphabet, 7));
  EXPECT_EQ(table.find(0xfffff).symbol, 127U);
}

TEST(Bzip2Block, bits_come_back_in_any_split) {
  std::mt19937 random(5);
  std::string bytes(4096, '\0');
  BitWriter writer(writable(bytes).data());
  std::vector<std::pair<std::uint64_t, unsigned>> values;
  std::uint64_t bits = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto width = static_cast<unsigned>(1 + random() % 32);
    values.emplace_back(random() & ((1ULL << width) - 1), width);
    writer.put(values.back().first, width);
    bits += width;
  }
  EXPECT_EQ(writer.finish(), bits);
  for (const std::size_t step : {1U, 2U, 3U, 9U, 5000U}) {
    BitReader reader;
    std::size_t at = 0;
    for (const auto& [value, width] : values) {
      std::uint64_t read = 0;
      while (!reader.take(width, read)) {
        reader.give(ByteView(bytes).slice(at, step));
        at += step;
      }
      ASSERT_EQ(read, value);
    }
  }
}

TEST(Bzip2Block, crc_is_the_one_of_the_reference) {
  EXPECT_EQ(crc32(0, "123456789"), 0xfc891918U);
  const std::string text = prose(1000);
  for (std::size_t cut = 0; cut < 40; ++cut) {
    EXPECT_EQ(crc32(crc32(0, ByteView(text).first(cut)), ByteView(text).drop(cut)), crc32(0, text));
  }
}

TEST(Bzip2Block, finds_both_magic_numbers_at_every_bit) {
  for (const std::uint64_t magic : {block_magic, end_magic}) {
    for (unsigned bit = 0; bit < 200; ++bit) {
      for (const std::size_t spare : {0U, 1U, 2U, 20U}) {
        std::string bytes(300 / 8 + spare, '\x31');
        bytes.resize((bit + magic_bits + 7) / 8 + spare, '\x31');
        for (unsigned i = 0; i < magic_bits; ++i) {
          const unsigned at = bit + i;
          const auto mask = static_cast<char>(0x80 >> (at % 8));
          const bool set = (magic >> (47 - i) & 1) != 0;
          bytes[at / 8] = static_cast<char>(set ? bytes[at / 8] | mask : bytes[at / 8] & ~mask);
        }
        const auto hit = find_magic(bytes, 0);
        ASSERT_TRUE(hit) << bit;
        EXPECT_EQ(hit->bit, bit);
        EXPECT_EQ(hit->end, magic == end_magic);
        EXPECT_TRUE(find_magic(bytes, bit)) << bit;
        EXPECT_FALSE(find_magic(bytes, bit + 1)) << bit;
        EXPECT_FALSE(find_magic(ByteView(bytes).first((bit + magic_bits + 7) / 8 - 1), 0)) << bit;
      }
    }
  }
}

TEST(Bzip2Block, derandomising_twice_changes_nothing) {
  const std::string text = prose(300'000);
  std::string block = text;
  derandomise(writable(block));
  EXPECT_NE(block[617], text[617]);  // the table begins with 619
  EXPECT_EQ(block.substr(0, 617), text.substr(0, 617));
  derandomise(writable(block));
  EXPECT_TRUE(block == text);
}

}  // namespace
}  // namespace braid::codec::bzip2::testing
