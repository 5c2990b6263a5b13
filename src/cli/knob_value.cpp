#include "cli/knob_value.hpp"

#include <array>
#include <optional>
#include <span>

#include <fmt/core.h>

#include "cli/numbers.hpp"

namespace braid::cli {

namespace {

// In the order of the enums.
constexpr std::array<std::string_view, 4> check_names = {"none", "crc32", "crc64", "sha256"};
constexpr std::array<std::string_view, 4> layout_names = {"standard", "single", "members", "bgzf"};
constexpr std::array<std::string_view, 3> text_modes = {"generic", "text", "font"};
constexpr std::array<std::string_view, 14> strategy_names = {
    "automatic", "filtered", "huffman_only", "rle",     "fixed", "fast",    "dfast",
    "greedy",    "lazy",     "lazy2",        "btlazy2", "btopt", "btultra", "btultra2"};

std::span<const std::string_view> value_names(Knob knob) {
  switch (knob) {
    case Knob::check:
      return check_names;
    case Knob::layout:
      return layout_names;
    case Knob::text_mode:
      return text_modes;
    case Knob::strategy:
      return strategy_names;
    default:
      return {};
  }
}

// The option that sets a knob which holds bytes.
std::optional<std::string_view> own_option(Knob knob) {
  switch (knob) {
    case Knob::dictionary:
      return "--dict";
    case Knob::header_name:
      return "--name";
    case Knob::header_comment:
      return "--comment";
    case Knob::header_extra:
      return "the library";
    default:
      return std::nullopt;
  }
}

std::optional<Knob> find_knob(std::string_view wanted) noexcept {
  for (int i = 0; i < knob_count; ++i) {
    const auto knob = static_cast<Knob>(i);
    if (name(knob) == wanted) return knob;
  }
  return std::nullopt;
}

Error bad(std::string message) {
  return Error{.code = Errc::invalid_argument, .message = std::move(message)};
}

}  // namespace

Result<std::int64_t> parse_knob_value(Knob knob, std::string_view text) {
  const std::span<const std::string_view> names = value_names(knob);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<std::int64_t>(i);
  }
  if (names.empty() && text == "on") return 1;
  if (names.empty() && text == "off") return 0;
  if (text.starts_with('-')) return parse_integer(text);
  auto size = parse_size(text);
  if (!size || *size > static_cast<std::uint64_t>(INT64_MAX)) {
    std::string known;
    for (const std::string_view name : names) known.append(known.empty() ? "" : ", ").append(name);
    return bad(names.empty() ? fmt::format("'{}' is no value for {}", text, name(knob))
                             : fmt::format("'{}' is no {}: {}", text, name(knob), known));
  }
  return static_cast<std::int64_t>(*size);
}

std::optional<std::string> how_to_set(std::string_view knob) {
  const auto found = find_knob(knob);
  if (!found || found == Knob::header_extra) return std::nullopt;
  if (const auto option = own_option(*found)) return std::string(*option);
  return fmt::format("--set {}=VALUE", knob);
}

Result<std::pair<Knob, std::int64_t>> parse_knob(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return bad(fmt::format("'{}' is not of the form KNOB=VALUE", text));
  }
  const std::string_view wanted = text.substr(0, equals);
  const auto knob = find_knob(wanted);
  if (!knob) return bad(fmt::format("no setting is called '{}': see 'braid formats'", wanted));
  if (const auto option = own_option(*knob)) {
    return bad(fmt::format("{} is set by {}", wanted, *option));
  }
  auto value = parse_knob_value(*knob, text.substr(equals + 1));
  if (!value) return std::move(value).error();
  return std::pair(*knob, *value);
}

}  // namespace braid::cli
