#include "cli/personality.hpp"

#include <array>

namespace braid::cli {

namespace {

using enum Personality;

constexpr Habits as(std::string_view program, Habits habits, Action action, bool to_stdout) {
  habits.program = program;
  habits.action = action;
  habits.to_stdout = to_stdout;
  return habits;
}

constexpr Habits writing(std::string_view program, Habits habits) {
  return as(program, habits, Action::compress, false);
}

constexpr Habits reading(std::string_view program, Habits habits) {
  return as(program, habits, Action::decompress, false);
}

constexpr Habits printing(std::string_view program, Habits habits) {
  return as(program, habits, Action::decompress, true);
}

// gzip, xz, lzma and bzip2 replace the file they were given; the younger tools keep it.
constexpr Habits gzip_habits{
    .program = "gzip", .personality = gzip, .format = Algorithm::gzip, .remove_source = true};
constexpr Habits zstd_habits{
    .program = "zstd", .personality = zstd, .format = Algorithm::zstd, .level = 3};
constexpr Habits xz_habits{
    .program = "xz", .personality = xz, .format = Algorithm::xz, .level = 6, .remove_source = true};
constexpr Habits lzma_habits{.program = "lzma",
                             .personality = lzma,
                             .format = Algorithm::lzma,
                             .level = 6,
                             .remove_source = true};
constexpr Habits bzip2_habits{.program = "bzip2",
                              .personality = bzip2,
                              .format = Algorithm::bzip2,
                              .level = 9,
                              .remove_source = true};
constexpr Habits lzip_habits{.program = "lzip",
                             .personality = xz,
                             .format = Algorithm::lzip,
                             .level = 6,
                             .remove_source = true};
constexpr Habits lz4_habits{
    .program = "lz4", .personality = lz4, .format = Algorithm::lz4, .level = 1};
constexpr Habits brotli_habits{
    .program = "brotli", .personality = brotli, .format = Algorithm::brotli, .level = 11};

constexpr std::array names = {
    Habits{.program = "braid"},
    gzip_habits,
    reading("gunzip", gzip_habits),
    printing("zcat", gzip_habits),
    writing("pigz", gzip_habits),
    reading("unpigz", gzip_habits),
    zstd_habits,
    reading("unzstd", zstd_habits),
    printing("zstdcat", zstd_habits),
    writing("pzstd", zstd_habits),
    xz_habits,
    reading("unxz", xz_habits),
    printing("xzcat", xz_habits),
    lzma_habits,
    reading("unlzma", lzma_habits),
    printing("lzcat", lzma_habits),
    lzip_habits,
    reading("lunzip", lzip_habits),
    writing("plzip", lzip_habits),
    bzip2_habits,
    reading("bunzip2", bzip2_habits),
    printing("bzcat", bzip2_habits),
    writing("pbzip2", bzip2_habits),
    reading("pbunzip2", bzip2_habits),
    printing("pbzcat", bzip2_habits),
    writing("lbzip2", bzip2_habits),
    reading("lbunzip2", bzip2_habits),
    printing("lbzcat", bzip2_habits),
    lz4_habits,
    reading("unlz4", lz4_habits),
    printing("lz4cat", lz4_habits),
    brotli_habits,
    reading("unbrotli", brotli_habits),
};

}  // namespace

std::span<const Habits> all_habits() noexcept {
  return names;
}

const Habits& habits_of(std::string_view argv0) noexcept {
  const std::size_t slash = argv0.rfind('/');
  if (slash != std::string_view::npos) argv0.remove_prefix(slash + 1);
  for (const Habits& habits : names) {
    if (habits.program == argv0) return habits;
  }
  return names.front();
}

}  // namespace braid::cli
