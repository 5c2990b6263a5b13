#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace braid::cli {

// Turns SIGINT, SIGTERM and SIGHUP into a stop request while a file is being written, so that the
// unfinished output is removed by the code that made it; the program then dies by the same signal
// (die_if_caught). While no file is being written, and when a second signal comes, it dies at once.
// Signals that were ignored when the program started stay ignored (nohup).
//
// Where no thread can be started for it, signals kill at once.
//
// Make one before any other thread: the signals are blocked in this thread and those it starts, and
// taken by a thread of this object. SIGPIPE is ignored, so that writing to a closed pipe is an
// error that can be told.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  [[nodiscard]] std::stop_token token() const noexcept { return stop_.get_token(); }

  // Becomes readable when a stop is requested: to be polled beside input that may never come.
  [[nodiscard]] int descriptor() const noexcept { return wake_[0]; }

  [[nodiscard]] bool caught() const noexcept { return caught_.load() != 0; }

  // Ends the process by the signal that was caught, if any was.
  void die_if_caught() const noexcept;

  // While any lives, a signal asks for a stop instead of killing the process.
  class Critical {
   public:
    explicit Critical(SignalWatch& watch) noexcept : watch_(watch) { ++watch_.critical_; }

    ~Critical() { --watch_.critical_; }

    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;

   private:
    SignalWatch& watch_;
  };

 private:
  void wait_for_signals() noexcept;

  sigset_t watched_{};
  std::stop_source stop_;
  int wake_[2] = {-1, -1};
  std::atomic<int> caught_ = 0;
  std::atomic<int> critical_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;  // last: it uses all the others
};

// Ends the process as `signal` does when nobody handles it.
[[noreturn]] void die_by(int signal) noexcept;

// Gives standard input, output and error a descriptor each if the caller closed one, in a form that
// fails on use: else the next file opened would be written to as standard output.
void occupy_standard_descriptors() noexcept;

}  // namespace braid::cli
