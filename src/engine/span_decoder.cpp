#include "engine/span_decoder.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/chunk_memory.hpp"
#include "base/try.hpp"
#include "engine/area_target.hpp"

namespace braid::engine {

namespace {

constexpr std::size_t read_bytes = 128 << 10;
constexpr std::size_t skip_bytes = 256 << 10;

Error too_short() {
  return {.code = Errc::corrupt, .message = "less comes out than the index says"};
}

}  // namespace

Result<void> SpanDecoder::decode(std::size_t point, std::uint64_t skip, MutableBytes out) const {
  const SeekPoint& from = points_.points[point];
  return from.kind == SeekPoint::Kind::unit ? decode_unit(from, skip, out)
                                            : decode_stream(from, skip, out);
}

Result<void> SpanDecoder::decode_unit(const SeekPoint& point, std::uint64_t skip,
                                      MutableBytes out) const {
  const codec::Format& format = codec::format(points_.algorithm);
  if (format.make_unit_decoder == nullptr) {
    return locate({.code = Errc::unsupported_feature, .message = "this build cannot decode parts"});
  }
  Buffer packed(base::chunk_memory());
  packed.resize(static_cast<std::size_t>(point.unit.size));
  BRAID_TRY_VALUE(const std::size_t count, file_.read_at(packed.writable(), point.packed));
  packed.resize(count);
  BRAID_TRY_VALUE(auto decoder, format.make_unit_decoder(decoder_settings({})));
  const bool whole = skip == 0 && out.size() == point.unit.plain_size;
  Buffer plain(base::chunk_memory());
  if (!whole) plain.resize(static_cast<std::size_t>(point.unit.plain_size));
  AreaTarget target(whole ? out : plain.writable());
  auto decoded = decoder->decode(packed.view(), point.unit, target);
  if (!decoded) {
    Error error = std::move(decoded).error();
    error.offset = point.packed + error.offset.value_or(0);
    return locate(std::move(error));
  }
  if (decoded->plain_size != point.unit.plain_size) return locate(too_short());
  if (!whole) std::memcpy(out.data(), plain.data() + skip, out.size());
  return {};
}

// A driver that goes on at the point; `packed` becomes the next byte of the file that it needs.
Result<DecodeDriver> SpanDecoder::enter(const SeekPoint& point, std::uint64_t& packed) const {
  const codec::Format& format = codec::format(points_.algorithm);
  const DecompressionConfig config{.algorithm = points_.algorithm, .trailing = Trailing::ignore};
  BRAID_TRY_VALUE(DecodeDriver driver, DecodeDriver::make(format, config));
  packed = (point.first_byte());
  if (point.kind == SeekPoint::Kind::stream) {
    BRAID_TRY(driver.resume(DecodeDriver::Place::at_stream, packed, point.from));
    return driver;
  }
  BRAID_TRY_VALUE(auto decoder, format.make_stream_decoder(decoder_settings(config)));
  codec::Frontier* const frontier = decoder->frontier();
  if (frontier == nullptr) {
    return locate({.code = Errc::corrupt, .message = "the format has no blocks to enter at"});
  }
  BRAID_TRY_VALUE(const Buffer window, unpack_window(point.window.view()));
  const auto bits = static_cast<unsigned>((8 - point.packed % 8) % 8);
  std::array<std::byte, 1> first{};
  if (bits != 0) {
    BRAID_TRY(file_.read_at(first, packed));
    ++packed;
  }
  frontier->defer_checks();
  frontier->stop_behind(UINT64_MAX);
  frontier->enter(first[0], bits, window.view());
  driver.resume_within(std::move(decoder), packed, point.from);
  return driver;
}

Result<void> SpanDecoder::decode_stream(const SeekPoint& point, std::uint64_t skip,
                                        MutableBytes out) const {
  std::uint64_t packed = 0;
  BRAID_TRY_VALUE(DecodeDriver driver, enter(point, packed));
  Buffer in;
  Buffer passed;
  in.resize(read_bytes);
  passed.resize(skip_bytes);
  skip += point.plain - point.from;
  std::size_t done = 0;
  ByteView ahead;
  bool ended = false;
  while (done < out.size()) {
    if (ahead.empty() && !ended) {
      BRAID_TRY_VALUE(const std::size_t count, file_.read_at(in.writable(), packed));
      packed += count;
      ahead = in.view().first(count);
      ended = count < in.size();
    }
    MutableBytes room = out.subspan(done);
    if (skip != 0) {
      room = passed.writable().first(
          static_cast<std::size_t>(std::min<std::uint64_t>(skip, passed.size())));
    }
    BRAID_TRY_VALUE(const Step step, driver.step(ahead, room, ended ? Input::last : Input::more));
    ahead = ahead.drop(step.consumed);
    if (skip != 0) {
      skip -= step.produced;
    } else {
      done += step.produced;
    }
    if (step.state == StepState::finished && done < out.size()) return locate(too_short());
  }
  return {};
}

Error SpanDecoder::locate(Error error) const {
  error.algorithm = points_.algorithm;
  return error;
}

}  // namespace braid::engine
