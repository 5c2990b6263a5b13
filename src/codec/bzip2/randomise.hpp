#pragma once

#include <braid/bytes.hpp>

namespace braid::codec::bzip2 {

// bzip2 before 0.9.5 changed some bytes of blocks that its sorter found hard, at fixed places.
// Changes them back. Nobody writes such blocks today; readers must take them.
void derandomise(MutableBytes block) noexcept;

}  // namespace braid::codec::bzip2
