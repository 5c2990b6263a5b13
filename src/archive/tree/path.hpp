#pragma once

#include <braid/result.hpp>

#include <string>
#include <string_view>

// Names out of archives. An archive is written by somebody else: what it calls a thing is a wish.
namespace braid::archive {

// Linux's limits for a whole path and one name, and a depth that no tree in earnest reaches.
inline constexpr std::size_t max_path = 4096;
inline constexpr std::size_t max_name = 255;
inline constexpr std::size_t max_depth = 256;

// `path` as names with single '/' between them, without "." and slashes at its end: fit to be
// looked up below a folder. "" is the folder itself.
// Errors: unsafe_path, with what is wrong: empty, a NUL byte, absolute, "..", also between
// backslashes, too long, too deep. All other bytes are allowed.
[[nodiscard]] Result<std::string> clean_path(std::string_view path);

// A symbolic link's target, as it stands.
enum class LinkReach : std::uint8_t {
  inside,    // below the folder, whatever else is made
  by_parts,  // "..", but behind other names: inside only if those are folders and no links
};

// Where a link at `path` (clean) would lead, judged by the text: ".." at its beginning are counted
// against the folders above the link, which are known to be no links.
// Errors: unsafe_path: absolute, leading out, empty, a NUL byte, too long.
[[nodiscard]] Result<LinkReach> judge_link(std::string_view path, std::string_view target);

// "a/b" and "c" of "a/b/c"; "" and "c" of "c".
struct SplitPath {
  std::string folder;
  std::string name;
};

[[nodiscard]] SplitPath split_path(std::string_view clean);

}  // namespace braid::archive
