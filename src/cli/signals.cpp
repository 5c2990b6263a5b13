#include "cli/signals.hpp"

#include <system_error>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

namespace braid::cli {

namespace {

// Wakes the watching thread to its end. Its default action is to be ignored, so that nobody misses
// it.
constexpr int wake_signal = SIGWINCH;

bool is_ignored(int signal) noexcept {
  struct sigaction action {};

  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

void die_by(int signal) noexcept {
  std::signal(signal, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  raise(signal);
  _exit(128 + signal);  // not reached unless the signal's default is not to kill
}

void occupy_standard_descriptors() noexcept {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    // Descriptors are given out from the lowest: this one. The wrong mode makes its use EBADF.
    if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor) _exit(1);
  }
}

SignalWatch::SignalWatch() {
  std::signal(SIGPIPE, SIG_IGN);
  sigemptyset(&watched_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(signal)) sigaddset(&watched_, signal);
  }
  sigaddset(&watched_, wake_signal);
  // Without the pipe a stop still takes effect when the input next has something to say.
  if (pipe2(wake_, O_CLOEXEC) != 0) wake_[0] = wake_[1] = -1;
  pthread_sigmask(SIG_BLOCK, &watched_, nullptr);
  try {
    thread_ = std::thread([this] { wait_for_signals(); });
  } catch (const std::system_error&) {
    // Nobody to take the signals: they kill, as they do any program.
    pthread_sigmask(SIG_UNBLOCK, &watched_, nullptr);
  }
}

SignalWatch::~SignalWatch() {
  ending_ = true;
  if (thread_.joinable()) {
    pthread_kill(thread_.native_handle(), wake_signal);
    thread_.join();
  }
  close(wake_[0]);
  close(wake_[1]);
}

void SignalWatch::wait_for_signals() noexcept {
  while (!ending_) {
    int signal = 0;
    if (sigwait(&watched_, &signal) != 0 || signal == wake_signal) continue;
    if (critical_ == 0 || caught_ != 0) die_by(signal);
    caught_ = signal;
    stop_.request_stop();
    // One byte is never taken out again: the descriptor stays readable for every reader.
    [[maybe_unused]] const ssize_t written = write(wake_[1], "", 1);
  }
}

void SignalWatch::die_if_caught() const noexcept {
  if (const int signal = caught_.load(); signal != 0) die_by(signal);
}

}  // namespace braid::cli
