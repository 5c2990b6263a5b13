#include <braid/file.hpp>

#include <utility>

#include "io/file.hpp"

namespace braid {

DescriptorSource::DescriptorSource(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {}

Result<std::size_t> DescriptorSource::read(MutableBytes out) {
  return io::read_some(descriptor_, out, name_);
}

std::optional<std::uint64_t> DescriptorSource::size() const {
  return io::bytes_left(descriptor_);
}

DescriptorSink::DescriptorSink(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {}

Result<void> DescriptorSink::write(ByteView bytes) {
  return io::write_all(descriptor_, bytes, name_);
}

}  // namespace braid
