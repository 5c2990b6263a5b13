#pragma once

#include <braid/codec.hpp>
#include <braid/executor.hpp>
#include <braid/file.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace braid {

// What an Engine is made with. Behaviour does not depend on any of it: the bytes are the same for
// every number of threads and every limit.
struct EngineOptions {
  // Threads that work on a call, the calling one included. 0: as many as this process may use CPUs
  // (affinity mask, cgroup quota; BRAID_THREADS overrides), less `reserve`.
  unsigned threads = 0;

  // CPUs to leave free when `threads` is 0. At least one thread works all the same.
  unsigned reserve = 0;

  // Most bytes that chunks, pieces and codec contexts of all calls together may hold. 0: half of
  // the memory this process may use (cgroup, rlimit, physical). A call that cannot have what it
  // would like runs with fewer threads; one that cannot have the least it needs is memory_limit.
  // Beyond it, encoders that wait idle for the next call hold a sixteenth of it at most, and
  // decoders what a small file takes, one a thread and format.
  std::uint64_t memory_limit = 0;

  // Threads of the caller's own, instead of the engine's. Borrowed; must outlive the engine.
  Executor* executor = nullptr;

  // Records what each thread does when, for trace_json(). About 40 bytes a chunk and stage.
  bool trace = false;

  // Where result buffers are allocated. Thread-safe; must outlive the engine and every Buffer it
  // gave out. Null: std::pmr::get_default_resource(). Where that is the heap, a pool's results of 1
  // to 16 KiB are recycled instead of going through it; at most 3 MiB are kept for that, once a
  // process.
  std::pmr::memory_resource* memory = nullptr;
};

// What one of the engine's lanes did. Lane 0 is the calling thread. Times are of the wall clock.
struct LaneStats {
  std::uint64_t tasks = 0;          // chunks worked on
  std::uint64_t bytes_in = 0;       // taken by the codec
  std::uint64_t bytes_out = 0;      // made by the codec
  std::uint64_t busy_ns = 0;        // in the codec
  std::uint64_t wait_input_ns = 0;  // nothing to do: the input had not come yet
  std::uint64_t wait_order_ns = 0;  // nothing to do: an earlier chunk was not done
};

// What an engine has done since it was made. Every number only grows. Taken while calls run, each
// number is exact but they may be of slightly different moments.
struct EngineStats {
  std::uint64_t calls = 0;           // begun
  std::uint64_t peak_memory = 0;     // most bytes the calls held at once, of the limit
  std::uint64_t wait_memory_ns = 0;  // waited for other calls to give memory back
  std::uint64_t in_flight_peak = 0;  // most chunks on their way at once in one call
  std::uint64_t read_ns = 0;         // reading and cutting the input
  std::uint64_t codec_ns = 0;        // encoding or decoding, all lanes together
  std::uint64_t write_ns = 0;        // framing, verifying and writing, in order
  std::vector<LaneStats> lanes;
};

// Threads, a memory budget and codec contexts, made once and shared by any number of calls.
// Every member may be called from any thread. The destructor waits for nothing: calls must have
// ended. Neither copyable nor movable.
class BRAID_API Engine {
 public:
  // Starts the threads; where the system refuses some, goes on with the others (thread_reason()
  // says so). Throws std::bad_alloc.
  explicit Engine(const EngineOptions& options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Threads that work on a call, the calling one included.
  [[nodiscard]] unsigned threads() const noexcept;

  // How that number came about: "2: affinity mask 2 CPUs, no cgroup quota".
  [[nodiscard]] const std::string& thread_reason() const noexcept;

  [[nodiscard]] std::uint64_t memory_limit() const noexcept;

  [[nodiscard]] EngineStats stats() const;

  // Calls body(0) to body(count - 1), each once, on all threads, in no particular order, and
  // returns when all have ended. The bodies may use this engine: a thread without a body of its own
  // helps the calls of the others, so that many small and a few large jobs finish together on
  // threads() threads. An exception out of a body ends the run: bodies that were not begun are left
  // out, and it is rethrown here. Throws std::bad_alloc.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& body);

  // Everything recorded so far in the Trace Event Format, which Perfetto and chrome://tracing open;
  // an empty trace unless EngineOptions::trace was set.
  [[nodiscard]] std::string trace_json() const;

  class Impl;

  [[nodiscard]] Impl& impl() const noexcept { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Compresses and decompresses on all threads of an engine, into and from standard streams. The
// results are those of the functions of <braid/codec.hpp> and <braid/file.hpp>, byte for byte and
// error for error; so are the contracts, but for memory, which the engine's budget bounds, and for
// cancellation, which takes effect within one chunk.
//
// Formats or layouts without seams (AlgorithmInfo::has_seams) run on one thread.
// Every member is const and may be called from many threads; the calls share the engine's threads.
// Borrows the engine, which must outlive it.
class BRAID_API ParallelCompressor {
 public:
  explicit ParallelCompressor(Engine& engine, CompressionConfig config = CompressionConfig());

  [[nodiscard]] const CompressionConfig& config() const noexcept { return config_; }

  [[nodiscard]] Result<Buffer> compress(ByteView input) const;

  [[nodiscard]] Result<Buffer> decompress(ByteView input,
                                          const DecompressionConfig& config = {}) const;

  [[nodiscard]] Result<Transfer> compress(Source& source, Sink& sink,
                                          const RunOptions& options = {}) const;

  [[nodiscard]] Result<Transfer> decompress(Source& source, Sink& sink,
                                            const DecompressionConfig& config = {},
                                            const RunOptions& options = {}) const;

  [[nodiscard]] Result<Transfer> compress_file(const std::filesystem::path& input,
                                               const std::filesystem::path& output,
                                               const FileOptions& options = {}) const;

  [[nodiscard]] Result<Transfer> decompress_file(const std::filesystem::path& input,
                                                 const std::filesystem::path& output,
                                                 const DecompressionConfig& config = {},
                                                 const FileOptions& options = {}) const;

 private:
  Engine* engine_;
  CompressionConfig config_;
};

}  // namespace braid
