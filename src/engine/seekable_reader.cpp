#include <braid/seekable_reader.hpp>

#include <new>
#include <utility>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/engine_impl.hpp"
#include "engine/seek_index.hpp"
#include "engine/span_reader.hpp"
#include "engine/span_run.hpp"

namespace braid {

class SeekableReader::Impl {
 public:
  Impl(FileSource file, SeekIndex index)
      : file_(std::move(file)),
        index_(std::move(index)),
        reader_(*file_.random_access(), index_.impl_->points) {}

  [[nodiscard]] const SeekIndex& index() const noexcept { return index_; }

  [[nodiscard]] engine::SpanReader& reader() noexcept { return reader_; }

 private:
  FileSource file_;
  SeekIndex index_;
  engine::SpanReader reader_;
};

SeekableReader::SeekableReader(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

SeekableReader::SeekableReader(SeekableReader&&) noexcept = default;
SeekableReader& SeekableReader::operator=(SeekableReader&&) noexcept = default;
SeekableReader::~SeekableReader() = default;

Result<SeekableReader> SeekableReader::open(const std::filesystem::path& file,
                                            SeekIndex index) try {
  BRAID_TRY_VALUE(FileSource source, FileSource::open(file));
  if (source.random_access() == nullptr) {
    return Error{.code = Errc::io,
                 .message = "only regular files can be read at any place",
                 .entry = file.native()};
  }
  return SeekableReader(std::make_unique<Impl>(std::move(source), std::move(index)));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read a part");
}

Result<SeekableReader> SeekableReader::open(Engine& engine, const std::filesystem::path& file,
                                            const DecompressionConfig& config,
                                            const RunOptions& options) {
  BRAID_TRY_VALUE(SeekIndex index, SeekIndex::build(engine, file, config, options));
  return open(file, std::move(index));
}

std::uint64_t SeekableReader::size() const noexcept {
  return impl_->reader().size();
}

const SeekIndex& SeekableReader::index() const noexcept {
  return impl_->index();
}

Result<std::size_t> SeekableReader::read_at(std::uint64_t offset, MutableBytes out) const try {
  return impl_->reader().read_at(offset, out);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read a part");
}

Result<std::uint64_t> SeekableReader::copy(std::uint64_t offset, std::uint64_t length,
                                           Sink& sink) const try {
  return impl_->reader().copy(offset, length, sink);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read a part");
}

Result<std::uint64_t> SeekableReader::copy(Engine& engine, std::uint64_t offset,
                                           std::uint64_t length, Sink& sink,
                                           const RunOptions& options) const {
  engine.impl().count_call();
  const engine::SpanReader& reader = impl_->reader();
  const std::uint64_t end = reader.end_of(offset, length);
  BRAID_TRY(engine::run_spans(engine.impl(), reader.spans(), offset, end, sink, options));
  return end - offset;
}

}  // namespace braid
