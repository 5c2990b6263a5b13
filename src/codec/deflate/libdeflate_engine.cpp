#include <new>

#include <libdeflate.h>

#include "base/no_memory.hpp"
#include "codec/deflate/engine.hpp"
#include "codec/deflate/final_block.hpp"
#include "codec/deflate/stored_blocks.hpp"

namespace braid::codec::deflate {

namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const noexcept {
    libdeflate_free_compressor(compressor);
  }
};

class LibdeflateEngine final : public Engine {
 public:
  LibdeflateEngine(std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor,
                   std::size_t reach)
      : compressor_(std::move(compressor)), reach_(reach) {}

  Result<bool> append(ByteView plain, bool final, bool /*with_dictionary*/, Buffer& out) override {
    const std::size_t before = out.size();
    // Room for the blocks and for the empty stored block behind them.
    const std::size_t bound = libdeflate_deflate_compress_bound(compressor_.get(), plain.size()) +
                              stored_block_header + 1;
    out.resize(before + bound);
    const std::size_t size = libdeflate_deflate_compress(compressor_.get(), plain.data(),
                                                         plain.size(), out.data() + before, bound);
    out.resize(before);
    if (size == 0 || size >= stored_size(plain.size())) return false;
    out.resize(before + size);
    if (!final && !open(plain, before, out)) {
      return Error{.code = Errc::internal, .message = "the last block was not found"};
    }
    return true;
  }

 private:
  // Makes the stream that begins at `before` go on: no block is the last one, and an empty stored
  // block follows the one that was. False only when there is no such stream.
  bool open(ByteView plain, std::size_t before, Buffer& out) {
    const auto last = finder_.find(out.view().drop(before), plain, reach_);
    if (!last) return false;
    std::byte* const stream = out.data() + before;
    stream[last->start / 8] &= ~(std::byte{1} << (last->start % 8));
    // Three bits of header, which are zeros as the padding behind them is; then the lengths.
    const std::size_t lengths = before + static_cast<std::size_t>((last->end + 3 + 7) / 8);
    const std::size_t padded = out.size();
    out.resize(lengths + 4);
    if (lengths > padded) out.data()[padded] = std::byte{0};
    out.data()[lengths] = std::byte{0};
    out.data()[lengths + 1] = std::byte{0};
    out.data()[lengths + 2] = std::byte{0xff};
    out.data()[lengths + 3] = std::byte{0xff};
    return true;
  }

  std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor_;
  std::size_t reach_;
  FinalBlockFinder finder_;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_libdeflate_engine(int level) {
  std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(level));
  if (!compressor) {
    return base::no_memory("no memory for the compressor");
  }
  // libdeflate's longest block holds 300,000 plain bytes and a remainder of up to 10,000; at level
  // 1 65,535. Deflated it is hardly ever longer than half of that, and never longer than all of it.
  const std::size_t reach = level == 1 ? 80U << 10 : 320U << 10;
  return std::make_unique<LibdeflateEngine>(std::move(compressor), reach);
}

}  // namespace braid::codec::deflate
