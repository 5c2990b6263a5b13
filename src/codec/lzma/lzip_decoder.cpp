#include "codec/lzma/lzip_decoder.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

Result<Step> LzipDecoder::step(ByteView in, MutableBytes out, Input input) {
  Step step;
  for (;;) {
    const std::size_t before = step.consumed;
    BRAID_TRY_VALUE(const bool done,
                    read_stage(in.drop(step.consumed), out.subspan(step.produced), step));
    position_ += step.consumed - before;
    if (stage_ == Stage::done) {
      step.state = StepState::finished;
      return step;
    }
    if (done) continue;
    const bool starved = step.consumed == in.size() && step.state == StepState::need_input;
    if (starved && input == Input::last) {
      return Error{.code = Errc::truncated, .message = "the member ends too early"};
    }
    return step;
  }
}

Result<void> LzipDecoder::reset() {
  stage_ = Stage::header;
  gathered_.reset();
  position_ = 0;
  return {};
}

Result<bool> LzipDecoder::read_stage(ByteView in, MutableBytes out, Step& step) {
  step.state = StepState::need_input;
  switch (stage_) {
    case Stage::header:
      return read_header(in, step);
    case Stage::data:
      return read_data(in, out, step);
    case Stage::trailer:
      return read_trailer(in, step);
    case Stage::done:
      break;
  }
  return true;
}

Result<bool> LzipDecoder::read_header(ByteView in, Step& step) {
  if (!gathered_.agrees(in, lzip::magic)) {
    return Error{
        .code = Errc::unknown_format, .message = "no lzip member begins here", .offset = 0};
  }
  if (!gathered_.take(in, lzip::header_size, step)) return false;
  const auto version = std::to_integer<unsigned>(gathered_[4]);
  if (version != lzip::version) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "the member is of version " + std::to_string(version) +
                            " of the format; known is 1",
                 .offset = 4};
  }
  BRAID_TRY(begin_data(std::to_integer<unsigned>(gathered_[5])));
  stage_ = Stage::data;
  return true;
}

Result<void> LzipDecoder::begin_data(unsigned dictionary_code) {
  const auto dictionary = lzip::dictionary_of(dictionary_code);
  if (!dictionary) {
    return Error{.code = Errc::corrupt, .message = "the dictionary has no valid size", .offset = 5};
  }
  lzma_options_lzma properties{};
  properties.dict_size = *dictionary;
  properties.lc = 3;
  properties.lp = 0;
  properties.pb = 2;
  const std::array<lzma_filter, 2> chain = {lzma_filter{LZMA_FILTER_LZMA1, &properties},
                                            lzma_filter{LZMA_VLI_UNKNOWN, nullptr}};
  const std::uint64_t needed = lzma_raw_decoder_memusage(chain.data());
  if (needed > memory_limit_) return memory_limit_error(needed, memory_limit_);
  const lzma_ret code = lzma_raw_decoder(coder_.get(), chain.data());
  if (code != LZMA_OK) return decode_error(code, "");
  plain_ = 0;
  crc_ = 0;
  return {};
}

Result<bool> LzipDecoder::read_data(ByteView in, MutableBytes out, Step& step) {
  Step part;
  const lzma_ret code = coder_.code(in, out, LZMA_RUN, part);
  step.consumed += part.consumed;
  step.produced += part.produced;
  plain_ += part.produced;
  crc_ = lzma_crc32(octets(out.data()), part.produced, crc_);
  if (code == LZMA_STREAM_END) {
    stage_ = Stage::trailer;
    return true;
  }
  if (code != LZMA_OK) return decode_error(code, "the data is malformed");
  if (part.produced == out.size()) step.state = StepState::need_output;
  return false;
}

Result<bool> LzipDecoder::read_trailer(ByteView in, Step& step) {
  const std::size_t before = step.consumed;
  if (!gathered_.take(in, lzip::trailer_size, step)) return false;
  const lzip::Trailer trailer = lzip::read_trailer({gathered_.data(), lzip::trailer_size});
  const std::uint64_t size = position_ + (step.consumed - before);
  const auto mismatch = [&](const char* message) {
    return Error{
        .code = Errc::checksum_mismatch, .message = message, .offset = size - lzip::trailer_size};
  };
  if (trailer.crc != crc_) return mismatch("the CRC-32 does not match");
  if (trailer.plain != plain_) return mismatch("the stored size does not match");
  if (trailer.member != size) return mismatch("the stored size of the member does not match");
  stage_ = Stage::done;
  return true;
}

Result<std::unique_ptr<StreamDecoder>> make_lzip_decoder(const DecoderSettings& settings) {
  return std::make_unique<LzipDecoder>(settings.memory_limit);
}

}  // namespace braid::codec::lzma
