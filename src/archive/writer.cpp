#include <braid/archive_writer.hpp>

#include <exception>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "archive/disk_feed.hpp"
#include "archive/file_content.hpp"
#include "archive/queue_feed.hpp"
#include "archive/tree/path.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "io/nameless_file.hpp"

namespace braid {

namespace {

// Content of unknown size is held in memory up to here.
constexpr std::size_t held_bytes = 1 << 20;

// All of a source, and how much that is.
struct Spooled {
  std::unique_ptr<Source> content;
  std::uint64_t size = 0;
};

Result<std::size_t> fill(Source& source, MutableBytes out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    BRAID_TRY_VALUE(const std::size_t count, source.read(out.subspan(filled)));
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

Result<Spooled> spool(Source& source) {
  Buffer piece(held_bytes);
  BRAID_TRY_VALUE(std::size_t filled, fill(source, piece.writable()));
  if (filled < piece.size()) {
    piece.resize(filled);
    return Spooled{std::make_unique<archive::HeldContent>(std::move(piece)), filled};
  }
  BRAID_TRY_VALUE(io::File file, io::nameless_file());
  std::uint64_t size = 0;
  while (filled != 0) {
    BRAID_TRY(file.write(piece.view().first(filled)));
    size += filled;
    BRAID_TRY_VALUE(filled, fill(source, piece.writable()));
  }
  std::vector<Extent> all = {{0, size}};
  return Spooled{std::make_unique<archive::FileContent>(std::move(file), std::move(all)), size};
}

}  // namespace

class ArchiveWriter::Impl {
 public:
  Impl(Engine& engine, const ArchiveWriteOptions& options)
      : engine_(engine), options_(options), format_(archive::format(options.format)) {}

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    feed_.close(Error{.code = Errc::cancelled, .message = "given up"});
    if (thread_.joinable()) thread_.join();
  }

  Result<void> start(Sink& sink) try {
    BRAID_TRY(options_.compression.validate());
    thread_ = std::thread([this, &sink] { write(sink); });
    return {};
  } catch (const std::system_error& problem) {
    return Error{.code = Errc::out_of_memory,
                 .message = "no thread can be started",
                 .os_error = problem.code().value()};
  }

  Result<void> start_file(FileSink sink) {
    file_.emplace(std::move(sink));
    return start(*file_);
  }

  Result<void> add(Entry entry, std::unique_ptr<Source> content) {
    BRAID_TRY(check(entry, content != nullptr));
    archive::Item item;
    item.entry = std::move(entry);
    item.content = std::move(content);
    return feed_.put(std::move(item));
  }

  Result<void> add(Entry entry, std::unique_ptr<Source> content, std::string name) {
    entry.path = std::move(name);
    return add(std::move(entry), std::move(content));
  }

  Result<void> add_path(const std::filesystem::path& path, std::string name) {
    std::filesystem::path whole = path.lexically_normal();
    if (!whole.has_filename()) whole = whole.parent_path();
    const std::vector<std::string> paths = {whole.filename().native()};
    const CreateOptions options{.folder = whole.parent_path(), .format = options_.format};
    ArchiveSummary ignored;
    archive::DiskFeed disk(paths, options, format_, std::nullopt, ignored);
    archive::Item item;
    BRAID_TRY_VALUE(const bool found, disk.next(item));
    if (!found) {
      return Error{.code = Errc::invalid_argument,
                   .message = "is nothing that can be packed by itself",
                   .entry = path.native()};
    }
    BRAID_TRY(disk.settle(item, disk.open(item)));
    return add(std::move(item.entry), std::move(item.content), std::move(name));
  }

  Result<ArchiveSummary> finish() {
    feed_.end();
    if (thread_.joinable()) thread_.join();
    if (thrown_ != nullptr) std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (!result_) return result_.error();
    if (file_) BRAID_TRY(file_->commit());
    ArchiveSummary summary;
    summary.entries = feed_.entries();
    summary.bytes = feed_.bytes();
    summary.transfer = *result_;
    return summary;
  }

