#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "codec/deflate/block_split.hpp"
#include "codec/deflate/block_writer.hpp"
#include "codec/deflate/engine.hpp"
#include "codec/deflate/match_parser.hpp"
#include "codec/deflate/stored_blocks.hpp"

namespace braid::codec::deflate {

namespace {

// By level from the first one on; measured in docs/benchmarks/deflate-levels.md.
constexpr int first_level = 6;
constexpr std::array<SearchEffort, 4> efforts = {{{10, 130}, {24, 258}, {100, 258}, {200, 258}}};

class BraidEngine final : public Engine {
 public:
  explicit BraidEngine(const SearchEffort& effort) : effort_(effort) {}

  Result<bool> append(ByteView plain, bool final, bool /*with_dictionary*/, Buffer& out) override {
    const std::size_t before = out.size();
    const std::size_t limit = stored_size(plain.size());
    out.resize(before + limit + BitWriter::slack);
    const std::size_t size = deflate(plain, final, out.writable().subspan(before));
    const bool smaller = size != 0 && size < limit;
    out.resize(smaller ? before + size : before);
    return smaller;
  }

 private:
  // Returns the size, or 0 when `out` may be too small.
  std::size_t deflate(ByteView plain, bool final, MutableBytes out) {
    BlockWriter writer(out);
    const std::byte* from = plain.data();
    parser_->begin(plain, effort_);
    do {
      parser_->parse(parsed_);
      join_stretches(parsed_.stretches);
      const std::span<const Sequence> sequences = parsed_.sequences;
      std::size_t begin = 0;
      for (const Stretch& block : parsed_.stretches) {
        const bool last = final && parser_->at_end() && block.end == sequences.size();
        if (!writer.write(block, sequences.subspan(begin, block.end - begin), from, last)) return 0;
        begin = block.end;
        from += block.plain_size;
      }
    } while (!parser_->at_end());
    return final ? writer.end() : writer.end_with_mark();
  }

  SearchEffort effort_;
  std::unique_ptr<MatchParser> parser_ = std::make_unique<MatchParser>();
  Parsed parsed_;
};

}  // namespace

std::unique_ptr<Engine> make_braid_engine(int level) {
  return std::make_unique<BraidEngine>(efforts.at(static_cast<std::size_t>(level - first_level)));
}

}  // namespace braid::codec::deflate
