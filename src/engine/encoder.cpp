#include <braid/stream.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "codec/cut.hpp"
#include "codec/format.hpp"

namespace braid {

class Encoder::Impl {
 public:
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  virtual ~Impl() = default;
  virtual Result<Step> step(ByteView in, MutableBytes out, Flush flush) = 0;
  virtual Result<void> reset() = 0;
};

namespace {

using codec::ChunkEncoder;
using codec::ChunkPlace;
using codec::Framer;

// A format without seams: the codec's own stream.
class SeamlessEncoder final : public Encoder::Impl {
 public:
  explicit SeamlessEncoder(std::unique_ptr<codec::StreamEncoder> encoder)
      : encoder_(std::move(encoder)) {}

  Result<Step> step(ByteView in, MutableBytes out, Flush flush) override {
    return encoder_->step(in, out, flush);
  }

  Result<void> reset() override { return encoder_->reset({}); }

 private:
  std::unique_ptr<codec::StreamEncoder> encoder_;
};

// A format with seams: gathers a chunk, encodes it, hands out the piece.
class ChunkedEncoder final : public Encoder::Impl {
 public:
  ChunkedEncoder(const codec::Format& format, CompressionConfig config,
                 std::unique_ptr<ChunkEncoder> encoder, std::unique_ptr<Framer> framer)
      : format_(format),
        config_(std::move(config)),
        chunk_size_(format.chunk_size(config_)),
        encoder_(std::move(encoder)),
        framer_(std::move(framer)) {}

  Result<Step> step(ByteView in, MutableBytes out, Flush flush) override {
    Step step;
    for (;;) {
      step.produced += hand_out(out.subspan(step.produced));
      if (pending()) return at(step, StepState::need_output);
      if (finished_) return at(step, StepState::finished);

      step.consumed += gather(in.drop(step.consumed));
      const bool more = step.consumed < in.size();
      const bool full = gathered() == chunk_size_;
      // A full chunk waits until it is known whether another follows.
      if (full && more) {
        BRAID_TRY(encode(false));
      } else if (flush == Flush::finish) {
        BRAID_TRY(encode(true));
      } else if (flush == Flush::flush && gathered() != 0) {
        BRAID_TRY(encode(false));
      } else {
        return at(step, StepState::need_input);
      }
    }
  }

  Result<void> reset() override {
    BRAID_TRY_VALUE(framer_, format_.make_framer(config_));
    plain_.clear();
    begin_ = 0;
    head_.clear();
    piece_.bytes.clear();
    tail_.clear();
    handed_out_ = 0;
    place_ = {};
    finished_ = false;
    return {};
  }

 private:
  static Step at(Step step, StepState state) {
    step.state = state;
    return step;
  }

  [[nodiscard]] std::size_t gathered() const { return plain_.size() - begin_; }

  [[nodiscard]] std::size_t ready() const {
    return head_.size() + piece_.bytes.size() + tail_.size();
  }

  [[nodiscard]] bool pending() const { return handed_out_ < ready(); }

  std::size_t gather(ByteView in) {
    const ByteView taken = in.first(chunk_size_ - gathered());
    if (taken.empty()) return 0;
    if (begin_ != 0) {
      std::memmove(plain_.data(), plain_.data() + begin_, gathered());
      plain_.resize(gathered());
      begin_ = 0;
    }
    plain_.append(taken);
    return taken.size();
  }

  // Encodes one chunk of what was gathered; `at_end`: no more input will follow what was gathered.
  Result<void> encode(bool at_end) {
    const ByteView data = plain_.view().drop(begin_);
    const std::size_t size = codec::cut(format_, config_, data);
    const ByteView chunk = data.first(size);
    place_.last = at_end && size == data.size();
    head_.clear();
    tail_.clear();
    handed_out_ = 0;
    if (place_.index == 0) BRAID_TRY(framer_->begin({}, place_.only(), head_));
    BRAID_TRY(encoder_->encode(chunk, place_, piece_));
    BRAID_TRY(framer_->add(piece_, chunk, place_, head_));
    if (place_.last) {
      BRAID_TRY(framer_->finish(tail_));
      finished_ = true;
    }
    begin_ += size;
    ++place_.index;
    place_.offset += size;
    return {};
  }

  std::size_t hand_out(MutableBytes out) {
    std::size_t produced = 0;
    std::size_t before = 0;
    for (const ByteView part : {head_.view(), piece_.bytes.view(), tail_.view()}) {
      const std::size_t skipped = handed_out_ > before ? handed_out_ - before : 0;
      const ByteView bytes = part.drop(skipped).first(out.size() - produced);
      if (!bytes.empty()) std::memcpy(out.data() + produced, bytes.data(), bytes.size());
      produced += bytes.size();
      handed_out_ += bytes.size();
      before += part.size();
    }
    return produced;
  }

  const codec::Format& format_;
  CompressionConfig config_;
  std::size_t chunk_size_;
  std::unique_ptr<ChunkEncoder> encoder_;
  std::unique_ptr<Framer> framer_;
  Buffer plain_;  // gathered input; chunks are taken from begin_
  std::size_t begin_ = 0;
  Buffer head_;
  codec::Piece piece_;
  Buffer tail_;
  std::size_t handed_out_ = 0;  // bytes of head, piece and tail already given to the caller
  ChunkPlace place_;
  bool finished_ = false;
};

}  // namespace

Encoder::Encoder(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;
Encoder::~Encoder() = default;

Result<Encoder> Encoder::make(const CompressionConfig& config) try {
  BRAID_TRY(config.validate());
  const codec::Format& format = codec::format(config.algorithm());
  if (format.chunk_size == nullptr || format.chunk_size(config) == 0) {
    BRAID_TRY_VALUE(auto encoder, format.make_stream_encoder(config));
    return Encoder(std::make_unique<SeamlessEncoder>(std::move(encoder)));
  }
  BRAID_TRY_VALUE(auto encoder, format.make_chunk_encoder(config));
  BRAID_TRY_VALUE(auto framer, format.make_framer(config));
  return Encoder(
      std::make_unique<ChunkedEncoder>(format, config, std::move(encoder), std::move(framer)));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for an encoder");
}

Result<Step> Encoder::step(ByteView in, MutableBytes out, Flush flush) try {
  auto result = impl_->step(in, out, flush);
  return result;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to encode a chunk");
}

Result<void> Encoder::reset() try { return impl_->reset(); } catch (const std::bad_alloc&) {
  return base::no_memory("no memory for an encoder");
}

}  // namespace braid
