#include <braid/error_reporter.hpp>

#include <new>
#include <utility>

#include "base/mutex.hpp"

namespace braid {

class ThreadSafeErrorReporter::Impl {
 public:
  explicit Impl(std::size_t capacity) : capacity_(capacity) { kept_.reserve(capacity); }

  std::uint64_t report(const Error& error, std::optional<std::uint64_t> task) noexcept {
    // Copied before the lock, so that others do not wait for the allocator.
    ErrorReport made{.task = task,
                     .thread = std::this_thread::get_id(),
                     .when = std::chrono::steady_clock::now(),
                     .date = std::chrono::system_clock::now(),
                     .error = copy(error)};
    const base::Lock lock(mutex_);
    made.sequence = ++sequence_;
    if (kept_.size() == capacity_) {
      ++dropped_;
    } else {
      kept_.push_back(std::move(made));  // room was made beforehand
    }
    return sequence_;
  }

  [[nodiscard]] Reports reports() const {
    const base::Lock lock(mutex_);
    return {.kept = kept_, .dropped = dropped_};
  }

  Reports drain() {
    std::vector<ErrorReport> fresh;
    fresh.reserve(capacity_);
    const base::Lock lock(mutex_);
    fresh.swap(kept_);
    return {.kept = std::move(fresh), .dropped = std::exchange(dropped_, 0)};
  }

  [[nodiscard]] std::uint64_t count() const noexcept {
    const base::Lock lock(mutex_);
    return kept_.size() + dropped_;
  }

 private:
  static Error copy(const Error& error) noexcept {
    try {
      return error;
    } catch (const std::bad_alloc&) {
      return {.code = error.code,
              .message = {},
              .algorithm = error.algorithm,
              .offset = error.offset,
              .chunk = error.chunk,
              .entry = {},
              .os_error = error.os_error};
    }
  }

  const std::size_t capacity_;
  mutable base::Mutex mutex_;
  std::vector<ErrorReport> kept_ BRAID_GUARDED_BY(mutex_);
  std::uint64_t dropped_ BRAID_GUARDED_BY(mutex_) = 0;
  std::uint64_t sequence_ BRAID_GUARDED_BY(mutex_) = 0;
};

ThreadSafeErrorReporter::ThreadSafeErrorReporter(std::size_t capacity)
    : impl_(std::make_unique<Impl>(capacity)) {}

ThreadSafeErrorReporter::~ThreadSafeErrorReporter() = default;

std::uint64_t ThreadSafeErrorReporter::report(const Error& error,
                                              std::optional<std::uint64_t> task) noexcept {
  return impl_->report(error, task);
}

ThreadSafeErrorReporter::Reports ThreadSafeErrorReporter::reports() const {
  return impl_->reports();
}

ThreadSafeErrorReporter::Reports ThreadSafeErrorReporter::drain() {
  return impl_->drain();
}

std::uint64_t ThreadSafeErrorReporter::count() const noexcept {
  return impl_->count();
}

}  // namespace braid
