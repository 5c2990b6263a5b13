#include "archive/zip/end_record.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "archive/corrupt.hpp"
#include "archive/zip/fields.hpp"
#include "archive/zip/header.hpp"
#include "base/try.hpp"

namespace braid::archive::zip {

namespace {

// A comment has at most 65,535 bytes; as many may follow the archive.
constexpr std::uint64_t searched_bytes = end_bytes + 2 * 65'535;

// The numbers of both kinds of record.
struct Numbers {
  std::uint64_t disk, directory_disk, entries_here, entries, size, start;
};

Numbers numbers_of_end(ByteView record) {
  return {u16(record, 4),  u16(record, 6),  u16(record, 8),
          u16(record, 10), u32(record, 12), u32(record, 16)};
}

Numbers numbers_of_end64(ByteView record) {
  return {u32(record, 16), u32(record, 20), u64(record, 24),
          u64(record, 32), u64(record, 40), u64(record, 48)};
}

// A number of the small record is the large one's, or says that it did not fit.
bool agree(const Numbers& small, const Numbers& large) {
  const auto holds = [](std::uint64_t in_small, std::uint64_t in_large, std::uint64_t full) {
    return in_small == full || in_small == in_large;
  };
  return holds(small.disk, large.disk, 0xffff) &&
         holds(small.directory_disk, large.directory_disk, 0xffff) &&
         holds(small.entries_here, large.entries_here, 0xffff) &&
         holds(small.entries, large.entries, 0xffff) &&
         holds(small.size, large.size, 0xffff'ffff) && holds(small.start, large.start, 0xffff'ffff);
}

bool did_not_fit(const Numbers& small) {
  return small.disk == 0xffff || small.directory_disk == 0xffff || small.entries_here == 0xffff ||
         small.entries == 0xffff || small.size == 0xffff'ffff || small.start == 0xffff'ffff;
}

class Search {
 public:
  explicit Search(const Positioned& file) : file_(file) {}

  Result<EndRecord> run() {
    const auto searched = static_cast<std::size_t>(std::min(file_.size(), searched_bytes));
    tail_start_ = file_.size() - searched;
    tail_.resize(searched);
    BRAID_TRY_VALUE(const std::size_t count, file_.read_at(tail_.writable(), tail_start_));
    tail_.resize(count);
    BRAID_TRY_VALUE(const auto found, find_at_the_end());
    if (found) return *found;
    // Bytes follow the archive: then the last record counts, and no other.
    for (std::size_t at = tail_.size(); at-- > 0;) {
      if (!is_end(at)) continue;
      if (size_of_end(at) > tail_.size() - at) return corrupt("its comment is cut short");
      return judge(at);
    }
    return Error{.code = Errc::unknown_format,
                 .message = "no directory at the end: not a zip archive, or cut short"};
  }

 private:
  // The record whose comment ends the file. Nothing when none does; when several do, those that do
  // not tie out are bytes of a comment.
  Result<std::optional<EndRecord>> find_at_the_end() {
    std::optional<EndRecord> found;
    std::optional<Error> first_error;
    for (std::size_t at = tail_.size(); at-- > 0;) {
      if (!is_end(at) || size_of_end(at) != tail_.size() - at) continue;
      auto record = judge(at);
      if (record && found) {
        return corrupt("it has two directories: readers would differ on what is in it");
      }
      if (record) {
        found = *record;
      } else if (record.error().code == Errc::io) {
        return std::move(record).error();
      } else if (!first_error) {
        first_error = std::move(record).error();
      }
    }
    if (!found && first_error) return *std::move(first_error);
    return found;
  }

  [[nodiscard]] bool is_end(std::size_t at) const {
    const ByteView rest = tail_.view().drop(at);
    return rest.size() >= end_bytes && u32(rest, 0) == signature_end;
  }

  [[nodiscard]] std::size_t size_of_end(std::size_t at) const {
    return end_bytes + u16(tail_.view(), at + 20);
  }

  // Whether the record at this place of the tail ties out.
  Result<EndRecord> judge(std::size_t at) {
    const ByteView record = tail_.view().drop(at);
    const Numbers small = numbers_of_end(record);
    std::uint64_t directory_end = tail_start_ + at;
    Numbers numbers = small;
    BRAID_TRY_VALUE(const auto end64, find_end64(directory_end, did_not_fit(small)));
    if (end64) {
      if (!agree(small, end64->numbers))
        return corrupt("its two end records contradict each other");
      numbers = end64->numbers;
      directory_end = end64->at;
    } else if (did_not_fit(small) && small.entries != 0xffff) {
      return corrupt("the zip64 end record is missing");
    }
    if (numbers.disk != 0 || numbers.directory_disk != 0 ||
        numbers.entries_here != numbers.entries) {
      return Error{.code = Errc::unsupported_feature, .message = "one part of a split archive"};
    }
    if (numbers.size > directory_end || numbers.entries > numbers.size / central_bytes) {
      return corrupt("the size of the directory cannot be");
    }
    EndRecord end{
        .entries = numbers.entries, .start = directory_end - numbers.size, .size = numbers.size};
    if (numbers.start > end.start) return corrupt("the directory does not lie where it should");
    end.prefix = end.start - numbers.start;
    end.trailing = tail_.size() - at - size_of_end(at);
    BRAID_TRY(check_signature(end));
    return end;
  }

  struct End64 {
    Numbers numbers;
    std::uint64_t at;
  };

  // The large record that a locator before the small one at `end` leads to. Nothing without one,
  // and unless it is `needed`, when what looks like a locator leads to none: a name may.
  Result<std::optional<End64>> find_end64(std::uint64_t end, bool needed) const {
    std::array<std::byte, locator64_bytes> locator;
    if (end < locator.size() + end64_bytes) return std::optional<End64>();
    BRAID_TRY(read(locator, end - locator.size()));
    if (u32(locator, 0) != signature_locator64) return std::optional<End64>();
    // Where the locator says, or right before it when something stands before the archive.
    const std::uint64_t locator_at = end - locator.size();
    for (const std::uint64_t at : {u64(locator, 8), locator_at - end64_bytes}) {
      std::array<std::byte, end64_bytes> record;
      if (at > locator_at - end64_bytes) continue;
      BRAID_TRY(read(record, at));
      if (u32(record, 0) != signature_end64) continue;
      if (u64(record, 4) != locator_at - at - 12) continue;
      return std::optional(End64{numbers_of_end64(record), at});
    }
    if (!needed) return std::optional<End64>();
    if (u32(locator, 4) != 0 || u32(locator, 16) > 1) {
      return Error{.code = Errc::unsupported_feature, .message = "one part of a split archive"};
    }
    return corrupt("the zip64 end record is not where its locator says");
  }

  Result<void> check_signature(const EndRecord& end) const {
    if (end.entries == 0) {
      return end.size == 0 ? Result<void>() : corrupt("the directory has bytes but no entries");
    }
    std::array<std::byte, 4> signature;
    BRAID_TRY(read(signature, end.start));
    if (u32(signature, 0) == signature_central) return {};
    return corrupt("no directory where the end record says");
  }

  Result<void> read(MutableBytes out, std::uint64_t at) const {
    BRAID_TRY_VALUE(const std::size_t count, file_.read_at(out, at));
    return count == out.size() ? Result<void>()
                               : Error{.code = Errc::io, .message = "it became shorter"};
  }

  const Positioned& file_;
  Buffer tail_;
  std::uint64_t tail_start_ = 0;
};

}  // namespace

Result<EndRecord> find_end(const Positioned& file) {
  return Search(file).run();
}

}  // namespace braid::archive::zip
