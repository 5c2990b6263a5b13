#include "codec/zstd/context.hpp"

#include <array>
#include <string>

#include <zstd_errors.h>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "codec/zstd/settings.hpp"

namespace braid::codec::zstd {

namespace {

struct Setting {
  Knob knob;
  ZSTD_cParameter parameter;
};

// Knobs whose numbers are the library's own.
constexpr std::array settings = {
    Setting{Knob::hash_log, ZSTD_c_hashLog},
    Setting{Knob::chain_log, ZSTD_c_chainLog},
    Setting{Knob::search_log, ZSTD_c_searchLog},
    Setting{Knob::min_match, ZSTD_c_minMatch},
    Setting{Knob::target_length, ZSTD_c_targetLength},
    Setting{Knob::long_distance, ZSTD_c_enableLongDistanceMatching},
    Setting{Knob::ldm_hash_log, ZSTD_c_ldmHashLog},
    Setting{Knob::ldm_min_match, ZSTD_c_ldmMinMatch},
    Setting{Knob::ldm_bucket_size_log, ZSTD_c_ldmBucketSizeLog},
    Setting{Knob::ldm_hash_rate_log, ZSTD_c_ldmHashRateLog},
    Setting{Knob::dictionary_id, ZSTD_c_dictIDFlag},
};

// braid's names stand in the library's order, which begins at 1.
int strategy_number(Strategy strategy) {
  static_assert(ZSTD_fast == 1 && ZSTD_btultra2 == 9);
  return static_cast<int>(strategy) - static_cast<int>(Strategy::fast) + ZSTD_fast;
}

bool stores_content_size(const CompressionConfig& config) {
  // A single frame is the same from a pipe and from a file, so it stores a size only when asked.
  return config.get(Knob::content_size, is_single(config) ? 0 : 1) != 0;
}

Result<void> check(std::size_t code) {
  if (ZSTD_isError(code) != 0) return encode_error(code);
  return {};
}

Result<void> set(ZSTD_CCtx* context, ZSTD_cParameter parameter, std::int64_t value) {
  return check(ZSTD_CCtx_setParameter(context, parameter, static_cast<int>(value)));
}

// The library reports a dictionary that it cannot read as a lack of memory.
Error dictionary_error() {
  return {.code = Errc::invalid_argument,
          .message = "the dictionary is damaged, or too large for the memory there is"};
}

Error no_memory() {
  return base::no_memory("no memory for a zstd context");
}

}  // namespace

Result<Compressor> make_compressor(const CompressionConfig& config) {
  Compressor context(ZSTD_createCCtx());
  if (!context) return no_memory();
  BRAID_TRY(set(context.get(), ZSTD_c_compressionLevel, config.level()));
  BRAID_TRY(set(context.get(), ZSTD_c_checksumFlag, config.get(Knob::checksum, 1)));
  BRAID_TRY(set(context.get(), ZSTD_c_contentSizeFlag, stores_content_size(config) ? 1 : 0));
  BRAID_TRY(set(context.get(), ZSTD_c_windowLog, chosen_window_log(config)));
  for (const Setting& it : settings) {
    if (config.is_set(it.knob)) {
      BRAID_TRY(set(context.get(), it.parameter, config.get(it.knob, 0)));
    }
  }
  const auto strategy = static_cast<Strategy>(config.get(Knob::strategy, 0));
  if (strategy != Strategy::automatic) {
    BRAID_TRY(set(context.get(), ZSTD_c_strategy, strategy_number(strategy)));
  }
  const ByteView dictionary = config.dictionary();
  if (!dictionary.empty()) {
    BRAID_TRY(check(ZSTD_CCtx_loadDictionary(context.get(), dictionary.data(), dictionary.size())));
    // The library reads a dictionary with the first frame. An empty one finds out now.
    std::array<char, 64> frame;
    const std::size_t code = ZSTD_compress2(context.get(), frame.data(), frame.size(), nullptr, 0);
    if (ZSTD_isError(code) != 0) return dictionary_error();
  }
  return context;
}

Result<Decompressor> make_decompressor(ByteView dictionary) {
  Decompressor context(ZSTD_createDCtx());
  if (!context) return no_memory();
  const ZSTD_bounds logs = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
  std::size_t code = ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, logs.upperBound);
  if (ZSTD_isError(code) == 0 && !dictionary.empty()) {
    code = ZSTD_DCtx_loadDictionary(context.get(), dictionary.data(), dictionary.size());
  }
  if (ZSTD_isError(code) != 0) return dictionary_error();
  return context;
}

Error encode_error(std::size_t code) {
  switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
      return no_memory();
    case ZSTD_error_dictionary_corrupted:
    case ZSTD_error_dictionary_wrong:
    case ZSTD_error_dictionaryCreation_failed:
      return dictionary_error();
    case ZSTD_error_parameter_unsupported:
    case ZSTD_error_parameter_combination_unsupported:
    case ZSTD_error_parameter_outOfBound:
      return {.code = Errc::invalid_argument, .message = "libzstd refuses a setting"};
    case ZSTD_error_srcSize_wrong:
      return {.code = Errc::invalid_argument,
              .message = "the input does not have the size that was announced"};
    default:
      return {.code = Errc::internal,
              .message = std::string("libzstd failed: ") + ZSTD_getErrorName(code)};
  }
}

Error decode_error(std::size_t code) {
  switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_prefix_unknown:
      return {.code = Errc::unknown_format, .message = "not a zstd frame"};
    case ZSTD_error_version_unsupported:
    case ZSTD_error_frameParameter_unsupported:
      return {.code = Errc::unsupported_feature,
              .message = "the frame uses a part of the format that libzstd does not read"};
    case ZSTD_error_frameParameter_windowTooLarge:
      return {.code = Errc::memory_limit, .message = "the frame needs too large a window"};
    case ZSTD_error_checksum_wrong:
      return {.code = Errc::checksum_mismatch,
              .message = "the stored checksum does not match the content"};
    case ZSTD_error_dictionary_wrong:
      return {.code = Errc::unsupported_feature,
              .message = "the frame needs a dictionary that was not given"};
    case ZSTD_error_memory_allocation:
      return base::no_memory("no memory for the window");
    case ZSTD_error_srcSize_wrong:
      return {.code = Errc::truncated, .message = "the frame does not end"};
    case ZSTD_error_dstSize_tooSmall:
      return {.code = Errc::corrupt, .message = "the content is longer than its stored size"};
    default:
      return {.code = Errc::corrupt,
              .message = std::string("the frame is damaged: ") + ZSTD_getErrorName(code)};
  }
}

}  // namespace braid::codec::zstd
