#include "archive/plain_file.hpp"

#include "engine/detect_stream.hpp"

namespace braid::archive {

std::unique_ptr<PlainFile> PlainFile::find(const Positioned& file,
                                           const DecompressionConfig& config) {
  std::optional<Algorithm> algorithm = config.algorithm;
  if (!algorithm) {
    const auto found = engine::detect_stream_in(file);
    if (!found) return nullptr;
    algorithm = *found;
  }
  auto points = engine::read_own_table(file, file.size(), *algorithm, codec::Believe::framing);
  if (!points) return nullptr;
  return std::make_unique<PlainFile>(file, *std::move(points), config.memory_limit);
}

}  // namespace braid::archive
