#include "engine/chunk_cutter.hpp"

#include <algorithm>
#include <utility>

#include "base/try.hpp"
#include "codec/cut.hpp"
#include "parallel/failure.hpp"

namespace braid::engine {

ChunkCutter::ChunkCutter(Source& source, const codec::Format& format,
                         const CompressionConfig& config)
    : source_(source),
      format_(format),
      config_(config),
      chunk_size_(format.chunk_size(config)),
      view_(source.view()),
      said_(view_ ? std::nullopt : source.size()) {}

void ChunkCutter::leave_reading_to_fill() {
  if (!said_ || *said_ <= chunk_size_ || !codec::cuts_by_size(format_, config_)) return;
  file_ = SourceFile::find(source_, 0);
  if (file_) assigned_ = (*said_ - 1) / chunk_size_;
}

Result<bool> ChunkCutter::next(Chunk& chunk) {
  if (done_) return false;
  if (view_) {
    BRAID_TRY(cut_view(chunk));
  } else if (place_.index < assigned_) {
    chunk.plain = {};
    chunk.unread = chunk_size_;
    file_->will_read(place_.offset, chunk_size_);
  } else {
    const bool behind_assigned = place_.index == assigned_ && assigned_ != 0;
    if (behind_assigned) {
      BRAID_TRY(parallel::call_user([this] { return source_.skip(place_.offset); }));
    }
    BRAID_TRY(cut_read(chunk));
    if (behind_assigned && chunk.plain.empty()) return shorter_than_said(place_.offset);
  }
  chunk.place = place_;
  done_ = place_.last;
  ++place_.index;
  place_.offset += chunk.plain.size() + chunk.unread;
  return true;
}

Result<void> ChunkCutter::fill(Chunk& chunk, Buffer& storage) const {
  if (chunk.unread == 0) return {};
  BRAID_TRY(file_->read(chunk.place.offset, std::exchange(chunk.unread, 0), storage));
  chunk.plain = storage.view();
  return {};
}

Result<void> ChunkCutter::cut_view(Chunk& chunk) {
  const ByteView data = view_->first(chunk_size_);
  chunk.plain = data.first(codec::cut(format_, config_, data));
  view_ = view_->drop(chunk.plain.size());
  place_.last = view_->empty();
  return {};
}

Result<void> ChunkCutter::cut_read(Chunk& chunk) {
  // One byte more than a chunk is asked for, since only that tells whether this chunk is the last.
  std::size_t room = chunk_size_ + 1;
  // A small file gets no large room, unless it turns out to be larger than it said.
  if (place_.index == 0 && said_ && *said_ < room) room = static_cast<std::size_t>(*said_) + 1;
  Buffer& storage = chunk.storage;
  storage.clear();
  storage.reserve(room);
  storage.append(carry_.view());
  while (storage.size() <= chunk_size_ && !source_ended_) {
    const std::size_t filled = storage.size();
    if (filled == room) room = chunk_size_ + 1;
    storage.resize(room);
    auto count =
        parallel::call_user([&] { return source_.read(storage.writable().subspan(filled)); });
    storage.resize(filled + (count ? *count : 0));
    BRAID_TRY(count);
    source_ended_ = *count == 0;
  }
  chunk.plain =
      storage.view().first(codec::cut(format_, config_, storage.view().first(chunk_size_)));
  const ByteView rest = storage.view().drop(chunk.plain.size());
  carry_.clear();
  carry_.append(rest);
  place_.last = rest.empty() && source_ended_;
  return {};
}

}  // namespace braid::engine
