#pragma once

#include <condition_variable>
#include <mutex>

// Locks that clang's -Wthread-safety can check: a member marked BRAID_GUARDED_BY(mutex_) is only
// touched while mutex_ is held, or the clang build fails.
#if defined(__clang__)
#define BRAID_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define BRAID_THREAD_ATTRIBUTE(x)
#endif
#define BRAID_GUARDED_BY(m) BRAID_THREAD_ATTRIBUTE(guarded_by(m))
#define BRAID_REQUIRES(m) BRAID_THREAD_ATTRIBUTE(requires_capability(m))
#define BRAID_EXCLUDES(m) BRAID_THREAD_ATTRIBUTE(locks_excluded(m))

namespace braid::base {

class BRAID_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  void lock() BRAID_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }

  void unlock() BRAID_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

  bool try_lock() BRAID_THREAD_ATTRIBUTE(try_acquire_capability(true)) { return mutex_.try_lock(); }

  std::mutex& native() { return mutex_; }

 private:
  std::mutex mutex_;
};

// Holds a Mutex for a scope; condition variables wait on it.
class BRAID_THREAD_ATTRIBUTE(scoped_lockable) Lock {
 public:
  explicit Lock(Mutex& mutex) BRAID_THREAD_ATTRIBUTE(acquire_capability(mutex))
      : lock_(mutex.native()) {}

  ~Lock() BRAID_THREAD_ATTRIBUTE(release_capability()) = default;

  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  // For std::condition_variable. The mutex is held again when a wait returns.
  std::unique_lock<std::mutex>& native() { return lock_; }

  void unlock() BRAID_THREAD_ATTRIBUTE(release_capability()) { lock_.unlock(); }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace braid::base
