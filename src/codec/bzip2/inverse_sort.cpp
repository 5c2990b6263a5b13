#include "codec/bzip2/inverse_sort.hpp"

namespace braid::codec::bzip2 {

void InverseSort::run(MutableBytes sorted, std::uint32_t origin,
                      const std::array<std::uint32_t, 256>& counts) {
  // A link is a byte (low eight bits) and the row where to go on.
  const std::size_t n = sorted.size();
  links_.resize(n * bytes_per_byte);
  auto* const next = reinterpret_cast<std::uint32_t*>(links_.data());
  std::uint32_t* const previous = next + n;

  std::array<std::uint32_t, 256> row{};  // where the next row that begins with a byte stands
  std::uint32_t sum = 0;
  for (std::size_t b = 0; b < row.size(); ++b) {
    row[b] = sum;
    sum += counts[b];
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto byte = std::to_integer<std::uint32_t>(sorted[i]);
    const std::uint32_t j = row[byte]++;
    previous[i] = (j << 8) | byte;
    next[j] = (i << 8) | byte;
  }

  std::uint32_t front = origin;
  std::uint32_t back = origin;
  std::byte* low = sorted.data();
  std::byte* high = low + n;
  for (std::size_t k = n / 2; k != 0; --k) {
    const std::uint32_t a = next[front];
    const std::uint32_t z = previous[back];
    *low++ = static_cast<std::byte>(a & 0xff);
    *--high = static_cast<std::byte>(z & 0xff);
    front = a >> 8;
    back = z >> 8;
  }
  if (low != high) {
    *low++ = static_cast<std::byte>(next[front] & 0xff);
    front = next[front] >> 8;
  }
  if (front == back) return;
  // The walks have not met: the rows are no transform of anything. The format's meaning then is
  // what the walk forwards finds.
  for (std::byte* const end = sorted.data() + n; low != end;) {
    *low++ = static_cast<std::byte>(next[front] & 0xff);
    front = next[front] >> 8;
  }
}

}  // namespace braid::codec::bzip2
