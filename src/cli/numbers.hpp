#pragma once

#include <braid/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace braid::cli {

// "64K", "64KiB", "1.5G": a number of bytes. K, M, G, T, P, E, alone or followed by "iB", are
// powers of 1024; followed by "B" they are powers of 1000. Case does not matter. Errors:
// invalid_argument, also for what does not fit 64 bits.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);

// A decimal number, with a minus sign perhaps. Errors: invalid_argument.
[[nodiscard]] Result<std::int64_t> parse_integer(std::string_view text);

// The same without a sign. Errors: invalid_argument.
[[nodiscard]] Result<std::uint64_t> parse_count(std::string_view text);

// "1.5 GiB", "12 bytes": for people.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

// "4.50x" for compressed bytes that were `plain` before; "-" when there are none.
[[nodiscard]] std::string ratio_text(std::uint64_t compressed, std::uint64_t plain);

// "22.1 %": what is left of `plain`.
[[nodiscard]] std::string percent_text(std::uint64_t compressed, std::uint64_t plain);

}  // namespace braid::cli
