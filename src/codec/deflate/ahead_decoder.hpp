#pragma once

#include "codec/deflate/excerpt.hpp"
#include "codec/deflate/units.hpp"

namespace braid::codec::deflate {

// Finds blocks in the middle of deflate data and decodes from there. With gzip, members that end
// within are passed and the next ones begun.
class DeflateAheadDecoder final : public AheadDecoder {
 public:
  explicit DeflateAheadDecoder(Wrapper wrapper)
      : wrapper_(wrapper), finder_(wrapper == Wrapper::gzip) {}

  [[nodiscard]] bool decode(const AheadInput& input, std::size_t most_plain,
                            Excerpt& excerpt) override;

 private:
  // What one attempt works on.
  struct Attempt {
    const AheadInput& input;
    std::size_t most_plain;
    DeflateExcerpt& excerpt;
    std::uint64_t bit = 0;     // where it has come to in the input
    std::size_t bytes = 0;     // put out so far, not all of them committed
    unsigned blocks = 0;       // committed
    std::uint64_t wasted = 0;  // symbols put out in vain
    std::uint64_t until = 0;   // the first block at or behind this bit ends it
  };

  enum class Next : std::uint8_t { done, plain };

  bool attempt(const BlockGuess& guess, Attempt& at);
  [[nodiscard]] Next run_marked(Attempt& at);
  void run_plain(Attempt& at);
  void begin_plain(Attempt& at, ByteView history);
  [[nodiscard]] bool pass_trailer(Attempt& at, std::size_t symbols);
  [[nodiscard]] bool pass_header(Attempt& at);
  void commit(Attempt& at, StreamPlace::Kind kind, std::size_t symbols);

  Wrapper wrapper_;
  BlockFinder finder_;
  MarkedInflate marked_;
  Inflate inflate_;
};

}  // namespace braid::codec::deflate
