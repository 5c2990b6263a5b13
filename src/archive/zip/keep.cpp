#include <algorithm>
#include <unordered_map>

#include "archive/copy_ranges.hpp"
#include "archive/zip/directory.hpp"
#include "archive/zip/header.hpp"
#include "archive/zip/zip.hpp"
#include "base/byte_order.hpp"
#include "base/try.hpp"

namespace braid::archive::zip {

namespace {

constexpr std::uint16_t zip64_tag = 0x0001;
constexpr std::uint32_t elsewhere = 0xffff'ffff;  // the number stands in the zip64 field

// Places in a header of the directory (APPNOTE 4.3.12).
constexpr std::size_t packed_at = 20;
constexpr std::size_t plain_at = 24;
constexpr std::size_t name_size_at = 28;
constexpr std::size_t extra_size_at = 30;
constexpr std::size_t start_at = 42;

// Gives a header of the directory another place for its entry, never one further behind. All else
// in it stays, known to us or not.
void move_start(MutableBytes header, std::uint64_t start) {
  std::byte* const at = header.data();
  if (base::load_le<std::uint32_t>(at + start_at) != elsewhere) {
    base::store_le(at + start_at, static_cast<std::uint32_t>(start));
    return;
  }
  std::size_t field = central_bytes + base::load_le<std::uint16_t>(at + name_size_at);
  const std::size_t end = field + base::load_le<std::uint16_t>(at + extra_size_at);
  while (field + 4 <= end) {
    const auto tag = base::load_le<std::uint16_t>(at + field);
    const std::size_t size = base::load_le<std::uint16_t>(at + field + 2);
    if (tag == zip64_tag) {
      std::size_t place = field + 4;
      if (base::load_le<std::uint32_t>(at + plain_at) == elsewhere) place += 8;
      if (base::load_le<std::uint32_t>(at + packed_at) == elsewhere) place += 8;
      if (place + 8 <= end) base::store_le(at + place, start);
      return;
    }
    field += 4 + size;
  }
}

}  // namespace

Result<Kept> keep(const Positioned& file, Sink& sink, const RunOptions& run, const Drop& drop) {
  BRAID_TRY_VALUE(Directory directory, Directory::read(file, 0));
  if (directory.prefix() != 0 || directory.trailing() != 0) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "something stands before or behind the archive, and would be lost"};
  }
  Kept kept;
  std::vector<std::uint64_t> starts;                           // of the entries that stay
  std::vector<std::pair<std::size_t, std::uint64_t>> headers;  // in the new directory
  for (Member member;;) {
    BRAID_TRY_VALUE(const bool more, directory.next(member));
    if (!more) break;
    if (drop(member.entry)) continue;
    headers.emplace_back(kept.directory.size(), member.start);
    kept.directory.append(directory.header());
    starts.push_back(member.start);
    ++kept.entries;
  }
  std::ranges::sort(starts);
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  std::vector<Range> ranges;
  std::unordered_map<std::uint64_t, std::uint64_t> places;
  for (const std::uint64_t start : starts) {
    places.emplace(start, kept.bytes);
    ranges.push_back({start, directory.bound(start)});
    kept.bytes += ranges.back().end - start;
  }
  for (const auto& [header, start] : headers) {
    move_start(kept.directory.writable().subspan(header), places.at(start));
  }
  BRAID_TRY(copy_ranges(file, ranges, sink, run));
  return kept;
}

}  // namespace braid::archive::zip
