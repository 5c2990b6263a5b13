// Compressing and restoring a step at a time, with the program's own buffers: no I/O, no threads.
#include <braid/braid.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace {

// Appends everything the encoder has for `in`; with Flush::finish, the end of the stream.
void encode(braid::Encoder& encoder, std::string_view in, braid::Flush flush, std::string& out) {
  std::vector<std::byte> room(4096);
  braid::ByteView rest = in;
  for (;;) {
    const braid::Step step = encoder.step(rest, room, flush).value();
    rest = rest.drop(step.consumed);
    out.append(reinterpret_cast<const char*>(room.data()), step.produced);
    if (step.state == braid::StepState::finished) return;
    if (step.state == braid::StepState::need_input && rest.empty()) return;
  }
}

}  // namespace

int main() {
  auto encoder = braid::Encoder::make(braid::CompressionConfig(braid::Algorithm::zstd)).value();
  std::string packed;
  for (int i = 0; i < 1000; ++i) {
    encode(encoder, "line " + std::to_string(i) + '\n', braid::Flush::none, packed);
  }
  encode(encoder, "", braid::Flush::finish, packed);

  // The decoder finds the format by itself and takes input however it is cut.
  auto decoder = braid::Decoder::make().value();
  std::vector<std::byte> room(1 << 16);
  std::size_t restored = 0;
  for (braid::ByteView rest = packed;;) {
    const braid::ByteView piece = rest.first(100);
    const bool last = piece.size() == rest.size();
    const braid::Step step =
        decoder.step(piece, room, last ? braid::Input::last : braid::Input::more).value();
    rest = rest.drop(step.consumed);
    restored += step.produced;
    if (step.state == braid::StepState::finished) break;
  }
  std::printf("%zu bytes became %zu and %zu again\n", restored, packed.size(), restored);
  return restored == 8890 ? 0 : 1;
}
