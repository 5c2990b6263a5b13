#pragma once

#include <braid/archive.hpp>

#include <memory>

namespace braid {

struct ArchiveWriteOptions {
  ArchiveFormat format = ArchiveFormat::tar;

  // As CreateOptions::compression.
  CompressionConfig compression{};

  RunOptions run{};
};

// Writes an archive entry by entry, from memory, sources or the disk; create_archive() is the call
// for whole trees. Entries are packed and written while more are added, by a thread of the writer's
// own and those of the engine; up to 128 wait or are on their way at once. The bytes depend on the
// entries and the configuration alone.
//
// One thread at a time. Borrows the engine and the sink, which is called from the writer's thread.
// Destroyed without finish() it leaves no file.
class BRAID_API ArchiveWriter {
 public:
  // Errors: invalid_argument, unsupported_feature, out_of_memory.
  [[nodiscard]] static Result<ArchiveWriter> open(Engine& engine, Sink& sink,
                                                  const ArchiveWriteOptions& options = {});

  // Into a file, which appears complete under its name with finish() or not at all. Errors: also
  // already_exists, not_found, io.
  [[nodiscard]] static Result<ArchiveWriter> create(Engine& engine,
                                                    const std::filesystem::path& archive,
                                                    const ArchiveWriteOptions& options = {},
                                                    Overwrite overwrite = Overwrite::refuse);

  ArchiveWriter(ArchiveWriter&&) noexcept;
  ArchiveWriter& operator=(ArchiveWriter&&) noexcept;
  ~ArchiveWriter();

  // What the entry says is written as it stands; its size is that of the content. Every add() waits
  // while the writer has enough to do, and returns the first error of the archive when there was
  // one. Errors of its own: unsafe_path (a name that no reader should unpack), unsupported_feature
  // (a hard link or device in a zip archive), invalid_argument (content for what is no file).

  // A folder, a link, a device: anything but a file with content.
  [[nodiscard]] Result<void> add(Entry entry);

  // A file. Copies the bytes.
  [[nodiscard]] Result<void> add(Entry entry, ByteView content);

  // A file. Takes the bytes over.
  [[nodiscard]] Result<void> add(Entry entry, Buffer content);

  // A file whose content comes from `content`, which is read from any thread, later. Without `size`
  // all of it is read first, into a file without a name in $TMPDIR or /tmp when it is more than
  // 1 MiB, since headers come before contents. A source that ends before `size` ends the archive
  // with io; what it has behind it is not read.
  [[nodiscard]] Result<void> add(Entry entry, std::unique_ptr<Source> content,
                                 std::optional<std::uint64_t> size = std::nullopt);

  // A file, folder or link from the disk with its mode, times and owner, under `name`. Folders come
  // without what is in them; links are not followed. Errors: also not_found, io.
  [[nodiscard]] Result<void> add_path(const std::filesystem::path& path, std::string name);

  // Ends the archive. Call it once, last. Errors: the first one met. What the sink, a source or the
  // progress callback threw, after which add() fails with internal, is thrown here.
  [[nodiscard]] Result<ArchiveSummary> finish();

  class Impl;

 private:
  explicit ArchiveWriter(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace braid
