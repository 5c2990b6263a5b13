#include <algorithm>
#include <string>
#include <unordered_set>

#include "archive/copy_ranges.hpp"
#include "archive/selection.hpp"
#include "archive/tar/tar.hpp"
#include "archive/tar/walk.hpp"
#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

// Says where entries begin and which of them go.
class Sorter final : public EntryVisitor {
 public:
  explicit Sorter(const Drop& drop) : drop_(drop) {}

  Result<Visit> enter(const Entry& entry) override {
    const bool drops = drop_(entry);
    begin(entry.offset.value_or(0), drops);
    const std::string path(bare_path(entry.path));
    if (drops) {
      dropped_.insert(path);
      return Visit::skip;
    }
    dropped_.erase(path);  // a later entry of this name stays
    if (entry.type != EntryType::hardlink || broken_) return Visit::skip;
    if (dropped_.contains(std::string(bare_path(entry.link_target)))) {
      broken_ = Error{.code = Errc::invalid_argument,
                      .message = "would be left as another name of a file that is taken out",
                      .entry = entry.path};
    }
    return Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    return Error{.code = Errc::internal, .message = "is not to be read", .entry = entry.path};
  }

  // What stays, up to `end`. Errors: invalid_argument.
  Result<std::vector<Range>> finish(std::uint64_t end) {
    if (broken_) return *broken_;
    if (!ranges_.empty() && keeps_) ranges_.back().end = end;
    return std::move(ranges_);
  }

 private:
  // What is between two entries belongs to the first of them.
  void begin(std::uint64_t offset, bool drops) {
    if (keeps_ && !ranges_.empty()) ranges_.back().end = offset;
    if (!drops && !keeps_) ranges_.push_back({offset, offset});
    if (!drops && ranges_.empty()) ranges_.push_back({offset, offset});
    keeps_ = !drops;
  }

  const Drop& drop_;
  std::vector<Range> ranges_;
  bool keeps_ = false;
  std::unordered_set<std::string> dropped_;
  std::optional<Error> broken_;
};

}  // namespace

Result<Kept> keep(const Positioned& file, Sink& sink, const RunOptions& run, const Drop& drop) {
  Sorter sorter(drop);
  BRAID_TRY_VALUE(const std::uint64_t end, walk(file, {.stop = run.stop}, sorter));
  BRAID_TRY_VALUE(const std::vector<Range> ranges, sorter.finish(end));
  BRAID_TRY(copy_ranges(file, ranges, sink, run));
  return Kept();
}

}  // namespace braid::archive::tar
