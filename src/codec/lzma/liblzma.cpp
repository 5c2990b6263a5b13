#include "codec/lzma/liblzma.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

#include "base/chunk_memory.hpp"
#include "base/no_memory.hpp"

namespace braid::codec::lzma {

namespace {

// Match finders look all over tables of tens of MiB, decoders over dictionaries: in huge pages.
void* allocate(void* /*opaque*/, std::size_t count, std::size_t size) {
  return size != 0 && count > SIZE_MAX / size ? nullptr : base::chunk_malloc(count * size);
}

void release(void* /*opaque*/, void* memory) {
  std::free(memory);
}

constexpr lzma_allocator allocator = {.alloc = allocate, .free = release, .opaque = nullptr};

}  // namespace

Coder::Coder() noexcept {
  stream_.allocator = &allocator;
}

lzma_ret Coder::code(ByteView in, MutableBytes out, lzma_action action, Step& step) noexcept {
  stream_.next_in = octets(in);
  stream_.avail_in = in.size();
  stream_.next_out = octets(out.data());
  stream_.avail_out = out.size();
  const lzma_ret code = lzma_code(&stream_, action);
  step.consumed = in.size() - stream_.avail_in;
  step.produced = out.size() - stream_.avail_out;
  return code == LZMA_BUF_ERROR ? LZMA_OK : code;
}

IndexHash::IndexHash() {
  reset();
}

IndexHash::IndexHash(IndexHash&& other) noexcept : hash_(std::exchange(other.hash_, nullptr)) {}

IndexHash::~IndexHash() {
  lzma_index_hash_end(hash_, nullptr);
}

void IndexHash::reset() {
  lzma_index_hash* fresh = lzma_index_hash_init(hash_, nullptr);
  if (fresh == nullptr) throw std::bad_alloc();
  hash_ = fresh;
}

Error memory_limit_error(std::uint64_t needed, std::uint64_t limit) {
  return {.code = Errc::memory_limit,
          .message = "decoding needs " + std::to_string(needed) + " bytes of memory, allowed are " +
                     std::to_string(limit)};
}

Error decode_error(lzma_ret code, std::string_view what) {
  switch (code) {
    case LZMA_MEM_ERROR:
      return base::no_memory("no memory to decode");
    case LZMA_OPTIONS_ERROR:
      return {.code = Errc::unsupported_feature,
              .message = "the stream uses filters or flags that liblzma does not know"};
    case LZMA_UNSUPPORTED_CHECK:
      return {.code = Errc::unsupported_feature,
              .message = "the integrity check is of a type that liblzma does not know"};
    case LZMA_FORMAT_ERROR:
      return {.code = Errc::unknown_format, .message = "the data does not begin like the format"};
    case LZMA_DATA_ERROR:
      return {.code = Errc::corrupt, .message = std::string(what)};
    default:
      return {.code = Errc::internal,
              .message = "liblzma refused to decode with code " + std::to_string(code)};
  }
}

Error encode_error(lzma_ret code) {
  switch (code) {
    case LZMA_MEM_ERROR:
      return base::no_memory("no memory to encode");
    case LZMA_OPTIONS_ERROR:
      return {.code = Errc::invalid_argument, .message = "liblzma refuses these settings"};
    case LZMA_DATA_ERROR:
      return {.code = Errc::invalid_argument,
              .message = "the stream would be longer than the format allows"};
    default:
      return {.code = Errc::internal,
              .message = "liblzma refused to encode with code " + std::to_string(code)};
  }
}

std::string_view check_name(lzma_check check) noexcept {
  switch (check) {
    case LZMA_CHECK_NONE:
      return "none";
    case LZMA_CHECK_CRC32:
      return "CRC-32";
    case LZMA_CHECK_CRC64:
      return "CRC-64";
    case LZMA_CHECK_SHA256:
      return "SHA-256";
  }
  return "unknown";
}

}  // namespace braid::codec::lzma
