#pragma once

#include <condition_variable>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/chunk_memory.hpp"
#include "base/mutex.hpp"
#include "codec/ahead.hpp"
#include "engine/call.hpp"
#include "engine/decode_driver.hpp"
#include "engine/frontier_pace.hpp"
#include "engine/packed_reader.hpp"
#include "engine/plain_sink.hpp"
#include "engine/seek_points.hpp"
#include "parallel/task_group.hpp"

namespace braid::engine {

// Plain bytes that the frontier puts out at a time: they stay in the second-level cache.
inline constexpr std::size_t slice_bytes = 512 << 10;

// What one run may hold; planned from the memory at hand.
struct FrontierPlan {
  unsigned threads = 2;        // the calling one included
  std::size_t most_plain = 0;  // of an excerpt
  std::size_t segments = 0;    // of the input, at once
  std::size_t outputs = 0;     // not yet written
  std::size_t excerpts = 0;    // at once
  parallel::MemoryBudget::Reservation memory{};

  // The largest plan that there is memory for at once; nothing when there is too little for any.
  [[nodiscard]] static std::optional<FrontierPlan> make(CallSite& site);
};

// Reads a stream that has no seams on several threads: one of them, the frontier, decodes as
// always, whichever is free; the others decode excerpts from further on, over which the frontier
// leaps. The input is cut into segments; each belongs to the frontier or to one excerpt, which are
// given out so that an excerpt is about done when the frontier arrives: decoding ahead costs about
// as much again. docs/decisions/0002-frontier-and-excerpts.md tells why it is done so.
//
// The calling thread reads and writes, and works when it has neither to do. Where nothing can be
// decoded ahead and writing takes little time, it is the frontier too: threads that wake each other
// for every slice would cost more than they gain.
class FrontierRun {
 public:
  // All but plan and pace are borrowed. `driver` stands where the reader does, and is_frontier().
  FrontierRun(CallSite& site, PackedReader& reader, DecodeDriver& driver, std::stop_token stop,
              FrontierPlan plan, FrontierPace pace);

  // From now on tells where the file could be entered. Borrowed.
  void observe(SeekPointBuilder* points) noexcept { points_ = points; }

  // Reads to the end of the input. Errors: the driver's, of checks, the sink's, io, cancelled,
  // out_of_memory.
  [[nodiscard]] Result<void> run(const PlainSink& write);

 private:
  // A stretch of the input.
  struct Segment {
    enum class State : std::uint8_t {
      empty,     // there is none
      waiting,   // nobody has begun with it
      decoding,  // somebody decodes an excerpt
      ready,     // there is one
      taken,     // the frontier's, or nothing came of it
    };
    State state = State::empty;
    bool passed = false;  // the frontier is behind it: forget the excerpt
    std::uint64_t number = 0;
    std::uint64_t offset = 0;
    std::size_t size = 0;
    bool last = false;
    Buffer storage;
    ByteView bytes;  // and what follows, as an excerpt needs it
    std::unique_ptr<codec::Excerpt> excerpt;

    [[nodiscard]] std::uint64_t end() const noexcept { return offset + size; }
  };

  // Plain bytes on their way to the sink, in order.
  struct Output {
    enum class State : std::uint8_t { empty, unresolved, resolving, ready };
    State state = State::empty;
    Buffer plain;
    std::size_t size = 0;
    codec::SummedPart part;
    std::unique_ptr<codec::Excerpt> excerpt;  // instead
    std::optional<Error> error;               // behind the plain bytes
    bool finished = false;
  };

  // What a thread may do next.
  struct Job {
    enum class Kind : std::uint8_t { none, frontier, resolve, decode };
    Kind kind = Kind::none;
    Segment* segment = nullptr;
    Output* output = nullptr;
  };

  // What the calling thread does next: the first that is there.
  struct CallerJob {
    Output* put = nullptr;
    Segment* fill = nullptr;
    Job job{};
  };

