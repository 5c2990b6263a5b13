#pragma once

#include <braid/config.hpp>

#include <memory>
#include <vector>

#include "base/mutex.hpp"
#include "codec/format.hpp"
#include "engine/context_shelf.hpp"
#include "engine/decode_driver.hpp"

namespace braid::engine {

// Codec contexts that the calls of an engine leave to those after them: making one takes as long as
// a small file. Kept are, as many as the engine has threads,
//   encoders of the last configuration, when all of them stay within a sixteenth of its memory;
//   decoders of each format with the last limit, when they have read no more than a little.
// Every member may be called from any thread.
class KeptContexts {
 public:
  // The encoders of one configuration. A call that takes one or leaves one holds the kind.
  struct EncoderKind {
    EncoderKind(const CompressionConfig& wanted, std::size_t places)
        : config(wanted), encoders(places) {}

    const CompressionConfig config;  // encoders may refer to it
    ContextShelf<codec::ChunkEncoder> encoders;
  };

  // The decoders of one format, with one memory limit and without a dictionary.
  struct DecoderKind {
    DecoderKind(std::uint64_t limit, std::size_t places) : memory_limit(limit), decoders(places) {}

    const std::uint64_t memory_limit;
    ContextShelf<DecodeDriver> decoders;  // to be restarted
  };

  // Throws std::bad_alloc.
  KeptContexts(std::size_t threads, std::uint64_t memory)
      : threads_(threads), memory_(memory), decoders_(codec::formats().size()) {}

  // `config` is valid. Null when its encoders are too large to be kept. Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<EncoderKind> encoders(const codec::Format& format,
                                                      const CompressionConfig& config)
      BRAID_EXCLUDES(mutex_);

  // Null when such decoders are not kept. Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<DecoderKind> decoders(const codec::Format& format,
                                                      const codec::DecoderSettings& settings)
      BRAID_EXCLUDES(mutex_);

 private:
  const std::size_t threads_;
  const std::uint64_t memory_;
  base::Mutex mutex_;
  std::shared_ptr<EncoderKind> encoders_ BRAID_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<DecoderKind>> decoders_ BRAID_GUARDED_BY(mutex_);  // by algorithm
};

}  // namespace braid::engine
