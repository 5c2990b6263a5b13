#pragma once

#include <braid/config.hpp>

#include <memory>

#include "codec/deflate/settings.hpp"

namespace braid::codec::deflate {

// What deflates whole chunks: a library, or braid itself. One thread at a time; the context is
// kept.
class Engine {
 public:
  virtual ~Engine() = default;

  // Appends raw deflate blocks that restore `plain` to `out`, without history but for the
  // dictionary. `final`: the last one is marked as the last of the stream; else the blocks end at a
  // byte edge with an empty stored block, whose lengths (00 00 FF FF) are the last four bytes.
  // `plain` is not empty and at most 1 GiB. False: it did not become smaller than stored
  // blocks are, and `out` is unchanged.
  // `with_dictionary`: the dictionary, if there is one, stands before the chunk.
  // Errors: internal. May throw std::bad_alloc.
  [[nodiscard]] virtual Result<bool> append(ByteView plain, bool final, bool with_dictionary,
                                            Buffer& out) = 0;
};

// Errors: out_of_memory, which may also be thrown as std::bad_alloc.
// Levels 6 to 9.
[[nodiscard]] std::unique_ptr<Engine> make_braid_engine(int level);
[[nodiscard]] Result<std::unique_ptr<Engine>> make_libdeflate_engine(int level);
[[nodiscard]] Result<std::unique_ptr<Engine>> make_isal_engine(int level);
[[nodiscard]] Result<std::unique_ptr<Engine>> make_zlib_engine(const CompressionConfig& config);

}  // namespace braid::codec::deflate
