#include "codec/cut.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace braid::codec {

namespace {

// One random number a byte value (splitmix64). They are part of what is written: other numbers cut
// elsewhere.
constexpr std::array<std::uint64_t, 256> gear = [] {
  std::array<std::uint64_t, 256> numbers{};
  std::uint64_t state = 0;
  for (std::uint64_t& number : numbers) {
    state += 0x9e3779b97f4a7c15;
    number = state;
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
    number = (number ^ number >> 27) * 0x94d049bb133111eb;
    number ^= number >> 31;
  }
  return numbers;
}();

// Bytes that a gear hash remembers: each shifts the older ones out by a bit.
constexpr std::size_t remembered = 64;

// Content-defined chunks with a gear hash (Xia et al., "Ddelta", 2014): a chunk ends behind bytes
// whose hash begins with enough zeros, so that the same content is cut at the same places wherever
// it stands. One such place is expected a quarter of the largest chunk; none is taken in its first
// sixteenth.
std::size_t cut_by_content(ByteView data, std::size_t largest) noexcept {
  const std::size_t least = std::max<std::size_t>(1, largest / 16);
  if (data.size() <= least) return data.size();
  const int zeros = std::max(1, static_cast<int>(std::bit_width(largest / 4)) - 1);
  std::uint64_t hash = 0;
  for (std::size_t i = least - std::min(least, remembered); i < data.size(); ++i) {
    hash = (hash << 1) + gear[data.at(i)];
    if (i + 1 >= least && std::countl_zero(hash) >= zeros) return i + 1;
  }
  return data.size();
}

}  // namespace

bool cuts_by_content(const CompressionConfig& config) noexcept {
  return config.get(Knob::rsyncable, 0) != 0;
}

std::size_t cut(const Format& format, const CompressionConfig& config, ByteView data) {
  if (data.empty()) return 0;
  if (cuts_by_content(config)) return cut_by_content(data, format.chunk_size(config));
  return format.split == nullptr ? data.size() : format.split(config, data);
}

bool cuts_by_size(const Format& format, const CompressionConfig& config) noexcept {
  return format.split == nullptr && !cuts_by_content(config);
}

}  // namespace braid::codec
