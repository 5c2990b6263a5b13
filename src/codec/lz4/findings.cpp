#include "base/byte_order.hpp"
#include "codec/lz4/frame.hpp"
#include "codec/lz4/lz4.hpp"

namespace braid::codec::lz4 {

namespace {

// The first frame that holds data, where the file's beginning shows it.
std::optional<FrameHeader> first_frame(ByteView head) {
  while (const std::uint64_t size = skippable_frame_size(head)) {
    head = head.drop(static_cast<std::size_t>(size));
  }
  if (head.size() < min_header_size) return std::nullopt;
  const auto magic = base::load_le<std::uint32_t>(head.data());
  if (magic == legacy_magic) return FrameHeader{.legacy = true};
  if (magic != frame_magic || head.size() < header_size(head)) return std::nullopt;
  auto header = parse_header(head.first(header_size(head)));
  return header ? std::optional(*header) : std::nullopt;
}

}  // namespace

// Frames of all writers look alike.
Findings judge(const Survey& survey) {
  Findings findings;
  const auto header = first_frame(survey.head.view());
  if (header && header->legacy)
    findings.writer = "lz4 before version 1.4, or a Linux kernel's build";
  if (header && header->linked) {
    findings.why = "its blocks are linked: each refers to those before it";
  } else if (survey.blocks < 2) {
    findings.why = "it is one block";
  } else {
    findings.parallel = Findings::Parallel::parts;
    findings.why = "its blocks are independent";
  }
  return findings;
}

}  // namespace braid::codec::lz4
