#include <braid/algorithm.hpp>

#include "base/byte_order.hpp"
#include "codec/bzip2/bzip2.hpp"
#include "codec/bzip2/constants.hpp"
#include "codec/bzip2/stream_header.hpp"

namespace braid::codec::bzip2 {

// "BZh1" to "BZh9" alone is a signature of four bytes that text could begin with; the magic number
// behind it leaves no doubt.
int detect(ByteView prefix) {
  if (parse_header(prefix) == 0) return 0;
  if (prefix.size() < header_bytes + 8) return Detection::likely;
  const auto magic = base::load_be<std::uint64_t>(prefix.data() + header_bytes) >> 16;
  return magic == block_magic || magic == end_magic ? Detection::certain : Detection::likely;
}

}  // namespace braid::codec::bzip2
