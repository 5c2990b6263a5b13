#include "io/file.hpp"

#include <cerrno>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/try.hpp"
#include "io/system_error.hpp"

namespace braid::io {

namespace {

static_assert(sizeof(off_t) == 8, "files may be larger than 2 GiB");

// Settles an unsuccessful call: returns to try again, or gives the error. EAGAIN comes from
// descriptors that somebody else made non-blocking (a shell's pipe, ssh): waiting is then ours.
Result<void> retry_or_fail(int descriptor, short events, std::string_view action,
                           std::string_view name) {
  const int code = errno;
  if (code == EINTR) return {};
  if (code != EAGAIN && code != EWOULDBLOCK) return system_error(action, name, code);
  pollfd waiting{.fd = descriptor, .events = events, .revents = 0};
  if (::poll(&waiting, 1, -1) < 0 && errno != EINTR) return system_error(action, name, errno);
  return {};
}

// EOVERFLOW when a transfer would reach beyond what the system can address.
Result<void> check_range(std::uint64_t offset, std::size_t size, std::string_view action,
                         std::string_view name) {
  constexpr std::uint64_t limit = std::numeric_limits<off_t>::max();
  if (offset <= limit && size <= limit - offset) return {};
  return system_error(action, name, EOVERFLOW);
}

// Calls `transfer(rest)` until nothing of `bytes` is left.
template <typename Transfer>
Result<void> write_loop(int descriptor, ByteView bytes, std::string_view name,
                        const Transfer& transfer) {
  while (!bytes.empty()) {
    const ssize_t count = transfer(bytes);
    if (count > 0) {
      bytes = bytes.drop(static_cast<std::size_t>(count));
    } else if (count == 0) {
      return system_error("write", name, EIO);  // no progress, no reason: trying again may hang
    } else {
      BRAID_TRY(retry_or_fail(descriptor, POLLOUT, "write", name));
    }
  }
  return {};
}

// Where a descriptor of a regular file stands, and the file's size.
struct Standing {
  off_t position;
  off_t size;
};

std::optional<Standing> standing_of(int descriptor) noexcept {
  struct stat status {};

  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const off_t position = ::lseek(descriptor, 0, SEEK_CUR);
  return position < 0 ? std::nullopt : std::optional(Standing{position, status.st_size});
}

}  // namespace

Result<std::size_t> read_some(int descriptor, MutableBytes out, std::string_view name) {
  for (;;) {
    const ssize_t count = ::read(descriptor, out.data(), out.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    BRAID_TRY(retry_or_fail(descriptor, POLLIN, "read", name));
  }
}

std::optional<std::uint64_t> regular_position(int descriptor) noexcept {
  const auto standing = standing_of(descriptor);
  return standing ? std::optional(static_cast<std::uint64_t>(standing->position)) : std::nullopt;
}

std::optional<std::uint64_t> bytes_left(int descriptor) noexcept {
  const auto standing = standing_of(descriptor);
  if (!standing) return std::nullopt;
  const auto [position, size] = *standing;
  if (size > position) return static_cast<std::uint64_t>(size - position);
  char byte = 0;
  if (size == 0 && ::pread(descriptor, &byte, 1, position) != 0) return std::nullopt;
  return 0;
}

Result<std::uint64_t> skip(int descriptor, std::uint64_t count, std::string_view name) {
  BRAID_TRY(check_range(0, count, "skip", name));
  const off_t position = ::lseek(descriptor, static_cast<off_t>(count), SEEK_CUR);
  if (position < 0) return system_error("skip", name, errno);
  return static_cast<std::uint64_t>(position);
}

void advise_will_read(int descriptor, std::uint64_t offset, std::uint64_t count) noexcept {
  if (offset > INT64_MAX || count > INT64_MAX) return;
  (void)::posix_fadvise(descriptor, static_cast<off_t>(offset), static_cast<off_t>(count),
                        POSIX_FADV_WILLNEED);
}

Result<std::size_t> read_all_at(int descriptor, MutableBytes out, std::uint64_t offset,
                                std::string_view name) {
  BRAID_TRY(check_range(offset, out.size(), "read", name));
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count = ::pread(descriptor, out.data() + done, out.size() - done,
                                  static_cast<off_t>(offset + done));
    if (count == 0) break;
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else {
      BRAID_TRY(retry_or_fail(descriptor, POLLIN, "read", name));
    }
  }
  return done;
}

Result<void> write_all(int descriptor, ByteView bytes, std::string_view name) {
  return write_loop(descriptor, bytes, name, [descriptor](ByteView rest) {
    return ::write(descriptor, rest.data(), rest.size());
  });
}

Result<void> write_all_at(int descriptor, ByteView bytes, std::uint64_t offset,
                          std::string_view name) {
  BRAID_TRY(check_range(offset, bytes.size(), "write", name));
  const std::byte* const begin = bytes.data();
  return write_loop(descriptor, bytes, name, [=](ByteView rest) {
    const auto done = static_cast<std::uint64_t>(rest.data() - begin);
    return ::pwrite(descriptor, rest.data(), rest.size(), static_cast<off_t>(offset + done));
  });
}

Result<File> File::open_read(const std::filesystem::path& path, Expect expect, Links links) {
  const std::string& name = path.native();
  if (name.find('\0') != std::string::npos) {
    return Error{.code = Errc::invalid_argument, .message = "a file name has a NUL byte"};
  }
  int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;
  if (links == Links::keep) flags |= O_NOFOLLOW;
  if (expect == Expect::regular) flags |= O_NONBLOCK;  // a pipe nobody writes must not hang us
  int descriptor = -1;
  do {
    descriptor = ::open(name.c_str(), flags);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return system_error("open", name, errno);
  File file(descriptor, name);
  if (expect == Expect::regular) {
    BRAID_TRY_VALUE(const FileInfo info, file.info());
    if (info.kind != FileKind::regular) {
      return Error{.code = Errc::invalid_argument,
                   .message = quote_name(name) + " is not a regular file",
                   .entry = name};
    }
  }
  return file;
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), name_(std::move(other.name_)) {}

File& File::operator=(File&& other) noexcept {
  File taken(std::move(other));  // what this one had is closed now, not when `other` ends
  std::swap(descriptor_, taken.descriptor_);
  std::swap(name_, taken.name_);
  return *this;
}

File::~File() {
  if (is_open()) ::close(descriptor_);
}

Result<FileInfo> File::info() const {
  struct stat status {};

  if (::fstat(descriptor_, &status) != 0) return system_error("look at", name_, errno);
  return FileInfo::from(status);
}

Result<void> File::truncate(std::uint64_t size) const {
  BRAID_TRY(check_range(size, 0, "write", name_));
  while (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    if (errno != EINTR) return system_error("write", name_, errno);
  }
  return {};
}

Result<void> File::sync() const {
  while (::fsync(descriptor_) != 0) {
    // EINVAL: a file system or kind of file that cannot be synced has nothing to wait for.
    if (errno == EINVAL || errno == EROFS) return {};
    if (errno != EINTR) return system_error("write", name_, errno);
  }
  return {};
}

Result<void> File::flush() const {
  const int copy = ::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return system_error("write", name_, errno);
  if (::close(copy) != 0 && errno != EINTR) return system_error("write", name_, errno);
  return {};
}

void File::advise_sequential() const noexcept {
  ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

Result<void> File::close() {
  // EINTR too means closed on Linux; closing again could hit another thread's new descriptor.
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) {
    return system_error("close", name_, errno);
  }
  return {};
}

}  // namespace braid::io
