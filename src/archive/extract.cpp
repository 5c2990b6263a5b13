#include <braid/archive.hpp>

#include <atomic>
#include <functional>
#include <random>

#include "archive/flat_set.hpp"
#include "archive/read.hpp"
#include "archive/tree/path.hpp"
#include "archive/tree/tree.hpp"
#include "base/try.hpp"

namespace braid {

namespace {

using archive::Placed;
using archive::Tree;

// `path` without its first `count` components; empty when there are no more.
std::string stripped(std::string_view path, std::uint32_t count) {
  while (true) {
    while (path.starts_with('/') || path.starts_with("./")) {
      path.remove_prefix(path.find('/') + 1);
    }
    if (count == 0) return std::string(path);
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
    --count;
  }
}

// Takes what nobody wants.
class NoContent final : public EntrySink {
 public:
  Result<void> write(ByteView /*bytes*/) override { return {}; }

  Result<void> skip(std::uint64_t /*count*/) override { return {}; }

  Result<void> finish() override { return {}; }
};

// A file whose entry has another name than in the archive.
class RenamedFile final : public EntrySink {
 public:
  static Result<std::unique_ptr<EntrySink>> create(Tree& tree, std::unique_ptr<Entry> entry,
                                                   bool again) {
    BRAID_TRY_VALUE(auto file, tree.create(*entry, again));
    if (file == nullptr) return std::unique_ptr<EntrySink>(std::make_unique<NoContent>());
    std::unique_ptr<RenamedFile> sink(new RenamedFile);
    sink->entry_ = std::move(entry);
    sink->file_ = std::move(file);
    return std::unique_ptr<EntrySink>(std::move(sink));
  }

  Result<void> write(ByteView bytes) override { return file_->write(bytes); }

  Result<void> skip(std::uint64_t count) override { return file_->skip(count); }

  Result<void> finish() override { return file_->finish(); }

 private:
  std::unique_ptr<Entry> entry_;  // which the file borrows
  std::unique_ptr<archive::NewFile> file_;
};

// Makes what it meets in a tree: folders and links as they come, since nothing waits for them,
// files on any thread, hard links behind all before them, since those must be there.
class Extraction final : public EntryVisitor {
 public:
  Extraction(Tree& tree, const ExtractOptions& options) : tree_(tree), options_(options) {}

  Result<Visit> enter(const Entry& entry) override {
    if (options_.strip_components != 0) {
      if (stripped(entry.path, options_.strip_components).empty()) {
        ++skipped_;
        return Visit::skip;
      }
    }
    if (options_.on_entry) options_.on_entry(entry);
    // Of two entries of one name the last is what stays: it waits for the first.
    again_ = entry.type != EntryType::directory && comes_again(entry);
    if (again_ || entry.type == EntryType::hardlink) return Visit::alone;
    if (entry.type == EntryType::file) return Visit::read;
    BRAID_TRY(place(entry));
    return Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    if (entry.type != EntryType::file) {
      BRAID_TRY(place(entry));
      return std::unique_ptr<EntrySink>(std::make_unique<NoContent>());
    }
    if (options_.strip_components != 0) {
      return RenamedFile::create(tree_, std::make_unique<Entry>(strip(entry)), again_);
    }
    BRAID_TRY_VALUE(auto file, tree_.create(entry, again_));
    if (file != nullptr) return std::unique_ptr<EntrySink>(std::move(file));
    ++skipped_;
    return std::unique_ptr<EntrySink>(std::make_unique<NoContent>());
  }

  // Entries that were left alone where they are.
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

 private:
  [[nodiscard]] Entry strip(const Entry& entry) const {
    Entry result = entry;
    result.path = stripped(entry.path, options_.strip_components);
    if (entry.type == EntryType::hardlink) {
      result.link_target = stripped(entry.link_target, options_.strip_components);
    }
    return result;
  }

  // Whether an entry of this name came before, or of another whose hash is the same: that costs
  // time only, since what is replaced is what this run made.
  bool comes_again(const Entry& entry) {
    const auto clean = archive::clean_path(entry.path);
    return clean && !names_.insert(std::hash<std::string>()(*clean) * spread_);
  }

  Result<void> place(const Entry& entry) {
    auto placed = options_.strip_components == 0 ? tree_.place(entry, again_)
                                                 : tree_.place(strip(entry), again_);
    if (!placed) return std::move(placed).error();
    if (*placed == Placed::skipped) ++skipped_;
    return {};
  }

  Tree& tree_;
  const ExtractOptions& options_;
  std::atomic<std::uint64_t> skipped_ = 0;

  // Nobody can choose names that crowd in one place.
  const std::uint64_t spread_ =
      (std::uint64_t{std::random_device()()} << 32 | std::random_device()()) | 1;
  archive::FlatSet<std::uint64_t, std::identity> names_;  // hashes

  // Of the entry that was entered last. Those before it that are opened after that may take it for
  // theirs: they look once more at what is under their names, and that is all.
  std::atomic<bool> again_ = false;
};

// `read` leads a visitor through the archive.
template <typename Read>
Result<ArchiveSummary> extract(const std::filesystem::path& folder, const ExtractOptions& options,
                               const Read& read) {
  BRAID_TRY_VALUE(const std::unique_ptr<Tree> tree,
                  Tree::open(folder.native(), {.existing = options.existing,
                                               .preserve = options.preserve,
                                               .times = options.times,
                                               .attributes = options.attributes,
                                               .special_files = options.preserve}));
  Extraction extraction(*tree, options);
  Result<ArchiveSummary> summary = read(extraction);
  Result<void> finished = tree->finish();
  if (!summary) return summary;
  if (!finished) return std::move(finished).error();
  const std::uint64_t skipped = extraction.skipped();
  summary->entries -= std::min(summary->entries, skipped);
  summary->skipped += skipped;
  return summary;
}

}  // namespace

Result<ArchiveSummary> extract_archive(Engine& engine, Source& source,
                                       const std::filesystem::path& folder,
                                       const ExtractOptions& options) {
  return extract(folder, options, [&](EntryVisitor& visitor) {
    return archive::read_archive(engine, source, nullptr, visitor, options.read);
  });
}

Result<ArchiveSummary> extract_archive(Engine& engine, const std::filesystem::path& archive,
                                       const std::filesystem::path& folder,
                                       const ExtractOptions& options) {
  return extract(folder, options, [&](EntryVisitor& visitor) {
    return archive::read_archive_file(engine, archive, visitor, options.read);
  });
}

}  // namespace braid
