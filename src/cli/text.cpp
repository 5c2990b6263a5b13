#include "cli/text.hpp"

#include <braid/file.hpp>

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace braid::cli {

namespace {

// The second byte of a control character U+0080 to U+009F, which some terminals obey.
bool is_c1(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte >= 0x80 && byte < 0xa0 && at > 0 && static_cast<unsigned char>(text[at - 1]) == 0xc2;
}

}  // namespace

std::string printable(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      text += "\\n";
    } else if (byte < 0x20 || byte == 0x7f || is_c1(name, i)) {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += c;
    }
  }
  return text;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string result;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > indent && column + 1 + word.size() > width) {
      result.append("\n").append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result += '\n';
}

std::size_t terminal_width(int descriptor) noexcept {
  winsize size{};
  if (isatty(descriptor) == 1 && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
    return size.ws_col;
  }
  return 80;
}

Result<void> TextOut::put(std::string_view text) {
  constexpr std::size_t piece = 64 << 10;
  waiting_ += text;
  return waiting_.size() < piece ? Result<void>() : flush();
}

Result<void> TextOut::flush() {
  auto written = write_text(STDOUT_FILENO, waiting_);
  waiting_.clear();
  return written;
}

Result<void> write_text(int descriptor, std::string_view text) {
  DescriptorSink sink(descriptor,
                      descriptor == STDERR_FILENO ? "standard error" : "standard output");
  return sink.write(ByteView(text));
}

}  // namespace braid::cli
