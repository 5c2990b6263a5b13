#include <braid/bytes.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace braid {

bool operator==(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

Buffer::Buffer(std::size_t size, std::pmr::memory_resource* memory) : Buffer(memory) {
  resize(size);
}

Buffer::Buffer(Buffer&& other) noexcept
    : memory_(other.memory_),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

Buffer::~Buffer() {
  if (data_ != nullptr) memory_->deallocate(data_, capacity_);
}

void Buffer::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  auto* fresh = static_cast<std::byte*>(memory_->allocate(capacity));
  if (size_ != 0) std::memcpy(fresh, data_, size_);
  if (data_ != nullptr) memory_->deallocate(data_, capacity_);
  data_ = fresh;
  capacity_ = capacity;
}

void Buffer::resize(std::size_t size) {
  if (size > capacity_) reserve(std::max(size, capacity_ + capacity_ / 2));
  size_ = size;
}

void Buffer::append(ByteView bytes) {
  if (bytes.empty()) return;
  const std::size_t old = size_;
  resize(old + bytes.size());
  std::memcpy(data_ + old, bytes.data(), bytes.size());
}

}  // namespace braid
