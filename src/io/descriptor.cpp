#include <braid/file.hpp>

#include <utility>

#include "base/try.hpp"
#include "io/file.hpp"

namespace braid {

DescriptorSource::DescriptorSource(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)), begin_(io::regular_position(descriptor)) {}

Result<std::size_t> DescriptorSource::read(MutableBytes out) {
  return io::read_some(descriptor_, out, name_);
}

std::optional<std::uint64_t> DescriptorSource::size() const {
  return io::bytes_left(descriptor_);
}

Result<std::size_t> DescriptorSource::read_at(MutableBytes out, std::uint64_t offset) const {
  return io::read_all_at(descriptor_, out, begin_.value_or(0) + offset, name_);
}

void DescriptorSource::will_read(std::uint64_t offset, std::uint64_t count) const noexcept {
  io::advise_will_read(descriptor_, begin_.value_or(0) + offset, count);
}

const RandomAccess* DescriptorSource::random_access() const {
  return begin_ ? this : nullptr;
}

Result<std::uint64_t> DescriptorSource::skip(std::uint64_t count) {
  BRAID_TRY_VALUE(const std::uint64_t position, io::skip(descriptor_, count, name_));
  return position - begin_.value_or(0);
}

DescriptorSink::DescriptorSink(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {}

Result<void> DescriptorSink::write(ByteView bytes) {
  return io::write_all(descriptor_, bytes, name_);
}

}  // namespace braid
