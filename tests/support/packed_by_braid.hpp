#pragma once

#include <braid/codec.hpp>

#include <string>

namespace braid::support {

// At level 1. `chunk`: its size; 0: the format's own.
inline std::string packed_by_braid(Algorithm algorithm, const std::string& plain, Layout layout,
                                   std::uint64_t chunk) {
  CompressionConfig config(algorithm);
  config.level(1);
  if (layout != Layout::standard) config.layout(layout);
  if (chunk != 0) config.chunk_size(chunk);
  return std::string(compress(ByteView(plain), config).value().view().text());
}

}  // namespace braid::support
