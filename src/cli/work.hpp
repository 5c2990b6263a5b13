#pragma once

#include <braid/codec.hpp>
#include <braid/file.hpp>

#include <filesystem>

namespace braid::cli {

// Every call by which the program compresses or restores. The contracts are those of
// <braid/codec.hpp> and <braid/file.hpp>.
class Work {
 public:
  [[nodiscard]] Result<Transfer> compress(Source& source, Sink& sink,
                                          const CompressionConfig& config,
                                          const RunOptions& options) const;
  [[nodiscard]] Result<Transfer> decompress(Source& source, Sink& sink,
                                            const DecompressionConfig& config,
                                            const RunOptions& options) const;
  [[nodiscard]] Result<Transfer> compress_file(const std::filesystem::path& input,
                                               const std::filesystem::path& output,
                                               const CompressionConfig& config,
                                               const FileOptions& options) const;
  [[nodiscard]] Result<Transfer> decompress_file(const std::filesystem::path& input,
                                                 const std::filesystem::path& output,
                                                 const DecompressionConfig& config,
                                                 const FileOptions& options) const;
};

}  // namespace braid::cli
