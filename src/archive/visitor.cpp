#include <braid/archive.hpp>

#include <algorithm>
#include <array>

#include "base/try.hpp"

namespace braid {

Result<void> EntrySink::skip(std::uint64_t count) {
  static constexpr std::array<std::byte, 65536> zeros{};
  while (count != 0) {
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(count, zeros.size()));
    BRAID_TRY(write(ByteView(zeros).first(part)));
    count -= part;
  }
  return {};
}

Result<void> EntryVisitor::failed(const Entry& /*entry*/, Error error) {
  return error;
}

}  // namespace braid
