#include <algorithm>
#include <utility>

#include "codec/lzma/lzma.hpp"
#include "codec/lzma/xz_decoder.hpp"
#include "codec/lzma/xz_units.hpp"

namespace braid::codec::lzma {

namespace {

// Checks each stream's index and footer against the blocks that were decoded. The blocks' own
// checks are the UnitDecoder's.
class XzVerifier final : public Verifier {
 public:
  explicit XzVerifier(std::uint64_t memory_limit) : memory_limit_(memory_limit) {}

  Result<void> add(const Unit& unit, ByteView bytes, const Decoded& decoded,
                   ByteView /*plain*/) override {
    if (unit.kind == Unit::Kind::data) return add_block(decoded);
    if (bytes.size() < unit.size || bytes.empty()) return truncated();
    if (in_stream_) return end_stream(bytes);
    if (bytes[0] == std::byte{0}) return {};  // padding, in fours
    return begin_stream(bytes);
  }

  // The decoder takes the sums with it. History is not needed: blocks do not share any.
  Result<std::unique_ptr<StreamDecoder>> take_over(ByteView /*history*/) override {
    if (!in_stream_) return std::unique_ptr<StreamDecoder>();
    in_stream_ = false;
    return std::make_unique<XzDecoder>(memory_limit_, flags_, std::move(seen_));
  }

  [[nodiscard]] bool may_take_over() const override { return true; }

  void describe(StreamInfo& info) const override {
    info.streams += streams_;
    if (described_) info.check = check_name(flags_.check);
  }

  Result<void> finish() override {
    if (in_stream_) return truncated();
    return {};
  }

 private:
  static Error truncated() {
    return {.code = Errc::truncated, .message = "the stream ends too early"};
  }

  Result<void> begin_stream(ByteView bytes) {
    if (bytes.size() != LZMA_STREAM_HEADER_SIZE) return truncated();
    const lzma_ret code = lzma_stream_header_decode(&flags_, octets(bytes));
    if (code != LZMA_OK) return decode_error(code, "the stream header is malformed");
    seen_.reset();
    in_stream_ = true;
    described_ = true;
    return {};
  }

  Result<void> add_block(const Decoded& decoded) {
    const lzma_ret code = lzma_index_hash_append(seen_.get(), decoded.tag, decoded.plain_size);
    if (code != LZMA_OK) return decode_error(code, "the blocks are longer than the format allows");
    return {};
  }

  // Index and footer, as in a stream that is read in sequence.
  Result<void> end_stream(ByteView bytes) {
    in_stream_ = false;
    XzDecoder decoder(memory_limit_, flags_, std::move(seen_));
    auto step = decoder.step(bytes, {}, Input::last);
    if (!step) {
      const bool cut = step.error().code == Errc::truncated;
      step.error().offset = cut ? bytes.size() : decoder.part_start();
      return std::move(step).error();
    }
    if (step->state != StepState::finished || step->consumed != bytes.size()) {
      return Error{.code = Errc::corrupt, .message = "the index does not match the blocks"};
    }
    ++streams_;
    return {};
  }

  std::uint64_t memory_limit_;
  bool in_stream_ = false;
  bool described_ = false;  // flags_ are those of a stream
  std::uint64_t streams_ = 0;
  lzma_stream_flags flags_{};
  IndexHash seen_;
};

}  // namespace

std::unique_ptr<Verifier> make_verifier(const DecoderSettings& settings) {
  return std::make_unique<XzVerifier>(settings.memory_limit);
}

}  // namespace braid::codec::lzma
