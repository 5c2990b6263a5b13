#pragma once

#include <string>
#include <string_view>

// Names in archives that do not say how they are encoded.
namespace braid::archive::zip {

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;

// Whether the bytes are UTF-8: shortest forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// From the code page of the first PCs, which is what a name without the UTF-8 flag is in
// (APPNOTE, appendix D).
[[nodiscard]] std::string utf8_from_cp437(std::string_view text);

}  // namespace braid::archive::zip
