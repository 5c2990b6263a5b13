#pragma once

#include <cstdint>

#include "codec/codec.hpp"

// How .xz is cut. Units of Kind::data are blocks: Unit::tag is the block's unpadded size as its
// header or the index states it, Decoded::tag what it is; Unit::tag2 is the stream's lzma_check.
// Units of Kind::frame are a stream's header, its index with the footer, and zeros between streams,
// in fours.
namespace braid::codec::lzma {

// Unit::tag of a block that lacks its sizes, behind others that have them. No tool writes that, but
// the format allows it: the unit cannot be decoded alone, a StreamDecoder has to take over.
inline constexpr std::uint64_t tag_unsized = 0;

}  // namespace braid::codec::lzma
