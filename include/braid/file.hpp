#pragma once

#include <braid/run.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace braid {

// What to do when the output exists.
enum class Overwrite : std::uint8_t { refuse, replace };

// How files are written. Behaviour first, performance last; the defaults are the safe ones.
struct FileOptions {
  Overwrite overwrite = Overwrite::refuse;

  // Give the output the mode, times and, where permitted, the owner of the input.
  bool keep_metadata = true;

  // Delete the input, after the output has been synced and has its final name.
  bool remove_source = false;

  // Write runs of zeros as holes, where the output is a regular file (decompressing only).
  bool sparse = true;

  // Wait until output and folder are on the disk before the call ends. Switching it off risks the
  // output in a power cut, never an existing file of that name; with remove_source it stays on.
  bool sync = true;

  RunOptions run{};
};

// Compresses the regular file `input` into `output`.
//
// The output appears under its name complete or not at all: it is written without a name (or under
// a temporary one in the same folder where the file system has no nameless files), synced, and
// then put in place. Until then it is readable by its owner only. The input is never changed.
// Errors: not_found, already_exists, io (message names the file), invalid_argument (the two are the
// same file, or the input is no regular file), and those of compress(); Error::entry is the file.
[[nodiscard]] BRAID_API Result<Transfer> compress_file(const std::filesystem::path& input,
                                                       const std::filesystem::path& output,
                                                       const CompressionConfig& config,
                                                       const FileOptions& options = {});

// Restores the regular file `input` into `output`, with the same guarantees.
[[nodiscard]] BRAID_API Result<Transfer> decompress_file(const std::filesystem::path& input,
                                                         const std::filesystem::path& output,
                                                         const DecompressionConfig& config = {},
                                                         const FileOptions& options = {});

// Reads a file, pipe or device that somebody else opened (standard input: 0). Does not close it.
class BRAID_API DescriptorSource final : public Source, public RandomAccess {
 public:
  // `name` is what errors call it: "standard input".
  explicit DescriptorSource(int descriptor, std::string name);

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override;

  // Counts from where the descriptor stood. Of regular files.
  [[nodiscard]] Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override;
  void will_read(std::uint64_t offset, std::uint64_t count) const noexcept override;
  [[nodiscard]] const RandomAccess* random_access() const override;
  [[nodiscard]] Result<std::uint64_t> skip(std::uint64_t count) override;

 private:
  int descriptor_;
  std::string name_;
  std::optional<std::uint64_t> begin_{};  // of regular files
};

// Writes to a file, pipe or device that somebody else opened (standard output: 1). Does not close
// it. A broken pipe is Errc::io with os_error EPIPE; the process must ignore or handle SIGPIPE.
class BRAID_API DescriptorSink final : public Sink {
 public:
  explicit DescriptorSink(int descriptor, std::string name);

  [[nodiscard]] Result<void> write(ByteView bytes) override;

 private:
  int descriptor_;
  std::string name_;
};

// Opens a file by name and reads it: regular, pipe or device. Never maps it, since a mapped file
// that somebody cuts short kills the process; reading one merely ends early.
class BRAID_API FileSource final : public Source, public RandomAccess {
 public:
  // Waits for a writer when it is a named pipe. Errors: not_found, io, invalid_argument (the name
  // holds a NUL byte).
  [[nodiscard]] static Result<FileSource> open(const std::filesystem::path& path);

  FileSource(FileSource&&) noexcept;
  FileSource& operator=(FileSource&&) noexcept;
  ~FileSource() override;

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override;

  // Leaves alone where read() goes on. Errors: io (also: a pipe has no places).
  [[nodiscard]] Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override;
  void will_read(std::uint64_t offset, std::uint64_t count) const noexcept override;
  [[nodiscard]] const RandomAccess* random_access() const override;
  [[nodiscard]] Result<std::uint64_t> skip(std::uint64_t count) override;

  class Impl;

 private:
  explicit FileSource(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

// Writes a new file that appears under its name complete, by commit(), or not at all: the way of
// compress_file() for what comes from elsewhere. Destroyed without commit() it leaves nothing.
class BRAID_API FileSink final : public Sink {
 public:
  struct Options {
    Overwrite overwrite = Overwrite::refuse;
    bool sparse = false;  // write runs of zeros as holes
    bool sync = true;     // as FileOptions::sync
  };

  // Looks whether `path` may be written; nothing is there yet. Only a regular file or a link is
  // ever replaced: to write to a device or pipe, open it and use DescriptorSink. Errors:
  // already_exists, not_found (no such folder), io, invalid_argument.
  [[nodiscard]] static Result<FileSink> create(const std::filesystem::path& path,
                                               const Options& options);

  FileSink(FileSink&&) noexcept;
  FileSink& operator=(FileSink&&) noexcept;
  ~FileSink() override;

  [[nodiscard]] Result<void> write(ByteView bytes) override;

  // Puts the file in place, with the permissions of a newly created one. Call it once, last.
  // Errors: already_exists (somebody was faster), io.
  [[nodiscard]] Result<void> commit();

  class Impl;

 private:
  explicit FileSink(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace braid
