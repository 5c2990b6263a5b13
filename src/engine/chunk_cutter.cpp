#include "engine/chunk_cutter.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "parallel/failure.hpp"

namespace braid::engine {

ChunkCutter::ChunkCutter(Source& source, const codec::Format& format,
                         const CompressionConfig& config)
    : source_(source),
      format_(format),
      config_(config),
      chunk_size_(format.chunk_size(config)),
      view_(source.view()) {}

Result<bool> ChunkCutter::next(Chunk& chunk) {
  if (done_) return false;
  if (view_) {
    BRAID_TRY(cut_view(chunk));
  } else {
    BRAID_TRY(cut_read(chunk));
  }
  chunk.place = place_;
  done_ = place_.last;
  ++place_.index;
  place_.offset += chunk.plain.size();
  return true;
}

std::size_t ChunkCutter::split(ByteView data) const {
  return format_.split == nullptr || data.empty() ? data.size() : format_.split(config_, data);
}

Result<void> ChunkCutter::cut_view(Chunk& chunk) {
  const ByteView data = view_->first(chunk_size_);
  chunk.plain = data.first(split(data));
  view_ = view_->drop(chunk.plain.size());
  place_.last = view_->empty();
  return {};
}

Result<void> ChunkCutter::cut_read(Chunk& chunk) {
  // One byte more than a chunk is asked for, since only that tells whether this chunk is the last.
  std::size_t room = chunk_size_ + 1;
  // A small file gets no large room, unless it turns out to be larger than it said.
  if (const auto said = place_.index == 0 ? source_.size() : std::nullopt; said && *said < room) {
    room = static_cast<std::size_t>(*said) + 1;
  }
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
  chunk.plain = storage.view().first(split(storage.view().first(chunk_size_)));
  const ByteView rest = storage.view().drop(chunk.plain.size());
  carry_.clear();
  carry_.append(rest);
  place_.last = rest.empty() && source_ended_;
  return {};
}

}  // namespace braid::engine
