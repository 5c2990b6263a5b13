#include "cli/configs.hpp"

#include <algorithm>

#include "cli/knob_value.hpp"

namespace braid::cli {

namespace {

void apply_level(const Settings& settings, CompressionConfig& config) {
  if (settings.level) {
    config.level(*settings.level);
  } else if (settings.named_level) {
    config.level(*settings.named_level);
  } else if (settings.habits->level && settings.habits->format == config.algorithm()) {
    config.level(*settings.habits->level);
  }
  if (settings.highest_level) config.level(std::min(config.level(), *settings.highest_level));
}

// Formats with one kind of checksum have a switch for it, which "none" turns off.
Result<void> apply_check(std::string_view check, CompressionConfig& config) {
  const AlgorithmInfo& format = info(config.algorithm());
  if (check == "none" && format.knob(Knob::check) == nullptr &&
      format.knob(Knob::checksum) != nullptr) {
    config.checksum(false);
    return {};
  }
  auto value = parse_knob_value(Knob::check, check);
  if (!value) return std::move(value).error();
  config.set(Knob::check, *value);
  return {};
}

}  // namespace

Algorithm output_format(const Settings& settings) {
  if (settings.format) return *settings.format;
  if (settings.output) {
    if (const auto told = algorithm_from_path(*settings.output)) return *told;
  }
  return settings.habits->format;
}

Result<CompressionConfig> compression_config(const Settings& settings, ByteView dictionary) {
  CompressionConfig config(output_format(settings));
  apply_level(settings, config);
  if (settings.check) {
    if (auto done = apply_check(*settings.check, config); !done) return std::move(done).error();
  }
  if (settings.comment) config.header_comment(*settings.comment);
  if (!dictionary.empty()) config.dictionary(dictionary);
  for (const auto& [knob, value] : settings.knobs) config.set(knob, value);
  if (auto valid = config.validate(); !valid) return std::move(valid).error();
  return config;
}

Result<CompressionConfig> compression_config(const Settings& settings, Algorithm format) {
  CompressionConfig config(format);
  apply_level(settings, config);
  for (const auto& [knob, value] : settings.knobs) config.set(knob, value);
  if (auto valid = config.validate(); !valid) return std::move(valid).error();
  return config;
}

DecompressionConfig decompression_config(const Settings& settings, ByteView dictionary) {
  return {.algorithm = settings.format,
          .output_limit = settings.max_output,
          .memory_limit = settings.memory_limit,
          .dictionary = dictionary};
}

}  // namespace braid::cli
