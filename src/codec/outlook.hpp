#pragma once

#include <algorithm>
#include <optional>

#include "codec/codec.hpp"

namespace braid::codec {

// What a Splitter sees of the bytes behind the last unit: those that were read so far, or the rest
// of a file of which only what is looked at is read.
class Outlook {
 public:
  // `count` bytes from `offset` on, fewer where there are no more. Valid until the next call.
  [[nodiscard]] virtual ByteView at(std::uint64_t offset, std::size_t count) = 0;

  // How many there are.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  // Nothing follows them.
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 protected:
  Outlook(std::uint64_t size, bool ended) noexcept : size_(size), ended_(ended) {}

  ~Outlook() = default;

 private:
  std::uint64_t size_;
  bool ended_;
};

class ViewOutlook final : public Outlook {
 public:
  ViewOutlook(ByteView ahead, bool ended) noexcept : Outlook(ahead.size(), ended), ahead_(ahead) {}

  [[nodiscard]] ByteView at(std::uint64_t offset, std::size_t count) override {
    return ahead_.drop(static_cast<std::size_t>(std::min<std::uint64_t>(offset, size())))
        .first(count);
  }

 private:
  ByteView ahead_;
};

// The `size` bytes from `begin` on, up to the end of a file, which must outlive it. What cannot be
// read is as if it were not there, and remembered. Throws what the file throws, std::bad_alloc.
class FileOutlook final : public Outlook {
 public:
  FileOutlook(const RandomAccess& file, std::uint64_t begin, std::uint64_t size) noexcept
      : Outlook(size, true), file_(file), begin_(begin) {}

  [[nodiscard]] ByteView at(std::uint64_t offset, std::size_t count) override {
    if (offset >= size()) return {};
    room_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(count, size() - offset)));
    const auto read = file_.read_at(room_.writable(), begin_ + offset);
    if (!read && !failure_) failure_ = read.error();
    return room_.view().first(read ? *read : 0);
  }

  // The first error of the file.
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

 private:
  const RandomAccess& file_;
  std::uint64_t begin_;
  Buffer room_;
  std::optional<Error> failure_;
};

// A Splitter that looks at headers alone, so that reading and hopping are one.
class HeaderSplitter : public Splitter {
 public:
  Split next(ByteView ahead, bool last) final {
    ViewOutlook seen(ahead, last);
    return look(seen);
  }

  std::optional<Split> hop(Outlook& rest) final { return look(rest); }

 protected:
  // There are too few bytes to tell.
  static Split wait(const Outlook& ahead) {
    return {.kind = ahead.ended() ? Split::Kind::sequential : Split::Kind::need_input};
  }

 private:
  // As next() and hop() are told; there is something ahead.
  virtual Split cut(Outlook& ahead) = 0;

  Split look(Outlook& ahead) {
    if (ahead.size() != 0) return cut(ahead);
    return {.kind = ahead.ended() ? Split::Kind::end : Split::Kind::need_input};
  }
};

}  // namespace braid::codec
