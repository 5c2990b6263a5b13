#pragma once

#include <braid/file.hpp>
#include <braid/seekable_reader.hpp>

#include "engine/seek_points.hpp"

namespace braid {

class SeekIndex::Impl {
 public:
  engine::SeekPoints points;
  std::uint32_t fingerprint = 0;  // of the compressed file
  std::filesystem::path file;     // that it was made from or loaded for
};

}  // namespace braid

// Indexes as files. docs/formats/index.md tells how they look.
namespace braid::engine {

// Of the beginning and the end of a file: tells most changes of it.
[[nodiscard]] Result<std::uint32_t> fingerprint(const FileSource& file, std::uint64_t size);

// That points are in order and within the file. Errors: corrupt.
[[nodiscard]] Result<void> check_points(const SeekPoints& points);

// braid's own.
void write_index(const SeekIndex::Impl& index, Buffer& out);
[[nodiscard]] Result<std::shared_ptr<SeekIndex::Impl>> read_index(ByteView bytes);
[[nodiscard]] bool is_index(ByteView bytes) noexcept;

// .gzi, which has neither a magic nor the sizes of the file: they are asked of the file.
// Errors: unsupported_feature when the file is not BGZF.
[[nodiscard]] Result<void> write_gzi(const SeekIndex::Impl& index, const FileSource& file,
                                     Buffer& out);
[[nodiscard]] Result<std::shared_ptr<SeekIndex::Impl>> read_gzi(ByteView bytes,
                                                                const FileSource& file);
[[nodiscard]] bool is_gzi(ByteView bytes) noexcept;

// GZIDX. Errors: unsupported_feature for files that are not deflate data, or that have places
// other than blocks.
[[nodiscard]] Result<void> write_gzidx(const SeekIndex::Impl& index, Buffer& out);
[[nodiscard]] Result<std::shared_ptr<SeekIndex::Impl>> read_gzidx(ByteView bytes,
                                                                  const FileSource& file);
[[nodiscard]] bool is_gzidx(ByteView bytes) noexcept;

// gztool's. Errors: unsupported_feature for files that are not gzip, or that have places other than
// blocks.
[[nodiscard]] Result<void> write_gztool(const SeekIndex::Impl& index, const FileSource& file,
                                        Buffer& out);
[[nodiscard]] Result<std::shared_ptr<SeekIndex::Impl>> read_gztool(ByteView bytes,
                                                                   const FileSource& file);
[[nodiscard]] bool is_gztool(ByteView bytes) noexcept;

}  // namespace braid::engine
