#include <algorithm>
#include <new>
#include <vector>

#include "archive/batches.hpp"
#include "archive/zip/directory.hpp"
#include "archive/zip/header.hpp"
#include "archive/zip/member_decoder.hpp"
#include "archive/zip/member_stream.hpp"
#include "archive/zip/spool.hpp"
#include "archive/zip/zip.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/context_shelf.hpp"

namespace braid::archive::zip {

namespace {

// Members up to this size, packed and plain, are restored in memory, each by one thread; larger
// ones pass through in pieces.
constexpr std::uint64_t held_bytes = 8 << 20;

// Neighbours in the file that a thread reads and restores together.
constexpr std::uint64_t group_bytes = 256 << 10;
constexpr std::size_t group_members = 16;

// Members that wait to be told of as done or failed.
constexpr std::size_t most_waiting = 4096;

// More than a name, extra fields and what aligns them take; local headers of a different length are
// read once more.
constexpr std::uint64_t header_room = 1 << 10;

class Reading {
 public:
  Reading(const ReadCall& call, const Positioned& file, EntryVisitor& visitor, Directory directory)
      : call_(call),
        file_(file),
        visitor_(visitor),
        directory_(std::move(directory)),
        decoders_(call.engine.threads()),
        groups_(call.engine, [this](Group& group) { run_group(group); }) {}

  Result<Transfer> run() {
    Result<void> entered = enter_all();
    const bool cancelled = !entered && entered.error().code == Errc::cancelled;
    if (!cancelled) BRAID_TRY(drain());  // also behind an error: entries before it count
    BRAID_TRY(std::move(entered));
    Transfer transfer;
    transfer.stream.algorithm = Algorithm::none;
    transfer.bytes_in = file_.size();
    transfer.bytes_out = done_bytes_;
    return transfer;
  }

 private:
  struct Job {
    Member member;
    Result<void> done{};
  };

  // Neighbours in the file; or one that is not held in memory.
  struct Group {
    std::vector<Job> jobs;
    std::uint64_t bytes = 0;
  };

  Result<void> enter_all() {
    for (Member member;;) {
      BRAID_TRY_VALUE(const bool more, directory_.next(member));
      if (!more) return {};
      if (call_.run.stop.stop_requested()) {
        return Error{.code = Errc::cancelled, .message = "stopped"};
      }
      BRAID_TRY_VALUE(const Visit visit, enter(member));
      if (visit == Visit::stop) return {};
      if (visit == Visit::skip) continue;
      if (visit == Visit::alone) BRAID_TRY(drain());
      add(std::move(member));
      if (visit == Visit::alone || waiting_ == most_waiting) BRAID_TRY(drain());
    }
  }

  Result<Visit> enter(Member& member) {
    if (member.entry.type == EntryType::symlink) {
      auto target = read_link(member);
      if (!target) {
        BRAID_TRY(visitor_.failed(member.entry, std::move(target).error()));
        return Visit::skip;
      }
      member.entry.link_target = *std::move(target);
    }
    return visitor_.enter(member.entry);
  }

  Result<std::string> read_link(const Member& member) {
    if (member.plain > most_link_bytes || member.packed > held_bytes) {
      return Error{.code = Errc::unsafe_path, .message = "the target of the link is too long"};
    }
    Buffer bytes;
    BRAID_TRY_VALUE(const ByteView packed, read_content(member, bytes));
    MemberDecoder decoder(call_.config.memory_limit);
    BRAID_TRY_VALUE(const ByteView target, decoder.decode(packed, member));
    return std::string(target.text());
  }

  // Where a member ends at the latest.
  [[nodiscard]] std::uint64_t room(const Member& member) const {
    return directory_.bound(member.start) - member.start;
  }

  // What is read of one that is held: all up to the next, unless that is much more than it needs.
  [[nodiscard]] std::uint64_t span(const Member& member) const {
    const std::uint64_t likely = local_bytes + member.name.size() + header_room + member.packed;
    return std::min(room(member), likely);
  }

  // The packed bytes, read into `bytes`.
  Result<ByteView> read_content(const Member& member, Buffer& bytes) const {
    bytes.resize(static_cast<std::size_t>(span(member)));
    BRAID_TRY(read_all(bytes, member.start));
    return content_in(bytes.view(), member, bytes);
  }

  Result<void> read_all(Buffer& bytes, std::uint64_t at) const {
    BRAID_TRY_VALUE(const std::size_t count, file_.read_at(bytes.writable(), at));
    if (count == bytes.size()) return {};
    return Error{.code = Errc::io, .message = "the archive became shorter"};
  }

  // Finds the packed bytes behind the header that `bytes` begin with. `again` is read into when
  // they do not hold all.
  Result<ByteView> content_in(ByteView bytes, const Member& member, Buffer& again) const {
    auto header = check_local(bytes, member);
    const bool longer = !header && header.error().code == Errc::truncated;
    if (longer || (header && bytes.size() - *header < member.packed)) {
      const std::uint64_t most = local_bytes + 2 * std::uint64_t{0xffff} + member.packed;
      again.resize(static_cast<std::size_t>(std::min(room(member), most)));
      BRAID_TRY(read_all(again, member.start));
      bytes = again.view();
      header = check_local(bytes, member);
    }
    if (!header) return std::move(header).error();
    if (bytes.size() - *header < member.packed) {
      return Error{.code = Errc::corrupt, .message = "it reaches into what follows it"};
    }
    return bytes.slice(*header, static_cast<std::size_t>(member.packed));
  }

