#pragma once

#include <braid/run.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace braid::cli {

// One line on standard error that is drawn over itself while a file is worked on: bytes in and out,
// ratio, speed, time left. One thread at a time.
class ProgressLine {
 public:
  // Switched off, it draws nothing. `restoring`: the input is what is compressed.
  ProgressLine(bool on, bool restoring) noexcept : on_(on), restoring_(restoring) {}

  [[nodiscard]] bool is_on() const noexcept { return on_; }

  // A new file begins.
  void begin(std::string name);

  // Draws, at most ten times a second.
  void update(const Progress& progress);

  // update() for RunOptions; nothing when it is switched off.
  [[nodiscard]] std::function<void(const Progress&)> callback() {
    if (!on_) return {};
    return [this](const Progress& progress) { update(progress); };
  }

  // Leaves the line empty for other text.
  void erase();

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::string text(const Progress& progress, Clock::time_point now) const;

  bool on_;
  bool restoring_;
  bool drawn_ = false;
  std::string name_;
  Clock::time_point begun_;
  Clock::time_point drawn_at_;
};

}  // namespace braid::cli
