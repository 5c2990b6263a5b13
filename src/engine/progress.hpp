#pragma once

#include <braid/run.hpp>

#include <chrono>

#include "parallel/failure.hpp"

namespace braid::engine {

// Keeps the caller informed, and asks whether to go on. One thread at a time.
class ProgressReporter {
 public:
  ProgressReporter(const RunOptions& options, const Source& source)
      : ProgressReporter(options, source.size()) {}

  // `total`: bytes that will be read, where that is known. The options are borrowed.
  ProgressReporter(const RunOptions& options, std::optional<std::uint64_t> total)
      : options_(options), total_(total) {}

  // Called between pieces of work. Errors: cancelled.
  [[nodiscard]] Result<void> update(const Transfer& transfer) {
    if (options_.stop.stop_requested()) {
      return Error{.code = Errc::cancelled, .message = "stopped on request"};
    }
    if (!options_.on_progress) return {};
    const auto now = std::chrono::steady_clock::now();
    if (now - reported_ < interval) return {};
    reported_ = now;
    report(transfer);
    return {};
  }

  // The last word, when all is done.
  void finish(const Transfer& transfer) {
    if (options_.on_progress) report(transfer);
  }

 private:
  // Often enough for a smooth display, seldom enough to cost nothing.
  static constexpr std::chrono::milliseconds interval{50};

  void report(const Transfer& transfer) {
    parallel::call_user([&] {
      options_.on_progress(
          {.bytes_in = transfer.bytes_in, .bytes_out = transfer.bytes_out, .total_in = total_});
    });
  }

  const RunOptions& options_;
  std::optional<std::uint64_t> total_;
  std::chrono::steady_clock::time_point reported_{};
};

}  // namespace braid::engine
