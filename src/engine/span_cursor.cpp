#include "engine/span_cursor.hpp"

#include <algorithm>
#include <array>

#include "base/try.hpp"

namespace braid::engine {

namespace {

constexpr std::size_t read_bytes = 128 << 10;
constexpr std::size_t skip_bytes = 256 << 10;

Error corrupt(const SeekPoints& points, std::string_view what) {
  return {.code = Errc::corrupt, .message = std::string(what), .algorithm = points.algorithm};
}

}  // namespace

Result<SpanCursor> SpanCursor::enter(const RandomAccess& file, const SeekPoints& points,
                                     std::size_t index, std::uint64_t memory_limit) {
  const SeekPoint& point = points.points[index];
  const codec::Format& format = codec::format(points.algorithm);
  const DecompressionConfig config{
      .algorithm = points.algorithm, .memory_limit = memory_limit, .trailing = Trailing::ignore};
  BRAID_TRY_VALUE(DecodeDriver driver, DecodeDriver::make(format, config));
  std::uint64_t packed = point.first_byte();
  if (point.kind == SeekPoint::Kind::stream) {
    BRAID_TRY(driver.resume(DecodeDriver::Place::at_stream, packed, point.from));
    return SpanCursor(file, std::move(driver), packed);
  }
  BRAID_TRY_VALUE(auto decoder, format.make_stream_decoder(decoder_settings(config)));
  codec::Frontier* const frontier = decoder->frontier();
  if (frontier == nullptr) return corrupt(points, "the format has no blocks to enter at");
  BRAID_TRY_VALUE(const Buffer window, unpack_window(point.window.view()));
  const auto bits = static_cast<unsigned>((8 - point.packed % 8) % 8);
  std::array<std::byte, 1> first{};
  if (bits != 0) {
    BRAID_TRY(file.read_at(first, packed));
    ++packed;
  }
  frontier->defer_checks();
  frontier->stop_behind(UINT64_MAX);
  frontier->enter(first[0], bits, window.view());
  driver.resume_within(std::move(decoder), packed, point.from);
  return SpanCursor(file, std::move(driver), packed);
}

Result<void> SpanCursor::read(MutableBytes out) {
  while (!out.empty()) {
    if (ahead_.empty() && !ended_) {
      in_.resize(read_bytes);
      BRAID_TRY_VALUE(const std::size_t count, file_->read_at(in_.writable(), packed_));
      packed_ += count;
      ahead_ = in_.view().first(count);
      ended_ = count < in_.size();
    }
    BRAID_TRY_VALUE(const Step step, driver_.step(ahead_, out, ended_ ? Input::last : Input::more));
    ahead_ = ahead_.drop(step.consumed);
    out = out.subspan(step.produced);
    if (step.state == StepState::finished && !out.empty()) {
      return Error{.code = Errc::corrupt,
                   .message = "less comes out than the index says",
                   .algorithm = driver_.format().info.algorithm};
    }
  }
  return {};
}

Result<void> SpanCursor::skip_to(std::uint64_t position) {
  while (this->position() < position) {
    passed_.resize(skip_bytes);
    const std::uint64_t left = position - this->position();
    BRAID_TRY(read(passed_.writable().first(
        static_cast<std::size_t>(std::min<std::uint64_t>(left, skip_bytes)))));
  }
  return {};
}

}  // namespace braid::engine
