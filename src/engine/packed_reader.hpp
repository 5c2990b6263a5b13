#pragma once

#include <braid/stream.hpp>

#include "base/chunk_memory.hpp"
#include "codec/outlook.hpp"
#include "engine/source_file.hpp"

namespace braid::engine {

// Compressed input as one growing view: what a splitter looks ahead in. Works on the source's own
// memory when it has one, without a copy. A source that can be read at any place may also be passed
// over, each part of it read by the thread that wants it. One thread at a time but for read_part();
// the source must outlive it.
class PackedReader {
 public:
  explicit PackedReader(Source& source);

  // Everything read and not consumed: nothing behind bytes that were passed. Valid until the next
  // call of a non-const member.
  [[nodiscard]] ByteView ahead() const noexcept {
    return in_memory_ ? whole_.drop(static_cast<std::size_t>(offset_))
                      : storage_.view().drop(begin_);
  }

  // Nothing follows ahead().
  [[nodiscard]] bool ended() const noexcept { return ended_; }

  // Bytes consumed so far.
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  // The views stay valid as long as the source: no copy is needed to keep them.
  [[nodiscard]] bool in_memory() const noexcept { return in_memory_; }

  // Reads on, so that ahead() is longer or ended() is true. Errors: io, out_of_memory.
  [[nodiscard]] Result<void> read_more();

  void consume(std::size_t count) noexcept;

  // Consumes `count` bytes and returns them with up to `beyond` of those that follow, which are
  // still ahead. The view lies in `into` and ends with it, or in the source's memory and lasts as
  // long. What makes up most of what was read is handed over rather than copied. Throws
  // std::bad_alloc, nothing consumed.
  [[nodiscard]] ByteView take(std::size_t count, std::size_t beyond, Buffer& into);

  // Takes back what was consumed from `offset` on; `bytes` are those bytes, and are not looked at
  // when the source lies in memory.
  void put_back(std::uint64_t offset, ByteView bytes);

  // Whether there is a rest, of known size, that can be read at any place: what the four members
  // below are for. Looks at the source anew.
  [[nodiscard]] bool find_file();

  // What is ahead, up to the file's end. Valid until the next call of a non-const member.
  [[nodiscard]] codec::FileOutlook outlook() const;

  // Consumes `count` bytes, whether they were read or not; they will be read soon.
  void pass(std::uint64_t count);

  // Bytes of the file, whether consumed or not, into `into`, which is then of that size. From any
  // thread. Errors: io, also where the file has become shorter. Throws std::bad_alloc.
  [[nodiscard]] Result<void> read_part(std::uint64_t offset, std::uint64_t size,
                                       Buffer& into) const;

  // Takes back what was passed from `offset` on. Errors: as read_part().
  [[nodiscard]] Result<void> go_back(std::uint64_t offset);

 private:
  // A system call costs little beside it, and what is read beyond a unit is little beside most.
  static constexpr std::size_t read_bytes = 256 << 10;

  Source& source_;
  ByteView whole_;
  bool in_memory_;
  bool ended_;
  Buffer storage_{base::chunk_memory()};  // what was read; consumed up to begin_
  std::size_t begin_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t source_at_ = 0;  // bytes read from the source, or skipped
  std::optional<SourceFile> file_;
  std::uint64_t file_end_ = 0;   // as it said last
  std::uint64_t announced_ = 0;  // up to where the file knows that it will be read
};

}  // namespace braid::engine