  // Of the calling thread.
  Result<void> run_caller(const PlainSink& write);
  Result<void> fill(Segment& segment);
  Result<void> put(Output& output, const PlainSink& write);
  CallerJob next_caller_job() BRAID_EXCLUDES(mutex_);
  [[nodiscard]] bool wants_segment() BRAID_REQUIRES(mutex_);
  [[nodiscard]] bool may_go_solo() BRAID_EXCLUDES(mutex_);
  Result<bool> run_solo(const PlainSink& write);
  void give_back_input();
  void call_helpers();
  void dismiss_helpers() BRAID_EXCLUDES(mutex_);

  // Of any thread.
  enum class Who : std::uint8_t { caller, helper };
  void help(unsigned slot);
  [[nodiscard]] Job find_job(Who who) BRAID_REQUIRES(mutex_);
  [[nodiscard]] Job take_job(Who who) BRAID_REQUIRES(mutex_);
  [[nodiscard]] bool frontier_may_run() BRAID_REQUIRES(mutex_);
  [[nodiscard]] Segment* next_to_decode() BRAID_REQUIRES(mutex_);
  void wake_all() BRAID_REQUIRES(mutex_);
  void wake_helpers() BRAID_REQUIRES(mutex_);
  void work(const Job& job, unsigned slot);
  void decode(Segment& segment, unsigned slot);
  void resolve(Output& output);

  // Of the thread that is the frontier.
  void advance(Output& output);
  void step(Segment& segment, Output& output);
  [[nodiscard]] bool leap(Segment& segment, Output& output);
  void publish(Output& output, std::uint64_t consumed_before, std::uint64_t start_ns);
  void pass_segments() BRAID_REQUIRES(mutex_);
  void drop_excerpt(Segment& segment) BRAID_REQUIRES(mutex_);
  void empty(Segment& segment) BRAID_REQUIRES(mutex_);

  [[nodiscard]] Segment& segment(std::uint64_t number) {
    return segments_[static_cast<std::size_t>(number % segments_.size())];
  }

  [[nodiscard]] Output& output(std::uint64_t number) {
    return outputs_[static_cast<std::size_t>(number % outputs_.size())];
  }

  CallSite& site_;
  PackedReader& reader_;
  DecodeDriver& driver_;  // of the frontier
  std::stop_token stop_;
  FrontierPlan plan_;
  const codec::Ahead& ahead_;
  std::unique_ptr<codec::PartChecker> checker_;
  SeekPointBuilder* points_ = nullptr;                          // of the frontier
  std::vector<std::unique_ptr<codec::AheadDecoder>> decoders_;  // by slot, made when first used

  base::Mutex mutex_;
  std::condition_variable caller_wakes_;
  std::condition_variable helpers_wake_;
  std::vector<Segment> segments_;
  std::vector<Output> outputs_;
  // Free ones, of which the last used, which may still be in the cache, is used next.
  std::vector<Buffer> storages_ BRAID_GUARDED_BY(mutex_);
  std::vector<Buffer> slices_ BRAID_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<codec::Excerpt>> excerpts_ BRAID_GUARDED_BY(mutex_);
  std::uint64_t first_segment_ BRAID_GUARDED_BY(mutex_) = 0;  // where the frontier is
  std::uint64_t filled_ BRAID_GUARDED_BY(mutex_) = 0;
  std::uint64_t first_output_ BRAID_GUARDED_BY(mutex_) = 0;
  std::uint64_t next_output_ BRAID_GUARDED_BY(mutex_) = 0;
  bool frontier_busy_ BRAID_GUARDED_BY(mutex_) = false;
  bool frontier_ended_ BRAID_GUARDED_BY(mutex_) = false;
  const Segment* awaited_ BRAID_GUARDED_BY(mutex_) = nullptr;  // whose excerpt the frontier needs
  bool stopping_ BRAID_GUARDED_BY(mutex_) = false;
  std::vector<unsigned> free_slots_ BRAID_GUARDED_BY(mutex_);  // of threads that are not called
  FrontierPace pace_ BRAID_GUARDED_BY(mutex_);
  bool input_ended_ = false;  // all of it is in segments

  parallel::TaskGroup helpers_;  // they end before what they work on
};

}  // namespace braid::engine
