#pragma once

#include <braid/algorithm.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace braid::cli {

enum class Action : std::uint8_t {
  compress,
  decompress,
  test,
  list,
  command,  // what Settings::command does
  usage,    // the usual options
  help,     // all options
  version,
  generate,  // the manual page or a completion script
};

// Whose options and habits are in force: those of a name the program is called by, or of one of
// braid's commands. One bit each, so that an option can name several.
enum class Personality : std::uint32_t {
  braid = 1 << 0,
  gzip = 1 << 1,
  zstd = 1 << 2,
  xz = 1 << 3,
  lzma = 1 << 4,
  bzip2 = 1 << 5,
  lz4 = 1 << 6,
  brotli = 1 << 7,

  // Commands.
  formats = 1 << 8,
  create = 1 << 9,
  extract = 1 << 10,
  list = 1 << 11,
  test = 1 << 12,
  cat = 1 << 13,
  diff = 1 << 14,
  append = 1 << 15,
  remove = 1 << 16,  // the command delete
  bench = 1 << 17,
  index = 1 << 18,
  inspect = 1 << 19,
};

using Personalities = std::uint32_t;

// Every name, no command.
inline constexpr Personalities everybody = 0xff;

constexpr Personalities bit(Personality who) noexcept {
  return static_cast<Personalities>(who);
}

constexpr Personalities operator|(Personality a, Personality b) noexcept {
  return static_cast<Personalities>(bit(a) | bit(b));
}

constexpr Personalities operator|(Personalities a, Personality b) noexcept {
  return static_cast<Personalities>(a | bit(b));
}

// What being called by one name means.
struct Habits {
  std::string_view program;  // "gunzip"
  Personality personality = Personality::braid;
  Algorithm format = Algorithm::zstd;  // written when nothing else says which
  std::optional<int> level{};          // that tool's own default, where it is not the format's
  Action action = Action::compress;
  bool to_stdout = false;
  bool remove_source = false;
};

// Every name the program may be called by; braid itself first.
[[nodiscard]] std::span<const Habits> all_habits() noexcept;

// The habits that go with the name a program was started by: the last component of `argv0`, or
// braid's when it is none of the known names.
[[nodiscard]] const Habits& habits_of(std::string_view argv0) noexcept;

}  // namespace braid::cli
