#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include "archive/zip/member.hpp"

// The records of an archive (APPNOTE 4.3), without the extra fields.
namespace braid::archive::zip {

inline constexpr std::uint32_t signature_local = 0x04034b50;
inline constexpr std::uint32_t signature_central = 0x02014b50;
inline constexpr std::uint32_t signature_end = 0x06054b50;
inline constexpr std::uint32_t signature_end64 = 0x06064b50;
inline constexpr std::uint32_t signature_locator64 = 0x07064b50;
inline constexpr std::uint32_t signature_descriptor = 0x08074b50;

// Bytes before the name.
inline constexpr std::size_t local_bytes = 30;
inline constexpr std::size_t central_bytes = 46;

inline constexpr std::size_t end_bytes = 22;  // before the comment
inline constexpr std::size_t end64_bytes = 56;
inline constexpr std::size_t locator64_bytes = 20;

// Takes the directory's header that `rest` begins with off it. Errors: corrupt, truncated,
// unsupported_feature (an entry in another part of a split set).
[[nodiscard]] Result<void> read_central(ByteView& rest, Member& member);

// Holds the header before the content, which `bytes` begin with, against the directory's, and tells
// how long it is. Errors: corrupt, truncated.
[[nodiscard]] Result<std::size_t> check_local(ByteView bytes, const Member& member);

// The headers with their names and extra fields. Under flag_descriptor the sizes and the sum of the
// local one are left to the descriptor.
void append_local(Buffer& out, const Member& member);
void append_central(Buffer& out, const Member& member);
void append_descriptor(Buffer& out, const Member& member);

// What ends an archive whose directory has `entries` headers in `size` bytes from `start` on.
void append_end(Buffer& out, std::uint64_t entries, std::uint64_t start, std::uint64_t size);

}  // namespace braid::archive::zip
