#include "archive/zip/directory.hpp"

#include <algorithm>

#include "archive/zip/end_record.hpp"
#include "archive/zip/header.hpp"
#include "base/try.hpp"

namespace braid::archive::zip {

Result<Directory> Directory::read(const Positioned& file, std::uint64_t memory_limit) {
  BRAID_TRY_VALUE(const EndRecord end, find_end(file));
  if (memory_limit != 0 && end.size > memory_limit) {
    return Error{.code = Errc::memory_limit,
                 .message = "the directory has " + std::to_string(end.size) +
                            " bytes; allowed are " + std::to_string(memory_limit)};
  }
  Directory directory;
  directory.start_ = end.start;
  directory.prefix_ = end.prefix;
  directory.trailing_ = end.trailing;
  directory.bytes_.resize(static_cast<std::size_t>(end.size));
  BRAID_TRY_VALUE(const std::size_t count, file.read_at(directory.bytes_.writable(), end.start));
  if (count != end.size) return Error{.code = Errc::io, .message = "it became shorter"};
  BRAID_TRY(directory.prove(end.entries));
  return directory;
}

// Walks all headers once: they are as many as stated, and what they lead to does not overlap.
Result<void> Directory::prove(std::uint64_t entries) {
  struct Range {
    std::uint64_t start;
    std::uint64_t end;
    ByteView header;  // in the directory
  };

  std::vector<Range> ranges;
  Member member;
  while (at_ != bytes_.size()) {
    const std::uint64_t here = start_ + at_;
    const ByteView rest = bytes_.view().drop(at_);
    auto more = next(member);
    if (!more) {
      more.error().offset = here;
      more.error().entry = member.name;
      return std::move(more).error();
    }
    const std::uint64_t least = local_bytes + member.name.size();
    if (member.start > start_ || start_ - member.start < least ||
        start_ - member.start - least < member.packed) {
      return Error{.code = Errc::corrupt,
                   .message = "reaches into the directory or beyond",
                   .offset = here,
                   .entry = member.name};
    }
    const std::size_t header = at_ - (bytes_.size() - rest.size());
    ranges.push_back({member.start, member.start + least + member.packed, rest.first(header)});
  }
  if (ranges.size() != entries) {
    return Error{.code = Errc::corrupt,
                 .message = "the directory has " + std::to_string(ranges.size()) +
                            " entries where its end record says " + std::to_string(entries),
                 .offset = start_};
  }
  std::ranges::stable_sort(ranges, {}, &Range::start);
  starts_.reserve(ranges.size());
  // Some writers list an entry twice. As a means to blow up a small archive this is out of reach
  // when what is listed again is not more than the archive.
  std::uint64_t again = 0;
  for (const Range& range : ranges) {
    const Range* before = starts_.empty() ? nullptr : &range - 1;
    if (before != nullptr && range.start < before->end) {
      again += range.end - range.start;
      const bool same = range.start == before->start && range.header == before->header;
      if (!same || again > start_) {
        return Error{.code = Errc::corrupt, .message = "entries overlap", .offset = range.start};
      }
    }
    starts_.push_back(range.start);
  }
  rewind();
  return {};
}

Result<bool> Directory::next(Member& member) {
  if (at_ == bytes_.size()) return false;
  ByteView rest = bytes_.view().drop(at_);
  BRAID_TRY(read_central(rest, member));
  header_at_ = at_;
  at_ = bytes_.size() - rest.size();
  if (member.start > start_) return Error{.code = Errc::corrupt, .message = "lies nowhere"};
  member.start += prefix_;
  member.entry.offset = member.start;
  return true;
}

std::uint64_t Directory::bound(std::uint64_t start) const noexcept {
  const auto next = std::ranges::upper_bound(starts_, start);
  return next == starts_.end() ? start_ : *next;
}

}  // namespace braid::archive::zip
