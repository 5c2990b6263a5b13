#include "codec/lz4/settings.hpp"

#include <string>

#include <xxhash.h>

#include "codec/lz4/block.hpp"
#include "codec/lz4/lz4.hpp"

namespace braid::codec::lz4 {

namespace {

constexpr std::int64_t largest_block_size = 4 << 20;
constexpr std::int64_t default_chunk_size = 4 << 20;

bool linked(const CompressionConfig& config) {
  return config.get(Knob::linked_blocks, 0) != 0;
}

// The format has four sizes, each four times the one before.
std::int64_t block_size(const CompressionConfig& config) {
  std::int64_t fitting = 64 << 10;
  const std::int64_t chunk = config.get(Knob::chunk_size, default_chunk_size);
  while (fitting < chunk && fitting < largest_block_size) fitting *= 4;
  return config.get(Knob::block_size, fitting);
}

Error bad(std::string message) {
  return {
      .code = Errc::invalid_argument, .message = std::move(message), .algorithm = Algorithm::lz4};
}

}  // namespace

FrameHeader header_for(const CompressionConfig& config) {
  FrameHeader header;
  header.block_size = static_cast<std::uint32_t>(block_size(config));
  header.linked = linked(config);
  header.block_checksum = config.get(Knob::block_checksum, 0) != 0;
  header.checksum = config.get(Knob::checksum, 1) != 0;
  if (config.get(Knob::dictionary_id, 0) != 0) {
    const ByteView dictionary = config.dictionary();
    header.dictionary_id = XXH32(dictionary.data(), dictionary.size(), 0);
  }
  return header;
}

Result<FrameHeader> header_for(const CompressionConfig& config,
                               std::optional<std::uint64_t> content_size) {
  FrameHeader header = header_for(config);
  if (config.get(Knob::content_size, 0) != 0) {
    if (!content_size) {
      return bad("content_size is set, but the size of the input is not known");
    }
    header.content_size = content_size;
  }
  return header;
}

Result<void> validate(const CompressionConfig& config) {
  const std::int64_t block = block_size(config);
  if (!block_size_code(static_cast<std::uint64_t>(block))) {
    return bad("block_size " + std::to_string(block) +
               " is not one of 65536, 262144, 1048576 and 4194304");
  }
  if (config.is_set(Knob::chunk_size)) {
    if (linked(config)) {
      return bad("chunk_size has no meaning with linked_blocks, which leave no chunks");
    }
    if (config.is_set(Knob::block_size) && config.get(Knob::chunk_size, 0) % block != 0) {
      return bad("chunk_size is not a multiple of block_size " + std::to_string(block));
    }
  }
  if (config.is_set(Knob::dictionary_id) && config.dictionary().empty()) {
    return bad("dictionary_id needs a dictionary");
  }
  return {};
}

std::size_t chunk_size(const CompressionConfig& config) {
  if (linked(config)) return 0;
  return static_cast<std::size_t>(config.get(Knob::chunk_size, default_chunk_size));
}

std::uint64_t encoder_memory(const CompressionConfig& config) {
  const std::uint64_t state =
      config.level() < LZ4HC_CLEVEL_MIN ? sizeof(LZ4_stream_t) : sizeof(LZ4_streamHC_t);
  // A linked stream holds one block before and one after it is compressed.
  const auto block = static_cast<std::uint64_t>(block_size(config));
  return linked(config) ? state + history_size + 2 * block + (64 << 10) : state;
}

}  // namespace braid::codec::lz4
