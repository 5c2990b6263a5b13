#pragma once

#include <braid/error.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace braid::archive::built {

// One archive that means harm, or is a lie, and what extracting it must say. `row` is the threat.
struct Hostile {
  std::string name;
  std::string row;
  std::string bytes;
  Errc expected;
};

// For the names of tests.
inline void PrintTo(const Hostile& hostile, std::ostream* out) {
  *out << hostile.name;
}

// Names and links that lead out, and headers that lie (threats A1 to A16).
[[nodiscard]] std::vector<Hostile> hostile_tars();

// The same by zip's means, and structures on which readers differ (threats Z1 to Z8).
[[nodiscard]] std::vector<Hostile> hostile_zips();

}  // namespace braid::archive::built
