#pragma once

#include "codec/format.hpp"

// Where chunks end: the one rule of everything that compresses.
namespace braid::codec {

// How many bytes of `data` the next chunk takes: 1 to data.size(), or 0 of nothing. `data` holds
// chunk_size bytes, or all that is left. Depends on nothing but its arguments.
[[nodiscard]] std::size_t cut(const Format& format, const CompressionConfig& config, ByteView data);

// Whether chunks end where the content says: Knob::rsyncable.
[[nodiscard]] bool cuts_by_content(const CompressionConfig& config) noexcept;

// Whether every chunk but the last has the whole chunk_size, whatever the data.
[[nodiscard]] bool cuts_by_size(const Format& format, const CompressionConfig& config) noexcept;

}  // namespace braid::codec
