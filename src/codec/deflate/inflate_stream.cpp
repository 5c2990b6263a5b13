#include "codec/deflate/inflate_stream.hpp"

#include <algorithm>
#include <string>

#include "codec/deflate/checksum.hpp"

namespace braid::codec::deflate {

namespace {

// Plain bytes decoded before they are summed: few enough to be still in the second-level cache.
constexpr std::size_t slice = 256 * 1024;

}  // namespace

std::string_view name_of(Sum sum) noexcept {
  switch (sum) {
    case Sum::none:
      return "none";
    case Sum::crc32:
      return "CRC-32";
    case Sum::adler32:
      break;
  }
  return "Adler-32";
}

std::uint32_t sum_of_nothing(Sum sum) noexcept {
  return sum == Sum::adler32 ? adler32_of_nothing : crc32_of_nothing;
}

std::uint32_t add_to_sum(Sum sum, std::uint32_t value, ByteView bytes) noexcept {
  switch (sum) {
    case Sum::none:
      return value;
    case Sum::crc32:
      return crc32(value, bytes);
    case Sum::adler32:
      break;
  }
  return adler32(value, bytes);
}

std::uint32_t combine_sums(Sum sum, std::uint32_t first, std::uint32_t second,
                           std::uint64_t second_size) noexcept {
  switch (sum) {
    case Sum::none:
      return 0;
    case Sum::crc32:
      return combine_crc32(first, second, second_size);
    case Sum::adler32:
      break;
  }
  return combine_adler32(first, second, second_size);
}

Inflate::Status inflate_summed(Inflate& inflate, InflateView& view, Sum sum,
                               std::uint32_t& value) noexcept {
  for (;;) {
    const std::byte* const before = view.next;
    view.pause =
        static_cast<std::size_t>(view.end - before) < 2 * slice ? view.end : view.next + slice;
    const auto status = inflate.run(view);
    value = add_to_sum(sum, value, {before, static_cast<std::size_t>(view.next - before)});
    if (status != Inflate::Status::need_output || view.pause == view.end) return status;
  }
}

void InflateStream::reset() noexcept {
  inflate_.reset();
  value_ = sum_of_nothing(sum_);
  plain_size_ = 0;
  at_block_ = false;
}

void InflateStream::continue_from(ByteView history, std::uint64_t size,
                                  std::uint32_t value) noexcept {
  inflate_.reset();
  inflate_.remember(history);
  at_block_ = true;
  plain_size_ = size;
  value_ = value;
}

void InflateStream::move_to(std::byte first, unsigned bits, ByteView history) noexcept {
  inflate_.reset_within(first, bits);
  inflate_.remember(history);
  at_block_ = true;
}

InflateStream::Part InflateStream::take_part() noexcept {
  const Part part{plain_size_, value_};
  plain_size_ = 0;
  value_ = sum_of_nothing(sum_);
  return part;
}

Result<Step> InflateStream::step(ByteView in, MutableBytes out, std::uint64_t stop) {
  InflateView view{in.begin(), in.end(), out.data(), out.data(), out.data() + out.size()};
  if (stop <= in.size()) view.stop = in.begin() + stop;
  const auto status = inflate_summed(inflate_, view, sum_, value_);
  Step step;
  step.consumed = static_cast<std::size_t>(view.in - in.data());
  step.produced = static_cast<std::size_t>(view.next - out.data());
  plain_size_ += step.produced;
  at_block_ = status == Inflate::Status::at_block;
  switch (status) {
    case Inflate::Status::failed:
      return Error{.code = Errc::corrupt,
                   .message = std::string(inflate_.message()),
                   .offset = step.consumed};
    case Inflate::Status::need_input:
      step.state = StepState::need_input;
      break;
    case Inflate::Status::at_block:
    case Inflate::Status::need_output:
      step.state = StepState::need_output;
      break;
    case Inflate::Status::finished:
      step.state = StepState::finished;
      return step;
  }
  inflate_.remember({out.data(), step.produced});
  return step;
}

}  // namespace braid::codec::deflate
