#pragma once

#include <braid/config.hpp>
#include <braid/engine.hpp>
#include <braid/stream.hpp>

#include <filesystem>
#include <memory>
#include <optional>

namespace braid {

// How indexes are kept in files.
enum class IndexFormat : std::uint8_t {
  braid,         // docs/formats/index.md; for every format
  bgzf,          // .gzi of bgzip: BGZF files only
  indexed_gzip,  // GZIDX of indexed_gzip and rapidgzip: gzip, zlib and deflate
  gztool,        // its .gzi, which is not bgzip's: gzip
};

// Where a compressed file can be entered. Made by reading the file once, or loaded from a file that
// was saved then. Immutable: any number of threads may use one.
//
// gzip, zlib and deflate can be entered at any block with the 32 KiB before it, which the index
// keeps: about every 2 MiB, some 10 KiB each. Other formats are entered where their independent
// parts begin: zstd frames, xz blocks, lz4 and bzip2 blocks, braid's parts of brotli. What has no
// such places (a zstd file of one frame, lzma) is entered at its beginning alone.
class BRAID_API SeekIndex {
 public:
  SeekIndex(SeekIndex&&) noexcept;
  SeekIndex& operator=(SeekIndex&&) noexcept;
  ~SeekIndex();

  // Reads all of the file on the engine's threads and verifies every checksum.
  // Errors: those of decompressing it.
  [[nodiscard]] static Result<SeekIndex> build(Engine& engine, const std::filesystem::path& file,
                                               const DecompressionConfig& config = {},
                                               const RunOptions& options = {});

  // From the sizes that the file itself tells, in headers, tables and marks; decodes nothing. Of
  // zstd and xz it reads no more than these, of other formats all. No index where the file does not
  // tell them all. What is decoded later is verified as always, and must be as long as was told.
  // Errors: not_found, io, unknown_format.
  [[nodiscard]] static Result<std::optional<SeekIndex>> from_file(
      const std::filesystem::path& file, std::optional<Algorithm> algorithm = {});

  // Reads what save() or another program wrote for `file`, whatever its format.
  // Errors: not_found, io; unknown_format when it is no index, corrupt when it is damaged,
  // invalid_argument when it belongs to another file or to an earlier state of this one.
  //
  // An index is believed: one that was made to deceive can make read_at() give bytes from a wrong
  // place, never from outside the file's own content.
  [[nodiscard]] static Result<SeekIndex> load(const std::filesystem::path& index,
                                              const std::filesystem::path& file);

  // Writes it, complete under its name or not at all; replaces what is there.
  // Errors: io; unsupported_feature when the format cannot express this index.
  [[nodiscard]] Result<void> save(const std::filesystem::path& index,
                                  IndexFormat format = IndexFormat::braid) const;

  [[nodiscard]] Algorithm algorithm() const noexcept;

  // Plain bytes of the whole file.
  [[nodiscard]] std::uint64_t size() const noexcept;

  // Places where the file can be entered.
  [[nodiscard]] std::size_t points() const noexcept;

  class Impl;

 private:
  friend class SeekableReader;
  explicit SeekIndex(std::shared_ptr<const Impl> impl) noexcept;
  std::shared_ptr<const Impl> impl_;
};

// Reads any part of a compressed file without what comes before. Any number of threads may call the
// const members at once.
class BRAID_API SeekableReader {
 public:
  // Opens the file by an index of it. The file must not change meanwhile. Errors: not_found, io.
  [[nodiscard]] static Result<SeekableReader> open(const std::filesystem::path& file,
                                                   SeekIndex index);

  // Reads the file once to make an index, which save() of index() keeps for the next time.
  // Errors: those of SeekIndex::build().
  [[nodiscard]] static Result<SeekableReader> open(Engine& engine,
                                                   const std::filesystem::path& file,
                                                   const DecompressionConfig& config = {},
                                                   const RunOptions& options = {});

  SeekableReader(SeekableReader&&) noexcept;
  SeekableReader& operator=(SeekableReader&&) noexcept;
  ~SeekableReader();

  // Plain bytes of the whole file.
  [[nodiscard]] std::uint64_t size() const noexcept;

  [[nodiscard]] const SeekIndex& index() const noexcept;

  // Plain bytes from `offset` on: as many as `out` holds, fewer only at the end. Cost: decoding
  // from the place before it, at most some MiB where the file has places. What was decoded last is
  // kept, 64 MiB of it or one part if that is larger, so that short reads one after the other
  // decode nothing twice; in what has no places reading goes on where it came to. Errors: io; those
  // of decompressing.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, MutableBytes out) const;

  // The same into a sink: bytes from `offset`, `length` of them or all there are. Returns how many.
  // Errors: io, the sink's, those of decompressing.
  [[nodiscard]] Result<std::uint64_t> copy(std::uint64_t offset, std::uint64_t length,
                                           Sink& sink) const;

  // The same on the engine's threads, for long ranges: neither uses nor keeps what read_at() keeps.
  // Up to 16 MiB are decoded by the calling thread alone. Memory: some parts for each thread, from
  // the engine's budget. Progress counts the compressed bytes of the range. Errors: also cancelled;
  // memory_limit when not even one part fits. What the sink throws reaches the caller.
  [[nodiscard]] Result<std::uint64_t> copy(Engine& engine, std::uint64_t offset,
                                           std::uint64_t length, Sink& sink,
                                           const RunOptions& options = {}) const;

  class Impl;

 private:
  explicit SeekableReader(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace braid
