#include "codec/lz4/block.hpp"

#include <cstring>

#include <xxhash.h>

#include "base/byte_order.hpp"
#include "base/no_memory.hpp"

namespace braid::codec::lz4 {

namespace {

const char* chars(const std::byte* p) {
  return reinterpret_cast<const char*>(p);
}

char* chars(std::byte* p) {
  return reinterpret_cast<char*>(p);
}

// Blocks are at most 8 MiB and histories 64 KiB.
int length(std::size_t size) {
  return static_cast<int>(size);
}

// What of a dictionary matches can reach.
ByteView reachable(ByteView dictionary) {
  return dictionary.size() > history_size ? dictionary.drop(dictionary.size() - history_size)
                                          : dictionary;
}

}  // namespace

Result<BlockCompressor> BlockCompressor::make(int level, ByteView dictionary) {
  BlockCompressor compressor(level, reachable(dictionary));
  if (level < LZ4HC_CLEVEL_MIN) {
    compressor.fast_.reset(LZ4_createStream());
  } else {
    compressor.high_.reset(LZ4_createStreamHC());
  }
  if (!compressor.fast_ && !compressor.high_) {
    return base::no_memory("no memory for an lz4 context");
  }
  return compressor;
}

template <typename Compress>
void BlockCompressor::append(ByteView plain, bool block_checksum, Buffer& out, Compress compress) {
  const std::size_t begin = out.size();
  const int bound = LZ4_compressBound(length(plain.size()));
  // With room for the worst case the library skips checks in its inner loop.
  out.resize(begin + block_header_size + static_cast<std::size_t>(bound) + sum_size);
  std::byte* const data = out.data() + begin + block_header_size;
  const int packed = compress(chars(plain.data()), chars(data), length(plain.size()), bound);
  auto size = static_cast<std::uint32_t>(packed);
  std::uint32_t flag = 0;
  if (packed <= 0 || size >= plain.size()) {
    size = static_cast<std::uint32_t>(plain.size());
    flag = stored_block;
    std::memcpy(data, plain.data(), plain.size());
  }
  base::store_le(out.data() + begin, size | flag);
  if (block_checksum) {
    base::store_le(data + size, static_cast<std::uint32_t>(XXH32(data, size, 0)));
  }
  out.resize(begin + block_header_size + size + (block_checksum ? sum_size : 0));
}

void BlockCompressor::append_independent(ByteView plain, bool block_checksum, Buffer& out) {
  if (!dictionary_.empty()) {
    begin_linked();
    append_linked(plain, block_checksum, out);
    return;
  }
  append(plain, block_checksum, out, [this](const char* in, char* to, int size, int room) {
    return fast_ ? LZ4_compress_fast_extState(fast_.get(), in, to, size, room, acceleration())
                 : LZ4_compress_HC_extStateHC(high_.get(), in, to, size, room, level_);
  });
}

void BlockCompressor::begin_linked() {
  // loadDict also resets the state.
  if (fast_) {
    LZ4_loadDict(fast_.get(), chars(dictionary_.data()), length(dictionary_.size()));
  } else {
    LZ4_resetStreamHC_fast(high_.get(), level_);
    LZ4_loadDictHC(high_.get(), chars(dictionary_.data()), length(dictionary_.size()));
  }
}

void BlockCompressor::append_linked(ByteView plain, bool block_checksum, Buffer& out) {
  append(plain, block_checksum, out, [this](const char* in, char* to, int size, int room) {
    return fast_ ? LZ4_compress_fast_continue(fast_.get(), in, to, size, room, acceleration())
                 : LZ4_compress_HC_continue(high_.get(), in, to, size, room);
  });
}

std::size_t BlockCompressor::keep_history(std::byte* place) {
  const int kept = fast_ ? LZ4_saveDict(fast_.get(), chars(place), length(history_size))
                         : LZ4_saveDictHC(high_.get(), chars(place), length(history_size));
  return kept > 0 ? static_cast<std::size_t>(kept) : 0;
}

bool decompress_block(ByteView data, bool stored, ByteView history, MutableBytes room,
                      std::size_t& size) {
  if (stored) {
    if (data.size() > room.size()) return false;
    if (!data.empty()) std::memcpy(room.data(), data.data(), data.size());
    size = data.size();
    return true;
  }
  const ByteView near = reachable(history);
  const int count = near.empty()
                        ? LZ4_decompress_safe(chars(data.data()), chars(room.data()),
                                              length(data.size()), length(room.size()))
                        : LZ4_decompress_safe_usingDict(chars(data.data()), chars(room.data()),
                                                        length(data.size()), length(room.size()),
                                                        chars(near.data()), length(near.size()));
  size = count < 0 ? 0 : static_cast<std::size_t>(count);
  return count >= 0;
}

bool block_checksum_matches(ByteView data_and_sum) {
  const std::size_t size = data_and_sum.size() - sum_size;
  return XXH32(data_and_sum.data(), size, 0) ==
         base::load_le<std::uint32_t>(data_and_sum.data() + size);
}

}  // namespace braid::codec::lz4
