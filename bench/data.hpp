#pragma once

#include <cstddef>
#include <string>

namespace braid::bench {

// At least `bytes` of this machine's own files, the same each time on the same machine: headers and
// documents, then programs and libraries, half and half. Nothing is invented, so nothing flatters.
std::string machine_data(std::size_t bytes);

}  // namespace braid::bench
