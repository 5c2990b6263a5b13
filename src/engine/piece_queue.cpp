#include "engine/piece_queue.hpp"

#include <algorithm>
#include <utility>

namespace braid::engine {

MutableBytes PieceQueue::room(std::size_t least) {
  const base::Lock lock(mutex_);
  if (!blocks_.empty()) {
    Block& last = blocks_.back();
    if (last.begin == last.end) last.begin = last.end = 0;
    if (block_size - last.end >= least) {
      return last.bytes.writable().subspan(last.end, std::min(block_size - last.end, largest_room));
    }
  }
  Block& fresh = blocks_.emplace_back();
  fresh.bytes = spare_.take(fresh.node);
  fresh.bytes.resize(block_size);
  return fresh.bytes.writable().first(largest_room);
}

void PieceQueue::commit(std::size_t count) {
  const base::Lock lock(mutex_);
  if (count != 0) blocks_.back().end += count;
}

ByteView PieceQueue::front() const {
  const base::Lock lock(mutex_);
  if (blocks_.empty()) return {};
  const Block& first = blocks_.front();
  return first.bytes.view().slice(first.begin, first.end - first.begin);
}

// A block that is not the last is given back when it is empty, so that none before the last is.
void PieceQueue::pop(std::size_t count) {
  const base::Lock lock(mutex_);
  Block& first = blocks_.front();
  first.begin += count;
  if (blocks_.size() > 1 && first.begin == first.end) give_front();
}

void PieceQueue::clear() noexcept {
  const base::Lock lock(mutex_);
  while (!blocks_.empty()) give_front();
}

void PieceQueue::give_front() {
  spare_.give(std::move(blocks_.front().bytes), blocks_.front().node);
  blocks_.pop_front();
}

}  // namespace braid::engine
