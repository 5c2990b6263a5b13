#include "codec/lzma/block_map.hpp"

#include <algorithm>

#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

namespace {

constexpr std::uint64_t most_memory = 16 << 20;  // half a million blocks
constexpr std::size_t read_bytes = 8 << 10;

// Padding without end may stand where streams are looked for.
constexpr unsigned most_seeks = 32768;
constexpr unsigned judged_seeks = 4;

// Streams in the indexes that were read so far: those that were joined, and the one at hand.
std::uint64_t streams_in(const lzma_stream* decoder) noexcept {
  const std::uint64_t one = lzma_index_memusage(1, 1);
  const std::uint64_t another = lzma_index_memusage(2, 2) - one;
  return 2 + (lzma_memusage(decoder) - std::min(2 * one, lzma_memusage(decoder))) / another;
}

}  // namespace

// Joining the indexes of n streams takes liblzma n * n steps of some nanoseconds, and decoding some
// tens of nanoseconds a byte.
bool BlockMap::is_worth_it(std::uint64_t size, std::uint64_t streams) noexcept {
  constexpr std::uint64_t most_streams = 8192;  // of a seek or two each
  return streams <= most_streams && streams * streams <= size;
}

BlockMap::BlockMap(const RandomAccess& file, std::uint64_t size) {
  Coder coder;
  lzma_stream* const stream = coder.get();
  if (lzma_file_info_decoder(stream, &index_, most_memory, size) != LZMA_OK) return;
  Buffer room;
  room.resize(read_bytes);
  std::uint64_t offset = 0;
  unsigned seeks = 0;
  stream->avail_in = 0;
  for (;;) {
    if (stream->avail_in == 0) {
      const auto count = file.read_at(room.writable(), offset);
      if (!count) break;
      stream->next_in = octets(room.view());
      stream->avail_in = *count;
      offset += *count;
    }
    const lzma_ret code =
        lzma_code(stream, stream->avail_in == 0 || offset >= size ? LZMA_FINISH : LZMA_RUN);
    if (code == LZMA_SEEK_NEEDED) {
      if (++seeks > most_seeks) break;
      if (seeks % judged_seeks == 0) {
        // As many streams lie in what comes before, by all appearance, as in what was passed.
        const std::uint64_t passed = size - std::min(size - 1, stream->seek_pos);
        if (!is_worth_it(size, streams_in(stream) * (size / passed))) break;
      }
      offset = stream->seek_pos;
      stream->avail_in = 0;
      continue;
    }
    if (code == LZMA_STREAM_END) {
      lzma_index_iter_init(&iterator_, index_);
      blocks_ = lzma_index_block_count(index_);
      ended_ = lzma_index_iter_next(&iterator_, LZMA_INDEX_ITER_BLOCK) != 0;
    }
    if (code != LZMA_OK) break;
  }
}

BlockMap::~BlockMap() {
  lzma_index_end(index_, nullptr);
}

std::optional<BlockMap::Block> BlockMap::at(std::uint64_t offset) noexcept {
  if (blocks_ != 0 && (ended_ || iterator_.block.compressed_file_offset > offset)) {
    if (offset >= last_) return std::nullopt;
    lzma_index_iter_rewind(&iterator_);
    ended_ = lzma_index_iter_next(&iterator_, LZMA_INDEX_ITER_BLOCK) != 0;
  }
  last_ = offset;
  while (!ended_ && iterator_.block.compressed_file_offset < offset) {
    ended_ = lzma_index_iter_next(&iterator_, LZMA_INDEX_ITER_BLOCK) != 0;
  }
  if (ended_ || iterator_.block.compressed_file_offset != offset) return std::nullopt;
  return Block{iterator_.block.total_size, iterator_.block.unpadded_size,
               iterator_.block.uncompressed_size};
}

std::vector<PlacedUnit> BlockMap::units() const {
  std::vector<PlacedUnit> units;
  units.reserve(static_cast<std::size_t>(blocks_));
  if (blocks_ == 0) return units;
  lzma_index_iter iterator{};
  lzma_index_iter_init(&iterator, index_);
  while (lzma_index_iter_next(&iterator, LZMA_INDEX_ITER_BLOCK) == 0) {
    units.push_back({iterator.block.compressed_file_offset,
                     {.size = iterator.block.total_size,
                      .plain_size = iterator.block.uncompressed_size,
                      .tag = iterator.block.unpadded_size,
                      .tag2 = static_cast<std::uint64_t>(iterator.stream.flags->check)}});
  }
  return units;
}

std::optional<std::vector<PlacedUnit>> read_table(const RandomAccess& file, std::uint64_t size,
                                                  Believe /*believe*/) {
  auto units = BlockMap(file, size).units();
  if (units.empty()) return std::nullopt;
  return units;
}

}  // namespace braid::codec::lzma
