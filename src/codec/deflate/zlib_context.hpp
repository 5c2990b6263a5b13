#pragma once

#include <braid/config.hpp>

#include <zlib.h>

namespace braid::codec::deflate {

// zlib's raw deflater, set up by a configuration. The state points back at the stream: not movable.
class ZlibContext {
 public:
  ZlibContext() = default;
  ZlibContext(const ZlibContext&) = delete;
  ZlibContext& operator=(const ZlibContext&) = delete;
  ~ZlibContext();

  // Once, before all else. Errors: out_of_memory.
  [[nodiscard]] Result<void> open(const CompressionConfig& config);

  // Begins a stream; the dictionary stands before it if there is one and it is asked for.
  void begin(bool with_dictionary) noexcept;

  // One call of deflate(): at most 4 GiB less one of both are seen. Returns what of both was used;
  // `done` when all was taken and written out as `mode` (Z_NO_FLUSH, Z_FULL_FLUSH, Z_FINISH) asks.
  struct Progress {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    bool done = false;
  };

  // Errors: internal.
  [[nodiscard]] Result<Progress> run(ByteView in, MutableBytes out, int mode) noexcept;

 private:
  z_stream stream_{};
  bool opened_ = false;
  CompressionConfig config_{Algorithm::deflate};
};

// Bytes of one context's state, as zconf.h gives them.
[[nodiscard]] std::uint64_t zlib_memory(const CompressionConfig& config) noexcept;

}  // namespace braid::codec::deflate
