#include <limits>

#include "codec/lzma/liblzma.hpp"
#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

namespace {

// What one index says of its stream.
struct Totals {
  bool valid = false;
  std::uint64_t packed = 0;  // blocks with their padding
  std::uint64_t plain = 0;
};

// Adds up the records of an index (file format 1.2, section 4) without checking its CRC: the result
// is a hint.
Totals totals(ByteView index) {
  std::size_t position = 1;  // behind the index indicator
  const auto number = [&](lzma_vli& value) {
    return lzma_vli_decode(&value, nullptr, octets(index), &position, index.size()) == LZMA_OK;
  };
  lzma_vli records = 0;
  if (index.empty() || index[0] != std::byte{0} || !number(records)) return {};
  Totals sum{.valid = true};
  for (; records != 0; --records) {
    lzma_vli unpadded = 0;
    lzma_vli plain = 0;
    if (!number(unpadded) || !number(plain)) return {};
    constexpr std::uint64_t room = std::numeric_limits<std::uint64_t>::max();
    if (unpadded > room - 3 - sum.packed || plain > room - sum.plain) return {};
    sum.packed += (unpadded + 3) & ~lzma_vli{3};
    sum.plain += plain;
  }
  return sum;
}

}  // namespace

std::uint64_t plain_size_hint(ByteView whole) {
  std::uint64_t plain = 0;
  while (whole.size() >= 2 * LZMA_STREAM_HEADER_SIZE) {
    const ByteView footer = whole.drop(whole.size() - LZMA_STREAM_HEADER_SIZE);
    if (footer.at(11) == 0) {  // no footer ends so: padding
      whole = whole.first(whole.size() - 4);
      continue;
    }
    lzma_stream_flags flags{};
    if (lzma_stream_footer_decode(&flags, octets(footer)) != LZMA_OK) return plain;
    const std::size_t before = whole.size() - LZMA_STREAM_HEADER_SIZE;
    if (flags.backward_size > before) return plain;
    const auto index_size = static_cast<std::size_t>(flags.backward_size);
    const Totals stream = totals(whole.slice(before - index_size, index_size));
    const std::uint64_t left = before - index_size;
    if (!stream.valid || left < LZMA_STREAM_HEADER_SIZE ||
        stream.packed > left - LZMA_STREAM_HEADER_SIZE || stream.plain > UINT64_MAX - plain) {
      return plain;
    }
    plain += stream.plain;
    whole = whole.first(static_cast<std::size_t>(left - stream.packed) - LZMA_STREAM_HEADER_SIZE);
  }
  return plain;
}

}  // namespace braid::codec::lzma
