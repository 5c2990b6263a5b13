#include "base/byte_order.hpp"
#include "codec/zstd/frame.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

namespace {

using Parallel = Findings::Parallel;

std::uint32_t word(ByteView bytes, std::size_t at) {
  return bytes.size() < at + 4 ? 0 : base::load_le<std::uint32_t>(bytes.data() + at);
}

std::string writer(const Survey& survey) {
  const ByteView head = survey.head.view();
  const ByteView tail = survey.tail.view();
  // pzstd tells each frame's size in a skippable frame of four bytes before it.
  constexpr std::uint32_t first_skippable = 0x184D2A50;
  if (word(head, 0) == first_skippable && word(head, 4) == 4) return "pzstd";
  if (survey.skippable != 0 && word(tail, tail.size() - 4) == seekable_footer_magic) {
    return "braid, or another writer of the seekable format";
  }
  if (survey.streams > 1) return "several files of zstd, one behind the other";
  const auto header = parse_header(head);
  if (word(head, 0) != frame_magic || !header) return {};
  return header->content_size == Unit::unknown ? "zstd on a pipe, or a program that streamed"
                                               : "zstd, or braid on a short file";
}

}  // namespace

Findings judge(const Survey& survey) {
  Findings findings{.writer = writer(survey)};
  if (survey.streams < 2) {
    findings.why = "it is one frame, whose blocks refer to those before them";
  } else if (survey.longest_stream > max_chunk_size) {
    findings.why = "frames above 256 MiB are read by one thread";
  } else {
    findings.parallel = Parallel::parts;
    findings.why = "its frames are independent";
  }
  return findings;
}

}  // namespace braid::codec::zstd
