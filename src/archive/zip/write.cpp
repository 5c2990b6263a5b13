#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <vector>

#include "archive/read_ahead.hpp"
#include "archive/zip/entry_content.hpp"
#include "archive/zip/extra.hpp"
#include "archive/zip/header.hpp"
#include "archive/zip/method.hpp"
#include "archive/zip/packing.hpp"
#include "archive/zip/text.hpp"
#include "archive/zip/zip.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"
#include "engine/chunk_cutter.hpp"
#include "engine/engine_impl.hpp"

namespace braid::archive::zip {

namespace {

namespace deflate = codec::deflate;
using codec::ChunkPlace;

// Small members go to a thread together, so that what a thread is given takes about as long as a
// part of a large one: where a hundred tiny members and a large one take turns, nobody waits for
// its turn.
constexpr std::size_t small_bytes = 64 << 10;
constexpr std::size_t batch_bytes = 256 << 10;
constexpr std::size_t batch_members = 64;

// What is gathered before it is written, so that small members do not cost a call each.
constexpr std::size_t write_bytes = 1 << 20;

// An entry from its first part to its last.
struct Writing {
  Item item;
  Member member;
  std::optional<EntryContent> content;
  std::optional<engine::ChunkCutter> cutter;  // of a large member whose parts are packed apart
};

// A part of a member on its way: the whole of a small one.
struct Part {
  std::shared_ptr<Writing> writing;
  engine::Chunk chunk;
  codec::Piece piece{.bytes = Buffer(base::chunk_memory())};
  Buffer packed;  // of a whole member that got smaller
  std::uint32_t sum = 0;
  bool whole = false;
  bool smaller = false;
};

// One part of a large member, or small members one after the other.
struct Batch {
  std::vector<Part> parts = std::vector<Part>(1);
  std::size_t count = 0;

  Part& add() {
    if (count == parts.size()) parts.emplace_back();
    return parts[count++];
  }

  [[nodiscard]] std::span<Part> all() noexcept { return std::span(parts).first(count); }

  // Keeps the memory of one part: small members would each keep that of the largest they met.
  void clear() noexcept {
    parts.erase(parts.begin() + 1, parts.end());
    count = 0;
  }
};

Member member_of(const Entry& entry) {
  Member member;
  member.entry = entry;
  member.name = entry.path;
  if (entry.type == EntryType::directory) member.name += '/';
  if (!is_ascii(member.name) && is_utf8(member.name)) member.flags |= flag_utf8;
  return member;
}

class Archive {
 public:
  Archive(const WriteCall& call, Feed& feed, Packing packing)
      : call_(call), feed_(feed), packing_(packing), ahead_(call.engine.impl().executor(), feed) {
    if (call.kept == nullptr) return;
    directory_.append(call.kept->directory.view());
    entries_ = call.kept->entries;
    written_ = call.kept->bytes;
  }

  Result<Transfer> run() {
    engine::CallSite& site = call_.engine.impl();
    const std::uint64_t part = packing_.part_bytes();
    const std::uint64_t context =
        packing_.stores() ? 0 : packing_.format().encoder_memory(call_.config);
    BRAID_TRY_VALUE(const engine::Lanes lanes,
                    site.open_lanes({.per_thread = context,
                                     .per_item = 2 * (part + batch_bytes) + part / 64 + 4096},
                                    call_.run.stop));
    for (unsigned i = 0; i < lanes.threads; ++i) packers_.emplace_back(packing_);
    std::vector<Batch> batches(lanes.window);
    BRAID_TRY(parallel::run_ordered(
        site.executor(),
        {.threads = lanes.threads, .stop = call_.run.stop, .monitor = site.monitor()},
        std::span(batches), [this](Batch& batch) { return produce(batch); },
        [this](Batch& batch, unsigned slot) { return work(batch, packers_[slot]); },
        [this](Batch& batch) { return consume(batch); }));
    const std::uint64_t start = written_ + out_.size();
    const std::uint64_t size = directory_.size();
    BRAID_TRY(flush());
    BRAID_TRY(write_through(directory_.view()));
    append_end(out_, entries_, start, size);
    BRAID_TRY(flush());
    Transfer transfer{.bytes_in = plain_, .bytes_out = written_};
    transfer.stream.algorithm = call_.config.algorithm();
    return transfer;
  }

 private:
  // ---- In the order of the entries, on the calling thread

  Result<bool> produce(Batch& batch) {
    std::size_t bytes = 0;
    do {
      if (current_ == nullptr) {
        BRAID_TRY_VALUE(const bool more, begin_entry());
        if (!more) break;
      }
      const bool small = !in_parts_ && current_->content->bytes() <= small_bytes;
      if (!small && batch.count != 0) break;
      Part& part = batch.add();
      BRAID_TRY(take(part));
      if (!small) break;
      bytes += part.chunk.plain.size();
    } while (bytes < batch_bytes - small_bytes && batch.count < batch_members);
    return batch.count != 0;
  }

