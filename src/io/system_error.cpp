#include "io/system_error.hpp"

#include <cerrno>

namespace braid::io {

namespace {

Errc errc_of(int code) {
  switch (code) {
    case ENOENT:
      return Errc::not_found;
    case EEXIST:
      return Errc::already_exists;
    case ENOMEM:
      return Errc::out_of_memory;
    default:
      return Errc::io;
  }
}

}  // namespace

std::string quote_name(std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "'";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      text += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      text += "\\x";
      text += digits[byte >> 4];
      text += digits[byte & 15U];
    } else {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text += '\'';
}

Error system_error(std::string_view action, std::string_view name, int code) {
  Error error{.code = errc_of(code), .message = "cannot ", .entry = std::string(name)};
  error.message.append(action).append(" ").append(quote_name(name));
  error.os_error = code;
  return error;
}

}  // namespace braid::io
