#include "cli/input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/places.hpp"

namespace braid::cli {

Result<Input> Input::open(const std::string& path, int stop_descriptor) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return system_error("cannot open it", errno);
  Input input(descriptor, path, stop_descriptor);

  struct stat status {};

  if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    return system_error("cannot read it", EISDIR);
  }
  return input;
}

Result<Input> Input::open_operand(const std::string& name, int stop_descriptor) {
  if (name == "-") return standard(stop_descriptor);
  return open(name, stop_descriptor);
}

Input Input::standard(int stop_descriptor) {
  return {STDIN_FILENO, "standard input", stop_descriptor};
}

Input::Input(int descriptor, std::string name, int stop_descriptor)
    : descriptor_(descriptor),
      stop_descriptor_(stop_descriptor),
      source_(descriptor, std::move(name)) {
  struct stat status {};

  regular_ = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

Input::Input(Input&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      stop_descriptor_(other.stop_descriptor_),
      regular_(other.regular_),
      source_(std::move(other.source_)),
      peeked_(std::move(other.peeked_)),
      taken_(other.taken_) {}

Input::~Input() {
  if (descriptor_ > STDERR_FILENO) close(descriptor_);
}

Result<ByteView> Input::peek(std::size_t count) {
  std::size_t have = left_of_peek();
  while (have < count) {
    const std::size_t end = peeked_.size();
    peeked_.resize(taken_ + count);
    auto got = read_on(peeked_.writable().subspan(end));
    peeked_.resize(end + (got ? *got : 0));
    if (!got) return std::move(got).error();
    if (*got == 0) break;
    have += *got;
  }
  return peeked_.view().slice(taken_, count);
}

Result<std::size_t> Input::read(MutableBytes out) {
  const ByteView ready = peeked_.view().slice(taken_, out.size());
  if (ready.empty()) return read_on(out);
  std::memcpy(out.data(), ready.data(), ready.size());
  taken_ += ready.size();
  return ready.size();
}

Result<std::size_t> Input::read_on(MutableBytes out) {
  if (!regular_) {
    if (auto ready = wait_readable(); !ready) return std::move(ready).error();
  }
  return source_.read(out);
}

std::optional<std::uint64_t> Input::size() const {
  const auto rest = source_.size();
  return rest ? std::optional(*rest + left_of_peek()) : std::nullopt;
}

Result<std::uint64_t> Input::skip(std::uint64_t count) {
  const auto ready = static_cast<std::size_t>(std::min<std::uint64_t>(count, left_of_peek()));
  taken_ += ready;
  auto position = source_.skip(count - ready);
  if (position) *position -= left_of_peek();
  return position;
}

Result<void> Input::wait_readable() const {
  pollfd waited[] = {{descriptor_, POLLIN, 0}, {stop_descriptor_, POLLIN, 0}};
  while (poll(waited, 2, -1) < 0) {
    if (errno != EINTR) return {};  // read(2) will tell
  }
  if (waited[1].revents == 0) return {};
  return Error{.code = Errc::cancelled, .message = "stopped by a signal"};
}

Result<Buffer> read_file(const std::string& path, std::size_t limit) {
  auto input = Input::open(path, -1);
  if (!input) return std::move(input).error();
  return read_all(*input, limit);
}

Result<Buffer> read_all(Input& input, std::size_t limit) {
  Buffer bytes;
  constexpr std::size_t step = 64 << 10;
  while (true) {
    const std::size_t end = bytes.size();
    bytes.resize(end + step);
    auto got = input.read(bytes.writable().subspan(end));
    if (!got) return std::move(got).error();
    bytes.resize(end + *got);
    if (*got == 0) return bytes;
    if (bytes.size() > limit) {
      return Error{.code = Errc::invalid_argument,
                   .message = fmt::format("it is larger than {} bytes", limit)};
    }
  }
}

}  // namespace braid::cli
