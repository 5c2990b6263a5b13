#pragma once

#include <vector>

#include "codec/deflate/sequences.hpp"

namespace braid::codec::deflate {

// Joins neighbouring stretches for as long as that makes their blocks smaller: each block's codes
// fit what it holds, and each takes a header. Begins with the pair that gains most. `cost` is set
// to what a block of the stretch takes but for extra bits, which do not depend on the codes, in
// units of 1/4096 bit: the entropy of its symbols, and a guess at its header. Costs about 0.4 us a
// comparison, of which there are up to four a stretch. Throws std::bad_alloc.
void join_stretches(std::vector<Stretch>& stretches);

}  // namespace braid::codec::deflate
