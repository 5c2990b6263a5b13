#pragma once

#include <braid/config.hpp>

#include "cli/settings.hpp"

namespace braid::cli {

// The format to write: what -F says, else the extension of -o, else the habit.
[[nodiscard]] Algorithm output_format(const Settings& settings);

// How to compress, checked. `dictionary` may be empty.
// Errors: invalid_argument, unsupported_feature.
[[nodiscard]] Result<CompressionConfig> compression_config(const Settings& settings,
                                                           ByteView dictionary);

// The same for one format and without a dictionary.
[[nodiscard]] Result<CompressionConfig> compression_config(const Settings& settings,
                                                           Algorithm format);

// How to restore; borrows `dictionary`. The format is -F's or nothing.
[[nodiscard]] DecompressionConfig decompression_config(const Settings& settings,
                                                       ByteView dictionary);

}  // namespace braid::cli
