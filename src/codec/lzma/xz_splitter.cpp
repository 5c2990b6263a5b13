#include <algorithm>

#include "base/zeros.hpp"
#include "codec/lzma/block_map.hpp"
#include "codec/lzma/block_reader.hpp"
#include "codec/lzma/lzma.hpp"
#include "codec/lzma/xz_units.hpp"
#include "codec/outlook.hpp"

namespace braid::codec::lzma {

namespace {

// Larger blocks are read in sequence: a unit is held in memory on both sides.
constexpr std::uint64_t largest_block = 256_MiB;

// What is made a unit of where none can be cut: enough for its decoder to say what is wrong.
constexpr std::uint64_t most_broken = 1_MiB;

class XzSplitter final : public HeaderSplitter {
 public:
  void look_at(const RandomAccess& file, std::uint64_t size) override {
    file_ = &file;
    file_size_ = size;
  }

  void resume(std::uint64_t offset) override {
    in_stream_ = false;
    behind_stream_ = true;
    position_ = offset;
  }

 private:
  // What a block header says, as far as cutting needs it.
  struct Sizes {
    bool known = false;
    std::uint64_t total = 0;     // header, data, padding and check
    std::uint64_t unpadded = 0;  // the same without the padding
    std::uint64_t plain = 0;
    std::uint64_t memory = 0;  // that decoding it takes
  };

  Split cut(Outlook& ahead) override {
    const Split split = in_stream_ ? next_part(ahead) : next_stream(ahead);
    if (split.kind == Split::Kind::unit) position_ += split.unit.size;
    return split;
  }

  static Split frame(std::uint64_t size) {
    return {.kind = Split::Kind::unit, .unit = {.kind = Unit::Kind::frame, .size = size}};
  }

  Split next_stream(Outlook& ahead) {
    if (behind_stream_) {
      constexpr std::size_t most_padding = 64 << 10;  // longer padding is passed in pieces
      const std::size_t zeros = base::leading_zeros(ahead.at(0, most_padding));
      // Less than four zeros are no padding: the DecodeDriver says so.
      if (zeros >= 4) return frame(zeros - zeros % 4);
      if (zeros != 0 && zeros == ahead.size()) return wait(ahead);
      if (zeros != 0) return {.kind = Split::Kind::sequential};
    }
    const ByteView head = ahead.at(0, LZMA_STREAM_HEADER_SIZE + LZMA_BLOCK_HEADER_SIZE_MAX);
    if (head.size() <= LZMA_STREAM_HEADER_SIZE) return wait(ahead);
    lzma_stream_flags flags{};
    if (lzma_stream_header_decode(&flags, octets(head)) != LZMA_OK ||
        lzma_check_is_supported(flags.check) == 0) {
      return {.kind = Split::Kind::sequential};
    }
    // Only the first block tells whether this stream's writer states sizes.
    const ByteView block = head.drop(LZMA_STREAM_HEADER_SIZE);
    if (const std::size_t header = block_header_size(block[0]); header != 0) {
      if (block.size() < header) return wait(ahead);
      check_ = flags.check;
      const Sizes first = sizes(block.first(header), position_ + LZMA_STREAM_HEADER_SIZE);
      if (!first.known) return {.kind = Split::Kind::sequential};
    }
    check_ = flags.check;
    seen_.reset();
    in_stream_ = true;
    behind_stream_ = true;
    return frame(LZMA_STREAM_HEADER_SIZE);
  }

  Split next_part(Outlook& ahead) {
    const ByteView head = ahead.at(0, LZMA_BLOCK_HEADER_SIZE_MAX);
    if (head.empty()) return rest_or_more(ahead);
    const std::size_t header = block_header_size(head[0]);
    if (header == 0) return index(ahead);
    if (head.size() < header) return rest_or_more(ahead);
    const Sizes block = sizes(head.first(header), position_);
    if (!block.known) return rest(ahead);
    if (ahead.size() < block.total && !ahead.ended()) return {.kind = Split::Kind::need_input};
    if (lzma_index_hash_append(seen_.get(), block.unpadded, block.plain) != LZMA_OK) {
      return rest(ahead);
    }
    return {.kind = Split::Kind::unit,
            .unit = {.size = std::min<std::uint64_t>(block.total, ahead.size()),
                     .plain_size = block.plain,
                     .memory = block.memory,
                     .bounded = true,
                     .tag = block.unpadded,
                     .tag2 = static_cast<std::uint64_t>(check_)}};
  }

  // The blocks decide how long the index has to be; one that differs is found out by the Verifier.
  Split index(Outlook& ahead) {
    const std::uint64_t size = lzma_index_hash_size(seen_.get()) + LZMA_STREAM_HEADER_SIZE;
    if (ahead.size() < size && !ahead.ended()) return {.kind = Split::Kind::need_input};
    in_stream_ = false;
    return frame(std::min<std::uint64_t>(size, ahead.size()));
  }

  // A block that cannot be cut, in mid-stream.
  static Split rest(const Outlook& ahead) {
    return {.kind = Split::Kind::unit,
            .unit = {.size = std::min(ahead.size(), most_broken), .tag = tag_unsized}};
  }

  static Split rest_or_more(const Outlook& ahead) {
    return ahead.ended() ? rest(ahead) : Split{.kind = Split::Kind::need_input};
  }

  // Of the block that begins at `offset` with this header.
  [[nodiscard]] Sizes sizes(ByteView header, std::uint64_t offset) {
    constexpr unsigned both_sizes = 0xC0;  // the xz specification, 3.1.2
    const bool stated = (header.at(1) & both_sizes) == both_sizes;
    if (!stated && map_ && map_->blocks() < 2) return {};
    Filters filters;
    lzma_block block{};
    block.version = 1;
    block.check = check_;
    block.header_size = static_cast<std::uint32_t>(header.size());
    block.filters = filters.get();
    if (lzma_block_header_decode(&block, nullptr, octets(header)) != LZMA_OK) return {};
    std::uint64_t memory = lzma_raw_decoder_memusage(filters.get());
    if (memory == UINT64_MAX) memory = 0;  // filters that no decoder can be made of, as it will say
    if (!stated) return mapped_sizes(offset, memory);
    const lzma_vli total = lzma_block_total_size(&block);
    if (total == 0 || total > largest_block || block.uncompressed_size > largest_block) return {};
    return {true, total, lzma_block_unpadded_size(&block), block.uncompressed_size, memory};
  }

  // What the file's index says. A single block gains nothing from being held whole.
  Sizes mapped_sizes(std::uint64_t offset, std::uint64_t memory) {
    if (file_ != nullptr && !map_) map_ = std::make_unique<BlockMap>(*file_, file_size_);
    if (!map_ || map_->blocks() < 2) return {};
    const auto block = map_->at(offset);
    if (!block || block->total > largest_block || block->plain > largest_block) return {};
    return {true, block->total, block->unpadded, block->plain, memory};
  }

  const RandomAccess* file_ = nullptr;
  std::uint64_t file_size_ = 0;
  std::unique_ptr<BlockMap> map_;  // once a block does not tell its sizes
  std::uint64_t position_ = 0;     // in the file
  bool in_stream_ = false;
  bool behind_stream_ = false;  // zeros may come
  lzma_check check_ = LZMA_CHECK_NONE;
  IndexHash seen_;
};

}  // namespace

std::unique_ptr<Splitter> make_splitter() {
  return std::make_unique<XzSplitter>();
}

}  // namespace braid::codec::lzma
