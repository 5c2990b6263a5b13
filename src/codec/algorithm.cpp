#include <braid/algorithm.hpp>

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_order.hpp"
#include "codec/format.hpp"

namespace braid {

namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_text(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool ends_with(std::string_view text, std::string_view end) noexcept {
  return text.size() > end.size() && same_text(text.substr(text.size() - end.size()), end);
}

// Extensions that stand for ".tar" and a stream format at once.
struct Shorthand {
  std::string_view extension;
  Algorithm algorithm;
};

constexpr std::array shorthands = {
    Shorthand{".tgz", Algorithm::gzip},  Shorthand{".taz", Algorithm::gzip},
    Shorthand{".tzst", Algorithm::zstd}, Shorthand{".txz", Algorithm::xz},
    Shorthand{".tlz", Algorithm::lzma},  Shorthand{".tbz2", Algorithm::bzip2},
    Shorthand{".tbz", Algorithm::bzip2}, Shorthand{".tb2", Algorithm::bzip2},
    Shorthand{".tz2", Algorithm::bzip2},
};

struct Ending {
  Algorithm algorithm;
  std::size_t length;
  bool tar;
};

std::optional<Ending> ending_of(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  for (const Shorthand& it : shorthands) {
    if (ends_with(path, it.extension)) return Ending{it.algorithm, it.extension.size(), true};
  }
  for (const codec::Format& row : codec::formats()) {
    for (std::string_view extension : row.info.extensions) {
      if (ends_with(path, extension)) {
        return Ending{row.info.algorithm, extension.size(), false};
      }
    }
  }
  return std::nullopt;
}

}  // namespace

const AlgorithmInfo& info(Algorithm algorithm) noexcept {
  return codec::format(algorithm).info;
}

Result<Algorithm> algorithm_from_name(std::string_view name) {
  for (const codec::Format& row : codec::formats()) {
    if (same_text(row.info.name, name)) return row.info.algorithm;
  }
  for (const codec::Format& row : codec::formats()) {
    for (std::string_view extension : row.info.extensions) {
      if (same_text(extension.substr(1), name)) return row.info.algorithm;
    }
  }
  return Error{.code = Errc::invalid_argument,
               .message = "no format is called '" + std::string(name) + "'"};
}

std::optional<Algorithm> algorithm_from_path(std::string_view path) noexcept {
  const auto ending = ending_of(path);
  return ending ? std::optional(ending->algorithm) : std::nullopt;
}

std::optional<std::string> path_without_extension(std::string_view path) {
  const auto ending = ending_of(path);
  if (!ending) return std::nullopt;
  std::string stem(path.substr(0, path.size() - ending->length));
  return ending->tar ? stem + ".tar" : stem;
}

// 0x184D2A50 to ...5F, a 32-bit size, that many bytes.
std::uint64_t codec::skippable_frame_size(ByteView ahead) noexcept {
  constexpr std::size_t header_size = 8;
  if (ahead.size() < header_size) return 0;
  if ((base::load_le<std::uint32_t>(ahead.data()) & 0xfffffff0U) != 0x184d2a50U) return 0;
  return std::uint64_t{header_size} + base::load_le<std::uint32_t>(ahead.data() + 4);
}

std::optional<Detection> detect(ByteView prefix) noexcept {
  ByteView behind = prefix;
  while (const std::uint64_t size = codec::skippable_frame_size(behind)) {
    behind = behind.drop(static_cast<std::size_t>(size));
  }
  // Nothing but skippable frames: zstd by custom, since its tools write them most.
  if (behind.empty() && !prefix.empty()) return Detection{Algorithm::zstd, Detection::likely};
  Detection best{Algorithm::none, Detection::guess};
  const bool skipped = behind.size() != prefix.size();
  for (const codec::Format& row : codec::formats()) {
    const int score = row.detect == nullptr ? 0 : row.detect(behind);
    if (score > best.score) best = {row.info.algorithm, score};
  }
  // Only these two have such frames; zstd's reader says what is wrong with anything else.
  if (skipped && best.algorithm != Algorithm::lz4) {
    return Detection{Algorithm::zstd, Detection::likely};
  }
  return best.score > Detection::guess ? std::optional(best) : std::nullopt;
}

}  // namespace braid
