#include "io/temporary_name.hpp"

#include <sys/random.h>
#include <unistd.h>

namespace braid::io {

namespace {

// With what is added the name stays below the 143 bytes that the strictest file systems allow.
constexpr std::size_t name_start = 100;

}  // namespace

std::string temporary_name(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
  unsigned char random[12] = {};
  if (::getrandom(random, sizeof random, 0) != sizeof random) {
    // Interrupted or forbidden: O_EXCL still finds the collision that a poor name leads to.
    random[0] = static_cast<unsigned char>(::getpid());
  }
  std::size_t length = name.size() < name_start ? name.size() : name_start;
  if (length < name.size()) {  // some file systems refuse half a UTF-8 character
    while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0U) == 0x80U) --length;
  }
  std::string text = ".";
  text.append(name.substr(0, length)).append(".braid-");
  for (const unsigned char value : random) text += letters[value & 31U];
  return text;
}

}  // namespace braid::io
