#include <array>

#include "codec/brotli/rows.hpp"
#include "codec/bzip2/rows.hpp"
#include "codec/deflate/rows.hpp"
#include "codec/format.hpp"
#include "codec/lz4/rows.hpp"
#include "codec/lzma/rows.hpp"
#include "codec/none/rows.hpp"
#include "codec/zstd/rows.hpp"

namespace braid::codec {

namespace {

// The one list of formats, in the order of the enum.
constexpr std::array table = {
    none::row,    deflate::raw_row, deflate::zlib_row, deflate::gzip_row, zstd::row,      lz4::row,
    lzma::xz_row, lzma::lzma_row,   bzip2::row,        brotli::row,       lzma::lzip_row,
};

consteval bool rows_match_the_enum() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].info.algorithm) != i) return false;
  }
  return table.size() == static_cast<std::size_t>(Algorithm::lzip) + 1;
}

static_assert(rows_match_the_enum());

constexpr auto all_algorithms = [] {
  std::array<Algorithm, table.size()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = table[i].info.algorithm;
  return all;
}();

}  // namespace

const Format& format(Algorithm algorithm) noexcept {
  return table[static_cast<std::size_t>(algorithm)];
}

std::span<const Format> formats() noexcept {
  return table;
}

}  // namespace braid::codec

namespace braid {

std::span<const Algorithm> algorithms() noexcept {
  return codec::all_algorithms;
}

}  // namespace braid
