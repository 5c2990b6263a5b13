#pragma once

#include <braid/config.hpp>

#include <array>

#include "codec/lzma/liblzma.hpp"

namespace braid::codec::lzma {

// A configuration in liblzma's terms. Stays where it was made: the chain points into it.
class EncoderOptions {
 public:
  // `plain_size`: the most bytes that will be encoded at once. The dictionary is not made larger
  // than they can use, which saves both sides memory that grows with the dictionary.
  EncoderOptions(const CompressionConfig& config, std::uint64_t plain_size);
  EncoderOptions(const EncoderOptions&) = delete;
  EncoderOptions& operator=(const EncoderOptions&) = delete;

  // For .xz, LZMA2; for the others, LZMA.
  [[nodiscard]] lzma_filter* chain() noexcept { return chain_.data(); }

  // For .lzma, and what .lz states of itself.
  [[nodiscard]] const lzma_options_lzma* properties() const noexcept { return &properties_; }

  // As the constructor's argument, for the next chunk.
  void fit(std::uint64_t plain_size) noexcept;

 private:
  lzma_options_lzma properties_{};
  std::array<lzma_filter, 2> chain_{};
  std::uint32_t dictionary_size_ = 0;  // as configured
};

[[nodiscard]] lzma_check check_of(const CompressionConfig& config) noexcept;

}  // namespace braid::codec::lzma
