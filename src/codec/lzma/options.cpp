#include "codec/lzma/options.hpp"

#include <algorithm>
#include <bit>

#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

namespace {

// The smallest dictionary an .xz header can state (2^n or 2^n + 2^(n-1)) that holds `size` bytes.
std::uint32_t enough_dictionary(std::uint64_t size) {
  if (size <= LZMA_DICT_SIZE_MIN) return LZMA_DICT_SIZE_MIN;
  if (size > std::uint64_t{1} << 31) return UINT32_MAX;
  const std::uint64_t power = std::bit_ceil(size);
  return static_cast<std::uint32_t>(size <= power / 4 * 3 ? power / 4 * 3 : power);
}

lzma_options_lzma properties_of(const CompressionConfig& config) {
  lzma_options_lzma properties{};
  const bool extreme = config.get(Knob::extreme, 0) != 0;
  // Fails for presets that do not exist alone; the level has been validated.
  (void)lzma_lzma_preset(&properties, static_cast<std::uint32_t>(config.level()) |
                                          (extreme ? LZMA_PRESET_EXTREME : 0));
  const auto knob = [&](Knob name, std::uint32_t& field) {
    field = static_cast<std::uint32_t>(config.get(name, field));
  };
  knob(Knob::dictionary_size, properties.dict_size);
  knob(Knob::literal_context, properties.lc);
  knob(Knob::literal_position, properties.lp);
  knob(Knob::position_bits, properties.pb);
  return properties;
}

bool single(const CompressionConfig& config) {
  return static_cast<Layout>(config.get(Knob::layout, 0)) == Layout::single;
}

}  // namespace

EncoderOptions::EncoderOptions(const CompressionConfig& config, std::uint64_t plain_size)
    : properties_(properties_of(config)), dictionary_size_(properties_.dict_size) {
  const lzma_vli id = config.algorithm() == Algorithm::xz ? LZMA_FILTER_LZMA2 : LZMA_FILTER_LZMA1;
  chain_ = {lzma_filter{.id = id, .options = &properties_},
            lzma_filter{.id = LZMA_VLI_UNKNOWN, .options = nullptr}};
  fit(plain_size);
}

void EncoderOptions::fit(std::uint64_t plain_size) noexcept {
  properties_.dict_size = std::min(dictionary_size_, enough_dictionary(plain_size));
}

lzma_check check_of(const CompressionConfig& config) noexcept {
  switch (static_cast<Check>(config.get(Knob::check, static_cast<int>(Check::crc64)))) {
    case Check::none:
      return LZMA_CHECK_NONE;
    case Check::crc32:
      return LZMA_CHECK_CRC32;
    case Check::crc64:
      return LZMA_CHECK_CRC64;
    case Check::sha256:
      return LZMA_CHECK_SHA256;
  }
  return LZMA_CHECK_CRC64;
}

Result<void> validate(const CompressionConfig& config) {
  const auto bad = [&](std::string message) {
    return Error{.code = Errc::invalid_argument,
                 .message = std::move(message),
                 .algorithm = config.algorithm()};
  };
  const lzma_options_lzma properties = properties_of(config);
  if (properties.lc + properties.lp > LZMA_LCLP_MAX) {
    return bad("literal_context and literal_position make more than 4 together");
  }
  if (single(config) && config.is_set(Knob::chunk_size)) {
    return bad("chunk_size has no meaning in the layout of a single block");
  }
  return {};
}

std::size_t chunk_size(const CompressionConfig& config) {
  if (single(config)) return 0;
  if (config.is_set(Knob::chunk_size)) {
    return static_cast<std::size_t>(config.get(Knob::chunk_size, 0));
  }
  // What `xz -T` takes, up to a size that is still good to have several of in memory; less than a
  // dictionary would make it useless.
  constexpr std::uint64_t most = 240_MiB;
  const std::uint64_t dictionary = properties_of(config).dict_size;
  return static_cast<std::size_t>(
      std::clamp(3 * dictionary, std::uint64_t{1_MiB}, std::max(dictionary, most)));
}

std::uint64_t encoder_memory(const CompressionConfig& config) {
  const std::size_t chunk = config.algorithm() == Algorithm::lzma ? 0 : chunk_size(config);
  EncoderOptions options(config, chunk == 0 ? UINT64_MAX : chunk);
  return lzma_raw_encoder_memusage(options.chain());
}

}  // namespace braid::codec::lzma
