#include <array>

#include "archive/zip/end_record.hpp"
#include "archive/zip/header.hpp"
#include "archive/zip/zip.hpp"
#include "base/byte_order.hpp"

namespace braid::archive::zip {

namespace {

constexpr std::array<std::string_view, 1> extensions = {".zip"};

}  // namespace

bool detect(ByteView prefix) noexcept {
  if (prefix.size() < 4) return false;
  const auto signature = base::load_le<std::uint32_t>(prefix.data());
  return signature == signature_local || signature == signature_end || signature == signature_end64;
}

constinit const Format row{
    .format = ArchiveFormat::zip,
    .name = "zip",
    .extensions = extensions,
    .description = "entries compressed one by one, with a directory at the end",
    .default_algorithm = Algorithm::deflate,
    .is_stream = false,
    .keeps_holes = false,
    .keeps_hard_links = false,
    .keeps_devices = false,
    .last_name_wins = false,
    .detect = detect,
    .detect_end = [](const Positioned& file) { return find_end(file).has_value(); },
    .read = read,
    .contents = contents,
    .write = write,
    .keep = keep,
};

}  // namespace braid::archive::zip
