#include <braid/shared_compressor.hpp>

#include <algorithm>
#include <bit>
#include <new>

#include "base/try.hpp"
#include "engine/codec_context.hpp"
#include "engine/sharded_stats.hpp"
#include "parallel/cpu_count.hpp"
#include "parallel/trace.hpp"

namespace braid {

namespace {

// Idle contexts together keep no more than this, one at the least.
constexpr std::uint64_t idle_memory = 256 << 20;

// Threads that are put aside in the middle of a call hold contexts too: somewhat more places than
// CPUs, or these calls would make and destroy one each.
std::size_t places_for(std::uint64_t context_memory) {
  const std::size_t cpus = std::max<std::size_t>(1, parallel::affinity_cpus().size());
  const std::size_t wanted = std::clamp<std::size_t>(std::bit_ceil(cpus * 4), 16, 256);
  return std::clamp<std::size_t>(idle_memory / std::max<std::uint64_t>(1, context_memory), 1,
                                 wanted);
}

std::size_t parts() {
  const std::size_t cpus = std::max<std::size_t>(1, parallel::affinity_cpus().size());
  return std::min<std::size_t>(std::bit_ceil(cpus), 256);
}

}  // namespace

class ThreadSafeCompressor::Impl {
 public:
  Impl(CompressionConfig config, DecompressionConfig decompression)
      : config_(std::move(config)),
        valid_(config_.validate()),
        decompression_(decompression),
        encoders_(valid_ ? places_for(engine::EncodeContext::memory_for(config_)) : 1),
        decoders_(places_for(1 << 20)),
        stats_(parts()) {
    if (!decompression_.algorithm) decompression_.algorithm = config_.algorithm();
    if (decompression_.dictionary.empty()) decompression_.dictionary = config_.dictionary();
  }

  [[nodiscard]] const CompressionConfig& config() const noexcept { return config_; }

  Result<Buffer> compress(ByteView plain, std::pmr::memory_resource* memory) {
    const std::uint64_t start = parallel::clock_ns();
    auto packed = compress_uncounted(plain, memory);
    count(&CompressionStats::compress, start, packed, plain.size(), packed ? packed->size() : 0);
    return packed;
  }

  Result<Buffer> decompress(ByteView packed, std::pmr::memory_resource* memory) {
    const std::uint64_t start = parallel::clock_ns();
    auto plain = decompress_uncounted(packed, memory);
    count(&CompressionStats::decompress, start, plain, plain ? plain->size() : 0, packed.size());
    return plain;
  }

  [[nodiscard]] CompressionStats stats() const { return stats_.sum(); }

  CompressionStats reset_stats() { return stats_.take(); }

 private:
  Result<Buffer> compress_uncounted(ByteView plain, std::pmr::memory_resource* memory) {
    BRAID_TRY(Result<void>(valid_));
    auto context = encoders_.take();
    if (context == nullptr) {
      BRAID_TRY_VALUE(context, engine::EncodeContext::make(config_));
    }
    auto packed = context->compress(plain, memory, {});
    if (packed) encoders_.put(std::move(context));
    return packed;
  }

  Result<Buffer> decompress_uncounted(ByteView packed, std::pmr::memory_resource* memory) {
    auto context = decoders_.take();
    if (context == nullptr) {
      BRAID_TRY_VALUE(context,
                      engine::DecodeContext::make(*decompression_.algorithm, decompression_));
    }
    auto plain = context->decompress(packed, decompression_, memory, {});
    if (plain && engine::DecodeContext::stays_small(plain->size())) {
      decoders_.put(std::move(context));
    }
    return plain;
  }

  void count(DirectionStats CompressionStats::*direction, std::uint64_t start,
             const Result<Buffer>& result, std::uint64_t plain, std::uint64_t packed) {
    DirectionStats one{.busy_ns = parallel::clock_ns() - start};
    if (result) {
      one.operations = 1;
      one.plain_bytes = plain;
      one.packed_bytes = packed;
      one.least_plain = plain;
      one.most_plain = plain;
    } else {
      one.failures = 1;
    }
    stats_.add(direction, one);
  }

  const CompressionConfig config_;
  const Result<void> valid_;
  DecompressionConfig decompression_;
  engine::ContextShelf<engine::EncodeContext> encoders_;
  engine::ContextShelf<engine::DecodeContext> decoders_;
  engine::ShardedStats stats_;
};

ThreadSafeCompressor::ThreadSafeCompressor(CompressionConfig config,
                                           DecompressionConfig decompression)
    : impl_(std::make_unique<Impl>(std::move(config), decompression)) {}

ThreadSafeCompressor::~ThreadSafeCompressor() = default;

const CompressionConfig& ThreadSafeCompressor::config() const noexcept {
  return impl_->config();
}

Result<Buffer> ThreadSafeCompressor::compress(ByteView plain, std::pmr::memory_resource* memory) {
  return impl_->compress(plain, memory);
}

Result<Buffer> ThreadSafeCompressor::decompress(ByteView packed,
                                                std::pmr::memory_resource* memory) {
  return impl_->decompress(packed, memory);
}

CompressionStats ThreadSafeCompressor::stats() const {
  return impl_->stats();
}

CompressionStats ThreadSafeCompressor::reset_stats() {
  return impl_->reset_stats();
}

}  // namespace braid
