#pragma once

#include <braid/bytes.hpp>

// Signatures, told without any library. Scores as in Detection.
namespace braid::codec::deflate {

// RFC 1952 section 2.3: magic, method, no reserved flag. `certain` or 0.
[[nodiscard]] int detect_gzip(ByteView prefix);

// RFC 1950 section 2.2: two bytes with a check of five bits, and a plausible first block. `likely`
// or 0.
[[nodiscard]] int detect_zlib(ByteView prefix);

// Raw deflate has no signature: `guess` when the first block has a header that obeys RFC 1951, or
// 0.
[[nodiscard]] int detect_raw(ByteView prefix);

}  // namespace braid::codec::deflate
