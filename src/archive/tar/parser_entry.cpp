#include <algorithm>
#include <charconv>

#include "archive/corrupt.hpp"
#include "archive/tar/parser.hpp"
#include "base/try.hpp"

// The half of the parser that makes an Entry out of headers, with the maps of sparse files.
namespace braid::archive::tar {

namespace {

// What a type flag says; nothing for those that are no entries.
std::optional<EntryType> type_of(char flag) noexcept {
  switch (flag) {
    case '1':
      return EntryType::hardlink;
    case '2':
      return EntryType::symlink;
    case '3':
      return EntryType::character_device;
    case '4':
      return EntryType::block_device;
    case '5':
    case 'D':  // GNU: a folder with the names in it, for incremental restoring
      return EntryType::directory;
    case '6':
      return EntryType::fifo;
    case 'V':  // GNU: the name of the archive
    case 'N':  // GNU before 1988: long names
    case 'A':  // Solaris: an access control list
    case 'I':  // star: inode data alone
      return std::nullopt;
    default:  // POSIX: a flag that means nothing is a regular file
      return EntryType::file;
  }
}

std::string path_of(const Block& block) {
  const std::string_view name = block.text(name_field);
  const Dialect dialect = block.dialect();
  // GNU has times where ustar has the prefix; some writers put the prefix there all the same.
  const bool has_prefix =
      dialect == Dialect::ustar || dialect == Dialect::star ||
      (dialect == Dialect::gnu && !parse_number(block.raw(gnu_accessed_field), "access time"));
  const std::string_view prefix =
      has_prefix ? block.text(dialect == Dialect::star ? star_prefix_field : prefix_field)
                 : std::string_view();
  if (prefix.empty()) return std::string(name);
  std::string path(prefix);
  path += '/';
  path += name;
  return path;
}

template <typename T>
void replace(T& value, const std::optional<T>& by) {
  if (by) value = *by;
}

Result<std::uint32_t> device_number(std::string_view field, std::string_view what) {
  BRAID_TRY_VALUE(const std::uint64_t number, parse_size(field, what));
  if (number > UINT32_MAX) return corrupt("the header's " + std::string(what) + " is too large");
  return static_cast<std::uint32_t>(number);
}

}  // namespace

Result<void> Parser::on_entry(const Block& block, std::uint64_t size) {
  const Extended& extended = pending_ ? local_ : global_;
  const std::optional<EntryType> type = type_of(block.type());
  hidden_ = !type;
  sparse_ = skipping_ = announced_ = false;
  position_ = 0;
  extent_ = 0;
  stored_ = extended.size.value_or(size);
  entry_ = Entry();
  entry_.type = type.value_or(EntryType::file);
  BRAID_TRY(fill_entry(block));
  apply(extended);
  const bool slash = entry_.path.ends_with('/');
  while (entry_.path.size() > 1 && entry_.path.ends_with('/')) entry_.path.pop_back();
  if (entry_.type == EntryType::file && slash) entry_.type = EntryType::directory;
  const bool has_content = entry_.type == EntryType::file || block.type() == 'D' || hidden_;
  if (!has_content) stored_ = 0;  // a size says something else there, if anything
  if (entry_.type == EntryType::file) entry_.size = stored_;
  skipping_ = block.type() == 'D';
  entry_.offset = header_offset_;
  padding_ = (block_bytes - stored_ % block_bytes) % block_bytes;
  const bool sparse = block.type() == 'S' || extended.sparse_in_content || extended.sparse_map;
  if (entry_.type == EntryType::file && sparse && !hidden_) return begin_sparse(block, extended);
  return begin_content();
}

Result<void> Parser::fill_entry(const Block& block) {
  entry_.path = long_name_ ? *std::move(long_name_) : path_of(block);
  entry_.link_target = long_link_ ? *std::move(long_link_) : std::string(block.text(link_field));
  long_name_.reset();
  long_link_.reset();
  BRAID_TRY_VALUE(const std::int64_t mode, parse_number(block.raw(mode_field), "mode"));
  entry_.mode = static_cast<std::uint32_t>(mode) & 07777;
  BRAID_TRY_VALUE(entry_.user_id, parse_size(block.raw(user_id_field), "user id"));
  BRAID_TRY_VALUE(entry_.group_id, parse_size(block.raw(group_id_field), "group id"));
  BRAID_TRY_VALUE(const std::int64_t time, parse_number(block.raw(modified_field), "time"));
  entry_.modified = Timestamp{time, 0};
  if (block.dialect() == Dialect::v7) return {};
  entry_.user = block.text(user_field);
  entry_.group = block.text(group_field);
  if (entry_.type == EntryType::character_device || entry_.type == EntryType::block_device) {
    BRAID_TRY_VALUE(entry_.device_major, device_number(block.raw(major_field), "device number"));
    BRAID_TRY_VALUE(entry_.device_minor, device_number(block.raw(minor_field), "device number"));
  }
  return {};
}

void Parser::apply(const Extended& extended) {
  replace(entry_.path, extended.path);
  replace(entry_.path, extended.sparse_name);
  replace(entry_.link_target, extended.link_target);
  replace(entry_.user, extended.user);
  replace(entry_.group, extended.group);
  replace(entry_.device_major, extended.device_major);
  replace(entry_.device_minor, extended.device_minor);
  if (extended.user_id) entry_.user_id = extended.user_id;
  if (extended.group_id) entry_.group_id = extended.group_id;
  if (extended.modified) entry_.modified = extended.modified;
  if (extended.accessed) entry_.accessed = extended.accessed;
  entry_.attributes = extended.attributes;
}

Result<void> Parser::begin_sparse(const Block& block, const Extended& extended) {
  sparse_ = true;
  if (block.type() == 'S') {
    BRAID_TRY_VALUE(entry_.size, parse_size(block.raw(gnu_real_size_field), "real size"));
    entry_.extents.emplace();
    return add_extents(block, gnu_extents_field, gnu_more_field);
  }
  if (!extended.sparse_size) return corrupt("a sparse file has no size");
  entry_.size = *extended.sparse_size;
  if (extended.sparse_in_content) {
    entry_.extents.emplace();
    map_count_.reset();
    map_offset_.reset();
    map_digits_.clear();
    state_ = State::number_map;
    return {};
  }
  entry_.extents = extended.sparse_map;
  return begin_content();
}

Result<void> Parser::add_extents(const Block& block, Field field, Field more) {
  for (std::size_t i = 0; i < field.size / 24; ++i) {
    const std::string_view offset = block.raw({field.offset + i * 24, 12});
    const std::string_view size = block.raw({field.offset + i * 24 + 12, 12});
    if (offset[0] == '\0') break;
    if (entry_.extents->size() == max_extents) {
      return Error{
          .code = Errc::unsupported_feature,
          .message = "a sparse file of more than " + std::to_string(max_extents) + " parts"};
    }
    BRAID_TRY_VALUE(const std::uint64_t from, parse_size(offset, "sparse map"));
    BRAID_TRY_VALUE(const std::uint64_t bytes, parse_size(size, "sparse map"));
    entry_.extents->push_back({from, bytes});
  }
  const char flag = block.raw(more)[0];
  if (flag != '\0' && flag != '0') {
    state_ = State::gnu_map;
    return {};
  }
  return begin_content();
}

Result<void> Parser::on_number_map(const Block& block) {
  if (stored_ < block_bytes) return corrupt("the map of a sparse file is longer than its content");
  stored_ -= block_bytes;
  for (const char c : block.raw({0, block_bytes})) {
    if (c != '\n') {
      map_digits_ += c;
      if (map_digits_.size() > 20) return corrupt("the map of a sparse file has no number");
      continue;
    }
    BRAID_TRY_VALUE(const std::uint64_t number, parse_decimal(map_digits_, "sparse map"));
    map_digits_.clear();
    BRAID_TRY(add_number(number));
    if (*map_count_ == 0) return begin_content();  // the rest of the block is padding
  }
  return {};
}

Result<void> Parser::add_number(std::uint64_t number) {
  if (!map_count_) {
    if (number > max_extents) {
      return Error{
          .code = Errc::unsupported_feature,
          .message = "a sparse file of more than " + std::to_string(max_extents) + " parts"};
    }
    map_count_ = 2 * number;
    return {};
  }
  --*map_count_;
  if (map_offset_) {
    entry_.extents->push_back({*map_offset_, number});
    map_offset_.reset();
  } else {
    map_offset_ = number;
  }
  return {};
}

// Every map is held against the sizes here, whatever its format.
Result<void> Parser::begin_content() {
  state_ = State::content;
  pending_ = false;
  local_.clear();
  if (!sparse_) return {};
  std::erase_if(*entry_.extents, [](const Extent& extent) { return extent.size == 0; });
  std::uint64_t end = 0;
  std::uint64_t sum = 0;
  for (const Extent& extent : *entry_.extents) {
    if (extent.offset < end || extent.offset > entry_.size ||
        extent.size > entry_.size - extent.offset) {
      return corrupt("the parts of a sparse file overlap or lie beyond its end");
    }
    end = extent.offset + extent.size;
    sum += extent.size;  // at most entry_.size
  }
  if (sum != stored_) return corrupt("the parts of a sparse file are not as long as its content");
  return {};
}

}  // namespace braid::archive::tar