  // Of the current entry.
  Result<void> take(Part& part) {
    part.writing = current_;
    part.whole = current_->content->bytes() <= packing_.part_bytes() && !in_parts_;
    BRAID_TRY(part.whole ? take_whole(part) : take_part(part));
    in_parts_ = !part.chunk.place.last;
    if (part.chunk.place.last) current_.reset();
    return {};
  }

  Result<bool> begin_entry() {
    auto writing = std::make_shared<Writing>();
    BRAID_TRY_VALUE(const bool more,
                    parallel::call_user([&] { return ahead_.next(writing->item); }));
    if (!more) return false;
    writing->member = member_of(writing->item.entry);
    if (writing->member.name.size() > 0xffff) {
      return Error{.code = Errc::invalid_argument,
                   .message = "the name is too long for a zip archive",
                   .entry = writing->item.entry.path};
    }
    writing->content.emplace(feed_, writing->item);
    place_ = {};
    current_ = std::move(writing);
    return true;
  }

  static Result<void> take_whole(Part& part) {
    EntryContent& content = *part.writing->content;
    engine::Chunk& chunk = part.chunk;
    chunk.place = {.last = true};
    if (const auto held = content.view()) {
      chunk.plain = *held;
      return {};
    }
    chunk.storage.resize(static_cast<std::size_t>(content.bytes()));
    BRAID_TRY(fill(content, chunk.storage.writable()));
    chunk.plain = chunk.storage.view();
    return {};
  }

  Result<void> take_part(Part& part) {
    Writing& writing = *part.writing;
    if (packing_.in_chunks()) {
      if (!writing.cutter) {
        writing.cutter.emplace(*writing.content, packing_.format(), packing_.config());
      }
      BRAID_TRY_VALUE(const bool more, writing.cutter->next(part.chunk));
      if (!more) return Error{.code = Errc::internal, .message = "a member has no end"};
      return {};
    }
    engine::Chunk& chunk = part.chunk;
    const auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(writing.content->bytes(), packing_.part_bytes()));
    chunk.storage.resize(count);
    BRAID_TRY(fill(*writing.content, chunk.storage.writable()));
    chunk.plain = chunk.storage.view();
    place_.last = writing.content->bytes() == 0;
    chunk.place = place_;
    ++place_.index;
    place_.offset += count;
    return {};
  }

  static Result<void> fill(EntryContent& content, MutableBytes out) {
    while (!out.empty()) {
      BRAID_TRY_VALUE(const std::size_t count,
                      parallel::call_user([&] { return content.read(out); }));
      out = out.subspan(count);
    }
    return {};
  }

  // ---- In any order, on all threads

  Result<void> work(Batch& batch, Packer& packer) const {
    for (Part& part : batch.all()) BRAID_TRY(work(part, packer));
    return {};
  }

  Result<void> work(Part& part, Packer& packer) const {
    const ByteView plain = part.chunk.plain;
    part.sum = deflate::crc32(deflate::crc32_of_nothing, plain);
    part.smaller = false;
    if (packing_.stores() || plain.empty() || part.writing->item.entry.type != EntryType::file) {
      return {};
    }
    if (part.whole) {
      BRAID_TRY_VALUE(part.packed, packer.whole(plain));
      part.smaller = part.packed.size() < plain.size();
      return {};
    }
    return packing_.in_chunks() ? packer.part(plain, part.chunk.place, part.piece) : Result<void>();
  }

  // ---- In the order of the entries, on the calling thread

  Result<void> consume(Batch& batch) {
    for (Part& part : batch.all()) BRAID_TRY(consume(part));
    batch.clear();
    return {};
  }

  Result<void> consume(Part& part) {
    Writing& writing = *part.writing;
    BRAID_TRY(part.whole ? write_whole(writing.member, part) : write_part(writing.member, part));
    plain_ += part.chunk.plain.size();
    if (part.chunk.place.last) {
      append_central(directory_, writing.member);
      ++entries_;
      parallel::call_user([&] { feed_.written(writing.item); });
    }
    part.writing.reset();
    if (out_.size() >= write_bytes) BRAID_TRY(flush());
    if (call_.run.on_progress) call_.run.on_progress({.bytes_in = plain_, .bytes_out = written_});
    return {};
  }

