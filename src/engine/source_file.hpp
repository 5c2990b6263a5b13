#pragma once

#include <braid/stream.hpp>

#include <optional>

#include "base/try.hpp"
#include "parallel/failure.hpp"

namespace braid::engine {

inline Error shorter_than_said(std::uint64_t end) {
  return {.code = Errc::io, .message = "the input became shorter while it was read", .offset = end};
}

// What a source reads from, at any place and by any number of threads, without moving the source
// on. Offsets count from where the source once stood. What the source's own code throws is passed
// on as such (parallel::call_user()). The source must outlive it.
class SourceFile final : public RandomAccess {
 public:
  // `before`: bytes that were read since the source stood at offset 0. Nothing where the source is
  // only read forwards.
  [[nodiscard]] static std::optional<SourceFile> find(Source& source, std::uint64_t before) {
    return parallel::call_user([&]() -> std::optional<SourceFile> {
      const RandomAccess* const file = source.random_access();
      if (file == nullptr) return std::nullopt;
      const auto at = source.skip(0);
      if (!at) return std::nullopt;
      return SourceFile(*file, *at - before);
    });
  }

  [[nodiscard]] Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override {
    return parallel::call_user([&] { return file_->read_at(out, begin_ + offset); });
  }

  void will_read(std::uint64_t offset, std::uint64_t count) const noexcept override {
    file_->will_read(begin_ + offset, count);
  }

  // All of these bytes, and nothing else, into `into`. Errors: io, also where the file has become
  // shorter, which `offset` tells. Throws std::bad_alloc.
  [[nodiscard]] Result<void> read(std::uint64_t offset, std::uint64_t size, Buffer& into) const {
    into.clear();
    into.reserve(static_cast<std::size_t>(size));
    into.resize(static_cast<std::size_t>(size));
    BRAID_TRY_VALUE(const std::size_t count, read_at(into.writable(), offset));
    if (count != size) return shorter_than_said(offset + count);
    return {};
  }

 private:
  SourceFile(const RandomAccess& file, std::uint64_t begin) noexcept
      : file_(&file), begin_(begin) {}

  const RandomAccess* file_;
  std::uint64_t begin_;
};

}  // namespace braid::engine
