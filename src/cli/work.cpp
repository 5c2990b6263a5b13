#include "cli/work.hpp"

namespace braid::cli {

Result<Transfer> Work::compress(Source& source, Sink& sink, const CompressionConfig& config,
                                const RunOptions& options) const {
  return braid::compress(source, sink, config, options);
}

Result<Transfer> Work::decompress(Source& source, Sink& sink, const DecompressionConfig& config,
                                  const RunOptions& options) const {
  return braid::decompress(source, sink, config, options);
}

Result<Transfer> Work::compress_file(const std::filesystem::path& input,
                                     const std::filesystem::path& output,
                                     const CompressionConfig& config,
                                     const FileOptions& options) const {
  return braid::compress_file(input, output, config, options);
}

Result<Transfer> Work::decompress_file(const std::filesystem::path& input,
                                       const std::filesystem::path& output,
                                       const DecompressionConfig& config,
                                       const FileOptions& options) const {
  return braid::decompress_file(input, output, config, options);
}

}  // namespace braid::cli
