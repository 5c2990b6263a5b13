#pragma once

#include <braid/archive.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "io/folder.hpp"

// What an archive format is to the rest of braid: one folder, one row.
namespace braid::archive {

// Bytes at places, for formats that are not read from front to back.
class Positioned : public RandomAccess {
 public:
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
};

// One call that reads an archive.
struct ReadCall {
  Engine& engine;
  Source* source = nullptr;          // from its start
  const Positioned* file = nullptr;  // the same bytes, where they have places
  DecompressionConfig config{};      // of the stream around a tar archive, and limits
  RunOptions run{};
  bool strict = false;        // nothing may follow the archive
  bool ignore_zeros = false;  // tar: read on behind the end of an archive
};

// The contents of an archive that has places, one at a time.
class Contents {
 public:
  virtual ~Contents() = default;

  // The content of a file that the walk told of. From any thread; borrows this and the file.
  // Errors: those of reading.
  [[nodiscard]] virtual Result<std::unique_ptr<Source>> open(const Entry& entry) const = 0;
};

// An entry on its way into an archive.
struct Item {
  Entry entry;
  // Of a file, once opened: its bytes, entry.size of them; of a sparse one those of its extents.
  std::unique_ptr<Source> content;

  // Where a feed from the disk finds it.
  std::shared_ptr<const io::Folder> folder;
  std::string name;
  struct stat status {};
};

// The entries to be written, in their order.
class Feed {
 public:
  virtual ~Feed() = default;

  // The next one, not opened yet; false at the end. Calling thread.
  [[nodiscard]] virtual Result<bool> next(Item& item) = 0;

  // Completes the entry and opens its content. From any thread, for several items at once.
  [[nodiscard]] virtual Result<void> open(Item& item) = 0;

  // The last word on an entry, knowing how open() went: its type may still change (a second name of
  // one file becomes a link), false leaves it out. Calling thread, in the order of next().
  [[nodiscard]] virtual Result<bool> settle(Item& item, Result<void> opened) = 0;

  // The content ended before entry.size bytes; success: fill up with zeros and go on.
  [[nodiscard]] virtual Result<void> shrank(const Item& item) = 0;

  // The bytes of `item` are written. Calling thread.
  virtual void written(const Item& item) = 0;
};

// What stays of an archive that is changed, written already: what is written next goes behind it.
struct Kept {
  std::uint64_t bytes = 0;    // zip: written
  std::uint64_t entries = 0;  // zip: in the directory
  Buffer directory;           // zip: their headers
};

// Whether an entry is to go.
using Drop = std::function<bool(const Entry& entry)>;

// One call that writes an archive.
struct WriteCall {
  Engine& engine;
  Sink& sink;
  CompressionConfig config;  // tar: of the stream around it
  RunOptions run{};
  const Kept* kept = nullptr;  // what the sink has already
};

struct Format {
  ArchiveFormat format;
  std::string_view name;                         // "tar"
  std::span<const std::string_view> extensions;  // ".tar" first
  std::string_view description;
  Algorithm default_algorithm;  // when a name says no more
  bool is_stream;               // read and written from front to back, and compressed as a whole
  bool keeps_holes;             // sparse files need not be written out
  bool keeps_hard_links;        // another name of a file need not be its content again
  bool keeps_devices;           // devices and named pipes have a place
  bool last_name_wins;          // of several entries of one name readers take the last

  // Whether these first bytes, at least 512 unless the archive is shorter, begin an archive.
  bool (*detect)(ByteView prefix) noexcept;

  // Whether the end of a file that no format knows by its first bytes tells this one: something may
  // stand before the archive. May be null.
  bool (*detect_end)(const Positioned& file);

  // Leads the visitor through the entries. Errors: corrupt, truncated, unsupported_feature, those
  // of decompression and of the visitor.
  Result<Transfer> (*read)(const ReadCall& call, EntryVisitor& visitor);

  // Tells the visitor of all entries, by enter() alone, and keeps what finds their contents again.
  // The call has a file. Errors: those of read().
  Result<std::unique_ptr<Contents>> (*contents)(const ReadCall& call, EntryVisitor& visitor);

  Result<Transfer> (*write)(const WriteCall& call, Feed& feed);

  // Copies what stays of an archive, to be ended by write(). Asks for each entry, in their order.
  // Errors: those of reading, invalid_argument, unsupported_feature.
  Result<Kept> (*keep)(const Positioned& file, Sink& sink, const RunOptions& run, const Drop& drop);
};

[[nodiscard]] std::span<const Format* const> formats() noexcept;

[[nodiscard]] const Format& format(ArchiveFormat format) noexcept;

// The format that the first bytes tell.
[[nodiscard]] const Format* detect_format(ByteView prefix) noexcept;

// The format that the end of a file tells, when its first bytes tell none.
[[nodiscard]] const Format* detect_format_by_end(const Positioned& file);

}  // namespace braid::archive
