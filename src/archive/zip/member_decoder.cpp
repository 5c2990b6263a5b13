#include "archive/zip/member_decoder.hpp"

#include <algorithm>

#include "archive/corrupt.hpp"
#include "archive/zip/fields.hpp"
#include "archive/zip/method.hpp"
#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"

namespace braid::archive::zip {

namespace {

namespace deflate = codec::deflate;

// Room that is made at once; more only as bytes come.
constexpr std::uint64_t first_room = 1 << 20;

}  // namespace

Result<Buffer> lzma_file_header(ByteView packed, const Member& member) {
  if (packed.size() < lzma_header_bytes) {
    return Error{.code = Errc::truncated, .message = "the content is cut short"};
  }
  constexpr unsigned properties_bytes = 5;
  if (u16(packed, 2) != properties_bytes) {
    return corrupt("the LZMA properties have an unknown size");
  }
  Buffer header;
  header.append(packed.slice(4, properties_bytes));
  base::append_le<std::uint64_t>(header,
                                 member.has(flag_lzma_end_mark) ? UINT64_MAX : member.plain);
  return header;
}

Result<engine::DecodeDriver*> MemberDecoder::driver(Algorithm algorithm) {
  auto found = drivers_.find(algorithm);
  if (found != drivers_.end()) {
    BRAID_TRY(found->second.restart(config_));
    return &found->second;
  }
  BRAID_TRY_VALUE(auto made, engine::DecodeDriver::make(codec::format(algorithm), config_));
  return &drivers_.emplace(algorithm, std::move(made)).first->second;
}

// All of `in`; one byte more than `limit` tells that there are too many.
Result<void> MemberDecoder::step(engine::DecodeDriver& driver, ByteView in, Input input,
                                 std::uint64_t limit) {
  for (;;) {
    if (produced_ == plain_.size()) {
      if (produced_ > limit) return corrupt("more bytes come out than the directory says");
      plain_.resize(
          static_cast<std::size_t>(std::min(std::max(first_room, 2 * produced_), limit) + 1));
    }
    BRAID_TRY_VALUE(const Step step, driver.step(in, plain_.writable().subspan(produced_), input));
    in = in.drop(step.consumed);
    produced_ += step.produced;
    finished_ = step.state == StepState::finished;
    if (finished_ || (step.state == StepState::need_input && in.empty())) break;
  }
  return produced_ <= limit ? Result<void>()
                            : corrupt("more bytes come out than the directory says");
}

Result<ByteView> MemberDecoder::decode(ByteView packed, const Member& member) {
  BRAID_TRY_VALUE(const Algorithm algorithm, algorithm_of(member));
  ByteView plain = packed;
  if (algorithm != Algorithm::none) {
    BRAID_TRY_VALUE(engine::DecodeDriver * decoder, driver(algorithm));
    produced_ = 0;
    finished_ = false;
    if (algorithm == Algorithm::lzma) {
      BRAID_TRY_VALUE(const Buffer header, lzma_file_header(packed, member));
      packed = packed.drop(lzma_header_bytes);
      BRAID_TRY(step(*decoder, header.view(), Input::more, member.plain));
    }
    BRAID_TRY(step(*decoder, packed, Input::last, member.plain));
    plain = plain_.view().first(static_cast<std::size_t>(produced_));
  }
  if (plain.size() != member.plain) return corrupt("its size is not what the directory says");
  if (deflate::crc32(deflate::crc32_of_nothing, plain) != member.crc) {
    return Error{.code = Errc::checksum_mismatch, .message = "its CRC-32 does not match"};
  }
  return plain;
}

}  // namespace braid::archive::zip
