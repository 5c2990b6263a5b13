#pragma once

#include "cli/settings.hpp"

// What the rows of the command table do; each returns the exit code.
namespace braid::cli {

[[nodiscard]] int run_append(const Settings& settings);
[[nodiscard]] int run_bench(const Settings& settings);
[[nodiscard]] int run_cat(const Settings& settings);
[[nodiscard]] int run_create(const Settings& settings);
[[nodiscard]] int run_extract(const Settings& settings);
[[nodiscard]] int run_delete(const Settings& settings);
[[nodiscard]] int run_diff(const Settings& settings);
[[nodiscard]] int run_index(const Settings& settings);
[[nodiscard]] int run_inspect(const Settings& settings);
[[nodiscard]] int run_list(const Settings& settings);
[[nodiscard]] int run_test(const Settings& settings);
[[nodiscard]] int run_formats(const Settings& settings);

}  // namespace braid::cli
