#pragma once

#include <braid/engine.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace braid {

// How entries are laid out. What compresses a tar archive as a whole is a stream's Algorithm; a zip
// archive compresses entry by entry.
enum class ArchiveFormat : std::uint8_t { tar, zip };

// What one format is. All of it is constant and lives for ever.
struct ArchiveInfo {
  ArchiveFormat format;
  std::string_view name;                         // "tar"
  std::span<const std::string_view> extensions;  // ".tar" first
  std::string_view description;                  // one line for `braid formats`
  bool compressed_as_a_whole;                    // by any stream format; else entry by entry
};

// Every format, in the order of the enum. Thread-safe.
[[nodiscard]] BRAID_API std::span<const ArchiveInfo> archive_formats() noexcept;

enum class EntryType : std::uint8_t {
  file,
  directory,
  symlink,
  hardlink,  // another name of a file that came before it
  character_device,
  block_device,
  fifo,
};

// A moment, counted from 1970-01-01 00:00 UTC. Before it: seconds negative, nanoseconds still
// 0 to 999,999,999.
struct Timestamp {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;

  [[nodiscard]] friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

// Bytes of a sparse file that are not a hole.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  [[nodiscard]] friend bool operator==(const Extent&, const Extent&) = default;
};

// An extended attribute; access control lists are those named "system.posix_acl_access" and
// "system.posix_acl_default".
struct Attribute {
  std::string name;
  std::string value;  // bytes

  [[nodiscard]] friend bool operator==(const Attribute&, const Attribute&) = default;
};

// What an archive says of one named thing, apart from its content. As stored: nothing in it has
// been judged safe.
struct Entry {
  std::string path;  // bytes as stored, '/' between components; a folder's has no '/' at its end
  EntryType type = EntryType::file;
  std::uint64_t size = 0;   // bytes of a file's content, holes included
  std::uint32_t mode = 0;   // permission bits, with set-id and sticky: 0 to 07777
  std::string link_target;  // of a symlink: as stored; of a hard link: the path of the other entry
  std::optional<Timestamp> modified{};
  std::optional<Timestamp> accessed{};
  std::optional<std::uint64_t> user_id{};
  std::optional<std::uint64_t> group_id{};
  std::string user;
  std::string group;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::vector<Attribute> attributes;
  std::optional<std::vector<Extent>> extents{};    // of a sparse file: in order, apart
  std::optional<std::uint64_t> compressed_size{};  // where entries are compressed on their own
  std::optional<std::uint64_t> offset{};           // where its header begins in the archive
};

// The format that an archive's name tells, and what compresses it: "a.tar.zst" and "a.tzst" are tar
// and zstd, "a.tar" is tar and none, "a.zip" is zip and deflate. Nothing when the name tells
// neither. Case does not matter.
struct ArchiveName {
  ArchiveFormat format = ArchiveFormat::tar;
  Algorithm algorithm = Algorithm::none;
};

[[nodiscard]] BRAID_API std::optional<ArchiveName> archive_from_path(std::string_view path);

// The archive that these bytes begin, seen through what compresses it. 512 bytes are enough where
// nothing does; else as many as the first block of the compressed stream takes, which are less than
// 1 MiB in most formats. Nothing for a stream that holds no archive, and for zeros, which may be an
// archive without entries.
[[nodiscard]] BRAID_API std::optional<ArchiveName> detect_archive(ByteView prefix);

// Where one entry's content goes: write() and skip() in the order of the content, then finish().
// Destroyed without finish() when the entry could not be read to its end.
class BRAID_API EntrySink : public Sink {
 public:
  // `count` bytes of a hole: zeros that the archive does not hold. Writes them, unless overridden.
  [[nodiscard]] virtual Result<void> skip(std::uint64_t count);

  // All of the content was given.
  [[nodiscard]] virtual Result<void> finish() = 0;
};

// What is to become of an entry that was met.
enum class Visit : std::uint8_t {
  skip,   // its content is not wanted
  read,   // open() it, from any thread, while others are open and later ones are entered
  alone,  // the same once all entries before it are finished, and before any after it is entered
  stop,   // leave it and all after it; the call ends well
};

// Follows the entries of an archive: one call of enter() each, in their order, from the calling
// thread; behind it open() for those to be read, from any thread, for several entries at once and
// beside enter() for later ones, each followed by what EntrySink says, on the same or one other
// thread at a time. What any of them throws ends the call once all threads have left it, and comes
// out of it.
class BRAID_API EntryVisitor {
 public:
  virtual ~EntryVisitor() = default;

