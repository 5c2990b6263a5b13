#pragma once

#include <braid/stream.hpp>

#include "base/try.hpp"
#include "parallel/failure.hpp"

namespace braid::engine {

// Hands out a source a buffer at a time, or all at once when it lies in memory, without a copy.
// One thread at a time; the source must outlive it.
class SourceReader {
 public:
  explicit SourceReader(Source& source) : source_(source), view_(source.view()) {
    if (view_) {
      rest_ = *view_;
      ended_ = true;
    }
  }

  // Bytes read but not consumed; more are read when there are none. Empty only at the end.
  [[nodiscard]] Result<ByteView> ahead() {
    if (rest_.empty() && !ended_) {
      storage_.resize(read_bytes);
      BRAID_TRY_VALUE(const std::size_t count,
                      parallel::call_user([this] { return source_.read(storage_.writable()); }));
      ended_ = count == 0;
      rest_ = storage_.view().first(count);
    }
    return rest_;
  }

  // Nothing follows what ahead() returned last.
  [[nodiscard]] bool ended() const noexcept { return ended_; }

  void consume(std::size_t count) noexcept { rest_ = rest_.drop(count); }

 private:
  // Large enough that system calls do not show, small enough to stay in the second-level cache
  // beside a decoder's window.
  static constexpr std::size_t read_bytes = 256 << 10;

  Source& source_;
  std::optional<ByteView> view_;
  Buffer storage_;
  ByteView rest_;
  bool ended_ = false;
};

}  // namespace braid::engine
