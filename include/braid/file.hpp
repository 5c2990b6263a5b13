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
class BRAID_API DescriptorSource final : public Source {
 public:
  // `name` is what errors call it: "standard input".
  explicit DescriptorSource(int descriptor, std::string name);

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override;

 private:
  int descriptor_;
  std::string name_;
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

// Writes a new file that appears under its name complete or not at all, as compress_file() writes
// its output: nothing is there before commit(), and without it nothing is left. For output that
// does not come from a file. One thread at a time; may move between threads.
class BRAID_API FileSink final : public Sink {
 public:
  // Of `options`, `overwrite`, `sparse` and `sync` are used; permissions are those of any new file.
  // Errors: already_exists, not_found, invalid_argument (a folder or device is in the way), io.
  [[nodiscard]] static Result<FileSink> create(const std::filesystem::path& output,
                                               const FileOptions& options = {});

  FileSink(FileSink&&) noexcept;
  FileSink& operator=(FileSink&&) noexcept;
  ~FileSink() override;

  [[nodiscard]] Result<void> write(ByteView bytes) override;

  // Puts the file in place. Call it once; nothing may be written afterwards.
  // Errors: already_exists, io.
  [[nodiscard]] Result<void> commit();

  class Impl;

 private:
  explicit FileSink(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace braid