  [[nodiscard]] virtual Result<Visit> enter(const Entry& entry) = 0;

  [[nodiscard]] virtual Result<std::unique_ptr<EntrySink>> open(const Entry& entry) = 0;

  // An entry's sink, or open(), failed. Calling thread, in the order of the entries. Success: go on
  // without the entry. By default the call ends with the error.
  [[nodiscard]] virtual Result<void> failed(const Entry& entry, Error error);

 protected:
  EntryVisitor() = default;
  EntryVisitor(const EntryVisitor&) = default;
  EntryVisitor& operator=(const EntryVisitor&) = default;
};

// What a finished call did.
struct ArchiveSummary {
  std::uint64_t entries = 0;       // written, extracted or visited
  std::uint64_t skipped = 0;       // left out by filters or because they failed
  std::uint64_t bytes = 0;         // of content, holes left out
  std::vector<std::string> unmet;  // names of the filter that no entry met
  Transfer transfer{};             // the archive itself
};

// Which entries a call is for: those that all members agree on. Patterns have the meaning of
// gitignore(5): `*` and `?` stay within a component, `**` crosses, `[...]` is a set, a pattern with
// a '/' before its end is held against the whole path and one without against each component, '/'
// at the end matches folders only, `!` takes back what an earlier pattern said; of several that
// match the last holds.
struct NameFilter {
  std::vector<std::string> include{};  // empty: everything; a folder named here means all below it
  std::vector<std::string> exclude{};  // an excluded folder means all below it

  // Paths of entries, a folder's for all below it too, or patterns where they hold `*`, `?` or `[`.
  // Empty: everything.
  std::vector<std::string> names{};

  std::optional<std::uint32_t> max_depth{};  // components of a path, at most

  // Files alone are held against the rest.
  std::uint64_t min_size = 0;  // bytes
  std::uint64_t max_size = UINT64_MAX;
  std::optional<Timestamp> newer{};  // changed after this moment
  std::optional<Timestamp> older{};  // changed before it
};

// Told of an entry that cannot be dealt with. True: go on without it.
using OnProblem = std::function<bool(const std::string& entry, const Error& error)>;

struct CreateOptions {
  // Where `paths` begin and names in the archive are relative to. Empty: the current folder.
  std::filesystem::path folder{};

  ArchiveFormat format = ArchiveFormat::tar;

  // Of a tar archive: the stream around it; Algorithm::none for none. Of a zip archive: each entry,
  // where that makes it smaller: deflate, zstd, xz, bzip2, lzma or none.
  CompressionConfig compression{};

  NameFilter filter{};

  // Leave out what the .gitignore files in the folders say, those between `folder` and a path among
  // them; the paths themselves are wanted whatever they say.
  bool gitignore = false;

  // Equal trees give equal archives wherever they are: times, owners and all permissions but
  // "executable" are the same for all files.
  bool reproducible = false;

  // The time that `reproducible` gives: seconds since 1970.
  std::int64_t reproducible_time = 0;

  bool sparse = true;       // find holes and leave them out
  bool attributes = false;  // extended attributes, access control lists among them
  bool owners = true;       // user and group, by number and name

  OnProblem on_problem{};                        // none: the first problem ends the call
  std::function<void(const Entry&)> on_entry{};  // was written; from the calling thread

  RunOptions run{};
};

// Writes the files, folders and links under `paths`, folders with all that is in them, in the order
// of `paths` and within a folder in the order of the names' bytes, so that the archive depends on
// the tree alone. Links are stored, not followed; a second name of one file becomes a hard link;
// sockets are left out. Names are stored as given, without "./" and "/" before them, and from
// behind the last "..": of "../a/b" it is "a/b". Small files are read ahead on the engine's
// threads. Errors: not_found, io, invalid_argument, cancelled, and those of compress().
[[nodiscard]] BRAID_API Result<ArchiveSummary> create_archive(Engine& engine, Sink& sink,
                                                              const std::vector<std::string>& paths,
                                                              const CreateOptions& options);

// The same into a file, which appears complete under its name or not at all; it is left out of
// itself. Errors: also already_exists.
[[nodiscard]] BRAID_API Result<ArchiveSummary> create_archive(
    Engine& engine, const std::filesystem::path& archive, const std::vector<std::string>& paths,
    const CreateOptions& options, Overwrite overwrite = Overwrite::refuse);

// What reading any archive takes. The limits are those of a cautious reader of unknown archives.
struct ArchiveReadOptions {
  // The archive's format and compression; nothing: by content. Brotli must be named.
  std::optional<ArchiveName> format{};

