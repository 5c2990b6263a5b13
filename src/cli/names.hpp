#pragma once

#include <braid/algorithm.hpp>
#include <braid/seekable_reader.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace braid::cli {

// "dir/a" + ".gz". `suffix` stands instead of the format's extension when it is given.
// Errors: invalid_argument for formats without extension.
[[nodiscard]] Result<std::string> compressed_name(std::string_view path, Algorithm format,
                                                  const std::optional<std::string>& suffix);

// Whether `path` ends as a file compressed to `format` does.
[[nodiscard]] bool is_compressed_name(std::string_view path, Algorithm format,
                                      const std::optional<std::string>& suffix);

// Whether `path` is the name of an archive that is no stream of another format: "a.tar", "a.zip".
[[nodiscard]] bool is_archive_name(std::string_view path);

// "dir/a.gz" without ".gz"; "a.tgz" becomes "a.tar". Errors: invalid_argument for a name that tells
// no format, and for one that would be empty.
[[nodiscard]] Result<std::string> restored_name(std::string_view path,
                                                const std::optional<std::string>& suffix);

// Where the index of `path` lies, beside it, as the program looks for it that the format is of.
[[nodiscard]] std::string index_name(const std::string& path, IndexFormat format);

// What follows the last slash.
[[nodiscard]] std::string_view base_name(std::string_view path) noexcept;

// A name stored in the data, put in the folder of `path`: its last component alone, so that it
// leads nowhere else. Nothing when that is no usable file name.
[[nodiscard]] std::optional<std::string> stored_name_beside(std::string_view path,
                                                            std::string_view stored);

}  // namespace braid::cli
