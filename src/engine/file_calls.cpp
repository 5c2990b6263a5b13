#include <braid/codec.hpp>
#include <braid/engine.hpp>

#include <new>

#include "base/no_memory.hpp"
#include "engine/file_run.hpp"

namespace braid {

namespace {

// Compressed data has no zeros worth looking for.
FileOptions without_holes(FileOptions options) {
  options.sparse = false;
  return options;
}

// run_file() for the outside: no memory is an error, not an exception.
template <typename Work>
Result<Transfer> run(const std::filesystem::path& input, const std::filesystem::path& output,
                     const FileOptions& options, const Work& work) try {
  return engine::run_file(input, output, options, work);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for a file's buffers");
}

}  // namespace

Result<Transfer> compress_file(const std::filesystem::path& input,
                               const std::filesystem::path& output, const CompressionConfig& config,
                               const FileOptions& options) {
  return run(input, output, without_holes(options), [&](Source& source, Sink& sink) {
    return compress(source, sink, config, options.run);
  });
}

Result<Transfer> decompress_file(const std::filesystem::path& input,
                                 const std::filesystem::path& output,
                                 const DecompressionConfig& config, const FileOptions& options) {
  return run(input, output, options, [&](Source& source, Sink& sink) {
    return decompress(source, sink, config, options.run);
  });
}

Result<Transfer> ParallelCompressor::compress_file(const std::filesystem::path& input,
                                                   const std::filesystem::path& output,
                                                   const FileOptions& options) const {
  return run(input, output, without_holes(options),
             [&](Source& source, Sink& sink) { return compress(source, sink, options.run); });
}

Result<Transfer> ParallelCompressor::decompress_file(const std::filesystem::path& input,
                                                     const std::filesystem::path& output,
                                                     const DecompressionConfig& config,
                                                     const FileOptions& options) const {
  return run(input, output, options, [&](Source& source, Sink& sink) {
    return decompress(source, sink, config, options.run);
  });
}

}  // namespace braid
