#include "cli/range.hpp"

#include <fmt/core.h>

#include "cli/numbers.hpp"

namespace braid::cli {

Result<ByteRange> parse_range(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return Error{.code = Errc::invalid_argument,
                 .message = fmt::format("'{}' is no range; write FROM:TO or FROM:+LENGTH", text)};
  }
  ByteRange range;
  if (colon != 0) {
    auto begin = parse_size(text.substr(0, colon));
    if (!begin) return std::move(begin).error();
    range.begin = *begin;
  }
  std::string_view end = text.substr(colon + 1);
  if (end.empty()) return range;
  const bool is_length = end.front() == '+';
  if (is_length) end.remove_prefix(1);
  auto number = parse_size(end);
  if (!number) return std::move(number).error();
  if (is_length) {
    range.length = *number;
  } else if (*number < range.begin) {
    return Error{.code = Errc::invalid_argument,
                 .message = fmt::format("the range '{}' ends before it begins", text)};
  } else {
    range.length = *number - range.begin;
  }
  return range;
}

}  // namespace braid::cli