  NameFilter filter{};

  std::uint64_t max_output = UINT64_MAX;   // bytes but for holes; output_limit beyond
  std::uint64_t max_entries = 1ULL << 32;  // output_limit beyond
  std::uint64_t max_ratio = 1'000;         // of content to archive, past the first GiB; 0: none
  std::uint64_t memory_limit = 0;          // DecompressionConfig::memory_limit
  bool strict = false;        // refuse a second entry of one name, and bytes behind the end
  bool ignore_zeros = false;  // tar: read on behind the end of an archive, for concatenated ones

  OnProblem on_problem{};  // none: the first problem ends the call
  RunOptions run{};
};

// Leads `visitor` through an archive, decoding on all threads of the engine.
// Errors: corrupt, truncated, checksum_mismatch, unknown_format, unsupported_feature, output_limit,
// memory_limit, cancelled, io, and the visitor's.
[[nodiscard]] BRAID_API Result<ArchiveSummary> visit_archive(
    Engine& engine, Source& source, EntryVisitor& visitor, const ArchiveReadOptions& options = {});
[[nodiscard]] BRAID_API Result<ArchiveSummary> visit_archive(
    Engine& engine, const std::filesystem::path& archive, EntryVisitor& visitor,
    const ArchiveReadOptions& options = {});

// What to do where a name is taken already. Whatever it is, nothing is ever written through a link,
// and a folder is never replaced.
enum class Existing : std::uint8_t {
  refuse,     // already_exists
  skip,       // leave what is there
  overwrite,  // put the new one in its place, in one step
  rename,     // give the new one another name: "a_1.txt"
};

// How an archive is unpacked. The defaults are for archives from strangers.
struct ExtractOptions {
  ArchiveReadOptions read{};

  Existing existing = Existing::refuse;

  // Names lose this many components at their front; entries with no more than that are left out.
  std::uint32_t strip_components = 0;

  // Owners, and permissions exactly as stored; run by root also set-id and sticky bits, devices and
  // named pipes. Otherwise the files belong to whoever extracts them, neither the umask's bits nor
  // writing for group and others are given, and devices and pipes are unsafe_path.
  bool preserve = false;

  bool times = true;        // of the last change
  bool attributes = false;  // extended attributes, access control lists among them

  std::function<void(const Entry&)> on_entry{};  // is being extracted; from the calling thread
};

// Unpacks an archive below `folder`, which is made if it is missing, and nowhere else: absolute
// names, "..", names that lead through links, and links that lead outside are unsafe_path. Small
// files are made on all threads of the engine. Of several entries of one name the last stays,
// unless `read.strict` refuses them. After an error, what was complete before it stays; files begun
// are removed. Errors: those of visit_archive(), unsafe_path, already_exists, not_found (the folder
// above `folder`).
[[nodiscard]] BRAID_API Result<ArchiveSummary> extract_archive(Engine& engine, Source& source,
                                                               const std::filesystem::path& folder,
                                                               const ExtractOptions& options = {});
[[nodiscard]] BRAID_API Result<ArchiveSummary> extract_archive(Engine& engine,
                                                               const std::filesystem::path& archive,
                                                               const std::filesystem::path& folder,
                                                               const ExtractOptions& options = {});

// How a folder differs from an archive.
enum class Difference : std::uint8_t {
  missing,  // in the archive alone
  extra,    // in the folder alone; what is below it is not gone through
  type,     // of the file; of devices also the numbers
  size,
  mode,
  time,  // of the last change; to the nanosecond where the archive stores those
  link,  // a link leads elsewhere, or two names are not of one file
  content,
};

struct CompareOptions {
  ArchiveReadOptions read{};

  // From the calling thread: what the archive tells of in the order of its entries, then `extra`.
  // Of one entry there may be several.
  std::function<void(const std::string& path, Difference what)> on_difference{};
};

// Holds an archive against what lies below `folder`, where extract_archive() would put it. Links
// are not followed. Contents are compared on all threads of the engine. Memory: the paths of the
// entries. Differences are no errors. Errors: those of visit_archive(), not_found, io.
[[nodiscard]] BRAID_API Result<ArchiveSummary> compare_archive(Engine& engine, Source& source,
                                                               const std::filesystem::path& folder,
                                                               const CompareOptions& options = {});
[[nodiscard]] BRAID_API Result<ArchiveSummary> compare_archive(Engine& engine,
                                                               const std::filesystem::path& archive,
                                                               const std::filesystem::path& folder,
                                                               const CompareOptions& options = {});

}  // namespace braid
