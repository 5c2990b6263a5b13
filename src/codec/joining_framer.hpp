#pragma once

#include "codec/codec.hpp"

namespace braid::codec {

// For formats whose pieces stand behind one another as they are.
class JoiningFramer final : public Framer {
 public:
  [[nodiscard]] Result<void> begin(const StreamPlan& /*plan*/, bool /*only*/,
                                   Buffer& /*head*/) override {
    return {};
  }

  [[nodiscard]] Result<void> add(Piece& /*piece*/, ByteView /*plain*/, const ChunkPlace& /*place*/,
                                 Buffer& /*head*/) override {
    return {};
  }

  [[nodiscard]] Result<void> finish(Buffer& /*tail*/) override { return {}; }
};

}  // namespace braid::codec
