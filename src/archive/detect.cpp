#include <braid/archive.hpp>

#include <algorithm>
#include <array>

#include "archive/format.hpp"

namespace braid {

namespace {

// What a tar archive begins with.
constexpr std::size_t head_bytes = 512;

// The row that tells these bytes; zeros, which may be an archive without entries, tell none.
const archive::Format* told_by(ByteView head) {
  const ByteView first = head.first(head_bytes);
  if (std::ranges::all_of(first, [](std::byte byte) { return byte == std::byte{0}; })) {
    return nullptr;
  }
  return archive::detect_format(head);
}

// The first bytes of what is compressed, as many as `packed` is enough for.
std::size_t unpack_head(ByteView packed, Algorithm algorithm, MutableBytes out) {
  auto decoder = Decoder::make({.algorithm = algorithm});
  if (!decoder) return 0;
  std::size_t filled = 0;
  while (filled < out.size()) {
    const auto step = decoder->step(packed, out.subspan(filled), Input::more);
    if (!step) break;
    packed = packed.drop(step->consumed);
    filled += step->produced;
    const bool stuck = step->consumed == 0 && step->produced == 0;
    if (stuck || step->state == StepState::finished) break;
  }
  return filled;
}

}  // namespace

std::optional<ArchiveName> detect_archive(ByteView prefix) {
  if (const archive::Format* row = told_by(prefix)) return ArchiveName{row->format, {}};
  const auto stream = detect(prefix);
  if (!stream) return std::nullopt;
  std::array<std::byte, head_bytes> head{};
  const std::size_t filled = unpack_head(prefix, stream->algorithm, head);
  const archive::Format* row = told_by(ByteView(head).first(filled));
  if (row == nullptr || !row->is_stream) return std::nullopt;
  return ArchiveName{row->format, stream->algorithm};
}

}  // namespace braid
