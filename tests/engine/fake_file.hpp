#pragma once

#include <braid/stream.hpp>

#include <algorithm>
#include <atomic>
#include <string>

#include "tests/engine/awkward_streams.hpp"

namespace braid::testing_streams {

// A file in memory that may say another size than it has.
class FakeFile final : public Source, public RandomAccess {
 public:
  FakeFile(std::string bytes, std::uint64_t said) : bytes_(std::move(bytes)), said_(said) {}

  Result<std::size_t> read(MutableBytes out) override {
    auto count = file_.read(out.first(std::min(out.size(), most_read)));
    if (count) read_in_turn += *count;
    return count;
  }

  Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override {
    if (throws_at < offset + out.size()) throw Thrown{"read_at"};
    ++reads_at;
    return file_.read_at(out, offset);
  }

  [[nodiscard]] std::optional<std::uint64_t> size() const override {
    return said_ - std::min(said_, bytes_.size() - *file_.size());
  }

  [[nodiscard]] const RandomAccess* random_access() const override { return this; }

  [[nodiscard]] Result<std::uint64_t> skip(std::uint64_t count) override {
    return can_skip ? file_.skip(count) : Source::skip(count);
  }

  // What read() would give.
  [[nodiscard]] ByteView rest() const { return *file_.view(); }

  std::size_t most_read = SIZE_MAX;  // that a read() gives
  std::size_t read_in_turn = 0;
  bool can_skip = true;
  std::uint64_t throws_at = UINT64_MAX;
  mutable std::atomic<int> reads_at = 0;

 private:
  std::string bytes_;
  std::uint64_t said_;
  MemorySource file_{bytes_};
};

}  // namespace braid::testing_streams
