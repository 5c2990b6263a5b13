#pragma once

#include <atomic>
#include <condition_variable>
#include <optional>
#include <stop_token>

#include "base/chunk_memory.hpp"
#include "base/mutex.hpp"
#include "engine/call.hpp"
#include "engine/decode_driver.hpp"
#include "engine/frontier_run.hpp"
#include "engine/packed_reader.hpp"
#include "engine/plain_sink.hpp"

namespace braid::engine {

// Reads what only a StreamDecoder can read, one step after the other. Where the engine has a second
// thread, and reading and writing take their time, a long stream is decoded ahead, so that they
// cost none of the decoder's. One thread at a time.
class StreamRun {
 public:
  // All are borrowed.
  StreamRun(CallSite& site, PackedReader& reader, std::stop_token stop)
      : site_(site),
        reader_(reader),
        stop_(std::move(stop)),
        pace_(site.executor().concurrency() + 1) {}

  // From now on tells where the file could be entered. Borrowed.
  void observe(SeekPointBuilder& points) noexcept { points_ = &points; }

  // Reads on from the reader's position to the end of the stream where `driver` stops at seams, and
  // to the end of the input otherwise: true at the end of the input. At the end of a stream the
  // last bytes may be held back. Errors: the driver's, the sink's, io, cancelled, out_of_memory.
  [[nodiscard]] Result<bool> run(DecodeDriver& driver, const PlainSink& write);

  // Plain bytes held back, so that tiny streams are written together. Who reads what follows, or
  // waits for it, has them written first.
  [[nodiscard]] std::size_t held() const noexcept { return held_; }

  // Writes them. Errors: the sink's.
  [[nodiscard]] Result<void> write_held(const PlainSink& write);

 private:
  // A block of input on its way through the decoder. Decoding stops where its room is full and goes
  // on when that was written.
  struct Block {
    std::uint64_t index = 0;
    std::uint64_t offset = 0;  // in the input
    ByteView packed;           // in `storage` or in the source's memory
    Input input = Input::more;
    std::size_t consumed = 0;
    std::size_t produced = 0;
    bool complete = false;  // all of it was decoded, or the stream ended in it
    std::optional<Error> error;
    Buffer storage{base::chunk_memory()};
    Buffer plain{base::chunk_memory()};
  };

  struct End {
    bool of_input = false;
    std::uint64_t offset = 0;
  };

  // What was decoded since something was written.
  struct SinceWrite {
    std::uint64_t start_ns = 0;
    std::uint64_t read_ns = 0;  // of that, reading
    std::uint64_t packed = 0;
    std::uint64_t plain = 0;
  };

  Result<void> write_paced(DecodeDriver& driver, const PlainSink& write);
  Result<bool> run_in_steps(DecodeDriver& driver, const PlainSink& write);
  Result<bool> run_observed(DecodeDriver& driver, const PlainSink& write);
  Result<bool> run_frontier(DecodeDriver& driver, const PlainSink& write, FrontierPlan plan);
  Result<bool> run_ahead(DecodeDriver& driver, const PlainSink& write);
  Result<bool> produce(Block& block);
  void work(DecodeDriver& driver, Block& block) BRAID_EXCLUDES(mutex_);
  void decode(DecodeDriver& driver, Block& block) BRAID_REQUIRES(mutex_);
  Result<void> consume(DecodeDriver& driver, Block& block, const PlainSink& write)
      BRAID_EXCLUDES(mutex_);

  CallSite& site_;
  PackedReader& reader_;
  std::stop_token stop_;
  Buffer room_;
  std::size_t held_ = 0;  // plain bytes in the room's front, to be written
  SeekPointBuilder* points_ = nullptr;
  std::uint64_t plain_ = 0;  // of streams read step by step, over all runs
  SinceWrite since_write_;
  FrontierPace pace_;
  unsigned slow_transfers_ = 0;  // more than quick ones

  // Of one run_ahead(). Blocks pass in their order, whoever works on them.
  base::Mutex mutex_;
  std::condition_variable passed_;
  std::uint64_t turn_ BRAID_GUARDED_BY(mutex_) = 0;  // the block whose work() comes next
  std::uint64_t next_ BRAID_GUARDED_BY(mutex_) = 0;  // the first block that is not decoded whole
  std::optional<End> end_ BRAID_GUARDED_BY(mutex_);
  std::atomic<bool> ended_ = false;          // nothing more is to be read: an end, or an error
  std::atomic<std::size_t> block_bytes_{0};  // of input that fill a block's room, by experience
  std::uint64_t produced_blocks_ = 0;
  bool sent_last_ = false;
  Buffer left_over_;  // input behind the end
};

}  // namespace braid::engine
