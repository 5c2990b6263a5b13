#pragma once

#include <string>
#include <string_view>

namespace braid::io {

// A random name is taken by chance never, by malice seldom: 60 bits. More tries do not help.
inline constexpr int temporary_name_tries = 16;

// ".<start of `name`>.braid-<12 random letters>": a hidden name in the same folder, for what is not
// complete yet.
[[nodiscard]] std::string temporary_name(std::string_view name);

}  // namespace braid::io
