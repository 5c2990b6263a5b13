#pragma once

#include <braid/config.hpp>

#include <memory>
#include <stop_token>

#include "codec/format.hpp"
#include "engine/decode_driver.hpp"
#include "parallel/memory_budget.hpp"

// A codec library's context with all that one buffer after another needs, so that a small buffer
// costs no allocation but its result. One thread at a time; may move between threads.
namespace braid::engine {

// Room for one step of writing a format without seams: large enough that calls and writes do not
// show.
inline constexpr std::size_t step_bytes = 256 << 10;

// Compresses whole buffers of one configuration.
class EncodeContext {
 public:
  // `config` is valid and outlives the context. Errors: out_of_memory, unsupported_feature.
  [[nodiscard]] static Result<std::unique_ptr<EncodeContext>> make(const CompressionConfig& config);

  // What a context holds once it has worked on chunks of full size. Bytes.
  [[nodiscard]] static std::uint64_t memory_for(const CompressionConfig& config);

  // The bytes of braid::compress(). The result's capacity is its size when the input is one chunk.
  // Errors: those of braid::compress(), cancelled. After an error the context is not to be reused.
  [[nodiscard]] Result<Buffer> compress(ByteView plain, std::pmr::memory_resource* memory,
                                        const std::stop_token& stop);

  // Memory that was reserved for this context is given back with it.
  void charge(parallel::MemoryBudget::Reservation memory) noexcept { charge_ = std::move(memory); }

 private:
  EncodeContext(const codec::Format& format, const CompressionConfig& config)
      : format_(format), config_(config) {}

  Result<Buffer> join_chunks(ByteView plain, std::pmr::memory_resource* memory,
                             const std::stop_token& stop);
  Result<Buffer> write_stream(ByteView plain, std::pmr::memory_resource* memory,
                              const std::stop_token& stop);

  const codec::Format& format_;
  const CompressionConfig& config_;
  std::unique_ptr<codec::ChunkEncoder> chunks_;  // these two, or
  std::unique_ptr<codec::Framer> framer_;
  std::unique_ptr<codec::StreamEncoder> stream_;  // this one
  codec::Piece piece_;
  Buffer head_;
  Buffer tail_;
  parallel::MemoryBudget::Reservation charge_;
};

// Restores whole buffers of one format under one memory limit.
class DecodeContext {
 public:
  // Errors: unsupported_feature, out_of_memory.
  [[nodiscard]] static Result<std::unique_ptr<DecodeContext>> make(
      Algorithm algorithm, const DecompressionConfig& config);

  // Whether a context that has just made this many plain bytes may be kept idle: larger streams may
  // have made it grow to their window.
  [[nodiscard]] static bool stays_small(std::uint64_t plain_bytes) noexcept {
    return plain_bytes <= (1 << 20);
  }

  // What braid::decompress() gives; `config` may differ from make()'s in output limit and trailing
  // alone. Errors: those of braid::decompress(), cancelled. After an error the context is not to be
  // reused.
  [[nodiscard]] Result<Buffer> decompress(ByteView packed, const DecompressionConfig& config,
                                          std::pmr::memory_resource* memory,
                                          const std::stop_token& stop);

 private:
  DecodeContext(const codec::Format& format, DecodeDriver driver)
      : format_(format), driver_(std::move(driver)) {}

  const codec::Format& format_;
  DecodeDriver driver_;
  bool used_ = false;
};

// Restores all of `packed` through a driver at its beginning. Errors: the driver's, cancelled.
// Throws std::bad_alloc.
[[nodiscard]] Result<Buffer> decode_whole(DecodeDriver& driver, const codec::Format& format,
                                          ByteView packed, std::uint64_t output_limit,
                                          std::pmr::memory_resource* memory,
                                          const std::stop_token& stop);

// The format that `config` names, or that the bytes tell. Errors: truncated, unknown_format.
[[nodiscard]] Result<Algorithm> algorithm_of(ByteView packed, const DecompressionConfig& config);

}  // namespace braid::engine
