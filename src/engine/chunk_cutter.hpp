#pragma once

#include <braid/stream.hpp>

#include "codec/format.hpp"
#include "parallel/chunk_memory.hpp"

namespace braid::engine {

// One chunk of the input, on its way to a ChunkEncoder. Reused from chunk to chunk.
struct Chunk {
  ByteView plain;  // in `storage`, or in the source's own memory
  Buffer storage{parallel::chunk_memory()};
  codec::ChunkPlace place;
};

// Cuts a source into chunks. Where the cuts fall depends on the bytes and the configuration alone,
// not on how the source hands them out. One thread at a time; the source must outlive it.
class ChunkCutter {
 public:
  ChunkCutter(Source& source, const codec::Format& format, const CompressionConfig& config);

  // Fills `chunk` with the next one. False when there are no more; there is always at least one,
  // which is empty when the input is. Errors: io.
  [[nodiscard]] Result<bool> next(Chunk& chunk);

  // Plain bytes handed out so far.
  [[nodiscard]] std::uint64_t offset() const noexcept { return place_.offset; }

 private:
  Result<void> cut_view(Chunk& chunk);
  Result<void> cut_read(Chunk& chunk);
  [[nodiscard]] std::size_t split(ByteView data) const;

  Source& source_;
  const codec::Format& format_;
  const CompressionConfig& config_;
  std::size_t chunk_size_;
  std::optional<ByteView> view_;  // what is left of a source that lies in memory
  Buffer carry_;                  // read, but belonging to the next chunk
  codec::ChunkPlace place_;       // of the next chunk
  bool source_ended_ = false;
  bool done_ = false;
};

}  // namespace braid::engine
