#pragma once

#include <braid/stream.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace braid::archive {

// A source whose first bytes can be looked at before it is read, and that counts what was read.
class PeekedSource final : public Source {
 public:
  // Enough for a tar header and every signature.
  static constexpr std::size_t most = 1024;

  explicit PeekedSource(Source& source) noexcept : source_(source) {}

  // The first bytes, fewer than `most` only when there are no more. Before the first read().
  [[nodiscard]] Result<ByteView> peek() {
    while (filled_ < most) {
      auto count = source_.read(MutableBytes(first_).subspan(filled_));
      if (!count) return std::move(count).error();
      if (*count == 0) break;
      filled_ += *count;
    }
    return ByteView(first_).first(filled_);
  }

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override {
    if (given_ < filled_) {
      const std::size_t count = std::min(out.size(), filled_ - given_);
      std::memcpy(out.data(), first_.data() + given_, count);
      given_ += count;
      total_.fetch_add(count, std::memory_order_relaxed);
      return count;
    }
    auto count = source_.read(out);
    if (count) total_.fetch_add(*count, std::memory_order_relaxed);
    return count;
  }

  [[nodiscard]] std::optional<std::uint64_t> size() const override {
    const auto rest = source_.size();
    if (!rest) return std::nullopt;
    return *rest + (filled_ - given_);
  }

  [[nodiscard]] const RandomAccess* random_access() const override {
    return source_.random_access();
  }

  [[nodiscard]] Result<std::uint64_t> skip(std::uint64_t count) override {
    const auto ready = static_cast<std::size_t>(std::min<std::uint64_t>(count, filled_ - given_));
    auto position = source_.skip(count - ready);
    if (!position) return position;
    given_ += ready;
    total_.fetch_add(count, std::memory_order_relaxed);
    return *position - (filled_ - given_);
  }

  // Bytes read or skipped so far; from any thread.
  [[nodiscard]] std::uint64_t total() const noexcept {
    return total_.load(std::memory_order_relaxed);
  }

 private:
  Source& source_;
  std::array<std::byte, most> first_;
  std::size_t filled_ = 0;
  std::size_t given_ = 0;
  std::atomic<std::uint64_t> total_ = 0;
};

}  // namespace braid::archive