  [[nodiscard]] static bool is_held(const Member& member) {
    return member.plain <= held_bytes && member.packed <= held_bytes;
  }

  [[nodiscard]] bool joins(const Group& group, const Member& member) const {
    if (group.jobs.size() == group_members || !is_held(member)) return false;
    const Member& before = group.jobs.back().member;
    return is_held(before) && group.bytes + member.packed + member.plain <= group_bytes &&
           before.start + span(before) == member.start;
  }

  void add(Member member) {
    Group* group = groups_.open();
    if (group == nullptr || !joins(*group, member)) group = &groups_.next();
    group->bytes += member.packed + member.plain;
    group->jobs.push_back({.member = std::move(member)});
    ++waiting_;
  }

  // Waits for the members that were added.
  Result<void> drain() {
    waiting_ = 0;
    Result<void> result = groups_.finish([this](Group& group, Result<void>& so_far) {
      for (Job& job : group.jobs) {
        if (job.done) {
          done_bytes_ += job.member.plain;
        } else if (so_far) {
          so_far = visitor_.failed(job.member.entry, std::move(job.done).error());
        }
      }
    });
    if (result && call_.run.on_progress) {
      call_.run.on_progress(
          {.bytes_in = directory_.bound(0), .bytes_out = done_bytes_, .total_in = file_.size()});
    }
    return result;
  }

  // Errors are left in the jobs; what the visitor throws comes out.
  void run_group(Group& group) {
    std::size_t at = 0;
    try {
      if (!is_held(group.jobs.front().member)) {
        group.jobs.front().done = run_large(group.jobs.front().member);
        return;
      }
      auto decoder = decoders_.take();
      if (decoder == nullptr) decoder = std::make_unique<Decoder>(call_.config.memory_limit);
      const Member& first = group.jobs.front().member;
      const Member& last = group.jobs.back().member;
      decoder->bytes.resize(static_cast<std::size_t>(last.start + span(last) - first.start));
      const Result<void> read = read_all(decoder->bytes, first.start);
      for (; at < group.jobs.size(); ++at) {
        Job& job = group.jobs[at];
        if (call_.run.stop.stop_requested()) {
          job.done = Error{.code = Errc::cancelled, .message = "stopped"};
          continue;
        }
        const auto offset = static_cast<std::size_t>(job.member.start - first.start);
        job.done = read ? run_held(*decoder, decoder->bytes.view().drop(offset), job.member) : read;
      }
      decoders_.put(std::move(decoder));
    } catch (const std::bad_alloc&) {
      for (; at < group.jobs.size(); ++at) {
        group.jobs[at].done = Error{.code = Errc::out_of_memory, .message = {}};
      }
    }
  }

  struct Decoder {
    explicit Decoder(std::uint64_t memory_limit) : members(memory_limit) {}

    MemberDecoder members;
    Buffer bytes;
    Buffer again;
  };

  // `bytes` begin with the member's header.
  Result<void> run_held(Decoder& decoder, ByteView bytes, const Member& member) {
    bytes = bytes.first(static_cast<std::size_t>(span(member)));
    BRAID_TRY_VALUE(const ByteView packed, content_in(bytes, member, decoder.again));
    BRAID_TRY_VALUE(const ByteView plain, decoder.members.decode(packed, member));
    BRAID_TRY_VALUE(const auto sink, visitor_.open(member.entry));
    if (!plain.empty()) BRAID_TRY(sink->write(plain));
    return sink->finish();
  }

  Result<void> run_large(const Member& member) {
    Buffer begin(static_cast<std::size_t>(
        std::min<std::uint64_t>(room(member), local_bytes + 2 * std::uint64_t{0xffff})));
    BRAID_TRY(read_all(begin, member.start));
    BRAID_TRY_VALUE(const std::size_t header, check_local(begin.view(), member));
    if (room(member) - header < member.packed) {
      return Error{.code = Errc::corrupt, .message = "it reaches into what follows it"};
    }
    BRAID_TRY_VALUE(const auto sink, visitor_.open(member.entry));
    BRAID_TRY(stream_member(call_.engine, file_, member.start + header, member,
                            call_.config.memory_limit, call_.run.stop, *sink));
    return sink->finish();
  }

  const ReadCall& call_;
  const Positioned& file_;
  EntryVisitor& visitor_;
  Directory directory_;
  engine::ContextShelf<Decoder> decoders_;
  std::uint64_t done_bytes_ = 0;
  std::size_t waiting_ = 0;  // members in groups
  Batches<Group> groups_;
};

}  // namespace

Result<Transfer> read(const ReadCall& call, EntryVisitor& visitor) try {
  std::unique_ptr<Positioned> spooled;
  if (call.file == nullptr) {
    BRAID_TRY_VALUE(spooled, spool(*call.source, call.run.stop));
  }
  const Positioned& file = spooled != nullptr ? *spooled : *call.file;
  BRAID_TRY_VALUE(Directory directory, Directory::read(file, call.config.memory_limit));
  if (call.strict && directory.trailing() != 0) {
    return Error{.code = Errc::trailing_data,
                 .message = std::to_string(directory.trailing()) + " bytes follow the archive",
                 .offset = file.size() - directory.trailing()};
  }
  return Reading(call, file, visitor, std::move(directory)).run();
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read the archive");
}

}  // namespace braid::archive::zip
