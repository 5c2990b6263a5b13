#include "codec/brotli/brotli.hpp"
#include "codec/brotli/part.hpp"

namespace braid::codec::brotli {

int detect(ByteView prefix) {
  // Nearly any bytes begin a stream that is not yet wrong; only our own note is worth a guess.
  const auto window = read_window(prefix);
  return window && read_block(prefix, window->bits) ? Detection::guess : 0;
}

}  // namespace braid::codec::brotli
