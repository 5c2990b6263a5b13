#pragma once

#include <optional>

#include "codec/lzma/liblzma.hpp"

namespace braid::codec::lzma {

// The blocks of a whole file as the indexes at the ends of its streams tell of them (xz file format
// 1.1, section 4): for streams whose blocks do not tell their sizes themselves. Believed by nobody:
// a wrong one is found out where its block is decoded, or by the stream's verifier.
class BlockMap {
 public:
  struct Block {
    std::uint64_t total = 0;     // bytes of header, data, padding and check
    std::uint64_t unpadded = 0;  // the same without the padding
    std::uint64_t plain = 0;
  };

  // Whether a file of so many bytes and streams is worth a map.
  [[nodiscard]] static bool is_worth_it(std::uint64_t size, std::uint64_t streams) noexcept;

  // Reads the indexes from the end of the file forwards to its beginning; some reads of a few KiB.
  // Empty where the file does not end as it should, or its index takes more memory than an index
  // is worth, or it is not worth one.
  BlockMap(const RandomAccess& file, std::uint64_t size);
  ~BlockMap();
  BlockMap(const BlockMap&) = delete;
  BlockMap& operator=(const BlockMap&) = delete;

  [[nodiscard]] std::uint64_t blocks() const noexcept { return blocks_; }

  // All blocks, for a UnitDecoder. Throws std::bad_alloc.
  [[nodiscard]] std::vector<PlacedUnit> units() const;

  // The block that begins at `offset`, if one does. Going back costs a walk from the beginning.
  [[nodiscard]] std::optional<Block> at(std::uint64_t offset) noexcept;

 private:
  lzma_index* index_ = nullptr;
  lzma_index_iter iterator_{};
  bool ended_ = true;
  std::uint64_t last_ = 0;  // looked for
  std::uint64_t blocks_ = 0;
};

}  // namespace braid::codec::lzma
