#pragma once

#include <string>
#include <string_view>

// Each codec library called directly, once, on one thread, with a context made beforehand: what
// braid's single-thread speed is held against.
namespace braid::bench {

struct RawCodec {
  std::string_view format;
  int level;

  // Compresses `plain` into `packed`, which has room, and returns the size.
  std::size_t (*compress)(std::string_view plain, std::string& packed, int level);

  // Decompresses `packed` into `plain`, which has exactly the room needed.
  void (*decompress)(std::string_view packed, std::string& plain);
};

// Every format and level that is measured.
extern const RawCodec raw_codecs[];
extern const std::size_t raw_codec_count;

}  // namespace braid::bench
