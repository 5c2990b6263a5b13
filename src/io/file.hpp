#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "io/file_info.hpp"

namespace braid::io {

// Loops over read(2) and its relatives for a descriptor that somebody owns: interrupted calls are
// repeated, short transfers continued, and a non-blocking descriptor is waited for.
// `name` is what errors call the file. Errors: io, with entry and os_error.

// Some bytes, at least one unless the end is reached: what is there now.
[[nodiscard]] Result<std::size_t> read_some(int descriptor, MutableBytes out,
                                            std::string_view name);

// Bytes between the file position and the end; nothing for pipes and devices, and for files such as
// those of /proc that claim to be empty and are not.
[[nodiscard]] std::optional<std::uint64_t> bytes_left(int descriptor) noexcept;

// Where a descriptor of a regular file stands; nothing for others.
[[nodiscard]] std::optional<std::uint64_t> regular_position(int descriptor) noexcept;

// Moves the file position on by `count` bytes and tells where it then is. Errors: io (also: a pipe
// has no position).
[[nodiscard]] Result<std::uint64_t> skip(int descriptor, std::uint64_t count,
                                         std::string_view name);

// A hint that these bytes will be read soon: the system begins to fetch what it does not have.
void advise_will_read(int descriptor, std::uint64_t offset, std::uint64_t count) noexcept;

// As many as `out` holds, fewer only at the end of the file. Leaves the file position alone.
[[nodiscard]] Result<std::size_t> read_all_at(int descriptor, MutableBytes out,
                                              std::uint64_t offset, std::string_view name);

[[nodiscard]] Result<void> write_all(int descriptor, ByteView bytes, std::string_view name);

// Leaves the file position alone.
[[nodiscard]] Result<void> write_all_at(int descriptor, ByteView bytes, std::uint64_t offset,
                                        std::string_view name);

// What File::open_read may meet under a name.
enum class Expect : std::uint8_t {
  anything,  // waits for a writer when it is a named pipe
  regular,   // never waits; all else is invalid_argument
};

// Owns a descriptor. Move-only; closed, its calls fail with io (EBADF).
// read() and write() move one file position and belong to one thread at a time; the const members
// may be called from any number of threads at once.
//
// Files are read, never mapped: a mapped file that another process cuts short kills this one with
// SIGBUS, while read(2) tells the end.
class File {
 public:
  File() noexcept = default;

  // Takes over `descriptor`.
  File(int descriptor, std::string name) noexcept
      : descriptor_(descriptor), name_(std::move(name)) {}

  // Under Links::keep a symbolic link is io (ELOOP).
  // Errors: not_found, io, invalid_argument.
  [[nodiscard]] static Result<File> open_read(const std::filesystem::path& path,
                                              Expect expect = Expect::anything,
                                              Links links = Links::follow);

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) {
    return read_some(descriptor_, out, name_);
  }

  [[nodiscard]] Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const {
    return read_all_at(descriptor_, out, offset, name_);
  }

  [[nodiscard]] Result<void> write(ByteView bytes) { return write_all(descriptor_, bytes, name_); }

  [[nodiscard]] Result<void> write_at(ByteView bytes, std::uint64_t offset) const {
    return write_all_at(descriptor_, bytes, offset, name_);
  }

  [[nodiscard]] Result<FileInfo> info() const;

  // Cuts the file or lengthens it by zeros.
  [[nodiscard]] Result<void> truncate(std::uint64_t size) const;

  // Waits until the content is on the disk.
  [[nodiscard]] Result<void> sync() const;

  // Reports what the file system has put off until a file is closed (a quota on NFS), and stays
  // open: unlike close(), it can be asked while the file can still be discarded.
  [[nodiscard]] Result<void> flush() const;

  // A hint to read ahead further; no effect on what is read.
  void advise_sequential() const noexcept;

  // After it the file is closed, whatever the result. The destructor closes without a word.
  [[nodiscard]] Result<void> close();

 private:
  int descriptor_ = -1;
  std::string name_;
};

}  // namespace braid::io
