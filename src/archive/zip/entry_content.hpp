#pragma once

#include <algorithm>

#include "archive/format.hpp"

namespace braid::archive::zip {

// The content of an entry on its way into an archive: exactly entry.size bytes of a file, whatever
// became of it meanwhile, or the target of a link. One thread at a time.
class EntryContent final : public Source {
 public:
  EntryContent(Feed& feed, Item& item) noexcept : feed_(feed), item_(item) {
    const Entry& entry = item.entry;
    if (entry.type == EntryType::symlink) {
      held_ = ByteView(entry.link_target);
    } else if (entry.type == EntryType::file && item.content != nullptr) {
      left_ = entry.size;
      held_ = item.content->view();
      if (held_ && held_->size() != entry.size) held_.reset();
    } else if (entry.type == EntryType::file && entry.size != 0) {
      left_ = entry.size;
    } else {
      held_ = ByteView();
    }
  }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return held_ ? held_->size() : left_; }

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override {
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
    std::size_t count = 0;
    if (item_.content != nullptr && room != 0) {
      held_.reset();  // from here on, what is left counts
      auto got = item_.content->read(out.first(room));
      if (!got) return got;
      count = *got;
    }
    if (count == 0 && room != 0) {
      if (!shrank_) {
        auto allowed = feed_.shrank(item_);
        if (!allowed) return std::move(allowed).error();
      }
      shrank_ = true;
      count = room;
      std::fill_n(out.begin(), count, std::byte{0});
    }
    left_ -= count;
    return count;
  }

  [[nodiscard]] std::optional<ByteView> view() const override { return held_; }

 private:
  Feed& feed_;
  Item& item_;
  std::optional<ByteView> held_;
  std::uint64_t left_ = 0;
  bool shrank_ = false;
};

}  // namespace braid::archive::zip
