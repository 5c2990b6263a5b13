#include <braid/algorithm.hpp>
#include <braid/error.hpp>

#include <system_error>
#include <utility>

namespace braid {

std::string_view name(Errc code) noexcept {
  switch (code) {
    case Errc::corrupt:
      return "corrupt";
    case Errc::truncated:
      return "truncated";
    case Errc::checksum_mismatch:
      return "checksum_mismatch";
    case Errc::unsupported_feature:
      return "unsupported_feature";
    case Errc::unknown_format:
      return "unknown_format";
    case Errc::trailing_data:
      return "trailing_data";
    case Errc::output_limit:
      return "output_limit";
    case Errc::memory_limit:
      return "memory_limit";
    case Errc::out_of_memory:
      return "out_of_memory";
    case Errc::io:
      return "io";
    case Errc::not_found:
      return "not_found";
    case Errc::already_exists:
      return "already_exists";
    case Errc::unsafe_path:
      return "unsafe_path";
    case Errc::cancelled:
      return "cancelled";
    case Errc::busy:
      return "busy";
    case Errc::invalid_argument:
      return "invalid_argument";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

std::string Error::text() const {
  std::string text;
  if (algorithm) text.append(info(*algorithm).name).append(": ");
  text += message.empty() ? std::string(name(code)) : message;
  if (os_error != 0) text.append(": ").append(std::generic_category().message(os_error));
  if (!offset && !chunk) return text;
  text += " (";
  if (offset) text.append("offset ").append(std::to_string(*offset));
  if (offset && chunk) text += ", ";
  if (chunk) text.append("chunk ").append(std::to_string(*chunk));
  return text += ')';
}

Exception::Exception(Error error) : error_(std::move(error)), text_(error_.text()) {}

}  // namespace braid