  Result<void> write_whole(Member& member, Part& part) {
    const ByteView content = part.smaller ? part.packed.view() : part.chunk.plain;
    member.method = part.smaller ? packing_.method() : method_stored;
    if (part.smaller && member.method == method_lzma) member.flags |= flag_lzma_end_mark;
    member.crc = part.sum;
    member.plain = part.chunk.plain.size();
    member.packed = content.size();
    member.start = written_ + out_.size();
    append_local(out_, member);
    return write_through(content);
  }

  // Sizes are not known when the header is written, and an archive is the same wherever it goes: a
  // descriptor tells them behind the content.
  Result<void> write_part(Member& member, Part& part) {
    const ChunkPlace& place = part.chunk.place;
    const ByteView plain = part.chunk.plain;
    if (place.index == 0) {
      member.method = packing_.method();
      member.flags |= flag_descriptor;
      if (member.method == method_lzma) member.flags |= flag_lzma_end_mark;
      member.crc = deflate::crc32_of_nothing;
      member.start = written_ + out_.size();
      member.plain = member.entry.size;
      append_local(out_, member);
    }
    member.crc = deflate::combine_crc32(member.crc, part.sum, plain.size());
    const std::uint64_t before = written_ + out_.size();
    if (packing_.stores()) {
      BRAID_TRY(write_through(plain));
    } else if (packing_.in_chunks()) {
      BRAID_TRY(join(part));
    } else {
      BRAID_TRY(pass_through(place, plain));
    }
    member.packed += written_ + out_.size() - before;
    if (place.last) append_descriptor(out_, member);
    return {};
  }

  Result<void> join(Part& part) {
    const ChunkPlace& place = part.chunk.place;
    if (framer_ == nullptr) {
      BRAID_TRY_VALUE(framer_, packing_.format().make_framer(packing_.config()));
    }
    frame_.clear();
    if (place.index == 0) BRAID_TRY(framer_->begin({}, false, frame_));
    BRAID_TRY(framer_->add(part.piece, part.chunk.plain, place, frame_));
    BRAID_TRY(write_through(frame_.view()));
    BRAID_TRY(write_through(part.piece.bytes.view()));
    if (!place.last) return {};
    frame_.clear();
    BRAID_TRY(framer_->finish(frame_));
    return write_through(frame_.view());
  }

  // A large member of a method without seams is packed here.
  Result<void> pass_through(const ChunkPlace& place, ByteView plain) {
    if (stream_ == nullptr) {
      BRAID_TRY_VALUE(stream_, packing_.format().make_stream_encoder(packing_.config()));
    }
    if (place.index == 0) {
      BRAID_TRY(stream_->reset({}));
      lzma_header_due_ = packing_.method() == method_lzma;
    }
    frame_.resize(write_bytes);
    for (;;) {
      BRAID_TRY_VALUE(const Step step, stream_->step(plain, frame_.writable(),
                                                     place.last ? Flush::finish : Flush::none));
      plain = plain.drop(step.consumed);
      ByteView packed = frame_.view().first(step.produced);
      if (lzma_header_due_ && !packed.empty()) {  // it comes out in one piece, before all else
        packed = packed.drop(reframe_lzma(frame_.writable()));
        lzma_header_due_ = false;
      }
      BRAID_TRY(write_through(packed));
      if (step.state == StepState::finished) return {};
      if (!place.last && plain.empty() && step.state == StepState::need_input) return {};
    }
  }

  // Small writes are gathered, large ones go on as they are.
  Result<void> write_through(ByteView bytes) {
    if (bytes.size() < write_bytes / 4) {
      out_.append(bytes);
      return {};
    }
    BRAID_TRY(flush());
    written_ += bytes.size();
    return parallel::call_user([&] { return call_.sink.write(bytes); });
  }

  Result<void> flush() {
    if (out_.empty()) return {};
    written_ += out_.size();
    BRAID_TRY(parallel::call_user([&] { return call_.sink.write(out_.view()); }));
    out_.clear();
    return {};
  }

  const WriteCall& call_;
  Feed& feed_;
  Packing packing_;
  ReadAhead ahead_;
  std::vector<Packer> packers_;  // by lane

  std::shared_ptr<Writing> current_;  // whose next part comes
  bool in_parts_ = false;
  ChunkPlace place_;

  std::unique_ptr<codec::Framer> framer_;
  std::unique_ptr<codec::StreamEncoder> stream_;
  bool lzma_header_due_ = false;
  Buffer frame_;
  Buffer out_;
  Buffer directory_;
  std::uint64_t entries_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t plain_ = 0;
};

}  // namespace

Result<Transfer> write(const WriteCall& call, Feed& feed) try {
  BRAID_TRY_VALUE(Packing packing, Packing::make(call.config));
  return Archive(call, feed, packing).run();
} catch (const parallel::UserException& thrown) {
  std::rethrow_exception(thrown.cause);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to write the archive");
}

}  // namespace braid::archive::zip
