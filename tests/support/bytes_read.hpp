#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

namespace braid::support {

// Bytes that this process has read so far, by read() and its like; nothing where the system does
// not tell (proc(5), rchar).
inline std::optional<std::uint64_t> bytes_read() {
  std::ifstream io("/proc/self/io");
  std::string name;
  std::uint64_t count = 0;
  if (io >> name >> count && name == "rchar:") return count;
  return std::nullopt;
}

}  // namespace braid::support
