#pragma once

#include <braid/archive.hpp>
#include <braid/inspect.hpp>

#include <string>
#include <string_view>

#include "cli/outcome.hpp"

// The program's messages for machines: each is one JSON object in one line, with "schema" and
// "type". docs/cli.md describes the fields. Within one schema number fields are only added.
// File names that are not UTF-8 appear with U+FFFD for what cannot be said, and exactly, as
// hexadecimal digits of their bytes, in "<field>_hex".
namespace braid::cli {

[[nodiscard]] std::string json_result(const Outcome& outcome);
[[nodiscard]] std::string json_list_row(const Outcome& outcome);
[[nodiscard]] std::string json_totals(const Totals& totals);
[[nodiscard]] std::string json_error(std::string_view file, const Error& error, int exit_code);
[[nodiscard]] std::string json_note(std::string_view file, std::string_view text);
[[nodiscard]] std::string json_entry(const Entry& entry);
// "missing"
[[nodiscard]] std::string_view name(Difference what) noexcept;
[[nodiscard]] std::string json_difference(std::string_view path, Difference what);
[[nodiscard]] std::string json_archive(std::string_view command, std::string_view file,
                                       const ArchiveSummary& summary, double seconds);
[[nodiscard]] std::string json_inspection(std::string_view file, const Inspection& inspection);
[[nodiscard]] std::string json_part(std::string_view file, const FilePart& part);
[[nodiscard]] std::string json_bench(const BenchRow& row);
[[nodiscard]] std::string json_formats();
[[nodiscard]] std::string json_version();

}  // namespace braid::cli
