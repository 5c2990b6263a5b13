#pragma once

#include <braid/stream.hpp>

#include <algorithm>
#include <optional>
#include <stop_token>
#include <string>

// Sources and sinks that behave as badly as they may.
namespace braid::testing_streams {

// Hands out pieces of many sizes, as a pipe does.
class PieceSource final : public Source {
 public:
  // `says`: what size() will be, rightly or not.
  explicit PieceSource(ByteView bytes, std::optional<std::uint64_t> says = std::nullopt)
      : rest_(bytes), says_(says) {}

  Result<std::size_t> read(MutableBytes out) override {
    const std::size_t piece = 1 + (rest_.size() * 7919) % 70000;
    const ByteView part = rest_.first(std::min(piece, out.size()));
    std::copy_n(part.data(), part.size(), out.data());
    rest_ = rest_.drop(part.size());
    return part.size();
  }

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return says_; }

 private:
  ByteView rest_;
  std::optional<std::uint64_t> says_;
};

// At most `most` bytes a read.
class DripSource final : public Source {
 public:
  DripSource(ByteView bytes, std::size_t most) : bytes_(bytes), most_(most) {}

  Result<std::size_t> read(MutableBytes out) override {
    return bytes_.read(out.first(std::min(most_, out.size())));
  }

 private:
  MemorySource bytes_;
  std::size_t most_;
};

enum class Failure : std::uint8_t { none, error, thrown };

// Derives from nothing: whoever catches only standard exceptions loses it.
struct Thrown {
  std::string where;
};

inline Error fail(Failure failure, const char* where) {
  if (failure == Failure::thrown) throw Thrown{where};
  return {.code = Errc::io, .message = where};
}

// A pipe that breaks after so many bytes.
class FailingSource final : public Source {
 public:
  FailingSource(ByteView bytes, Failure failure, std::size_t at)
      : rest_(failure == Failure::none ? bytes : bytes.first(at)), failure_(failure) {}

  Result<std::size_t> read(MutableBytes out) override {
    if (rest_.empty() && failure_ != Failure::none) {
      failed_ = true;
      return fail(failure_, "source");
    }
    const ByteView part = rest_.first(std::min<std::size_t>(1 + rest_.size() / 3, out.size()));
    std::copy_n(part.data(), part.size(), out.data());
    rest_ = rest_.drop(part.size());
    return part.size();
  }

  [[nodiscard]] bool failed() const { return failed_; }

 private:
  ByteView rest_;
  Failure failure_;
  bool failed_ = false;
};

// Keeps what it is given; fails, or asks for a stop, when it would have more than so many bytes.
class FailingSink final : public Sink {
 public:
  FailingSink(Failure failure, std::size_t at) : failure_(failure), at_(at) {}

  void stop_at(std::stop_source stop, std::size_t bytes) {
    stop_ = std::move(stop);
    stop_at_ = bytes;
  }

  Result<void> write(ByteView bytes) override {
    if (failure_ != Failure::none && written_.size() + bytes.size() > at_) {
      failed_ = true;
      return fail(failure_, "sink");
    }
    written_.append(bytes);
    if (written_.size() >= stop_at_) stop_.request_stop();
    return {};
  }

  [[nodiscard]] ByteView written() const { return written_.view(); }

  [[nodiscard]] bool failed() const { return failed_; }

 private:
  Failure failure_;
  std::size_t at_;
  bool failed_ = false;
  Buffer written_;
  std::stop_source stop_{std::nostopstate};
  std::size_t stop_at_ = SIZE_MAX;
};

}  // namespace braid::testing_streams
