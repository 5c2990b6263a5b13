#pragma once

#include <braid/engine.hpp>

#include <filesystem>

#include "cli/settings.hpp"

namespace braid::cli {

// The engine, and every call by which the program compresses or restores. The contracts are those
// of <braid/codec.hpp> and <braid/file.hpp>.
class Work {
 public:
  // Starts the threads that the settings ask for.
  explicit Work(const Settings& settings);

  [[nodiscard]] Result<Transfer> compress(Source& source, Sink& sink,
                                          const CompressionConfig& config,
                                          const RunOptions& options);
  [[nodiscard]] Result<Transfer> decompress(Source& source, Sink& sink,
                                            const DecompressionConfig& config,
                                            const RunOptions& options);
  [[nodiscard]] Result<Transfer> compress_file(const std::filesystem::path& input,
                                               const std::filesystem::path& output,
                                               const CompressionConfig& config,
                                               const FileOptions& options);
  [[nodiscard]] Result<Transfer> decompress_file(const std::filesystem::path& input,
                                                 const std::filesystem::path& output,
                                                 const DecompressionConfig& config,
                                                 const FileOptions& options);

  // For many files at once, its counters and its trace.
  [[nodiscard]] Engine& engine() noexcept { return engine_; }

 private:
  Engine engine_;
};

}  // namespace braid::cli
