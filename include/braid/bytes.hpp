#pragma once

#include <braid/export.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace braid {

// A type whose objects are single raw bytes: char, unsigned char, char8_t, std::byte.
template <typename T>
concept ByteLike = sizeof(T) == 1 && std::is_trivially_copyable_v<T>;

// A range whose memory can be read as bytes: std::string, std::vector<char>,
// std::span<std::byte>...
template <typename R>
concept ByteRange = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
    ByteLike<std::remove_cv_t<std::ranges::range_value_t<R>>>;

// Read-only bytes that somebody else owns; converts from any contiguous range of bytes.
// A view is two words, passed by value; it must not outlive what it looks at. Safe to share.
class ByteView {
 public:
  constexpr ByteView() noexcept = default;

  constexpr ByteView(const std::byte* data, std::size_t size) noexcept : data_(data), size_(size) {}

  ByteView(const void* data, std::size_t size) noexcept
      : data_(static_cast<const std::byte*>(data)), size_(size) {}

  template <ByteRange R>
  requires(!std::same_as<std::remove_cvref_t<R>, ByteView> &&
           !std::is_array_v<std::remove_reference_t<R>>) ByteView(const R& range)
  noexcept  // NOLINT(google-explicit-constructor): views convert
      : ByteView(static_cast<const void*>(std::ranges::data(range)), std::ranges::size(range)) {}

  // A string literal without its terminating zero.
  ByteView(const char* text) noexcept  // NOLINT(google-explicit-constructor)
      : ByteView(std::string_view(text)) {}

  [[nodiscard]] constexpr const std::byte* data() const noexcept { return data_; }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }

  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] constexpr const std::byte* begin() const noexcept { return data_; }

  [[nodiscard]] constexpr const std::byte* end() const noexcept { return data_ + size_; }

  [[nodiscard]] constexpr std::byte operator[](std::size_t i) const noexcept { return data_[i]; }

  // The byte at i as a number.
  [[nodiscard]] constexpr unsigned at(std::size_t i) const noexcept {
    return std::to_integer<unsigned>(data_[i]);
  }

  // The first `count` bytes, or all of them when there are fewer.
  [[nodiscard]] constexpr ByteView first(std::size_t count) const noexcept {
    return {data_, count < size_ ? count : size_};
  }

  // All but the first `count` bytes; empty when there are fewer.
  [[nodiscard]] constexpr ByteView drop(std::size_t count) const noexcept {
    return count < size_ ? ByteView(data_ + count, size_ - count) : ByteView(data_ + size_, 0);
  }

  [[nodiscard]] constexpr ByteView slice(std::size_t offset, std::size_t count) const noexcept {
    return drop(offset).first(count);
  }

  [[nodiscard]] std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(data_), size_};
  }

  operator std::span<const std::byte>() const noexcept {  // NOLINT(google-explicit-constructor)
    return {data_, size_};
  }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// Equal when they hold the same bytes.
[[nodiscard]] BRAID_API bool operator==(ByteView a, ByteView b) noexcept;

// Bytes to be written by a callee. What lies in it beforehand is never read.
using MutableBytes = std::span<std::byte>;

// Owns bytes. Move-only; memory is not zeroed before it is overwritten.
// Memory comes from the given resource, by default std::pmr::get_default_resource(); the resource
// must outlive the buffer and, where buffers cross threads, be thread-safe.
// One thread at a time; const members may be called from many.
class BRAID_API Buffer {
 public:
  explicit Buffer(std::pmr::memory_resource* memory = std::pmr::get_default_resource()) noexcept
      : memory_(memory) {}

  // `size` bytes of unspecified content. Throws std::bad_alloc.
  explicit Buffer(std::size_t size,
                  std::pmr::memory_resource* memory = std::pmr::get_default_resource());

  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  [[nodiscard]] std::byte* data() noexcept { return data_; }

  [[nodiscard]] const std::byte* data() const noexcept { return data_; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] std::byte* begin() noexcept { return data_; }

  [[nodiscard]] std::byte* end() noexcept { return data_ + size_; }

  [[nodiscard]] const std::byte* begin() const noexcept { return data_; }

  [[nodiscard]] const std::byte* end() const noexcept { return data_ + size_; }

  [[nodiscard]] ByteView view() const noexcept { return {data_, size_}; }

  [[nodiscard]] MutableBytes writable() noexcept { return {data_, size_}; }

  [[nodiscard]] std::pmr::memory_resource* memory() const noexcept { return memory_; }

  // Sets the size; bytes beyond the old size are unspecified. Capacity grows at least by half, so
  // that repeated growth costs amortised constant time a byte. Throws std::bad_alloc, unchanged.
  void resize(std::size_t size);

  // Makes room for `capacity` bytes in all. Throws std::bad_alloc, unchanged.
  void reserve(std::size_t capacity);

  void append(ByteView bytes);

  // Size zero; the memory is kept for reuse.
  void clear() noexcept { size_ = 0; }

  [[nodiscard]] std::vector<std::byte> to_vector() const { return {data_, data_ + size_}; }

 private:
  std::pmr::memory_resource* memory_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

inline namespace literals {

[[nodiscard]] constexpr std::uint64_t operator""_KiB(unsigned long long n) noexcept {
  return n << 10;
}

[[nodiscard]] constexpr std::uint64_t operator""_MiB(unsigned long long n) noexcept {
  return n << 20;
}

[[nodiscard]] constexpr std::uint64_t operator""_GiB(unsigned long long n) noexcept {
  return n << 30;
}

}  // namespace literals
}  // namespace braid
