#include "engine/seek_index.hpp"

#include <new>
#include <utility>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/detect_stream.hpp"
#include "engine/engine_impl.hpp"

namespace braid {

namespace {

Result<Buffer> read_whole(const std::filesystem::path& path) {
  constexpr std::size_t piece = 1 << 20;
  BRAID_TRY_VALUE(FileSource source, FileSource::open(path));
  Buffer bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + piece);
    BRAID_TRY_VALUE(const std::size_t count, source.read(bytes.writable().subspan(before)));
    bytes.resize(before + count);
    if (count == 0) return bytes;
  }
}

Result<std::shared_ptr<SeekIndex::Impl>> parse(ByteView bytes, const FileSource& file) {
  if (engine::is_index(bytes)) return engine::read_index(bytes);
  if (engine::is_gzidx(bytes)) return engine::read_gzidx(bytes, file);
  if (engine::is_gztool(bytes)) return engine::read_gztool(bytes, file);
  if (engine::is_gzi(bytes)) return engine::read_gzi(bytes, file);
  return Error{.code = Errc::unknown_format, .message = "is no index that is known"};
}

}  // namespace

SeekIndex::SeekIndex(std::shared_ptr<const Impl> impl) noexcept : impl_(std::move(impl)) {}

SeekIndex::SeekIndex(SeekIndex&&) noexcept = default;
SeekIndex& SeekIndex::operator=(SeekIndex&&) noexcept = default;
SeekIndex::~SeekIndex() = default;

Result<SeekIndex> SeekIndex::build(Engine& engine, const std::filesystem::path& file,
                                   const DecompressionConfig& config,
                                   const RunOptions& options) try {
  BRAID_TRY_VALUE(FileSource source, FileSource::open(file));
  auto impl = std::make_shared<Impl>();
  impl->file = file;
  engine.impl().count_call();
  NullSink nowhere;
  BRAID_TRY_VALUE(impl->points, engine::run_index(engine.impl(), source, nowhere, config, options));
  BRAID_TRY_VALUE(impl->fingerprint, engine::fingerprint(source, impl->points.packed_size));
  return SeekIndex(std::move(impl));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for an index");
}

Result<std::optional<SeekIndex>> SeekIndex::from_file(const std::filesystem::path& file,
                                                      std::optional<Algorithm> algorithm) try {
  BRAID_TRY_VALUE(FileSource source, FileSource::open(file));
  if (!algorithm) {
    BRAID_TRY_VALUE(algorithm, engine::detect_stream_in(source));
  }
  auto impl = std::make_shared<Impl>();
  BRAID_TRY_VALUE(auto points, engine::read_own_table(source, *algorithm));
  if (!points) return std::optional<SeekIndex>();
  impl->file = file;
  impl->points = *std::move(points);
  BRAID_TRY_VALUE(impl->fingerprint, engine::fingerprint(source, impl->points.packed_size));
  return std::optional<SeekIndex>(SeekIndex(std::move(impl)));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for an index");
}

Result<SeekIndex> SeekIndex::load(const std::filesystem::path& index,
                                  const std::filesystem::path& file) try {
  BRAID_TRY_VALUE(const Buffer bytes, read_whole(index));
  BRAID_TRY_VALUE(const FileSource source, FileSource::open(file));
  BRAID_TRY_VALUE(auto impl, parse(bytes.view(), source));
  impl->file = file;
  const auto size = source.size();
  BRAID_TRY_VALUE(const std::uint32_t print, engine::fingerprint(source, size.value_or(0)));
  if (size != impl->points.packed_size || print != impl->fingerprint) {
    return Error{.code = Errc::invalid_argument,
                 .message = "the index belongs to another file, or to an earlier state of this"};
  }
  return SeekIndex(std::move(impl));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for an index");
}

Result<void> SeekIndex::save(const std::filesystem::path& index, IndexFormat format) const try {
  Buffer bytes;
  switch (format) {
    case IndexFormat::braid:
      engine::write_index(*impl_, bytes);
      break;
    case IndexFormat::bgzf: {
      BRAID_TRY_VALUE(const FileSource file, FileSource::open(impl_->file));
      BRAID_TRY(engine::write_gzi(*impl_, file, bytes));
      break;
    }
    case IndexFormat::indexed_gzip:
      BRAID_TRY(engine::write_gzidx(*impl_, bytes));
      break;
    case IndexFormat::gztool: {
      BRAID_TRY_VALUE(const FileSource file, FileSource::open(impl_->file));
      BRAID_TRY(engine::write_gztool(*impl_, file, bytes));
      break;
    }
  }
  BRAID_TRY_VALUE(FileSink sink, FileSink::create(index, {.overwrite = Overwrite::replace}));
  BRAID_TRY(sink.write(bytes.view()));
  return sink.commit();
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for an index");
}

Algorithm SeekIndex::algorithm() const noexcept {
  return impl_->points.algorithm;
}

std::uint64_t SeekIndex::size() const noexcept {
  return impl_->points.plain_size;
}

std::size_t SeekIndex::points() const noexcept {
  return impl_->points.points.size();
}

}  // namespace braid
