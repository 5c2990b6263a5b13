#pragma once

#include <braid/algorithm.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What the formats' own libraries make of whole files, as their programs would call them:
// concatenation, padding, and bytes behind the end that begin no stream are refused.
namespace braid::testing {

enum class Verdict { restored, refused, too_large };

struct Reference {
  Verdict verdict = Verdict::refused;
  std::string plain{};  // when restored
};

// Nothing for a format whose library was not built in. `most`: plain bytes to stop beyond.
std::optional<Reference> read_by_library(Algorithm algorithm, std::string_view packed,
                                         std::size_t most);

}  // namespace braid::testing
