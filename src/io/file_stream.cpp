#include <braid/file.hpp>

#include <new>
#include <utility>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "io/atomic_file.hpp"
#include "io/file.hpp"
#include "io/sparse_writer.hpp"

namespace braid {

class FileSource::Impl {
 public:
  io::File file;
};

FileSource::FileSource(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

FileSource::FileSource(FileSource&&) noexcept = default;
FileSource& FileSource::operator=(FileSource&&) noexcept = default;
FileSource::~FileSource() = default;

Result<FileSource> FileSource::open(const std::filesystem::path& path) try {
  BRAID_TRY_VALUE(io::File file, io::File::open_read(path));
  file.advise_sequential();
  return FileSource(std::make_unique<Impl>(Impl{std::move(file)}));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to open a file");
}

Result<std::size_t> FileSource::read(MutableBytes out) {
  return impl_->file.read(out);
}

std::optional<std::uint64_t> FileSource::size() const {
  return io::bytes_left(impl_->file.descriptor());
}

Result<std::size_t> FileSource::read_at(MutableBytes out, std::uint64_t offset) const {
  return impl_->file.read_at(out, offset);
}

void FileSource::will_read(std::uint64_t offset, std::uint64_t count) const noexcept {
  io::advise_will_read(impl_->file.descriptor(), offset, count);
}

const RandomAccess* FileSource::random_access() const {
  return io::regular_position(impl_->file.descriptor()) ? this : nullptr;
}

Result<std::uint64_t> FileSource::skip(std::uint64_t count) {
  return io::skip(impl_->file.descriptor(), count, impl_->file.name());
}

class FileSink::Impl {
 public:
  Impl(io::AtomicFile target, const Options& with)
      : file(std::move(target)), options(with), sparse(file.file()) {}

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  io::AtomicFile file;
  Options options;
  io::SparseWriter sparse;  // writes `file`
};

FileSink::FileSink(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

FileSink::FileSink(FileSink&&) noexcept = default;
FileSink& FileSink::operator=(FileSink&&) noexcept = default;
FileSink::~FileSink() = default;

Result<FileSink> FileSink::create(const std::filesystem::path& path, const Options& options) try {
  BRAID_TRY_VALUE(auto file, io::AtomicFile::create(path, options.overwrite));
  return FileSink(std::make_unique<Impl>(std::move(file), options));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to create a file");
}

Result<void> FileSink::write(ByteView bytes) {
  return impl_->options.sparse ? impl_->sparse.write(bytes) : impl_->file.file().write(bytes);
}

Result<void> FileSink::commit() {
  if (impl_->options.sparse) BRAID_TRY(impl_->sparse.finish());
  return impl_->file.commit({.overwrite = impl_->options.overwrite, .sync = impl_->options.sync});
}

}  // namespace braid
