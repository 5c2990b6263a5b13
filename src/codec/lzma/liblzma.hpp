#pragma once

#include <array>
#include <string_view>

#include <lzma.h>

#include "codec/codec.hpp"

// What the files of this folder share of liblzma: ownership, and errors told once.
namespace braid::codec::lzma {

// An lzma_stream. Initialised again with the same kind of coder, it keeps its memory.
class Coder {
 public:
  Coder() noexcept;
  Coder(const Coder&) = delete;
  Coder& operator=(const Coder&) = delete;

  ~Coder() { lzma_end(&stream_); }

  [[nodiscard]] lzma_stream* get() noexcept { return &stream_; }

  // One lzma_code() from `in` to `out`. LZMA_BUF_ERROR, which only means that nothing could be
  // done, comes back as LZMA_OK.
  lzma_ret code(ByteView in, MutableBytes out, lzma_action action, Step& step) noexcept;

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

// A filter chain whose options liblzma allocated.
class Filters {
 public:
  Filters() noexcept { chain_[0].id = LZMA_VLI_UNKNOWN; }

  Filters(const Filters&) = delete;
  Filters& operator=(const Filters&) = delete;

  ~Filters() { clear(); }

  [[nodiscard]] lzma_filter* get() noexcept { return chain_.data(); }

  void clear() noexcept { lzma_filters_free(chain_.data(), nullptr); }

 private:
  std::array<lzma_filter, LZMA_FILTERS_MAX + 1> chain_{};
};

// Sums over a stream's blocks, against which its index is checked. Constant memory.
class IndexHash {
 public:
  // Throws std::bad_alloc.
  IndexHash();
  IndexHash(IndexHash&& other) noexcept;
  IndexHash& operator=(IndexHash&&) = delete;
  ~IndexHash();

  [[nodiscard]] lzma_index_hash* get() noexcept { return hash_; }

  // Begins a new stream; also revives a moved-from object. Throws std::bad_alloc.
  void reset();

 private:
  lzma_index_hash* hash_ = nullptr;
};

// `what` is the clause for LZMA_DATA_ERROR.
[[nodiscard]] Error decode_error(lzma_ret code, std::string_view what);
[[nodiscard]] Error encode_error(lzma_ret code);
[[nodiscard]] Error memory_limit_error(std::uint64_t needed, std::uint64_t limit);

[[nodiscard]] std::string_view check_name(lzma_check check) noexcept;

[[nodiscard]] inline const std::uint8_t* octets(ByteView bytes) noexcept {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

[[nodiscard]] inline std::uint8_t* octets(std::byte* bytes) noexcept {
  return reinterpret_cast<std::uint8_t*>(bytes);
}

}  // namespace braid::codec::lzma
