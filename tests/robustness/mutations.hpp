#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>

// Damage as files suffer it, and as an attacker would do it.
namespace braid::testing {

// One change of `file`: bits, bytes, numbers, pieces lost, doubled, moved, or taken from `other`.
inline void damage(std::string& file, const std::string& other, std::mt19937_64& random) {
  const auto below = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
  // Half of all damage is near the beginning or the end, where formats keep what matters.
  const auto place = [&] {
    const std::size_t size = file.size();
    switch (random() % 4) {
      case 0:
        return below(std::min<std::size_t>(size, 64));
      case 1:
        return size - std::min(size, 1 + below(64));
      default:
        return below(size);
    }
  };
  if (file.empty()) {
    file = other.substr(0, below(other.size()));
    return;
  }
  const std::size_t at = std::min(place(), file.size() - 1);
  const std::size_t length = 1 + below(std::size_t{1} << below(12));
  switch (random() % 10) {
    case 0:
    case 1:
      file[at] = static_cast<char>(file[at] ^ (1 << random() % 8));
      break;
    case 2:
      file[at] = static_cast<char>(random());
      break;
    case 3:
      file[at] = static_cast<char>(random() % 2 == 0 ? 0 : 0xff);
      break;
    case 4:
      file.erase(at, length);
      break;
    case 5:
      file.insert(at, file, below(file.size()), length);
      break;
    case 6:
      file.insert(at, other, below(other.size()), length);
      break;
    case 7:
      file.resize(at);
      break;
    case 8: {
      const std::size_t from = below(other.size());
      const std::string piece = other.substr(from, std::min(length, file.size() - at));
      file.replace(at, piece.size(), piece);
      break;
    }
    default:
      file += random() % 2 == 0 ? std::string(below(9), '\0') : other.substr(0, length);
  }
}

inline std::string mutant(const std::string& file, const std::string& other,
                          std::mt19937_64& random) {
  std::string changed = file;
  for (std::size_t times = 1 + random() % 3; times != 0; --times) damage(changed, other, random);
  return changed;
}

}  // namespace braid::testing
