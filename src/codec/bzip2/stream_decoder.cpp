#include "codec/bzip2/stream_decoder.hpp"

#include "base/try.hpp"
#include "codec/bzip2/bzip2.hpp"
#include "codec/bzip2/constants.hpp"
#include "codec/bzip2/crc.hpp"

namespace braid::codec::bzip2 {

BlockStreamDecoder::BlockStreamDecoder(std::uint64_t memory_limit, const BlockEdge& edge)
    : memory_limit_(memory_limit), stage_(Stage::magic), level_(edge.level), crc_(edge.crc) {
  reader_.begin(edge.lead_value, edge.lead_bits);
}

Result<void> BlockStreamDecoder::reset() {
  stage_ = Stage::header;
  header_at_ = 0;
  crc_ = 0;
  given_ = 0;
  reader_.begin(0, 0);
  return {};
}

std::uint64_t BlockStreamDecoder::position() const noexcept {
  const std::uint64_t ahead = reader_.unread() + reader_.held() / 8;
  return given_ > ahead ? given_ - ahead : 0;
}

std::uint64_t BlockStreamDecoder::bit_position() const noexcept {
  return 8 * (given_ - reader_.unread()) - reader_.held();
}

Error BlockStreamDecoder::failed(Error error) const {
  if (!error.offset) error.offset = position();
  return error;
}

Result<bool> BlockStreamDecoder::read_header() {
  constexpr std::string_view expected = "BZh";
  for (; header_at_ < header_bytes; ++header_at_) {
    std::uint64_t value = 0;
    if (!reader_.take(8, value)) return false;
    const auto byte = static_cast<unsigned>(value);
    const bool right = header_at_ < expected.size()
                           ? byte == static_cast<unsigned char>(expected[header_at_])
                           : byte >= '1' && byte <= '9';
    if (!right) {
      return Error{.code = Errc::unknown_format, .message = "no bzip2 header", .offset = 0};
    }
    level_ = byte - '0';
  }
  stage_ = Stage::magic;
  return true;
}

Result<bool> BlockStreamDecoder::read_magic() {
  std::uint64_t magic = 0;
  if (!reader_.take(magic_bits, magic)) return false;
  if (magic == end_magic) {
    stage_ = Stage::trailer;
    return true;
  }
  if (magic != block_magic) {
    return Error{.code = Errc::corrupt, .message = "neither a block nor the end of the stream"};
  }
  if (BlockDecoder::memory(level_) > memory_limit_) {
    return Error{.code = Errc::memory_limit, .message = "a bzip2 block needs more memory"};
  }
  block_.begin(level_);
  block_bit_ = bit_position() - magic_bits;
  block_plain_ = 0;
  stage_ = Stage::block;
  return true;
}

Result<bool> BlockStreamDecoder::read_trailer() {
  std::uint64_t stated = 0;
  if (!reader_.take(32, stated)) return false;
  if (stated != crc_) {
    return Error{.code = Errc::checksum_mismatch,
                 .message = "the CRC of the stream does not match"};
  }
  stage_ = Stage::finished;
  return true;
}

// Reads on until there is something to write, the stream has ended or input is missing (false).
Result<bool> BlockStreamDecoder::advance() {
  for (;;) {
    bool complete = false;
    switch (stage_) {
      case Stage::header: {
        BRAID_TRY_VALUE(complete, read_header());
        break;
      }
      case Stage::magic: {
        BRAID_TRY_VALUE(complete, read_magic());
        break;
      }
      case Stage::block: {
        BRAID_TRY_VALUE(complete, block_.read(reader_));
        if (complete) stage_ = Stage::output;
        break;
      }
      case Stage::trailer: {
        BRAID_TRY_VALUE(complete, read_trailer());
        break;
      }
      case Stage::output:
      case Stage::finished:
        return true;
    }
    if (!complete) return false;
  }
}

Result<Step> BlockStreamDecoder::step(ByteView in, MutableBytes out, Input input) {
  reader_.give(in);
  given_ += in.size();
  Step step;
  const auto leave = [&](StepState state) {
    step.state = state;
    step.consumed = in.size() - reader_.unread();
    given_ -= reader_.unread();
    return step;
  };
  for (;;) {
    auto advanced = advance();
    if (!advanced) return failed(std::move(advanced).error());
    if (!*advanced) {
      if (input == Input::more) return leave(StepState::need_input);
      return failed({.code = Errc::truncated, .message = "the stream ends too early"});
    }
    if (stage_ == Stage::finished) {
      reader_.reclaim();
      return leave(StepState::finished);
    }
    const std::size_t written = block_.write(out.subspan(step.produced));
    step.produced += written;
    block_plain_ += written;
    if (!block_.done()) return leave(StepState::need_output);
    if (auto checked = block_.check(); !checked) return failed(std::move(checked).error());
    crc_ = combine_crc(crc_, block_.crc());
    if (observer() != nullptr) {
      observer()->block({.first_bit = block_bit_,
                         .end_bit = bit_position(),
                         .plain = block_plain_,
                         .form = "sorted"});
    }
    stage_ = Stage::magic;
  }
}

Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& settings) {
  return std::make_unique<BlockStreamDecoder>(settings);
}

}  // namespace braid::codec::bzip2
