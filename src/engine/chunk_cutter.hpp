#pragma once

#include <braid/stream.hpp>

#include "base/chunk_memory.hpp"
#include "codec/format.hpp"
#include "engine/source_file.hpp"

namespace braid::engine {

// One chunk of the input, on its way to a ChunkEncoder. Reused from chunk to chunk.
struct Chunk {
  ByteView plain;  // in `storage`, in the source's own memory, or where fill() has put it
  Buffer storage{base::chunk_memory()};
  codec::ChunkPlace place;
  std::size_t unread = 0;  // bytes that fill() is still to bring
};

// Cuts a source into chunks. Where the cuts fall depends on the bytes and the configuration alone,
// not on how the source hands them out. One thread at a time; the source must outlive it.
class ChunkCutter {
 public:
  ChunkCutter(Source& source, const codec::Format& format, const CompressionConfig& config);

  // From now on next() only assigns, of a source that can be read at any place, the chunks that
  // more is known to follow; fill() must then be called for each, by the thread that encodes it:
  // copying from the page cache is spread over all of them, and the bytes are in the cache of the
  // core that wants them. The rest is read as it comes, so that a file that grows is read to its
  // end. Before the first next().
  void leave_reading_to_fill();

  // Fills `chunk` with the next one. False when there are no more; there is always at least one,
  // which is empty when the input is. Errors: io.
  [[nodiscard]] Result<bool> next(Chunk& chunk);

  // Sees to it that the chunk has its bytes, those that are still to be read in `storage`. From any
  // number of threads at once. Errors: io (also: the input ends before its size said), of which
  // `offset` tells the place.
  [[nodiscard]] Result<void> fill(Chunk& chunk, Buffer& storage) const;

  // Plain bytes handed out so far.
  [[nodiscard]] std::uint64_t offset() const noexcept { return place_.offset; }

 private:
  Result<void> cut_view(Chunk& chunk);
  Result<void> cut_read(Chunk& chunk);

  Source& source_;
  const codec::Format& format_;
  const CompressionConfig& config_;
  std::size_t chunk_size_;
  std::optional<ByteView> view_;       // what is left of a source that lies in memory
  std::optional<std::uint64_t> said_;  // what any other source said that it holds
  std::optional<SourceFile> file_;     // where the assigned chunks are read
  std::uint64_t assigned_ = 0;         // chunks that are only assigned
  Buffer carry_;                       // read, but belonging to the next chunk
  codec::ChunkPlace place_;            // of the next chunk
  bool source_ended_ = false;
  bool done_ = false;
};

}  // namespace braid::engine
