#pragma once

#include <lz4.h>
#include <lz4hc.h>

#include "codec/codec.hpp"
#include "codec/lz4/frame.hpp"

// liblz4's block functions behind one face each way.
namespace braid::codec::lz4 {

struct FreeFast {
  void operator()(LZ4_stream_t* state) const noexcept { LZ4_freeStream(state); }
};

struct FreeHigh {
  void operator()(LZ4_streamHC_t* state) const noexcept { LZ4_freeStreamHC(state); }
};

// Compresses blocks at one level, below 3 with the fast and from 3 on with the high compressor.
// The state is kept from block to block.
class BlockCompressor {
 public:
  // `dictionary` must outlive the object. Errors: out_of_memory.
  [[nodiscard]] static Result<BlockCompressor> make(int level, ByteView dictionary);

  // Appends one block of the frame to `out`: size, data (as it is where compressing does not
  // help), and its sum if wanted. `plain` refers to nothing but the dictionary.
  void append_independent(ByteView plain, bool block_checksum, Buffer& out);

  // Forgets the blocks so far; the next linked one sees the dictionary alone.
  void begin_linked();

  // The same for a block that may refer to the one before, which ends where `plain` begins.
  void append_linked(ByteView plain, bool block_checksum, Buffer& out);

  // Moves the last bytes seen, up to 64 KiB, to `place`; gives their number. The next linked block
  // must follow them.
  std::size_t keep_history(std::byte* place);

 private:
  BlockCompressor(int level, ByteView dictionary) : level_(level), dictionary_(dictionary) {}

  [[nodiscard]] int acceleration() const { return level_ < 0 ? 1 - level_ : 1; }

  template <typename Compress>
  void append(ByteView plain, bool block_checksum, Buffer& out, Compress compress);

  int level_;
  ByteView dictionary_;
  std::unique_ptr<LZ4_stream_t, FreeFast> fast_;
  std::unique_ptr<LZ4_streamHC_t, FreeHigh> high_;
};

// Decodes the data of one block into `room`, with `history` before it: true and the number of
// bytes in `size`, or false when the block is damaged or holds more.
[[nodiscard]] bool decompress_block(ByteView data, bool stored, ByteView history, MutableBytes room,
                                    std::size_t& size);

// Checks the sum that follows the data of a block.
[[nodiscard]] bool block_checksum_matches(ByteView data_and_sum);

}  // namespace braid::codec::lz4
