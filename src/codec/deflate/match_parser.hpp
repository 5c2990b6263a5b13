#pragma once

#include <braid/bytes.hpp>

#include "codec/deflate/match_finder.hpp"
#include "codec/deflate/sequences.hpp"

namespace braid::codec::deflate {

// Cuts a text into literals and matches, lazily: a match is taken unless a better one begins at its
// second byte. One thread at a time.
class MatchParser {
 public:
  // Stretches of one call of parse(), and symbols of a stretch: shorter ones find the places where
  // the text changes more exactly, and cost more to compare.
  static constexpr std::size_t most_stretches = 64;
  static constexpr std::size_t stretch_symbols = 4096;

  // What `parsed` then holds at most.
  static constexpr std::size_t most_sequences = most_stretches * (stretch_symbols + 1);

  // `text` stays where it is until the next call.
  void begin(ByteView text, const SearchEffort& effort);

  // Sets `parsed` to what follows, most_stretches of it or all the rest. Throws std::bad_alloc.
  void parse(Parsed& parsed);

  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }

 private:
  // Texts up to this size are copied to where bytes follow them, so that their ends are searched
  // too: of a hundred bytes the last seven count.
  static constexpr std::size_t small_text = 1024;

  void pass_literal();
  void pass_literals();
  void take(const Match& match);
  void end_stretch();
  void value_matches();

  ByteView text_;
  std::size_t at_ = 0;
  std::size_t stretch_begin_ = 0;
  std::size_t last_match_ = 0;  // where it ended
  unsigned symbols_ = 0;        // of the stretch
  unsigned literals_ = 0;       // that no sequence holds
  Parsed* out_ = nullptr;
  SymbolCounts counts_;
  std::array<std::byte, small_text + MatchFinder::reach> copy_{};
  MatchFinder finder_;
};

}  // namespace braid::codec::deflate
