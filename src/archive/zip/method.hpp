#pragma once

#include <braid/algorithm.hpp>
#include <braid/result.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "archive/zip/member.hpp"

// Compression methods by their numbers in the archive (APPNOTE 4.4.5).
namespace braid::archive::zip {

inline constexpr std::uint16_t method_stored = 0;
inline constexpr std::uint16_t method_lzma = 14;

// The number under which content of this algorithm is written; none for those that zip lacks.
[[nodiscard]] std::optional<std::uint16_t> method_of(Algorithm algorithm) noexcept;

// The version that reading an entry takes, times ten (APPNOTE 4.4.3).
[[nodiscard]] std::uint16_t version_needed(std::uint16_t method) noexcept;

// How a member's content is packed. Errors: unsupported_feature, naming the encryption or method.
[[nodiscard]] Result<Algorithm> algorithm_of(const Member& member);

}  // namespace braid::archive::zip
