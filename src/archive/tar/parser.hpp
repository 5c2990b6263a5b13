#pragma once

#include <braid/archive.hpp>

#include <array>
#include <string>

#include "archive/tar/block.hpp"
#include "archive/tar/pax.hpp"

namespace braid::archive::tar {

// Extended headers and long names beyond this are refused before they are stored.
inline constexpr std::uint64_t max_extended_bytes = 1 << 20;

// Reads a tar archive in steps, from bytes given in pieces of any size. No I/O; memory is bounded
// by max_extended_bytes and max_extents. One thread at a time.
class Parser {
 public:
  enum class Event : std::uint8_t {
    need_input,    // all that was given is taken
    entry,         // entry() is complete; its content comes next
    data,          // data(), of the content, which lies in what was given
    hole,          // hole() zeros of the content
    end_of_entry,  // the content is complete
    end,           // the archive is; what follows is not looked at
  };

  // `ignore_zeros`: go on behind the end, as concatenated archives need it.
  explicit Parser(bool ignore_zeros = false) : ignore_zeros_(ignore_zeros) {}

  // Takes from the front of `in` up to the next event. Every `entry` is followed by data and holes
  // in their order, and end_of_entry. Errors: corrupt, unsupported_feature, with the offset in the
  // archive.
  [[nodiscard]] Result<Event> next(ByteView& in);

  // The entry at hand, to be taken away once.
  [[nodiscard]] Entry& entry() noexcept { return entry_; }

  [[nodiscard]] ByteView data() const noexcept { return data_; }

  [[nodiscard]] std::uint64_t hole() const noexcept { return hole_; }

  // Between entry and end_of_entry: bytes of content that the archive still holds.
  [[nodiscard]] std::uint64_t stored() const noexcept { return stored_; }

  [[nodiscard]] bool is_sparse() const noexcept { return sparse_; }

  // Leaves out the rest of the content: end_of_entry comes next, once it has passed.
  void skip_content() noexcept { skipping_ = true; }

  // How many bytes from here on are left out and need not be given.
  [[nodiscard]] std::uint64_t to_pass() const noexcept {
    return state_ == State::content && (skipping_ || hidden_) ? stored_ : 0;
  }

  // As if `count` of them had been given.
  void pass(std::uint64_t count) noexcept {
    stored_ -= count;
    offset_ += count;
  }

  // To be asked where the input ends. Errors: truncated, unless an archive may end here.
  [[nodiscard]] Result<void> finish() const;

  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

 private:
  enum class State : std::uint8_t {
    header,
    extended,    // an extended header or a long name is being collected
    gnu_map,     // blocks with more extents of an old GNU sparse file
    number_map,  // the map before the content of a GNU sparse 1.0 file
    content,
    padding,
    ended,
  };

  Result<bool> take_block(ByteView& in, Block& block);
  Result<Event> step(ByteView& in);
  Result<void> on_block(const Block& block);
  Result<void> on_header(const Block& block);
  Result<void> on_zero_block();
  Result<void> on_entry(const Block& block, std::uint64_t size);
  Result<void> begin_extended(const Block& block, std::uint64_t size);
  bool collect(ByteView& in);
  Result<void> end_extended();
  Result<void> fill_entry(const Block& block);
  void apply(const Extended& extended);
  Result<void> begin_sparse(const Block& block, const Extended& extended);
  Result<void> add_extents(const Block& block, Field field, Field more);
  Result<void> on_number_map(const Block& block);
  Result<void> add_number(std::uint64_t number);
  Result<void> begin_content();
  Event content(ByteView& in);
  Event sparse_content(ByteView& in);
  Event skipped_content(ByteView& in);
  Event take_data(ByteView& in, std::uint64_t most);

  bool ignore_zeros_;
  State state_ = State::header;
  std::uint64_t offset_ = 0;         // bytes taken
  std::uint64_t header_offset_ = 0;  // where the headers of the entry at hand begin
  bool pending_ = false;             // an extended header waits for its entry
  bool zero_block_ = false;          // the block before was zeros
  bool any_entry_ = false;

  std::array<std::byte, block_bytes> partial_;
  std::size_t partial_size_ = 0;

  char meta_type_ = 0;
  std::size_t meta_size_ = 0;
  std::uint64_t meta_left_ = 0;  // with padding
  std::string meta_;
  Extended global_;
  Extended local_;  // the global one and what the headers before this entry add
  std::optional<std::string> long_name_;
  std::optional<std::string> long_link_;

  Entry entry_;
  bool hidden_ = false;  // of a type that is no entry: passed over
  bool sparse_ = false;
  bool skipping_ = false;
  bool announced_ = false;
  std::uint64_t stored_ = 0;
  std::uint64_t padding_ = 0;
  std::uint64_t position_ = 0;  // within the content, holes included
  std::size_t extent_ = 0;      // the one at hand

  // A 1.0 map: a count, then offset and size of each part, a line each.
  std::optional<std::uint64_t> map_count_;  // numbers still to come
  std::optional<std::uint64_t> map_offset_;
  std::string map_digits_;

  ByteView data_;
  std::uint64_t hole_ = 0;
};

}  // namespace braid::archive::tar
