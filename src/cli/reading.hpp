#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/input.hpp"

namespace braid::cli {

// The format of data that is to be restored: by content where that is certain, else by the
// extension of `name` (formats without a signature, and data too short to tell), else by what the
// content is likely to be. Nothing when neither tells anything. Errors: io, cancelled.
[[nodiscard]] Result<std::optional<Algorithm>> format_of(Input& input, std::string_view name);

// That `input`, in which no format was found, is no archive either, for which there are commands.
// Errors: unknown_format, io, cancelled.
[[nodiscard]] Result<void> refuse_archive(Input& input);

// The file name that a gzip header at the beginning of `input` stores; empty when there is none.
// Errors: io, cancelled.
[[nodiscard]] Result<std::string> stored_name_of(Input& input);

}  // namespace braid::cli
