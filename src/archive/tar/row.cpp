#include <array>

#include "archive/tar/block.hpp"
#include "archive/tar/tar.hpp"
#include "base/zeros.hpp"

namespace braid::archive::tar {

namespace {

constexpr std::array<std::string_view, 1> extensions = {".tar"};

}  // namespace

bool detect(ByteView prefix) noexcept {
  if (prefix.size() < block_bytes) return false;
  const Block block(prefix.data());
  return block.is_zero() || block.checksum_holds();
}

Result<void> check_behind_end(ByteView bytes) {
  if (base::leading_zeros(bytes) == bytes.size()) return {};
  return Error{.code = Errc::trailing_data, .message = "something follows the end of the archive"};
}

constinit const Format row{
    .format = ArchiveFormat::tar,
    .name = "tar",
    .extensions = extensions,
    .description = "ustar and pax; reads GNU, star and v7 too; compressed as a whole",
    .default_algorithm = Algorithm::none,
    .is_stream = true,
    .keeps_holes = true,
    .keeps_hard_links = true,
    .keeps_devices = true,
    .last_name_wins = true,
    .detect = detect,
    .detect_end = nullptr,
    .read = read,
    .contents = contents,
    .write = write,
    .keep = keep,
};

}  // namespace braid::archive::tar
