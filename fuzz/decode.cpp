// Whole and in steps, a decoder gives the same verdict and bytes for any input, within its limits.
#include "fuzz/support.hpp"

namespace {

using namespace braid;
constexpr Algorithm algorithm = Algorithm::BRAID_FUZZ_FORMAT;

Result<Buffer> decode_in_steps(ByteView packed, std::size_t in_step, std::size_t out_step) {
  auto decoder = Decoder::make(fuzz::reading(algorithm)).value();
  Buffer plain;
  Buffer room(out_step);
  for (std::size_t offset = 0;;) {
    const ByteView in = packed.slice(offset, in_step);
    const Input input = offset + in.size() == packed.size() ? Input::last : Input::more;
    auto step = decoder.step(in, room.writable(), input);
    if (!step) return step.error();
    offset += step->consumed;
    plain.append(room.view().first(step->produced));
    if (step->state == StepState::finished) return plain;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView packed(static_cast<const void*>(data), size);
  const auto whole = decompress(packed, fuzz::reading(algorithm));
  fuzz::require(whole || whole.error().code != Errc::internal);
  fuzz::require(!whole || whole->size() <= fuzz::output_limit);
  const std::size_t in_step = size == 0 ? 1 : 1 + data[size - 1] % 61;
  const auto stepped = decode_in_steps(packed, in_step, 1 + in_step * 7);
  fuzz::require(whole.has_value() == stepped.has_value());
  if (whole) {
    fuzz::require(whole->view() == stepped->view());
  } else {
    fuzz::require(whole.error().code == stepped.error().code);
  }
  return 0;
}
