#pragma once

#include <braid/stream.hpp>

#include <functional>
#include <optional>
#include <stop_token>

namespace braid {

// How far a call has come.
struct Progress {
  std::uint64_t bytes_in = 0;               // read so far
  std::uint64_t bytes_out = 0;              // written so far
  std::optional<std::uint64_t> total_in{};  // what will be read, when the source knows it
};

// What belongs to one call rather than to its configuration.
struct RunOptions {
  // Asks the call to end early with Errc::cancelled. Looked at between chunks, and within those of
  // xz, lzip and brotli: 100 ms apart at the most, unless a chunk of another format takes longer
  // (zstd from level 13 on: seconds, at 22 up to a minute) or brotli joins blocks at levels 10 and
  // 11.
  std::stop_token stop{};

  // Called now and then, from one thread at a time, between chunks. It cannot cancel the call.
  // An exception it throws ends the call and reaches the caller.
  std::function<void(const Progress&)> on_progress{};
};

// What a finished call did.
struct Transfer {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  StreamInfo stream{};  // what was written or read: format, check, number of streams, stored name
};

}  // namespace braid
