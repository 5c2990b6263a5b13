#pragma once

#include <braid/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

#include "codec/deflate/gzip_fields.hpp"

// What stands before and behind the blocks in a gzip member and in a zlib stream.
namespace braid::codec::deflate {

// Where in a buffer the parts of a gzip header lie that are filled in last.
struct HeaderSpots {
  std::size_t begin = 0;
  std::size_t payload = 0;  // of braid's own subfield
  std::size_t end = 0;      // behind the header, FHCRC included
  bool checksum = false;
};

// braid's own subfield of the extra field, if any; its payload is zeros until it is filled in.
struct OwnSubfield {
  SubfieldId id;
  std::uint16_t size;
};

// Appends a gzip header, RFC 1952 section 2.3. `first`: the file's first member, which carries the
// name, comment, time and extra field of the configuration.
HeaderSpots append_gzip_header(const CompressionConfig& config, bool first,
                               std::optional<OwnSubfield> own, Buffer& out);

// Writes `value` as the payload of braid's subfield, little-endian, if there is one. Every header
// ends with this call, which also computes FHCRC.
void seal_gzip_header(const HeaderSpots& header, std::optional<OwnSubfield> own,
                      std::uint32_t value, Buffer& out) noexcept;

// CRC32 and ISIZE, section 2.3.1: the size counts modulo 2^32.
void append_gzip_trailer(std::uint32_t crc, std::uint64_t plain_size, Buffer& out);

// RFC 1950 section 2.2: CMF, FLG and, with a dictionary, DICTID.
void append_zlib_header(const CompressionConfig& config, Buffer& out);

}  // namespace braid::codec::deflate
