#pragma once

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "base/try.hpp"
#include "codec/format.hpp"

// Drives a codec through the seam as an engine would, without one.
namespace braid::codec::test {

// Text-like bytes that compress about 3:1, with a few incompressible stretches; the same each run.
inline std::string sample(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string text;
  text.reserve(size + 64);
  while (text.size() < size) {
    if (random() % 64 == 0) {
      for (int i = 0; i < 40; ++i) text.push_back(static_cast<char>(random() & 0xff));
    } else if (text.size() > 100 && random() % 3 != 0) {
      const std::size_t from = random() % (text.size() - 50);
      text += text.substr(from, 8 + random() % 40);
    } else {
      text += "word" + std::to_string(random() % 5000) + (random() % 9 == 0 ? "\n" : " ");
    }
  }
  text.resize(size);
  return text;
}

inline std::string noise(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random() & 0xff);
  return bytes;
}

inline std::string text(ByteView bytes) {
  return std::string(bytes.text());
}

// Encodes chunk by chunk, or through a StreamEncoder where the layout has no chunks.
inline Result<std::string> encode(const CompressionConfig& config, ByteView input,
                                  StreamPlan plan = {}) {
  BRAID_TRY(config.validate());
  const Format& row = format(config.algorithm());
  const std::size_t chunk_size = row.chunk_size == nullptr ? 0 : row.chunk_size(config);
  std::string out;
  if (chunk_size == 0) {
    BRAID_TRY_VALUE(auto encoder, row.make_stream_encoder(config));
    BRAID_TRY(encoder->reset(plan));
    std::vector<std::byte> room(1 << 16);
    for (;;) {
      BRAID_TRY_VALUE(const Step step, encoder->step(input, room, Flush::finish));
      input = input.drop(step.consumed);
      out += ByteView(room.data(), step.produced).text();
      if (step.state == StepState::finished) return out;
    }
  }
  BRAID_TRY_VALUE(auto encoder, row.make_chunk_encoder(config));
  BRAID_TRY_VALUE(auto framer, row.make_framer(config));
  ChunkPlace place;
  Piece piece;
  do {
    const ByteView chunk = input.first(chunk_size);
    input = input.drop(chunk.size());
    place.last = input.empty();
    Buffer head;
    if (place.index == 0) BRAID_TRY(framer->begin(plan, place.only(), head));
    BRAID_TRY(encoder->encode(chunk, place, piece));
    BRAID_TRY(framer->add(piece, chunk, place, head));
    out += text(head.view()) + text(piece.bytes.view());
    ++place.index;
    place.offset += chunk.size();
  } while (!place.last);
  Buffer tail;
  BRAID_TRY(framer->finish(tail));
  return out + text(tail.view());
}

// Decodes all streams of `bytes`, giving at most `in_step` and `out_step` bytes at a time.
inline Result<std::string> decode(Algorithm algorithm, ByteView bytes,
                                  const DecoderSettings& settings = {},
                                  std::size_t in_step = SIZE_MAX, std::size_t out_step = 1 << 16) {
  BRAID_TRY_VALUE(auto decoder, format(algorithm).make_stream_decoder(settings));
  std::string out;
  std::vector<std::byte> room(out_step);
  while (!bytes.empty()) {
    BRAID_TRY(decoder->reset());
    for (;;) {
      const ByteView in = bytes.first(in_step);
      const bool last = in.size() == bytes.size();
      BRAID_TRY_VALUE(const Step step, decoder->step(in, room, last ? Input::last : Input::more));
      bytes = bytes.drop(step.consumed);
      out += ByteView(room.data(), step.produced).text();
      if (step.state == StepState::finished) break;
      if (last && step.consumed == 0 && step.produced == 0) {
        return Error{.code = Errc::internal, .message = "no progress"};
      }
    }
  }
  return out;
}

// A buffer that grows to a limit.
class GrowingTarget final : public Target {
 public:
  explicit GrowingTarget(std::size_t limit = SIZE_MAX) : limit_(limit) {}

  Result<MutableBytes> room(std::size_t least) override {
    if (least > limit_ - size_) {
      return Error{.code = Errc::output_limit, .message = "no room"};
    }
    buffer_.resize(size_ + least);
    return buffer_.writable().subspan(size_);
  }

  void commit(std::size_t count) override { size_ += count; }

  [[nodiscard]] ByteView view() const override { return buffer_.view().first(size_); }

 private:
  Buffer buffer_;
  std::size_t size_ = 0;
  std::size_t limit_;
};

