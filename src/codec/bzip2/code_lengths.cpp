#include "codec/bzip2/code_lengths.hpp"

#include <algorithm>
#include <array>

#include "codec/bzip2/constants.hpp"
#include "codec/code_lengths.hpp"

namespace braid::codec::bzip2 {

void make_code_lengths(std::span<const std::uint32_t> frequencies,
                       std::span<std::uint8_t> lengths) noexcept {
  std::array<std::uint32_t, max_alphabet> raised;
  std::transform(frequencies.begin(), frequencies.end(), raised.begin(),
                 [](std::uint32_t frequency) { return std::max(frequency, 1U); });
  codec::make_code_lengths({raised.data(), frequencies.size()}, writer_code_bits, lengths);
}

}  // namespace braid::codec::bzip2
