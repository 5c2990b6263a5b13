#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include "cli/file_job.hpp"
#include "cli/report.hpp"

namespace braid::cli {

// Works on many files at once, on the engine's threads, and tells of them in their order: as soon
// as a file and all before it are done. A few large and many small ones finish together, since a
// thread without a file of its own helps with those of the others. What goes to standard output or
// is asked for by -o goes one by one. One thread at a time.
class FileBatch {
 public:
  FileBatch(const Run& run, Report& report);
  ~FileBatch() { flush(); }

  FileBatch(const FileBatch&) = delete;
  FileBatch& operator=(const FileBatch&) = delete;

  void standard_input();

  // A file that is no folder.
  void file(const std::string& path);

  // Something to be told when all before it has been.
  void tell(std::function<void(Report&)> word);

  // Works on what waits, until all of it is done and told.
  void flush();

 private:
  // Enough to keep threads busy, and few enough to be held.
  static constexpr std::size_t most_waiting = 4096;

  struct Slot {
    std::string path;                     // empty: only `word`
    std::function<void(Report&)> word{};  // to be told
    std::optional<Finished> finished{};
  };

  [[nodiscard]] std::function<void(const Progress&)> progress_of(std::size_t slot);
  void work(std::size_t slot);
  void tell_finished();
  void tell(const Finished& finished);

  const Run& run_;
  Report& report_;
  bool together_;
  std::deque<Slot> slots_;
  std::unordered_set<std::string> touched_;  // by what waits: inputs and outputs
  std::mutex mutex_;                         // of all below, and of the report, while working
  std::size_t next_ = 0;                     // to be told
};

}  // namespace braid::cli
