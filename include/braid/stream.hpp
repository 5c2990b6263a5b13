#pragma once

#include <braid/config.hpp>

#include <memory>
#include <string>

namespace braid {

// What one step did and what it waits for.
enum class StepState : std::uint8_t {
  need_input,   // everything so far is written out; give more input (or finish)
  need_output,  // more is ready than there was room for; give room
  finished,     // the stream is complete; further input was not looked at
};

struct Step {
  std::size_t consumed = 0;  // bytes taken from the front of the input
  std::size_t produced = 0;  // bytes written to the front of the output
  StepState state = StepState::need_input;
};

// What an encoder does after taking all of the input.
enum class Flush : std::uint8_t {
  none,    // keep what it likes for better compression
  flush,   // write out all that was given so far, so that a decoder can restore it
  finish,  // end the stream
};

// Whether more input may follow what a decoder is given.
enum class Input : std::uint8_t { more, last };

// Compresses one stream a step at a time: no I/O, and no allocation after make() but for the first
// use of its buffers. The bytes are those of compress() for the same input and configuration,
// however input and output are split; each Flush::flush ends a chunk early and so changes them.
// One thread at a time; may move between threads.
class BRAID_API Encoder {
 public:
  // Errors: invalid_argument, unsupported_feature, out_of_memory.
  [[nodiscard]] static Result<Encoder> make(const CompressionConfig& config);

  Encoder(Encoder&&) noexcept;
  Encoder& operator=(Encoder&&) noexcept;
  ~Encoder();

  // Takes from `in`, writes to `out`. Call again with what was not consumed; with Flush::flush
  // until need_input, with Flush::finish until finished.
  // After an error only reset() is of use. Errors: those of the codec, never `truncated`.
  [[nodiscard]] Result<Step> step(ByteView in, MutableBytes out, Flush flush = Flush::none);

  // Forgets the current stream; the next step begins a new one with the same configuration.
  [[nodiscard]] Result<void> reset();

  class Impl;

 private:
  explicit Encoder(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

// What is known of the stream at hand.
struct StreamInfo {
  Algorithm algorithm = Algorithm::none;
  std::uint64_t streams = 0;                    // complete members, frames or streams so far
  std::string check;                            // "CRC-32", "XXH64", "none"...
  std::optional<std::uint64_t> content_size{};  // stored by the stream now being read
  std::string stored_name;                      // gzip FNAME of the first member, as stored
  std::string comment;                          // gzip FCOMMENT of the first member
  std::uint32_t stored_time = 0;                // gzip MTIME of the first member, 0 = none
};

// Restores everything that a file of one format may hold: concatenated streams, skippable frames,
// padding. One thread at a time; may move between threads.
class BRAID_API Decoder {
 public:
  // With no algorithm in `config` the first bytes given decide; they must then be enough to tell.
  // Errors: invalid_argument, unsupported_feature, out_of_memory.
  [[nodiscard]] static Result<Decoder> make(const DecompressionConfig& config = {});

  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();

  // Takes from `in`, writes to `out`. `finished` comes only with Input::last, once the last stream
  // ended and nothing follows, or, under Trailing::ignore, where the rest begins. Streams before a
  // damaged one are given whole before the error is told.
  // Errors: corrupt, truncated (only with Input::last), checksum_mismatch, unsupported_feature,
  // unknown_format, trailing_data, output_limit, memory_limit, out_of_memory; Error::offset counts
  // from the first byte given since make() or reset().
  [[nodiscard]] Result<Step> step(ByteView in, MutableBytes out, Input input);

  [[nodiscard]] Result<void> reset();

  [[nodiscard]] const StreamInfo& info() const noexcept;

  class Impl;

 private:
  explicit Decoder(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

// Bytes that can be read at any place.
class BRAID_API RandomAccess {
 public:
  virtual ~RandomAccess() = default;

  // Reads from byte `offset` on, fewer bytes than `out` holds only at the end. From any number of
  // threads at once. Errors: io.
  [[nodiscard]] virtual Result<std::size_t> read_at(MutableBytes out,
                                                    std::uint64_t offset) const = 0;

  // A hint that these bytes will be read soon, so that fetching them can begin. Does not wait.
  virtual void will_read(std::uint64_t offset, std::uint64_t count) const noexcept;

 protected:
  RandomAccess() = default;
  RandomAccess(const RandomAccess&) = default;
  RandomAccess& operator=(const RandomAccess&) = default;
};

// Where bytes come from. Used by one thread at a time, but for random_access().
class BRAID_API Source {
 public:
  virtual ~Source() = default;

  // Reads at most out.size() bytes, fewer only at the end or when no more are there yet.
  // 0 means the end (out is never empty). Errors: io.
  [[nodiscard]] virtual Result<std::size_t> read(MutableBytes out) = 0;

  // Bytes that are left to read, when that is known.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }

  // All that is left, when it lies in memory: lets callers work without copying. Does not consume.
  [[nodiscard]] virtual std::optional<ByteView> view() const { return std::nullopt; }

  // What was there when nothing had been read yet, at any place and without moving on; null where
  // the only way is forwards. Lets formats with tables at the end be read by them, and parts be
  // read by the threads that decode them; size() must then be known.
  [[nodiscard]] virtual const RandomAccess* random_access() const { return nullptr; }

  // Moves on by `count` bytes, no more than size(), as if they had been read, and tells where
  // read() goes on as random_access() counts. With it, calls of several threads read a source at
  // several places at once. Errors: io; invalid_argument where reading is the only way on, as here.
  [[nodiscard]] virtual Result<std::uint64_t> skip(std::uint64_t count);

 protected:
  Source() = default;
  Source(const Source&) = default;
  Source& operator=(const Source&) = default;
};

// Where bytes go. Implementations are used by one thread at a time.
class BRAID_API Sink {
 public:
  virtual ~Sink() = default;

  // Writes all of it. Errors: io.
  [[nodiscard]] virtual Result<void> write(ByteView bytes) = 0;

 protected:
  Sink() = default;
  Sink(const Sink&) = default;
  Sink& operator=(const Sink&) = default;
};

// Reads memory that somebody else owns.
class BRAID_API MemorySource final : public Source, public RandomAccess {
 public:
  explicit MemorySource(ByteView bytes) noexcept : whole_(bytes), rest_(bytes) {}

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return rest_.size(); }

  [[nodiscard]] std::optional<ByteView> view() const override { return rest_; }

  [[nodiscard]] Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override;

  [[nodiscard]] const RandomAccess* random_access() const override { return this; }

  [[nodiscard]] Result<std::uint64_t> skip(std::uint64_t count) override;

 private:
  ByteView whole_;
  ByteView rest_;
};

// Appends to a buffer that somebody else owns.
class BRAID_API BufferSink final : public Sink {
 public:
  explicit BufferSink(Buffer& buffer) noexcept : buffer_(&buffer) {}

  // Errors: out_of_memory.
  [[nodiscard]] Result<void> write(ByteView bytes) override;

 private:
  Buffer* buffer_;
};

// Counts what it is given and forgets it.
class BRAID_API NullSink final : public Sink {
 public:
  [[nodiscard]] Result<void> write(ByteView bytes) override {
    count_ += bytes.size();
    return {};
  }

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  std::uint64_t count_ = 0;
};

}  // namespace braid
