#include "codec/lzma/xz_decoder.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/try.hpp"
#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

XzDecoder::XzDecoder(std::uint64_t memory_limit, const lzma_stream_flags& flags, IndexHash seen)
    : stage_(Stage::block_start),
      flags_(flags),
      flags_known_(true),
      whole_(false),
      seen_(std::move(seen)),
      block_(memory_limit) {}

Result<Step> XzDecoder::step(ByteView in, MutableBytes out, Input input) {
  Step step;
  for (;;) {
    const std::size_t before = step.consumed;
    auto done = read_stage(in.drop(step.consumed), out.subspan(step.produced), step);
    if (!done) return located(std::move(done).error());
    position_ += step.consumed - before;
    if (stage_ == Stage::done) {
      step.state = StepState::finished;
      return step;
    }
    if (*done) continue;
    const bool starved = step.consumed == in.size() && step.state == StepState::need_input;
    if (starved && input == Input::last) {
      return Error{.code = Errc::truncated, .message = "the stream ends too early"};
    }
    return step;
  }
}

Result<bool> XzDecoder::read_stage(ByteView in, MutableBytes out, Step& step) {
  step.state = StepState::need_input;
  switch (stage_) {
    case Stage::header:
      return read_header(in, step);
    case Stage::block_start:
      return read_block_start(in, step);
    case Stage::block_header:
      return read_block_header(in, step);
    case Stage::block:
      return read_block(in, out, step);
    case Stage::index:
      return read_index(in, step);
    case Stage::footer:
      return read_footer(in, step);
    case Stage::done:
      break;
  }
  return true;
}

Result<bool> XzDecoder::read_header(ByteView in, Step& step) {
  static constexpr std::array<std::uint8_t, 6> magic = {0xfd, '7', 'z', 'X', 'Z', 0x00};
  if (!gathered_.agrees(in, magic)) {
    return Error{.code = Errc::unknown_format,
                 .message = "the data does not begin with the signature of xz",
                 .offset = 0};
  }
  if (!gathered_.take(in, LZMA_STREAM_HEADER_SIZE, step)) return false;
  const lzma_ret code =
      lzma_stream_header_decode(&flags_, octets({gathered_.data(), LZMA_STREAM_HEADER_SIZE}));
  if (code != LZMA_OK) return decode_error(code, "the stream header is malformed");
  if (lzma_check_is_supported(flags_.check) == 0) return decode_error(LZMA_UNSUPPORTED_CHECK, "");
  flags_known_ = true;
  stage_ = Stage::block_start;
  return true;
}

Result<bool> XzDecoder::read_block_start(ByteView in, Step& /*step*/) {
  if (in.empty()) return false;
  part_start_ = position_;
  block_header_size_ = block_header_size(in[0]);
  stage_ = block_header_size_ == 0 ? Stage::index : Stage::block_header;
  return true;
}

Result<bool> XzDecoder::read_block_header(ByteView in, Step& step) {
  if (!gathered_.take(in, block_header_size_, step)) return false;
  // Block Flags: both sizes are there (xz file format 1.1, 3.1.2).
  block_sized_ = (gathered_[1] & std::byte{0xc0}) == std::byte{0xc0};
  BRAID_TRY(block_.begin({gathered_.data(), block_header_size_}, flags_.check));
  stage_ = Stage::block;
  return true;
}

Result<bool> XzDecoder::read_block(ByteView in, MutableBytes out, Step& step) {
  BRAID_TRY_VALUE(const Step read, block_.step(in, out));
  step.consumed += read.consumed;
  step.produced += read.produced;
  step.state = read.state;
  if (read.state != StepState::finished) {
    if (read.consumed + read.produced == 0 && !in.empty() && !out.empty()) {
      return Error{.code = Errc::internal, .message = "liblzma makes no progress"};
    }
    return false;
  }
  const lzma_ret code =
      lzma_index_hash_append(seen_.get(), block_.unpadded_size(), block_.plain_size());
  if (code != LZMA_OK) return decode_error(code, "the blocks are longer than the format allows");
  if (observer() != nullptr) {
    observer()->block({.first_bit = 8 * part_start_,
                       .end_bit = 8 * (position_ + read.consumed),
                       .plain = block_.plain_size(),
                       .form = block_sized_ ? "sized" : "unsized"});
  }
  stage_ = Stage::block_start;
  return true;
}

Result<bool> XzDecoder::read_index(ByteView in, Step& step) {
  if (in.empty()) return false;
  std::size_t taken = 0;
  const lzma_ret code = lzma_index_hash_decode(seen_.get(), octets(in), &taken, in.size());
  step.consumed += taken;
  if (code == LZMA_OK) return false;
  if (code != LZMA_STREAM_END) return decode_error(code, "the index does not match the blocks");
  stage_ = Stage::footer;
  return true;
}

Result<bool> XzDecoder::read_footer(ByteView in, Step& step) {
  if (gathered_.empty()) part_start_ = position_;
  if (!gathered_.take(in, LZMA_STREAM_HEADER_SIZE, step)) return false;
  lzma_stream_flags footer{};
  lzma_ret code =
      lzma_stream_footer_decode(&footer, octets({gathered_.data(), LZMA_STREAM_HEADER_SIZE}));
  if (code == LZMA_FORMAT_ERROR) code = LZMA_DATA_ERROR;
  if (code != LZMA_OK) return decode_error(code, "the stream footer is malformed");
  if (footer.backward_size != lzma_index_hash_size(seen_.get()) ||
      lzma_stream_flags_compare(&flags_, &footer) != LZMA_OK) {
    return Error{.code = Errc::corrupt,
                 .message = "the stream footer does not match header and index"};
  }
  stage_ = Stage::done;
  return true;
}

Error XzDecoder::located(Error error) const {
  const bool in_part = stage_ != Stage::header && stage_ != Stage::done;
  if (whole_ && !error.offset) error.offset = in_part ? part_start_ : 0;
  return error;
}

Result<void> XzDecoder::reset() {
  stage_ = Stage::header;
  gathered_.reset();
  flags_known_ = false;
  whole_ = true;
  position_ = 0;
  part_start_ = 0;
  seen_.reset();
  return {};
}

void XzDecoder::describe(StreamInfo& info) const {
  if (flags_known_) info.check = check_name(flags_.check);
}

Result<std::unique_ptr<StreamDecoder>> make_xz_decoder(const DecoderSettings& settings) {
  return std::make_unique<XzDecoder>(settings.memory_limit);
}

}  // namespace braid::codec::lzma
