#pragma once

#include <braid/export.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace braid {

enum class Algorithm : std::uint8_t;

// What went wrong, one value for each thing a caller would do differently.
enum class Errc : std::uint8_t {
  corrupt,              // the data breaks the rules of its format
  truncated,            // the data ends before its format says it may
  checksum_mismatch,    // the data decodes, but its stored checksum or size tells of other bytes
  unsupported_feature,  // valid, but uses a part of the format that this build does not read
  unknown_format,       // no format recognises the data, or not the one that was asked for
  trailing_data,        // a complete stream is followed by bytes that start no other
  output_limit,         // decoding would produce more bytes than the caller allowed
  memory_limit,         // the work needs more memory than the caller allowed
  out_of_memory,        // the system had no memory to give
  io,                   // the system refused to read or write; os_error says why
  not_found,            // the file does not exist
  already_exists,       // the output exists and overwriting was not asked for
  unsafe_path,          // a name or link would lead outside the folder it belongs in
  cancelled,            // the caller asked to stop
  busy,                 // no room or no result yet: the same call may succeed later
  invalid_argument,     // a setting is out of range, or the algorithm does not have it
  internal,             // a defect in braid; please report it
};

// The stable identifier, as printed by the tool and in JSON: "corrupt", "output_limit"...
[[nodiscard]] BRAID_API std::string_view name(Errc code) noexcept;

// One failure, with all that is known of where it happened.
struct BRAID_API Error {
  Errc code = Errc::internal;
  std::string message;  // one clause, no full stop; does not repeat the fields below
  std::optional<Algorithm> algorithm{};   // the format at work
  std::optional<std::uint64_t> offset{};  // byte of the input at which the bad part begins
  std::optional<std::uint64_t> chunk{};   // zero-based chunk, counted in the order of the data
  std::string entry{};                    // file or archive entry
  int os_error = 0;                       // errno, when the system said no

  // Everything above in one line: "gzip: stored length does not match (offset 1234, chunk 5)".
  // `entry` is left out: callers print the name where their users expect it.
  [[nodiscard]] std::string text() const;
};

// What Result::value() throws. what() is Error::text().
class BRAID_API Exception final : public std::exception {
 public:
  explicit Exception(Error error);

  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

  [[nodiscard]] const Error& error() const noexcept { return error_; }

 private:
  Error error_;
  std::string text_;
};

}  // namespace braid
