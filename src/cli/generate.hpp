#pragma once

#include <braid/result.hpp>

#include <string>
#include <string_view>

namespace braid::cli {

// What is installed beside the program, made from the table of options: "man", "bash", "zsh",
// "fish", and "markdown", the list of options in docs/cli.md. Errors: invalid_argument.
[[nodiscard]] Result<std::string> generate(std::string_view what);

[[nodiscard]] std::string manual_page();
[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

}  // namespace braid::cli
