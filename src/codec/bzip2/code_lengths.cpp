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

void assign_codes(std::span<const std::uint8_t> lengths, std::span<std::uint32_t> codes) noexcept {
  std::array<std::uint32_t, max_code_bits + 2> next{};
  for (const std::uint8_t length : lengths) ++next[length + 1U];
  std::uint32_t code = 0;  // next[l] becomes the first code of length l
  for (std::size_t length = 1; length <= max_code_bits; ++length) {
    code = (code + next[length]) << 1;
    next[length] = code;
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) codes[i] = next[lengths[i]]++;
}

}  // namespace braid::codec::bzip2
