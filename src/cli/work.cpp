#include "cli/work.hpp"

namespace braid::cli {

Work::Work(const Settings& settings)
    : engine_({.threads = settings.threads,
               .memory_limit = settings.memory_limit,
               .trace = settings.trace.has_value()}) {}

Result<Transfer> Work::compress(Source& source, Sink& sink, const CompressionConfig& config,
                                const RunOptions& options) {
  return ParallelCompressor(engine_, config).compress(source, sink, options);
}

Result<Transfer> Work::decompress(Source& source, Sink& sink, const DecompressionConfig& config,
                                  const RunOptions& options) {
  return ParallelCompressor(engine_).decompress(source, sink, config, options);
}

Result<Transfer> Work::compress_file(const std::filesystem::path& input,
                                     const std::filesystem::path& output,
                                     const CompressionConfig& config, const FileOptions& options) {
  return ParallelCompressor(engine_, config).compress_file(input, output, options);
}

Result<Transfer> Work::decompress_file(const std::filesystem::path& input,
                                       const std::filesystem::path& output,
                                       const DecompressionConfig& config,
                                       const FileOptions& options) {
  return ParallelCompressor(engine_).decompress_file(input, output, config, options);
}

}  // namespace braid::cli
