#pragma once

#include <braid/archive.hpp>

#include <memory>
#include <span>

namespace braid {

// An archive whose entries are read one at a time, in any order: by name or by going through them.
// For all of an archive in its order, visit_archive() is faster: it works on all threads.
//
// open() reads what the archive says of all its entries and holds it. In a zip archive that is its
// directory; in a tar archive the headers, between which a plain one is not read, and a compressed
// one neither where it tells places to enter it at and there is much to pass over. Others are
// decoded once, and up to 32 MiB of places are kept. Reading an entry then begins at the place
// before it, some MiB away at most in archives that have places, and what was decoded last is kept
// (64 MiB), so that neighbours are not decoded twice; what has no places is decoded from its
// beginning, or from where the last entry was read.
//
// Every const member may be called from many threads at once. Borrows the engine, and the memory
// where it was opened from memory.
class BRAID_API ArchiveReader {
 public:
  // Of the options: format, filter, max_entries, memory_limit, strict, run.stop; max_output is held
  // against each entry that is read. Errors: those of visit_archive().
  [[nodiscard]] static Result<ArchiveReader> open(Engine& engine,
                                                  const std::filesystem::path& archive,
                                                  const ArchiveReadOptions& options = {});
  [[nodiscard]] static Result<ArchiveReader> open(Engine& engine, ByteView archive,
                                                  const ArchiveReadOptions& options = {});

  ArchiveReader(ArchiveReader&&) noexcept;
  ArchiveReader& operator=(ArchiveReader&&) noexcept;
  ~ArchiveReader();

  [[nodiscard]] ArchiveFormat format() const noexcept;

  // In the order of the archive. They live as long as the reader.
  [[nodiscard]] std::span<const Entry> entries() const noexcept;

  // The entry of this path, without "./" and "/" before it and "/" behind; of several the last,
  // which is what unpacking leaves. Null when there is none. Cost: constant.
  [[nodiscard]] const Entry* find(std::string_view path) const;

  // The content of a file, or of the file that a hard link is another name of. `entry` is one of
  // entries(). Errors: invalid_argument (no file), not_found (the other name), corrupt, truncated,
  // checksum_mismatch, unsupported_feature, output_limit, memory_limit, io.
  [[nodiscard]] Result<Buffer> read(const Entry& entry) const;

  // The same in pieces. What is stored about the content is verified when its end is read, where
  // the format has it. The source is used by one thread at a time, and the reader outlives it.
  // Errors: the same, here or from the source.
  [[nodiscard]] Result<std::unique_ptr<Source>> open_entry(const Entry& entry) const;

  class Impl;

 private:
  explicit ArchiveReader(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace braid