 private:
  // The writer's thread.
  void write(Sink& sink) noexcept {
    try {
      result_ = format_.write({engine_, sink, options_.compression, options_.run}, feed_);
    } catch (const std::bad_alloc&) {
      result_ = base::no_memory("no memory to write the archive");
    } catch (...) {
      thrown_ = std::current_exception();
      result_ = Error{.code = Errc::internal, .message = "finish() tells what was thrown"};
    }
    if (!result_) feed_.close(result_.error());
  }

  [[nodiscard]] Result<void> check(const Entry& entry, bool has_content) const {
    BRAID_TRY(archive::clean_path(entry.path));
    const bool device = entry.type == EntryType::character_device ||
                        entry.type == EntryType::block_device || entry.type == EntryType::fifo;
    const bool lacks = (entry.type == EntryType::hardlink && !format_.keeps_hard_links) ||
                       (device && !format_.keeps_devices);
    if (lacks) {
      return Error{.code = Errc::unsupported_feature,
                   .message = std::string(format_.name) + " archives have no such entries",
                   .entry = entry.path};
    }
    if (has_content && entry.type != EntryType::file) {
      return Error{.code = Errc::invalid_argument,
                   .message = "only files have content",
                   .entry = entry.path};
    }
    return {};
  }

  Engine& engine_;
  ArchiveWriteOptions options_;
  const archive::Format& format_;
  archive::QueueFeed feed_;
  std::optional<FileSink> file_;
  Result<Transfer> result_ = Transfer();
  std::exception_ptr thrown_;  // out of the sink or a source
  std::thread thread_;         // last: it uses all the others
};

Result<ArchiveWriter> ArchiveWriter::open(Engine& engine, Sink& sink,
                                          const ArchiveWriteOptions& options) {
  auto impl = std::make_unique<Impl>(engine, options);
  BRAID_TRY(impl->start(sink));
  return ArchiveWriter(std::move(impl));
}

Result<ArchiveWriter> ArchiveWriter::create(Engine& engine, const std::filesystem::path& archive,
                                            const ArchiveWriteOptions& options,
                                            Overwrite overwrite) {
  BRAID_TRY_VALUE(FileSink sink, FileSink::create(archive, {.overwrite = overwrite}));
  auto impl = std::make_unique<Impl>(engine, options);
  BRAID_TRY(impl->start_file(std::move(sink)));
  return ArchiveWriter(std::move(impl));
}

ArchiveWriter::ArchiveWriter(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

ArchiveWriter::ArchiveWriter(ArchiveWriter&&) noexcept = default;
ArchiveWriter& ArchiveWriter::operator=(ArchiveWriter&&) noexcept = default;
ArchiveWriter::~ArchiveWriter() = default;

Result<void> ArchiveWriter::add(Entry entry) {
  if (entry.type == EntryType::file) entry.size = 0;
  return impl_->add(std::move(entry), nullptr);
}

Result<void> ArchiveWriter::add(Entry entry, ByteView content) {
  Buffer copy;
  copy.append(content);
  return add(std::move(entry), std::move(copy));
}

Result<void> ArchiveWriter::add(Entry entry, Buffer content) {
  entry.size = content.size();
  return impl_->add(std::move(entry), std::make_unique<archive::HeldContent>(std::move(content)));
}

Result<void> ArchiveWriter::add(Entry entry, std::unique_ptr<Source> content,
                                std::optional<std::uint64_t> size) {
  if (size) {
    entry.size = *size;
    return impl_->add(std::move(entry), std::move(content));
  }
  BRAID_TRY_VALUE(Spooled spooled, spool(*content));
  entry.size = spooled.size;
  return impl_->add(std::move(entry), std::move(spooled.content));
}

Result<void> ArchiveWriter::add_path(const std::filesystem::path& path, std::string name) {
  return impl_->add_path(path, std::move(name));
}

Result<ArchiveSummary> ArchiveWriter::finish() {
  return impl_->finish();
}

}  // namespace braid
