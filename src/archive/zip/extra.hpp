#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include "archive/zip/member.hpp"

// Extra fields: tag, size, bytes (APPNOTE 4.5 and 4.6, Info-ZIP's extrafld.txt).
namespace braid::archive::zip {

// What stands in a header where the true number is in the zip64 field.
inline constexpr std::uint32_t in_zip64 = 0xffff'ffff;

// Reads the fields of a central header: large sizes, times, owner, a Unicode name. `member` holds
// what the header itself says; sizes and start are in_zip64 where this is to fill them in. The disk
// number must be given, since it may stand in the zip64 field too.
// Errors: corrupt.
[[nodiscard]] Result<void> read_extra(ByteView extra, std::uint16_t disk, Member& member);

// Sizes that did not fit a local header, if its extra fields have them.
[[nodiscard]] Result<void> read_local_sizes(ByteView extra, std::uint64_t& plain,
                                            std::uint64_t& packed);

// The fields of a header. `central`: the one in the directory, with all that is known; else the one
// before the content, with what readers that never see the directory need.
void append_extra(Buffer& out, const Member& member, bool central);

// Whether the header before the content must have the zip64 field: decided by the plain size alone
// when the packed one is not known yet.
[[nodiscard]] bool needs_zip64(std::uint64_t plain, std::uint64_t packed) noexcept;

}  // namespace braid::archive::zip
