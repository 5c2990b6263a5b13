#include "engine/decode_driver.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <unistd.h>

#include "base/try.hpp"

namespace braid::engine {

using codec::Padding;

namespace {

std::uint64_t physical_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  return pages <= 0 || page <= 0
             ? UINT64_MAX
             : static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
}

}  // namespace

codec::DecoderSettings decoder_settings(const DecompressionConfig& config) {
  codec::DecoderSettings settings;
  settings.memory_limit = config.memory_limit != 0
                              ? config.memory_limit
                              : std::min<std::uint64_t>(1_GiB, physical_memory() / 4);
  settings.dictionary = config.dictionary;
  return settings;
}

DecodeDriver::DecodeDriver(const codec::Format& format,
                           std::unique_ptr<codec::StreamDecoder> decoder,
                           std::uint64_t output_limit, Trailing trailing)
    : format_(&format),
      decoder_(std::move(decoder)),
      output_limit_(output_limit),
      trailing_(trailing) {
  info_.algorithm = format.info.algorithm;
}

Result<DecodeDriver> DecodeDriver::make(const codec::Format& format,
                                        const DecompressionConfig& config) {
  if (format.make_stream_decoder == nullptr || !format.info.built) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "this build has no decoder for the format",
                 .algorithm = format.info.algorithm};
  }
  BRAID_TRY_VALUE(auto decoder, format.make_stream_decoder(decoder_settings(config)));
  return DecodeDriver(format, std::move(decoder), config.output_limit, config.trailing);
}

const StreamInfo& DecodeDriver::info() const {
  decoder_->describe(info_);
  return info_;
}

Result<void> DecodeDriver::restart(const DecompressionConfig& config) {
  output_limit_ = config.output_limit;
  trailing_ = config.trailing;
  finished_ = false;
  stop_at_seams_ = pass_small_ = false;
  at_seam_ = false;
  info_ = {};
  info_.algorithm = format_->info.algorithm;
  return resume(Place::at_stream, 0, 0);
}

Result<void> DecodeDriver::resume(Place place, std::uint64_t consumed, std::uint64_t produced) {
  if (whole_streams_ != nullptr) decoder_ = std::move(whole_streams_);
  consumed_ = consumed;
  produced_ = produced;
  stream_start_ = consumed;
  padding_ = 0;
  failed_.reset();
  in_stream_ = place == Place::at_stream;
  behind_one_ = place == Place::behind_stream;
  return in_stream_ ? decoder_->reset() : Result<void>();
}

void DecodeDriver::resume_within(std::unique_ptr<codec::StreamDecoder> decoder,
                                 std::uint64_t consumed, std::uint64_t produced) {
  if (whole_streams_ == nullptr) whole_streams_ = std::move(decoder_);
  decoder_ = std::move(decoder);
  consumed_ = consumed;
  produced_ = produced;
  stream_start_ = consumed;
  failed_.reset();
  in_stream_ = true;
}

Result<Step> DecodeDriver::step(ByteView in, MutableBytes out, Input input) {
  if (failed_) return *std::exchange(failed_, std::nullopt);
  Step step;
  Result<void> result = run(in, out, input, step);
  if (result) return step;
  // A frontier's bytes go with the sums of its step, which an error ends.
  if (step.produced == 0 || as_frontier_) return std::move(result).error();
  failed_ = std::move(result).error();
  step.state = StepState::need_output;
  return step;
}

Result<void> DecodeDriver::run(ByteView in, MutableBytes out, Input input, Step& step) {
  at_seam_ = false;
  while (!finished_) {
    if (!in_stream_) {
      BRAID_TRY_VALUE(const Between next, look_behind_stream(in, step, input));
      if (next == Between::need_input) return {};
      finished_ = next == Between::end;
      if (finished_) break;
      BRAID_TRY(decoder_->reset());
      stream_start_ = consumed_;
      in_stream_ = true;
    }
    const std::size_t done = step.consumed + step.produced;
    bool stream_ended = false;
    BRAID_TRY(decode(in, out, input, step, stream_ended));
    if (finished_) break;
    if (!stream_ended) {
      // The decoder may have been held back by the limit alone, not by the caller's room.
      const bool room_left = step.produced < out.size();
      if (as_frontier_ && decoder_->frontier()->at_block()) return {};
      if (step.state != StepState::need_output || !room_left) return {};
      if (step.consumed + step.produced == done) {
        return locate({.code = Errc::internal, .message = "the decoder makes no progress"});
      }
      continue;
    }
    if (decoder_->holds_data() && info_.streams++ == 0) decoder_->describe(info_);
    if (const std::size_t beyond = decoder_->taken_too_many(); beyond != 0) {
      consumed_ -= beyond;
      if (trailing_ == Trailing::refuse) return trailing_data();
      finished_ = true;
      break;
    }
    leave_stream();
    if (stop_at_seams_ && !(pass_small_ && format_->is_small_stream(in.drop(step.consumed)))) {
      at_seam_ = true;
      step.state = StepState::need_input;
      return {};
    }
  }
  step.state = StepState::finished;
  return {};
}

void DecodeDriver::leave_stream() {
  if (as_frontier_) ended_part_ = take_part();
  in_stream_ = false;
  findable_ = true;
  behind_one_ = true;
  padding_ = 0;
  if (whole_streams_ != nullptr) decoder_ = std::move(whole_streams_);
}