// Bytes in memory as a file.
class MemoryFile final : public RandomAccess {
 public:
  explicit MemoryFile(ByteView bytes) : bytes_(bytes) {}

  Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override {
    const ByteView rest =
        bytes_.drop(static_cast<std::size_t>(std::min<std::uint64_t>(offset, bytes_.size())));
    const ByteView read = rest.first(std::min(out.size(), rest.size()));
    std::ranges::copy(read, out.begin());
    read_ += read.size();
    return read.size();
  }

  // Bytes that were asked for in all.
  [[nodiscard]] std::size_t read() const noexcept { return read_; }

 private:
  ByteView bytes_;
  mutable std::size_t read_ = 0;
};

// What decoding in parts did.
struct Parts {
  std::string plain;
  std::size_t units = 0;       // of Kind::data
  std::size_t frames = 0;      // of Kind::frame
  std::size_t sequential = 0;  // streams left to a StreamDecoder
};

// Decodes in parts: cuts everything first, showing the splitter `reach` more bytes each time it
// asks, then decodes the units in random order and verifies them in order. `as_file`: the splitter
// may look at any place.
inline Result<Parts> decode_parts(Algorithm algorithm, ByteView bytes,
                                  const DecoderSettings& settings = {}, std::size_t reach = 1 << 20,
                                  bool as_file = false) {
  struct Cut {
    Split split;
    ByteView bytes;
    Decoded decoded;
    std::string plain;
    std::optional<Error> error;
  };

  const Format& row = format(algorithm);
  auto splitter = row.make_splitter();
  const MemoryFile file(bytes);
  if (as_file) splitter->look_at(file, bytes.size());
  BRAID_TRY_VALUE(auto unit_decoder, row.make_unit_decoder(settings));
  BRAID_TRY_VALUE(auto stream_decoder, row.make_stream_decoder(settings));
  auto verifier = row.make_verifier(settings);

  std::vector<Cut> cuts;
  const std::size_t whole = bytes.size();
  std::size_t visible = std::min(reach, bytes.size());
  for (;;) {
    const bool last = visible >= bytes.size();
    const Split split = splitter->next(bytes.first(visible), last);
    if (split.kind == Split::Kind::end) break;
    if (split.kind == Split::Kind::need_input) {
      if (last) return Error{.code = Errc::internal, .message = "splitter asks beyond the end"};
      visible = std::min(visible + reach, bytes.size());
      continue;
    }
    Cut cut{split, {}, {}, {}, {}};
    if (split.kind == Split::Kind::unit) {
      if (split.unit.size > visible || split.unit.size == 0) {
        return Error{.code = Errc::internal, .message = "unit beyond the view"};
      }
      cut.bytes = bytes.first(split.unit.size);
    } else {
      BRAID_TRY(stream_decoder->reset());
      std::vector<std::byte> room(1 << 16);
      std::size_t used = 0;
      for (;;) {
        BRAID_TRY_VALUE(const Step step, stream_decoder->step(bytes.drop(used), room, Input::last));
        used += step.consumed;
        cut.plain += ByteView(room.data(), step.produced).text();
        if (step.state == StepState::finished) break;
      }
      cut.bytes = bytes.first(used);
      splitter->resume(whole - bytes.size() + used);
    }
    visible -= std::min(visible, cut.bytes.size());
    bytes = bytes.drop(cut.bytes.size());
    visible = std::min(std::max(visible, reach), bytes.size());
    cuts.push_back(std::move(cut));
  }

  std::vector<Cut*> order;
  for (Cut& cut : cuts) {
    if (cut.split.kind == Split::Kind::unit && cut.split.unit.kind == Unit::Kind::data) {
      order.push_back(&cut);
    }
  }
  std::shuffle(order.begin(), order.end(), std::mt19937(7));
  for (Cut* cut : order) {
    GrowingTarget target;
    auto decoded = unit_decoder->decode(cut->bytes, cut->split.unit, target);
    if (decoded) {
      cut->decoded = *decoded;
      cut->plain = text(target.view());
    } else {
      cut->error = decoded.error();
    }
  }

  Parts parts;
  const auto sum = row.make_running_sum == nullptr ? nullptr : row.make_running_sum();
  for (Cut& cut : cuts) {
    if (cut.error) return *cut.error;
    parts.plain += cut.plain;
    if (cut.split.kind != Split::Kind::unit) {
      ++parts.sequential;
      continue;
    }
    if (sum != nullptr && cut.split.unit.kind == Unit::Kind::data) {
      sum->add(cut.split.unit, cut.plain, cut.decoded);
    }
    BRAID_TRY(verifier->add(cut.split.unit, cut.bytes, cut.decoded, cut.plain));
    ++(cut.split.unit.kind == Unit::Kind::data ? parts.units : parts.frames);
  }
  BRAID_TRY(verifier->finish());
  return parts;
}

}  // namespace braid::codec::test
