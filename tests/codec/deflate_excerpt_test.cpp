#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "codec/deflate/excerpt.hpp"

namespace braid::codec::deflate {
namespace {

constexpr std::size_t most = 100'000;

Buffer made_history() {
  Buffer history;
  history.resize(max_distance);
  std::mt19937 random(1);
  for (std::byte& byte : history.writable()) byte = static_cast<std::byte>(random());
  return history;
}

// Runs that count up, as matches leave them, also from the last plain value into the history, among
// symbols without order.
std::vector<MarkedByte> made_symbols() {
  std::mt19937 random(2);
  constexpr unsigned values = marked_history + max_distance;
  std::vector<MarkedByte> symbols;
  while (symbols.size() < most) {
    const auto length = std::min<std::size_t>(1 + random() % 70, most - symbols.size());
    const bool from_plain = random() % 4 == 0;
    auto value = from_plain ? static_cast<unsigned>(200 + random() % 56)
                            : static_cast<unsigned>(random() % (values - 70));
    const unsigned step = random() % 3 == 0 ? 0 : 1;
    for (std::size_t i = 0; i < length; ++i, value += step) {
      symbols.push_back(static_cast<MarkedByte>(value));
    }
  }
  return symbols;
}

TEST(DeflateExcerpt, marks_become_the_bytes_of_the_history_that_they_stand_for) {
  const Buffer history = made_history();
  const std::vector<MarkedByte> symbols = made_symbols();
  for (const std::size_t count :
       {std::size_t{0}, std::size_t{1}, std::size_t{31}, std::size_t{33}, most - 1, most}) {
    DeflateExcerpt excerpt(Sum::crc32);
    excerpt.begin({}, 0, most);
    std::copy_n(symbols.begin(), count, excerpt.symbols());
    excerpt.commit({}, {}, count, 0);
    excerpt.set_history(history.view());
    excerpt.resolve();
    const ByteView plain = excerpt.plain()[0];
    ASSERT_EQ(plain.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const MarkedByte symbol = symbols[i];
      const std::byte wanted = symbol < marked_history ? static_cast<std::byte>(symbol)
                                                       : history.view()[symbol - marked_history];
      ASSERT_EQ(plain[i], wanted) << i << " of " << count;
    }
  }
}

}  // namespace
}  // namespace braid::codec::deflate
