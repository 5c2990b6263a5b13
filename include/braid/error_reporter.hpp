#pragma once

#include <braid/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace braid {

// One failure as a ThreadSafeErrorReporter keeps it. Algorithm, offset, chunk and file are the
// error's own.
struct ErrorReport {
  std::uint64_t sequence = 0;           // 1, 2, 3... in the order of the reports, gaps included
  std::optional<std::uint64_t> task{};  // the caller's number for the piece of work
  std::thread::id thread{};             // that reported
  std::chrono::steady_clock::time_point when{};  // for differences
  std::chrono::system_clock::time_point date{};  // for people
  Error error;
};

// Gathers the failures of many threads. Reporting never fails and never waits for memory that is
// not there: a report that finds no room is counted, and the count is part of what readers get.
// Keeps the first `capacity` reports, since the first failure explains those that follow.
//
// Every member may be called from any thread. Results are copies: nothing that a caller holds
// changes or goes away. Neither copyable nor movable.
// Cost: a short lock and a copy of the message.
class BRAID_API ThreadSafeErrorReporter {
 public:
  // Room for that many reports is made here. Throws std::bad_alloc.
  explicit ThreadSafeErrorReporter(std::size_t capacity = 1024);
  ~ThreadSafeErrorReporter();
  ThreadSafeErrorReporter(const ThreadSafeErrorReporter&) = delete;
  ThreadSafeErrorReporter& operator=(const ThreadSafeErrorReporter&) = delete;

  // Returns the report's sequence number, which counts also those that were dropped. When there is
  // no memory for the message the report is kept without it.
  std::uint64_t report(const Error& error, std::optional<std::uint64_t> task = {}) noexcept;

  struct Reports {
    std::vector<ErrorReport> kept;  // by sequence number
    std::uint64_t dropped = 0;      // came when there was no room
  };

  // A copy of what is kept. Throws std::bad_alloc, with nothing lost.
  [[nodiscard]] Reports reports() const;

  // Takes everything out: each report is in exactly one result of drain(), or still here.
  // Throws std::bad_alloc, with nothing lost.
  [[nodiscard]] Reports drain();

  // Reports that came since the last drain(), dropped ones too.
  [[nodiscard]] std::uint64_t count() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace braid
