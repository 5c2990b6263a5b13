#pragma once

#include <braid/config.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <stop_token>
#include <vector>

#include "base/mutex.hpp"
#include "engine/codec_context.hpp"
#include "engine/context_shelf.hpp"
#include "engine/engine_impl.hpp"

// The codec contexts of a CompressionThreadPool.
namespace braid::engine {

// One way of compressing, with its idle contexts.
struct PoolKind {
  PoolKind(const CompressionConfig& wanted, std::size_t places)
      : config(wanted), valid(config.validate()), encoders(places) {}

  const CompressionConfig config;
  const Result<void> valid;
  ContextShelf<EncodeContext> encoders;
};

// Finds kinds by configuration and contexts by kind; charges contexts that compress to the engine's
// memory. Every member may be called from any thread.
class PoolContexts {
 public:
  // `engine` outlives every call of the pool.
  PoolContexts(Engine::Impl& engine, const CompressionConfig& config,
               const DecompressionConfig& decompression, std::size_t places);

  [[nodiscard]] const std::shared_ptr<PoolKind>& own_kind() const noexcept { return own_; }

  // The kind with this configuration, made when there is none. Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<PoolKind> kind_of(const CompressionConfig& config)
      BRAID_EXCLUDES(mutex_);

  // An idle context, or a new one once its memory is there.
  // Errors: the configuration's; memory_limit, cancelled, out_of_memory.
  [[nodiscard]] Result<std::unique_ptr<EncodeContext>> take(PoolKind& kind,
                                                            const std::stop_token& stop)
      BRAID_EXCLUDES(mutex_);

  void put(PoolKind& kind, std::unique_ptr<EncodeContext> context) noexcept;

  // Frees the contexts that compress and are not in use.
  void drop_idle() BRAID_EXCLUDES(mutex_);

  // Restores one buffer, into `memory`. `config`: null for the pool's own.
  [[nodiscard]] Result<Buffer> decompress(ByteView packed, const DecompressionConfig* config,
                                          std::pmr::memory_resource* memory,
                                          const std::stop_token& stop);

 private:
  Result<parallel::MemoryBudget::Reservation> reserve(std::uint64_t bytes,
                                                      const std::stop_token& stop)
      BRAID_EXCLUDES(mutex_);
  [[nodiscard]] bool shares_contexts(const DecompressionConfig& config) const noexcept;

  Engine::Impl& engine_;
  const std::size_t places_;
  const DecompressionConfig decompression_;
  const std::shared_ptr<PoolKind> own_;
  std::vector<std::unique_ptr<ContextShelf<DecodeContext>>> decoders_;  // by algorithm
  std::atomic<unsigned> starving_ = 0;  // threads that wait for memory for a context
  base::Mutex mutex_;
  std::vector<std::shared_ptr<PoolKind>> kinds_ BRAID_GUARDED_BY(mutex_);  // lately used ones last
};

// The context that one thread works with, kept from task to task of the same kind.
class PoolEncoder {
 public:
  explicit PoolEncoder(PoolContexts& contexts) : contexts_(contexts) {}

  ~PoolEncoder() { give_back(); }

  PoolEncoder(const PoolEncoder&) = delete;
  PoolEncoder& operator=(const PoolEncoder&) = delete;

  // Errors: those of braid::compress(), cancelled, memory_limit.
  [[nodiscard]] Result<Buffer> compress(const std::shared_ptr<PoolKind>& kind, ByteView plain,
                                        std::pmr::memory_resource* memory,
                                        const std::stop_token& stop);

 private:
  void give_back() noexcept;

  PoolContexts& contexts_;
  std::shared_ptr<PoolKind> kind_;
  std::unique_ptr<EncodeContext> context_;
};

}  // namespace braid::engine
