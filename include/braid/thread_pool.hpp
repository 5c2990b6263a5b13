#pragma once

#include <braid/engine.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace braid {

class ThreadSafeErrorReporter;

// Names an accepted task for as long as its result has not been taken. Never reused by a pool.
enum class Ticket : std::uint64_t {};

enum class Priority : std::uint8_t { low, normal, high };

// What submit() does while the queue is full.
enum class WhenFull : std::uint8_t {
  wait,    // works on queued tasks itself, and waits when there are none to work on
  refuse,  // Errc::busy at once
};

// How a task ended: exactly one for each task that was accepted.
struct PoolResult {
  std::uint64_t id = 0;  // the caller's own number, as submitted
  Ticket ticket{};
  Result<Buffer> result;  // the bytes; or the error, `cancelled` if the task was never begun
};

// How one task is to be done. The defaults: the pool's configuration, normal priority, waiting.
struct TaskOptions {
  // Compress with this instead of the pool's configuration. Borrowed until submit() returns.
  const CompressionConfig* config = nullptr;

  // Compress into this format at its default level; `config` goes before.
  std::optional<Algorithm> algorithm{};

  // Decompress like this instead of as the pool's options say. Its dictionary is borrowed until
  // the task has ended.
  std::optional<DecompressionConfig> decompression{};

  Priority priority = Priority::normal;  // higher ones are begun first, equals in their order

  WhenFull when_full = WhenFull::wait;

  // Longest time to wait for room; Errc::busy beyond. Does no work on queued tasks meanwhile,
  // unless the engine has no other thread to do it.
  std::optional<std::chrono::nanoseconds> patience{};

  // Called with the result, by the thread that worked on it, instead of keeping the result for
  // next() or get(). Must not wait for the pool. What it throws is caught; shutdown() rethrows the
  // first.
  std::function<void(PoolResult)> on_done{};
};

struct ThreadPoolOptions {
  // Most tasks that may wait to be begun. At least 1.
  std::size_t queue_limit = 256;

  // Most results that may wait to be taken: beyond it the threads rest, the queue fills, and
  // submit() waits until somebody takes one. 0: no limit. With a limit, the thread that takes
  // results must not be one that waits in submit().
  std::size_t result_limit = 0;

  // Threads that work at once, a waiting caller included. 0: all of the engine's.
  unsigned threads = 0;

  DecompressionConfig decompression{};  // for decompression tasks; the dictionary is borrowed

  // Told of every task that failed, as chunk number `id`. Borrowed; must outlive the pool.
  ThreadSafeErrorReporter* errors = nullptr;
};

struct ThreadPoolStats {
  std::uint64_t accepted = 0;  // = succeeded + failed + cancelled + queued + running
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t queued = 0;      // now: not begun
  std::uint64_t running = 0;     // now: being worked on
  std::uint64_t waiting = 0;     // now: ended, not taken
  std::uint64_t queue_peak = 0;  // most that were ever queued
};

// Compresses and decompresses many buffers on the threads of an engine, each on one thread with a
// context that is kept for the next.
//
//   CompressionThreadPool pool(engine, CompressionConfig(Algorithm::zstd));
//   for (const Page& page : pages) pool.submit(page.number, page.bytes).value();
//   while (auto done = pool.next()) store(done->id, done->result.value());
//
// The calling thread counts among the engine's threads: it works on queued tasks while it waits in
// submit(), next(), get() or take_all(). With an engine of one thread all work is done there.
// The bytes are those of braid::compress() with the task's configuration.
//
// Every member may be called from any thread, callbacks excepted, which may only submit with
// WhenFull::refuse. Neither copyable nor movable. Borrows the engine, which must outlive it.
// Cost: under a microsecond of CPU for a task, and no allocation but the result.
class BRAID_API CompressionThreadPool {
 public:
  enum class Shutdown : std::uint8_t {
    drain,   // what was accepted is done
    cancel,  // what has not begun becomes `cancelled`; what runs is asked to stop
  };

  // A bad `config` is the error of each task that uses it. Throws std::bad_alloc.
  explicit CompressionThreadPool(Engine& engine, CompressionConfig config = CompressionConfig(),
                                 ThreadPoolOptions options = {});

  // shutdown(cancel), and the results that nobody took are destroyed.
  ~CompressionThreadPool();
  CompressionThreadPool(const CompressionThreadPool&) = delete;
  CompressionThreadPool& operator=(const CompressionThreadPool&) = delete;

  // Accepts a task that compresses `input`. A view is borrowed until the task has ended; a buffer
  // is moved in and freed with the task. `id` is the caller's own and need not be unique.
  // Errors: busy (full, or out of patience), cancelled (shut down), out_of_memory.
  Result<Ticket> submit(std::uint64_t id, ByteView input, const TaskOptions& options = {});
  Result<Ticket> submit(std::uint64_t id, Buffer&& input, const TaskOptions& options = {});

  // The same for a task that decompresses.
  Result<Ticket> submit_decompress(std::uint64_t id, ByteView packed,
                                   const TaskOptions& options = {});
  Result<Ticket> submit_decompress(std::uint64_t id, Buffer&& packed,
                                   const TaskOptions& options = {});

  // Takes the result that has waited longest, waiting for one while tasks are queued or running.
  // None when every accepted task's result has been taken.
  [[nodiscard]] std::optional<PoolResult> next();

  // Takes a result if one is there. Works on a task when the engine has no other thread.
  [[nodiscard]] std::optional<PoolResult> try_next();

  // next() that gives up after `patience`, without working on tasks while other threads can.
  [[nodiscard]] std::optional<PoolResult> next_for(std::chrono::nanoseconds patience);

  // Takes the result of one task, waiting for it. Errors of the result: the task's;
  // invalid_argument when the ticket was taken already, or belongs to a task with a callback.
  [[nodiscard]] PoolResult get(Ticket ticket);

  // get() that gives up after `patience`, with nothing.
  [[nodiscard]] std::optional<PoolResult> get_for(Ticket ticket, std::chrono::nanoseconds patience);

  // Waits for everything that was accepted and takes all results, in the order of their completion.
  [[nodiscard]] std::vector<PoolResult> take_all();

  // Refuses new tasks from now on and returns when all that were accepted have ended; submit()
  // calls that wait return `cancelled`. Results stay until they are taken. May be called again, a
  // cancel after a drain too. Rethrows the first exception that a callback threw.
  void shutdown(Shutdown mode);

  [[nodiscard]] ThreadPoolStats stats() const;

  class Impl;

 private:
  std::shared_ptr<Impl> impl_;  // shared with threads that the executor may start late
};

}  // namespace braid
