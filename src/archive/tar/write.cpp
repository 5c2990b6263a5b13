#include <algorithm>
#include <array>
#include <cstring>

#include "archive/read_ahead.hpp"
#include "archive/tar/block.hpp"
#include "archive/tar/builder.hpp"
#include "archive/tar/tar.hpp"
#include "base/try.hpp"
#include "engine/engine_impl.hpp"

namespace braid::archive::tar {

namespace {

// The bytes of a tar archive, made as they are read: what compresses it pulls.
class ArchiveSource final : public Source {
 public:
  ArchiveSource(Executor& executor, Feed& feed) : feed_(feed), ahead_(executor, feed) {}

  Result<std::size_t> read(MutableBytes out) override {
    std::size_t filled = 0;
    while (filled < out.size() && !ended_) {
      BRAID_TRY_VALUE(const std::size_t count, fill(out.subspan(filled)));
      filled += count;
    }
    return filled;
  }

 private:
  Result<std::size_t> fill(MutableBytes out) {
    if (header_at_ < header_.size()) return fill_header(out);
    if (content_left_ != 0) return fill_content(out);
    if (padding_ != 0) return fill_zeros(out, padding_);
    if (last_) {
      ended_ = true;
      return std::size_t{0};
    }
    if (begun_) feed_.written(item_);
    return begin_entry();
  }

  Result<std::size_t> begin_entry() {
    item_ = Item();
    header_.clear();
    header_at_ = 0;
    BRAID_TRY_VALUE(begun_, ahead_.next(item_));
    if (!begun_) {
      last_ = true;
      padding_ = 2 * block_bytes;  // the end of an archive
      return std::size_t{0};
    }
    BRAID_TRY(append_headers(header_, item_.entry));
    content_left_ = stored_size(item_.entry);
    padding_ = (block_bytes - content_left_ % block_bytes) % block_bytes;
    return std::size_t{0};
  }

  Result<std::size_t> fill_header(MutableBytes out) {
    const ByteView part = header_.view().drop(header_at_).first(out.size());
    std::memcpy(out.data(), part.data(), part.size());
    header_at_ += part.size();
    return part.size();
  }

  Result<std::size_t> fill_content(MutableBytes out) {
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), content_left_));
    std::size_t count = 0;
    if (item_.content != nullptr) {
      BRAID_TRY_VALUE(count, item_.content->read(out.first(room)));
    }
    if (count == 0) {
      BRAID_TRY(feed_.shrank(item_));
      item_.content.reset();
      padding_ += content_left_;
      content_left_ = 0;
      return std::size_t{0};
    }
    content_left_ -= count;
    return count;
  }

  static Result<std::size_t> fill_zeros(MutableBytes out, std::uint64_t& left) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left));
    std::fill_n(out.begin(), count, std::byte{0});
    left -= count;
    return count;
  }

  Feed& feed_;
  ReadAhead ahead_;
  Item item_;
  Buffer header_;
  std::size_t header_at_ = 0;
  std::uint64_t content_left_ = 0;
  std::uint64_t padding_ = 0;
  bool begun_ = false;  // item_ is an entry
  bool last_ = false;   // all entries are written
  bool ended_ = false;
};

}  // namespace

Result<Transfer> write(const WriteCall& call, Feed& feed) {
  ArchiveSource source(call.engine.impl().executor(), feed);
  return ParallelCompressor(call.engine, call.config).compress(source, call.sink, call.run);
}

}  // namespace braid::archive::tar
