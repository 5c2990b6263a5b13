#include <braid/file.hpp>

#include <new>
#include <utility>

#include "base/try.hpp"
#include "io/atomic_file.hpp"
#include "io/sparse_writer.hpp"

namespace braid {

// Stays where it is: the writer points to the file.
class FileSink::Impl {
 public:
  Impl(io::AtomicFile file, const FileOptions& options)
      : file_(std::move(file)),
        writer_(file_.file()),
        overwrite_(options.overwrite),
        sparse_(options.sparse),
        sync_(options.sync) {}

  Result<void> write(ByteView bytes) {
    return sparse_ ? writer_.write(bytes) : file_.file().write(bytes);
  }

  Result<void> commit() {
    if (sparse_) BRAID_TRY(writer_.finish());
    return file_.commit({.overwrite = overwrite_, .metadata = nullptr, .sync = sync_});
  }

 private:
  io::AtomicFile file_;
  io::SparseWriter writer_;
  Overwrite overwrite_;
  bool sparse_;
  bool sync_;
};

Result<FileSink> FileSink::create(const std::filesystem::path& output,
                                  const FileOptions& options) try {
  BRAID_TRY_VALUE(auto file, io::AtomicFile::create(output, options.overwrite));
  return FileSink(std::make_unique<Impl>(std::move(file), options));

} catch (const std::bad_alloc&) {
  return Error{.code = Errc::out_of_memory, .message = "no memory for an output file"};
}

FileSink::FileSink(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

FileSink::FileSink(FileSink&&) noexcept = default;

FileSink& FileSink::operator=(FileSink&&) noexcept = default;

FileSink::~FileSink() = default;

Result<void> FileSink::write(ByteView bytes) {
  return impl_->write(bytes);
}

Result<void> FileSink::commit() {
  return impl_->commit();
}

}  // namespace braid
