#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// The subfields of gzip's extra field that braid writes or knows, and the marks between chunks.
// docs/formats/gzip.md describes them for other programs.
namespace braid::codec::deflate {

// OS = 255, "unknown": the bytes then tell nothing of the machine, and are the same on all.
inline constexpr unsigned os_unknown = 255;

// The two bytes SI1, SI2 that name a subfield.
struct SubfieldId {
  char first;
  char second;
  friend bool operator==(const SubfieldId&, const SubfieldId&) = default;
};

// One member of independent chunks. LEN 4: most plain bytes of a chunk, little-endian; all but the
// last have as many unless the writer was told to flush. Every chunk but the last ends in
// `chunk_mark`.
inline constexpr SubfieldId chunks_subfield{'B', 'R'};

// One member a chunk. LEN 4: bytes of the whole member, header and trailer included, little-endian.
inline constexpr SubfieldId member_subfield{'B', 'M'};

// BGZF (SAM specification section 4.1). LEN 2: bytes of the whole member less one, little-endian.
inline constexpr SubfieldId bgzf_subfield{'B', 'C'};

// mgzip. LEN 4: bytes of the member, counted in more than one way.
inline constexpr SubfieldId mgzip_subfield{'I', 'G'};

// SI1 SI2 LEN.
inline constexpr std::size_t subfield_header = 4;

// What ends every chunk but the last, in all three formats, at a byte edge: the lengths of one
// empty stored block, and a whole second one. An encoder with something to say never writes it.
inline constexpr std::array<std::uint8_t, 9> chunk_mark = {0x00, 0x00, 0xff, 0xff, 0x00,
                                                           0x00, 0x00, 0xff, 0xff};

// BGZF: most plain bytes of a member, as its own tool writes them, and the empty member that ends a
// file (SAM specification section 4.1.2).
inline constexpr std::size_t bgzf_block = 0xff00;
inline constexpr std::array<std::uint8_t, 28> bgzf_end = {
    0x1f, 0x8b, 0x08, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0x06, 0x00, 0x42, 0x43,
    0x02, 0x00, 0x1b, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};

}  // namespace braid::codec::deflate
