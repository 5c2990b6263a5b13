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
  Transfer transfer;
  double seconds = 0;

  // Which of the two sizes is which.
  [[nodiscard]] std::uint64_t compressed() const noexcept {
    return action == Action::compress ? transfer.bytes_out : transfer.bytes_in;
  }

  [[nodiscard]] std::uint64_t plain() const noexcept {
    return action == Action::compress ? transfer.bytes_in : transfer.bytes_out;
  }
};

// Sums over the files of a list.
struct Totals {
  std::uint64_t files = 0;
  std::uint64_t compressed = 0;
  std::uint64_t plain = 0;
};

}  // namespace braid::cli