void DecodeDriver::begin_frontier_step(std::size_t rest) {
  codec::Frontier* const frontier = decoder_->frontier();
  frontier->defer_checks();
  frontier->stop_behind(stop_ < consumed_ + rest ? stop_ - std::min(stop_, consumed_) : UINT64_MAX);
}

std::optional<codec::StreamPlace> DecodeDriver::place() const {
  if (!in_stream_) {
    return codec::StreamPlace{codec::StreamPlace::Kind::behind_stream, 8 * consumed_};
  }
  const codec::Frontier* const frontier = decoder_->frontier();
  const auto held = frontier != nullptr ? frontier->at_block() : std::nullopt;
  if (!held) return std::nullopt;
  return codec::StreamPlace{codec::StreamPlace::Kind::block, 8 * consumed_ - *held};
}

codec::SummedPart DecodeDriver::take_part() {
  if (ended_part_) return *std::exchange(ended_part_, std::nullopt);
  if (!in_stream_) return {};
  codec::SummedPart part = decoder_->frontier()->take_part();
  part.end = consumed_ - part.end;
  return part;
}

bool DecodeDriver::take_findable() {
  const bool at_hand = in_stream_ && decoder_->frontier()->take_findable();
  return std::exchange(findable_, false) || at_hand;
}

Result<void> DecodeDriver::check(const codec::SummedPart& part, codec::PartChecker& checker) const {
  auto verdict = checker.add(part);
  if (!verdict) verdict.error().algorithm = format_->info.algorithm;
  return verdict;
}

Result<bool> DecodeDriver::leap(codec::Excerpt& excerpt) {
  if (excerpt.plain_size() > output_limit_ - produced_) return false;
  if (!in_stream_) {
    BRAID_TRY(decoder_->reset());
    stream_start_ = consumed_;
    in_stream_ = true;
  }
  const codec::StreamPlace end = excerpt.end();
  const std::uint64_t end_byte = (end.bit + 7) / 8;
  if (!decoder_->frontier()->leap(excerpt, end_byte - consumed_)) return false;
  consumed_ = end_byte;
  produced_ += excerpt.plain_size();
  if (excerpt.streams() != 0) {
    if (info_.streams == 0) decoder_->describe(info_);
    info_.streams += excerpt.streams();
  }
  if (end.kind == codec::StreamPlace::Kind::behind_stream) {
    in_stream_ = false;
    behind_one_ = true;
    padding_ = 0;
  }
  return true;
}

Result<DecodeDriver::Between> DecodeDriver::look_behind_stream(ByteView in, Step& step,
                                                               Input input) {
  if (format_->padding != Padding::none) {
    while (step.consumed < in.size() && in.at(step.consumed) == 0) {
      ++step.consumed;
      ++consumed_;
      ++padding_;
    }
  }
  const bool empty = step.consumed == in.size();
  if (empty && input == Input::more) {
    step.state = StepState::need_input;
    return Between::need_input;
  }
  if (format_->padding == Padding::zeros_in_fours && padding_ % 4 != 0) {
    return locate({.code = Errc::corrupt, .message = "padding is not a multiple of four bytes"});
  }
  if (empty) return Between::end;
  if (format_->info.concatenates) return Between::next_stream;
  if (trailing_ == Trailing::ignore) return Between::end;
  return trailing_data();
}

Result<void> DecodeDriver::decode(ByteView in, MutableBytes out, Input input, Step& step,
                                  bool& stream_ended) {
  const std::uint64_t allowed = output_limit_ - produced_;
  MutableBytes room = out.subspan(step.produced);
  // At the limit the decoder may still end the stream; one byte more tells that it does not.
  std::array<std::byte, 1> beyond;
  const bool at_limit = allowed == 0;
  if (at_limit) {
    room = beyond;
  } else if (room.size() > allowed) {
    room = room.first(static_cast<std::size_t>(allowed));
  }

  const ByteView rest = in.drop(step.consumed);
  if (as_frontier_) begin_frontier_step(rest.size());
  auto result = decoder_->step(rest, room, input);
  if (!result) {
    Error& error = result.error();
    if (error.code == Errc::unknown_format && behind_one_) {
      if (trailing_ == Trailing::ignore) {
        finished_ = true;
        return {};
      }
      error.code = Errc::trailing_data;
      error.message = "bytes follow the end of the last stream";
      error.offset = 0;
    } else if (error.code == Errc::truncated && consumed_ + rest.size() == 0) {
      error.message = "the input is empty";
    }
    // What does not depend on how the input was cut.
    if (!error.offset && error.code != Errc::truncated) error.offset = 0;
    if (!error.offset) error.offset = consumed_ + rest.size() - stream_start_;
    return locate(std::move(error));
  }
  if (at_limit && result->produced != 0) {
    return locate({.code = Errc::output_limit,
                   .message = "more than the allowed " + std::to_string(output_limit_) +
                              " bytes would come out"});
  }
  step.consumed += result->consumed;
  consumed_ += result->consumed;
  step.produced += result->produced;
  produced_ += result->produced;
  step.state = result->state;
  stream_ended = result->state == StepState::finished;
  if (step.state == StepState::need_input && input == Input::last && step.consumed == in.size()) {
    return locate({.code = Errc::truncated, .message = "the stream does not end"});
  }
  return {};
}

Error DecodeDriver::trailing_data() const {
  return locate({.code = Errc::trailing_data, .message = "bytes follow the end of the stream"});
}

Error DecodeDriver::locate(Error error) const {
  error.algorithm = format_->info.algorithm;
  error.offset = error.offset ? stream_start_ + *error.offset : consumed_;
  return error;
}

}  // namespace braid::engine
