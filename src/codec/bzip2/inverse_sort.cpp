#include "codec/bzip2/inverse_sort.hpp"

#include <algorithm>
#include <cstring>

namespace braid::codec::bzip2 {

namespace {

// A link of the table: the byte that a row begins with, the row to go on at, and whether that one
// is a start.
constexpr unsigned row_shift = 8;
constexpr std::uint32_t start_flag = 1U << 31;

std::uint32_t row_of(std::uint32_t link) noexcept {
  return (link & ~start_flag) >> row_shift;
}

}  // namespace

InverseSort::InverseSort() {
  starts_.reserve(most_stretches + 1);
  stretches_.reserve(most_stretches + 1);
}

void InverseSort::choose_starts(std::size_t size, std::uint32_t origin) {
  constexpr std::size_t rows_apart = 64;  // short blocks are not worth more stretches
  const std::size_t count = std::clamp(size / rows_apart, std::size_t{1}, most_stretches);
  starts_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    starts_.push_back(static_cast<std::uint32_t>(i * size / count));
  }
  const auto place = std::lower_bound(starts_.begin(), starts_.end(), origin);
  if (place == starts_.end() || *place != origin) starts_.insert(place, origin);
  stretches_.assign(starts_.size(), {});
}

std::size_t InverseSort::stretch_at(std::uint32_t row) const {
  const auto place = std::lower_bound(starts_.begin(), starts_.end(), row);
  return static_cast<std::size_t>(place - starts_.begin());
}

// Equal bytes stand in the same order in the first column as in the last one: the n-th row that
// begins with a byte goes on at the n-th row that ends with it.
void InverseSort::link(ByteView sorted, const std::array<std::uint32_t, 256>& counts) {
  auto* const links = reinterpret_cast<std::uint32_t*>(links_.data());
  std::array<std::uint32_t, 256> row{};
  std::uint32_t sum = 0;
  for (std::size_t b = 0; b < row.size(); ++b) {
    row[b] = sum;
    sum += counts[b];
  }
  const auto size = static_cast<std::uint32_t>(sorted.size());
  for (std::size_t s = 0; s < starts_.size(); ++s) {
    const std::uint32_t end = s + 1 < starts_.size() ? starts_[s + 1] : size;
    std::uint32_t flag = start_flag;
    for (std::uint32_t i = starts_[s]; i < end; ++i) {
      const std::uint32_t byte = sorted.at(i);
      links[row[byte]++] = flag | (i << row_shift) | byte;
      flag = 0;
    }
  }
}

// Walks from all starts, on as many lanes at once as there are, in step. Each lane writes to its
// own part of the memory for what is found, one stretch behind the other.
void InverseSort::walk(std::size_t size) {
  const auto* const links = reinterpret_cast<const std::uint32_t*>(links_.data());
  std::byte* tail = found_.data() + size;
  std::size_t started = std::min(lanes, starts_.size());
  std::array<std::uint32_t, lanes> row{};
  std::array<Lane, lanes> lane{};
  for (std::size_t l = 0; l < started; ++l) {
    row[l] = starts_[l];
    lane[l].stretch = l;
  }
  if (started < lanes) {
    for (std::size_t l = 0; l < started; ++l) tail = finish(lane[l], row[l], tail);
    return;
  }

  const std::size_t part = size / lanes;  // all lanes together take no more than `size` steps
  std::byte* const found = found_.data();
  std::array<bool, lanes> ended{};
  std::size_t step = 0;
  for (bool all_run = true; all_run;) {
    std::array<std::uint32_t, lanes> link;
    std::uint32_t flags = 0;
    for (std::size_t l = 0; l < lanes; ++l) {
      link[l] = links[row[l]];
      flags |= link[l];
      found[l * part + step] = static_cast<std::byte>(link[l] & 0xff);
      row[l] = link[l] >> row_shift;
    }
    ++step;
    if ((flags & start_flag) == 0) [[likely]]
      continue;
    for (std::size_t l = 0; l < lanes; ++l) {
      if ((link[l] & start_flag) == 0) continue;
      Stretch& stretch = stretches_[lane[l].stretch];
      stretch.begin = found + l * part + lane[l].from;
      stretch.size = step - lane[l].from;
      stretch.next = stretch_at(row_of(link[l]));
      if (started == starts_.size()) {
        ended[l] = true;
        all_run = false;
        continue;
      }
      row[l] = starts_[started];
      lane[l] = {started++, step};
    }
  }
  for (std::size_t l = 0; l < lanes; ++l) {
    if (ended[l]) continue;
    Stretch& stretch = stretches_[lane[l].stretch];
    stretch.begin = found + l * part + lane[l].from;
    stretch.size = step - lane[l].from;
    tail = finish(lane[l], row[l], tail);
  }
}

// Walks on from `row` to the end of the lane's stretch. Returns where the next one may write.
std::byte* InverseSort::finish(Lane lane, std::uint32_t row, std::byte* out) {
  const auto* const links = reinterpret_cast<const std::uint32_t*>(links_.data());
  Stretch& stretch = stretches_[lane.stretch];
  stretch.rest = out;
  std::uint32_t link = 0;
  do {
    link = links[row];
    *out++ = static_cast<std::byte>(link & 0xff);
    row = row_of(link);
  } while ((link & start_flag) == 0);
  stretch.rest_size = static_cast<std::size_t>(out - stretch.rest);
  stretch.next = stretch_at(row);
  return out;
}

// A block that repeats a word comes back to its beginning before it is full, and goes round again.
void InverseSort::assemble(MutableBytes block, std::uint32_t origin) const {
  std::size_t at = 0;
  const auto copy = [&](const std::byte* from, std::size_t count) {
    count = std::min(count, block.size() - at);
    if (count != 0) std::memcpy(block.data() + at, from, count);
    at += count;
  };
  std::size_t s = stretch_at(origin);
  while (at < block.size()) {
    copy(stretches_[s].begin, stretches_[s].size);
    copy(stretches_[s].rest, stretches_[s].rest_size);
    s = stretches_[s].next;
  }
}

void InverseSort::run(MutableBytes sorted, std::uint32_t origin,
                      const std::array<std::uint32_t, 256>& counts) {
  const std::size_t links = sorted.size() * sizeof(std::uint32_t);
  links_.reserve(base::whole_pages(links));
  links_.resize(links);
  found_.resize(sorted.size() * 2);  // what the lanes find, then what finish() finds
  choose_starts(sorted.size(), origin);
  link(ByteView(sorted), counts);
  walk(sorted.size());
  assemble(sorted, origin);
}

}  // namespace braid::codec::bzip2
