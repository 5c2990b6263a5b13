#include "archive/tar/parser.hpp"

#include <algorithm>
#include <cstring>

#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

constexpr std::uint64_t padding_of(std::uint64_t size) noexcept {
  return (block_bytes - size % block_bytes) % block_bytes;
}

// A whole block, from `in` itself where it lies there in one piece; null when it has not all come.
const std::byte* whole_block(ByteView& in, std::array<std::byte, block_bytes>& partial,
                             std::size_t& partial_size) {
  if (partial_size == 0 && in.size() >= block_bytes) {
    const std::byte* block = in.data();
    in = in.drop(block_bytes);
    return block;
  }
  const ByteView taken = in.first(block_bytes - partial_size);
  if (!taken.empty()) std::memcpy(partial.data() + partial_size, taken.data(), taken.size());
  partial_size += taken.size();
  in = in.drop(taken.size());
  if (partial_size < block_bytes) return nullptr;
  partial_size = 0;
  return partial.data();
}

}  // namespace

Result<Parser::Event> Parser::next(ByteView& in) {
  const std::size_t given = in.size();
  auto event = step(in);
  offset_ += given - in.size();
  if (!event && !event.error().offset) event.error().offset = header_offset_;
  if (!event && event.error().entry.empty() && state_ != State::header) {
    event.error().entry = entry_.path;
  }
  return event;
}

Result<Parser::Event> Parser::step(ByteView& in) {
  const std::size_t given = in.size();
  for (;;) {
    switch (state_) {
      case State::header:
        if (!pending_) header_offset_ = offset_ + (given - in.size()) - partial_size_;
        [[fallthrough]];
      case State::gnu_map:
      case State::number_map: {
        const std::byte* bytes = whole_block(in, partial_, partial_size_);
        if (bytes == nullptr) return Event::need_input;
        BRAID_TRY(on_block(Block(bytes)));
        break;
      }
      case State::extended:
        if (!collect(in)) return Event::need_input;
        BRAID_TRY(end_extended());
        break;
      case State::content: {
        if (!announced_) {
          announced_ = true;
          if (!hidden_) return Event::entry;
        }
        const Event event = content(in);
        if (event != Event::end_of_entry) return event;
        state_ = State::padding;
        if (!hidden_) return event;
        break;
      }
      case State::padding: {
        const std::size_t taken = in.first(static_cast<std::size_t>(padding_)).size();
        in = in.drop(taken);
        padding_ -= taken;
        if (padding_ != 0) return Event::need_input;
        state_ = State::header;
        break;
      }
      case State::ended:
        return Event::end;
    }
  }
}

Result<void> Parser::on_block(const Block& block) {
  switch (state_) {
    case State::gnu_map:
      return add_extents(block, gnu_block_extents_field, gnu_block_more_field);
    case State::number_map:
      return on_number_map(block);
    default:
      return block.is_zero() ? on_zero_block() : on_header(block);
  }
}

Result<void> Parser::on_zero_block() {
  if (pending_) {
    return Error{.code = Errc::corrupt, .message = "an extended header is followed by no entry"};
  }
  if (zero_block_ && !ignore_zeros_) state_ = State::ended;
  zero_block_ = true;
  return {};
}

Result<void> Parser::on_header(const Block& block) {
  if (!block.checksum_holds()) {
    return Error{.code = Errc::checksum_mismatch,
                 .message = any_entry_ ? "the header's checksum does not match"
                                       : "this is no tar archive: the first header's checksum "
                                         "does not match"};
  }
  if (zero_block_ && !ignore_zeros_) {
    return Error{.code = Errc::corrupt,
                 .message = "one block of zeros, where two end an archive, is followed by more"};
  }
  zero_block_ = false;
  any_entry_ = true;
  BRAID_TRY_VALUE(const std::uint64_t size, parse_size(block.raw(size_field), "size"));
  switch (block.type()) {
    case 'x':
    case 'X':  // Solaris
    case 'g':
    case 'L':
    case 'K':
      return begin_extended(block, size);
    case 'M':
      return Error{.code = Errc::unsupported_feature,
                   .message = "a file that began in another volume of the archive"};
    default:
      return on_entry(block, size);
  }
}

