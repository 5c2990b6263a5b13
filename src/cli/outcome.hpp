#pragma once

#include <braid/run.hpp>

#include <string>

#include "cli/personality.hpp"

namespace braid::cli {

// What was done to one file.
struct Outcome {
  Action action = Action::compress;
  std::string file;    // "-" for standard input
  std::string output;  // "-" for standard output, empty when nothing was written
  Transfer transfer{};
  double seconds = 0;

  // Which of the two sizes is which.
  [[nodiscard]] std::uint64_t compressed() const noexcept {
    return action == Action::compress ? transfer.bytes_out : transfer.bytes_in;
  }

  [[nodiscard]] std::uint64_t plain() const noexcept {
    return action == Action::compress ? transfer.bytes_in : transfer.bytes_out;
  }
};

// One format and level, measured.
struct BenchRow {
  std::string_view format;
  int level = 0;
  std::uint64_t plain = 0;
  std::uint64_t compressed = 0;
  double compress_seconds = 0;
  double restore_seconds = 0;

  // Plain bytes, in millions.
  [[nodiscard]] double speed(double seconds) const noexcept {
    return seconds > 0 ? static_cast<double>(plain) / seconds / 1e6 : 0;
  }
};

// Sums over the files of a list.
struct Totals {
  std::uint64_t files = 0;
  std::uint64_t compressed = 0;
  std::uint64_t plain = 0;
};

}  // namespace braid::cli
