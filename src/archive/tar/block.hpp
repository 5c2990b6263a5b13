#pragma once

#include <braid/result.hpp>

#include <array>
#include <cstdint>
#include <string_view>

// One header block of 512 bytes and the numbers in it (POSIX.1-1988 ustar, GNU tar's tar.h, star).
namespace braid::archive::tar {

inline constexpr std::size_t block_bytes = 512;

// A field by its place in the block.
struct Field {
  std::size_t offset;
  std::size_t size;
};

inline constexpr Field name_field{0, 100};
inline constexpr Field mode_field{100, 8};
inline constexpr Field user_id_field{108, 8};
inline constexpr Field group_id_field{116, 8};
inline constexpr Field size_field{124, 12};
inline constexpr Field modified_field{136, 12};
inline constexpr Field checksum_field{148, 8};
inline constexpr Field type_field{156, 1};
inline constexpr Field link_field{157, 100};
inline constexpr Field magic_field{257, 8};  // with the version
inline constexpr Field user_field{265, 32};
inline constexpr Field group_field{297, 32};
inline constexpr Field major_field{329, 8};
inline constexpr Field minor_field{337, 8};
inline constexpr Field prefix_field{345, 155};
inline constexpr Field star_prefix_field{345, 131};
inline constexpr Field star_magic_field{508, 4};

// Old GNU sparse files: four extents in the header, 21 in each block that follows.
inline constexpr Field gnu_accessed_field{345, 12};
inline constexpr Field gnu_extents_field{386, 4 * 24};
inline constexpr Field gnu_more_field{482, 1};
inline constexpr Field gnu_real_size_field{483, 12};
inline constexpr Field gnu_block_extents_field{0, 21 * 24};
inline constexpr Field gnu_block_more_field{504, 1};

enum class Dialect : std::uint8_t { v7, ustar, gnu, star };

// A look at a block that somebody else holds. Reading it has no side effects.
class Block {
 public:
  explicit Block(const std::byte* bytes) noexcept : bytes_(reinterpret_cast<const char*>(bytes)) {}

  [[nodiscard]] std::string_view raw(Field field) const noexcept {
    return {bytes_ + field.offset, field.size};
  }

  // Up to the first NUL.
  [[nodiscard]] std::string_view text(Field field) const noexcept;

  [[nodiscard]] char type() const noexcept { return bytes_[type_field.offset]; }

  [[nodiscard]] Dialect dialect() const noexcept;

  [[nodiscard]] bool is_zero() const noexcept;

  // Whether the stored sum is that of the bytes, taken as unsigned or, as some old writers had it,
  // as signed.
  [[nodiscard]] bool checksum_holds() const noexcept;

 private:
  const char* bytes_;
};

// A number in octal digits, or in base 256 behind a first byte of 0x80 (0xff: negative). An empty
// field is 0. Errors: corrupt, naming the field as `what`.
[[nodiscard]] Result<std::int64_t> parse_number(std::string_view field, std::string_view what);

// The same for what cannot be negative.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view field, std::string_view what);

}  // namespace braid::archive::tar