Result<void> Parser::begin_extended(const Block& block, std::uint64_t size) {
  if (size > max_extended_bytes) {
    return Error{.code = Errc::memory_limit,
                 .message = "an extended header of " + std::to_string(size) + " bytes; at most " +
                            std::to_string(max_extended_bytes) + " are read"};
  }
  if (!pending_ && block.type() != 'g') local_ = global_;
  pending_ = pending_ || block.type() != 'g';
  meta_type_ = block.type();
  meta_size_ = static_cast<std::size_t>(size);
  meta_left_ = size + padding_of(size);
  meta_.clear();
  state_ = State::extended;
  return {};
}

bool Parser::collect(ByteView& in) {
  const ByteView taken = in.first(static_cast<std::size_t>(meta_left_));
  meta_ += taken.text();
  meta_left_ -= taken.size();
  in = in.drop(taken.size());
  return meta_left_ == 0;
}

Result<void> Parser::end_extended() {
  state_ = State::header;
  meta_.resize(meta_size_);
  switch (meta_type_) {
    case 'g':
      return parse_records(meta_, global_);
    case 'L':
      long_name_ = meta_.substr(0, meta_.find('\0'));
      return {};
    case 'K':
      long_link_ = meta_.substr(0, meta_.find('\0'));
      return {};
    default:
      return parse_records(meta_, local_);
  }
}

Parser::Event Parser::content(ByteView& in) {
  if (skipping_ || hidden_) return skipped_content(in);
  if (sparse_) return sparse_content(in);
  return stored_ == 0 ? Event::end_of_entry : take_data(in, stored_);
}

Parser::Event Parser::skipped_content(ByteView& in) {
  const std::size_t taken = in.first(static_cast<std::size_t>(stored_)).size();
  in = in.drop(taken);
  stored_ -= taken;
  return stored_ == 0 ? Event::end_of_entry : Event::need_input;
}

Parser::Event Parser::take_data(ByteView& in, std::uint64_t most) {
  data_ = in.first(static_cast<std::size_t>(most));
  if (data_.empty()) return Event::need_input;
  in = in.drop(data_.size());
  stored_ -= data_.size();
  position_ += data_.size();
  return Event::data;
}

Parser::Event Parser::sparse_content(ByteView& in) {
  const std::vector<Extent>& extents = *entry_.extents;
  while (extent_ < extents.size() && position_ == extents[extent_].offset + extents[extent_].size) {
    ++extent_;
  }
  const bool hole = extent_ == extents.size() || position_ < extents[extent_].offset;
  if (!hole) {
    const Extent& extent = extents[extent_];
    return take_data(in, extent.offset + extent.size - position_);
  }
  const std::uint64_t end = extent_ == extents.size() ? entry_.size : extents[extent_].offset;
  if (position_ == end) return Event::end_of_entry;
  hole_ = end - position_;
  position_ = end;
  return Event::hole;
}

Result<void> Parser::finish() const {
  if (state_ == State::ended) return {};
  const bool between = state_ == State::header && partial_size_ == 0 && !pending_;
  if (between && (any_entry_ || zero_block_)) return {};
  return Error{.code = Errc::truncated,
               .message = between                    ? "the archive is empty"
                          : state_ == State::header  ? "the archive ends within a header"
                          : state_ == State::padding ? "the archive ends behind an entry's content"
                          : state_ == State::content ? "the archive ends within an entry's content"
                                                     : "the archive ends within an extended header",
               .offset = offset_,
               .entry = state_ == State::content ? entry_.path : std::string()};
}

}  // namespace braid::archive::tar
