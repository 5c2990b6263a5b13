#include "archive/queue_feed.hpp"

namespace braid::archive {

Result<void> QueueFeed::put(Item item) {
  base::Lock lock(mutex_);
  while (!error_ && waiting_.size() >= most_waiting) changed_.wait(lock.native());
  if (error_) return *error_;
  waiting_.push_back(std::move(item));
  changed_.notify_all();
  return {};
}

void QueueFeed::end() {
  const base::Lock lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void QueueFeed::close(Error error) {
  const base::Lock lock(mutex_);
  if (!error_) error_ = std::move(error);
  changed_.notify_all();
}

Result<bool> QueueFeed::next(Item& item) {
  base::Lock lock(mutex_);
  while (!error_ && !ended_ && waiting_.empty()) changed_.wait(lock.native());
  if (error_) return *error_;
  if (waiting_.empty()) return false;
  item = std::move(waiting_.front());
  waiting_.pop_front();
  changed_.notify_all();
  return true;
}

Result<void> QueueFeed::shrank(const Item& item) {
  return Error{.code = Errc::io,
               .message = "the content ended before the size that was stated",
               .entry = item.entry.path};
}

void QueueFeed::written(const Item& item) {
  ++entries_;
  if (item.entry.type == EntryType::file) bytes_ += item.entry.size;
}

}  // namespace braid::archive
