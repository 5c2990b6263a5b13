#include <braid/archive_reader.hpp>

#include <functional>
#include <new>
#include <unordered_map>

#include "archive/decoded_source.hpp"
#include "archive/read.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"

namespace braid {

namespace {

class MemoryFile final : public archive::Positioned {
 public:
  explicit MemoryFile(ByteView bytes) noexcept : bytes_(bytes) {}

  std::uint64_t size() const noexcept override { return bytes_.size(); }

  Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override {
    if (offset >= bytes_.size()) return std::size_t{0};
    MemorySource rest(bytes_.drop(static_cast<std::size_t>(offset)));
    return rest.read(out);
  }

 private:
  ByteView bytes_;
};

class DiskFile final : public archive::Positioned {
 public:
  DiskFile(FileSource file, std::uint64_t size) noexcept : file_(std::move(file)), size_(size) {}

  std::uint64_t size() const noexcept override { return size_; }

  Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override {
    return file_.read_at(out, offset);
  }

 private:
  FileSource file_;
  std::uint64_t size_;
};

class Collector final : public EntryVisitor {
 public:
  explicit Collector(std::vector<Entry>& entries) : entries_(entries) {}

  Result<Visit> enter(const Entry& entry) override {
    entries_.push_back(entry);
    return Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    return Error{.code = Errc::internal, .message = "is not to be read", .entry = entry.path};
  }

 private:
  std::vector<Entry>& entries_;
};

std::string_view key_of(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return archive::bare_path(path);
}

}  // namespace

class ArchiveReader::Impl {
 public:
  explicit Impl(std::unique_ptr<archive::Positioned> file) : file_(std::move(file)) {}

  Result<void> read(Engine& engine, const ArchiveReadOptions& options) {
    max_output_ = options.max_output;
    Collector collector(entries_);
    BRAID_TRY_VALUE(auto found, archive::read_contents(engine, *file_, collector, options));
    contents_ = std::move(found.contents);
    format_ = found.format;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      by_path_.insert_or_assign(key_of(entries_[i].path), i);
    }
    return {};
  }

  [[nodiscard]] ArchiveFormat format() const noexcept { return format_; }

  [[nodiscard]] std::span<const Entry> entries() const noexcept { return entries_; }

  [[nodiscard]] const Entry* find(std::string_view path) const {
    const auto found = by_path_.find(key_of(path));
    return found == by_path_.end() ? nullptr : &entries_[found->second];
  }

  Result<std::unique_ptr<Source>> open(const Entry& entry) const {
    const Entry* file = &entry;
    if (entry.type == EntryType::hardlink) {
      file = find(entry.link_target);
      if (file == nullptr || file->type != EntryType::file) {
        return Error{.code = Errc::not_found,
                     .message = "is another name of what the archive does not hold",
                     .entry = entry.path};
      }
    }
    // Pointers into other objects are compared as std::less orders them.
    const std::less<> before;
    const bool is_own = !entries_.empty() && !before(file, entries_.data()) &&
                        before(file, entries_.data() + entries_.size());
    if (!is_own || file->type != EntryType::file) {
      return Error{.code = Errc::invalid_argument,
                   .message = is_own ? "is no file" : "is no entry of this reader",
                   .entry = entry.path};
    }
    auto source = contents_->open(*file);
    if (!source) source.error().entry = entry.path;
    return source;
  }

  Result<Buffer> read(const Entry& entry) const {
    BRAID_TRY_VALUE(const auto source, open(entry));
    Buffer content;
    std::size_t filled = 0;
    for (;;) {
      constexpr std::size_t piece = 64 << 10;
      if (content.size() - filled < piece) content.resize(filled + std::max(filled / 2, piece));
      auto count = source->read(content.writable().subspan(filled));
      if (!count) {
        count.error().entry = entry.path;
        return std::move(count).error();
      }
      filled += *count;
      if (filled > max_output_) {
        return Error{.code = Errc::output_limit,
                     .message = "more than the allowed " + std::to_string(max_output_) +
                                " bytes would come out",
                     .entry = entry.path};
      }
      if (*count != 0) continue;
      content.resize(filled);
      return content;
    }
  }

 private:
  std::unique_ptr<archive::Positioned> file_;
  std::uint64_t max_output_ = UINT64_MAX;
  ArchiveFormat format_ = ArchiveFormat::tar;
  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, std::size_t> by_path_;  // of the entries' own text
  std::unique_ptr<archive::Contents> contents_;
};

Result<ArchiveReader> ArchiveReader::open(Engine& engine, const std::filesystem::path& archive,
                                          const ArchiveReadOptions& options) try {
  BRAID_TRY_VALUE(FileSource file, FileSource::open(archive));
  const auto size = file.size();
  if (!size) {
    return Error{.code = Errc::invalid_argument,
                 .message = "only archives in files can be read at any place",
                 .entry = archive.native()};
  }
  auto impl = std::make_unique<Impl>(std::make_unique<DiskFile>(std::move(file), *size));
  BRAID_TRY(impl->read(engine, options));
  return ArchiveReader(std::move(impl));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read the archive");
}

Result<ArchiveReader> ArchiveReader::open(Engine& engine, ByteView archive,
                                          const ArchiveReadOptions& options) try {
  auto impl = std::make_unique<Impl>(std::make_unique<MemoryFile>(archive));
  BRAID_TRY(impl->read(engine, options));
  return ArchiveReader(std::move(impl));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read the archive");
}

ArchiveReader::ArchiveReader(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

ArchiveReader::ArchiveReader(ArchiveReader&&) noexcept = default;
ArchiveReader& ArchiveReader::operator=(ArchiveReader&&) noexcept = default;
ArchiveReader::~ArchiveReader() = default;

ArchiveFormat ArchiveReader::format() const noexcept {
  return impl_->format();
}

std::span<const Entry> ArchiveReader::entries() const noexcept {
  return impl_->entries();
}

const Entry* ArchiveReader::find(std::string_view path) const {
  return impl_->find(path);
}

Result<Buffer> ArchiveReader::read(const Entry& entry) const try {
  return impl_->read(entry);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read the entry");
}

Result<std::unique_ptr<Source>> ArchiveReader::open_entry(const Entry& entry) const try {
  return impl_->open(entry);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read the entry");
}

}  // namespace braid
