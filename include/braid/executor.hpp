#pragma once

#include <braid/export.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace braid {

// A move-only `void()` closure. One of at most `inline_bytes`, whose move does not throw, is held
// without allocating. Calling an empty task is undefined. One thread at a time.
class Task {
 public:
  static constexpr std::size_t inline_bytes = 48;  // with its table, one 64-byte cache line

  Task() noexcept = default;

  // Throws std::bad_alloc for closures that do not fit, and what moving the closure throws.
  template <typename F>

  requires(!std::same_as<std::remove_cvref_t<F>, Task> && std::invocable<std::decay_t<F>&>)
      Task(F&& closure) {  // NOLINT(google-explicit-constructor): a closure is a task
    using Closure = std::decay_t<F>;
    if constexpr (fits<Closure>) {
      ::new (storage()) Closure(std::forward<F>(closure));
      table_ = &held_inline<Closure>;
    } else {
      ::new (storage()) Closure*(new Closure(std::forward<F>(closure)));
      table_ = &held_apart<Closure>;
    }
  }

  Task(Task&& other) noexcept : table_(std::exchange(other.table_, nullptr)) {
    if (table_ != nullptr) table_->relocate(other.storage(), storage());
  }

  Task& operator=(Task&& other) noexcept {
    if (this == &other) return *this;
    reset();
    table_ = std::exchange(other.table_, nullptr);
    if (table_ != nullptr) table_->relocate(other.storage(), storage());
    return *this;
  }

  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  ~Task() { reset(); }

  explicit operator bool() const noexcept { return table_ != nullptr; }

  void operator()() { table_->call(storage()); }

 private:
  struct Table {
    void (*call)(void* closure);
    void (*relocate)(void* from, void* to) noexcept;  // leaves `from` destroyed
    void (*destroy)(void* closure) noexcept;
  };

  template <typename C>
  static constexpr bool fits =
      sizeof(C) <= inline_bytes &&
      alignof(C) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<C>;

  template <typename C>
  static constexpr Table held_inline{[](void* p) { (*static_cast<C*>(p))(); },
                                     [](void* from, void* to) noexcept {
                                       ::new (to) C(std::move(*static_cast<C*>(from)));
                                       std::destroy_at(static_cast<C*>(from));
                                     },
                                     [](void* p) noexcept { std::destroy_at(static_cast<C*>(p)); }};

  template <typename C>
  static constexpr Table held_apart{
      [](void* p) { (**static_cast<C**>(p))(); },
      [](void* from, void* to) noexcept { ::new (to) C*(*static_cast<C**>(from)); },
      [](void* p) noexcept { delete *static_cast<C**>(p); }};

  void reset() noexcept {
    if (table_ != nullptr) std::exchange(table_, nullptr)->destroy(storage());
  }

  void* storage() noexcept { return bytes_; }

  alignas(std::max_align_t) std::byte bytes_[inline_bytes];
  const Table* table_ = nullptr;
};

// Where braid's work runs. Implement it to lend braid the threads of your own scheduler.
//
// braid never waits for a task to be started: the calling thread does all the work that no task
// has taken up, so an executor that is busy, full, or refuses makes a call slower and never hangs
// it. A task may be started after its call has returned, and then ends at once without touching
// anything of the call. An executor must outlive the tasks it was given.
// Every member may be called from any thread at any time, from inside a task too.
class BRAID_API Executor {
 public:
  virtual ~Executor() = default;

  // Runs the task once, now or later, on any thread, or destroys it without running it. braid's own
  // tasks throw nothing. May throw: the task then counts as refused.
  virtual void execute(Task task) = 0;

  // How many tasks can run at the same time, not counting a thread that waits for them. Zero means
  // that there is nothing to gain from giving it any.
  [[nodiscard]] virtual unsigned concurrency() const noexcept = 0;

  // A guess whether tasks wait that no thread has taken up. A long task asks between two pieces of
  // its work and, if so, goes back to the end of the queue, so that concurrent calls share the
  // threads. The default is always fair and costs one execute() for each piece. An executor that
  // may run a task inside execute() answers false.
  [[nodiscard]] virtual bool backlog() const noexcept { return true; }
};

}  // namespace braid
