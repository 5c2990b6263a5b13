#include "cli/file_batch.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include "cli/signals.hpp"

namespace braid::cli {

namespace {

using Clock = std::chrono::steady_clock;

// What reads or writes one stream, or asks for one file, is no matter of many threads.
bool one_by_one(const Settings& settings) {
  const bool writes = settings.action == Action::compress || settings.action == Action::decompress;
  return settings.output.has_value() || (writes && settings.to_stdout);
}

}  // namespace

FileBatch::FileBatch(const Run& run, Report& report)
    : run_(run),
      report_(report),
      together_(run.work.engine().threads() > 1 && !one_by_one(run.settings)) {}

void FileBatch::standard_input() {
  flush();
  report_.progress().begin("standard input");
  const Clock::time_point begun = Clock::now();
  Finished finished = FileJob(run_, report_.progress().callback()).standard_input();
  finished.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  tell(finished);
}

void FileBatch::file(const std::string& path) {
  if (together_) {
    const auto output = FileJob(run_).output_of(path);
    // One that writes what another reads or writes waits for it.
    const bool meets = touched_.contains(path) || (output && touched_.contains(*output));
    if (meets || slots_.size() == most_waiting) flush();
    touched_.insert(path);
    if (output) touched_.insert(*output);
  }
  slots_.push_back({.path = path});
  if (!together_) flush();
}

void FileBatch::tell(std::function<void(Report&)> word) {
  slots_.push_back({.path = {}, .word = std::move(word)});
  if (slots_.size() == most_waiting) flush();
}

void FileBatch::flush() {
  next_ = 0;
  if (slots_.size() == 1) {
    work(0);
  } else if (!slots_.empty()) {
    run_.work.engine().for_each(slots_.size(), [this](std::size_t slot) { work(slot); });
  }
  slots_.clear();
  touched_.clear();
}

// The file whose turn to be told is next is the one whose progress is shown.
std::function<void(const Progress&)> FileBatch::progress_of(std::size_t slot) {
  if (!report_.progress().is_on()) return {};
  return [this, slot](const Progress& progress) {
    const std::lock_guard lock(mutex_);
    if (slot == next_) report_.progress().update(progress);
  };
}

void FileBatch::work(std::size_t slot) {
  Slot& at = slots_[slot];
  Finished finished{.name = at.path, .output = {}, .result = Transfer()};
  if (at.word == nullptr) {
    {
      const std::lock_guard lock(mutex_);
      if (slot == next_) report_.progress().begin(at.path);
    }
    const Clock::time_point begun = Clock::now();
    finished = FileJob(run_, progress_of(slot)).file(at.path);
    finished.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  }
  const std::lock_guard lock(mutex_);
  at.finished = std::move(finished);
  tell_finished();
}

void FileBatch::tell_finished() {
  for (; next_ < slots_.size() && slots_[next_].finished; ++next_) {
    const Slot& slot = slots_[next_];
    if (slot.word != nullptr) {
      slot.word(report_);
    } else {
      tell(*slot.finished);
    }
    if (next_ + 1 < slots_.size()) report_.progress().begin(slots_[next_ + 1].path);
  }
}

void FileBatch::tell(const Finished& finished) {
  report_.progress().erase();
  run_.signals.die_if_caught();
  if (!finished.result) {
    const Error& error = finished.result.error();
    // Whoever read our output has had enough: end without a word, as if SIGPIPE had been left
    // alone.
    if (finished.output == "-" && error.os_error == EPIPE) die_by(SIGPIPE);
    return report_.error(finished.name, error);
  }
  const Outcome outcome{.action = run_.settings.action,
                        .file = finished.name,
                        .output = finished.output,
                        .transfer = *finished.result,
                        .seconds = finished.seconds};
  if (run_.settings.action == Action::list) return report_.list_row(outcome);
  report_.result(outcome);
}

}  // namespace braid::cli
