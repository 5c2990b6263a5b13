#include "codec/lzma/block_reader.hpp"

namespace braid::codec::lzma {

Result<void> BlockReader::begin(ByteView header, lzma_check check) {
  Filters filters;
  block_ = {};
  block_.version = 1;
  block_.check = check;
  block_.header_size = static_cast<std::uint32_t>(header.size());
  block_.filters = filters.get();
  lzma_ret code = lzma_block_header_decode(&block_, nullptr, octets(header));
  if (code != LZMA_OK) return decode_error(code, "a block header is malformed");

  const std::uint64_t needed = lzma_raw_decoder_memusage(filters.get());
  if (needed == UINT64_MAX) return decode_error(LZMA_OPTIONS_ERROR, "");
  if (needed > memory_limit_) return memory_limit_error(needed, memory_limit_);

  code = lzma_block_decoder(coder_.get(), &block_);
  block_.filters = nullptr;  // only looked at while the decoder was made
  if (code != LZMA_OK) return decode_error(code, "a block header is malformed");
  return {};
}

Result<Step> BlockReader::step(ByteView in, MutableBytes out) {
  Step step;
  const lzma_ret code = coder_.code(in, out, LZMA_RUN, step);
  if (code == LZMA_STREAM_END) {
    step.state = StepState::finished;
    return step;
  }
  if (code == LZMA_DATA_ERROR) {
    // The check comes last and the sizes are known before it: an error behind everything else can
    // only be the check's.
    const std::uint64_t check_size = lzma_check_size(block_.check);
    const bool at_end =
        block_.compressed_size != LZMA_VLI_UNKNOWN &&
        coder_.get()->total_in == ((block_.compressed_size + 3) & ~lzma_vli{3}) + check_size &&
        coder_.get()->total_out == block_.uncompressed_size;
    if (at_end && check_size != 0) {
      return Error{.code = Errc::checksum_mismatch,
                   .message = "a block does not match its integrity check"};
    }
  }
  if (code != LZMA_OK) return decode_error(code, "a block's data is malformed");
  step.state = step.produced == out.size() ? StepState::need_output : StepState::need_input;
  return step;
}

}  // namespace braid::codec::lzma
