#pragma once

#include <braid/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace braid::cli {

// `name` with control bytes written as \n or \x1b: a hostile file name cannot forge a line of
// output or drive the terminal. All other bytes stay as they are.
[[nodiscard]] std::string printable(std::string_view name);

// `text` broken between words into lines of at most `width` columns; all but the first begin with
// `indent` spaces, which the first is taken to have already. Ends with a line feed.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

// Columns of the terminal that is `descriptor`; 80 when it is none.
[[nodiscard]] std::size_t terminal_width(int descriptor) noexcept;

// Text for standard output, written in large pieces. One thread at a time.
class TextOut {
 public:
  // Errors: io; after one, nothing more is written.
  [[nodiscard]] Result<void> put(std::string_view text);

  // Call it last.
  [[nodiscard]] Result<void> flush();

 private:
  std::string waiting_;
};

// Writes all of `text`. Errors: io.
[[nodiscard]] Result<void> write_text(int descriptor, std::string_view text);

}  // namespace braid::cli
