#include "archive/plain_file.hpp"

#include <array>

#include "engine/detect_stream.hpp"

namespace braid::archive {

std::unique_ptr<PlainFile> PlainFile::find(const Positioned& file,
                                           const DecompressionConfig& config) {
  std::optional<Algorithm> algorithm = config.algorithm;
  if (!algorithm) {
    std::array<std::byte, engine::detection_bytes> prefix{};
    const auto count = file.read_at(prefix, 0);
    if (!count) return nullptr;
    const auto found = engine::detect_stream(ByteView(prefix).first(*count));
    if (!found) return nullptr;
    algorithm = *found;
  }
  auto points = engine::read_own_table(file, file.size(), *algorithm, codec::Believe::framing);
  if (!points) return nullptr;
  return std::make_unique<PlainFile>(file, *std::move(points), config.memory_limit);
}

}  // namespace braid::archive
