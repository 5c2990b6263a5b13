#include <braid/config.hpp>

#include <algorithm>
#include <string>

#include "base/try.hpp"
#include "codec/format.hpp"

namespace braid {

namespace {

ByteView view_of(const std::shared_ptr<const std::vector<std::byte>>& bytes) noexcept {
  return bytes ? ByteView(*bytes) : ByteView();
}

ByteView until_zero(std::string_view text) noexcept {
  return text.substr(0, text.find('\0'));
}

Error bad(Algorithm algorithm, std::string message) {
  return Error{
      .code = Errc::invalid_argument, .message = std::move(message), .algorithm = algorithm};
}

std::string range_text(std::int64_t low, std::int64_t high) {
  return std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace

int level_number(Algorithm algorithm, Level level) noexcept {
  const AlgorithmInfo& row = info(algorithm);
  switch (level) {
    case Level::fastest:
      return std::min(row.default_level, std::max(row.min_level, 1));
    case Level::fast:
      return (std::max(row.min_level, 1) + row.default_level) / 2;
    case Level::normal:
      return row.default_level;
    case Level::best:
      return row.max_level - (row.max_level - row.default_level) / 4;
    case Level::ultra:
      return row.max_level;
  }
  return row.default_level;
}

CompressionConfig::CompressionConfig(Algorithm algorithm) noexcept
    : algorithm_(algorithm), level_(info(algorithm).default_level) {}

CompressionConfig& CompressionConfig::level(Level level) noexcept {
  level_ = level_number(algorithm_, level);
  return *this;
}

CompressionConfig& CompressionConfig::level(int number) noexcept {
  level_ = number;
  return *this;
}

CompressionConfig& CompressionConfig::set(Knob knob, std::int64_t value) noexcept {
  values_[static_cast<std::size_t>(knob)] = value;
  set_.set(static_cast<std::size_t>(knob));
  return *this;
}

CompressionConfig& CompressionConfig::chunk_size(std::uint64_t bytes) noexcept {
  return set(Knob::chunk_size,
             static_cast<std::int64_t>(std::min(bytes, static_cast<std::uint64_t>(INT64_MAX))));
}

CompressionConfig& CompressionConfig::set_bytes(Knob knob, Bytes& field, ByteView bytes) {
  field = bytes.empty()
              ? nullptr
              : std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
  set(knob, static_cast<std::int64_t>(bytes.size()));
  set_.set(static_cast<std::size_t>(knob), !bytes.empty());
  return *this;
}

CompressionConfig& CompressionConfig::dictionary(ByteView bytes) {
  return set_bytes(Knob::dictionary, dictionary_, bytes);
}

CompressionConfig& CompressionConfig::header_name(std::string_view text) {
  return set_bytes(Knob::header_name, name_, until_zero(text));
}

CompressionConfig& CompressionConfig::header_comment(std::string_view text) {
  return set_bytes(Knob::header_comment, comment_, until_zero(text));
}

CompressionConfig& CompressionConfig::header_extra(ByteView bytes) {
  return set_bytes(Knob::header_extra, extra_, bytes);
}

ByteView CompressionConfig::dictionary() const noexcept {
  return view_of(dictionary_);
}

ByteView CompressionConfig::header_name() const noexcept {
  return view_of(name_);
}

ByteView CompressionConfig::header_comment() const noexcept {
  return view_of(comment_);
}

ByteView CompressionConfig::header_extra() const noexcept {
  return view_of(extra_);
}

Result<void> CompressionConfig::validate() const {
  const codec::Format& format = codec::format(algorithm_);
  const AlgorithmInfo& row = format.info;
  if (!row.built) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "this build has no encoder for the format",
                 .algorithm = algorithm_};
  }
  if (level_ < row.min_level || level_ > row.max_level) {
    return bad(algorithm_, "level " + std::to_string(level_) + " is not one of " +
                               range_text(row.min_level, row.max_level));
  }
  for (int i = 0; i < knob_count; ++i) {
    const auto knob = static_cast<Knob>(i);
    if (!is_set(knob)) continue;
    const KnobRange* range = row.knob(knob);
    if (range == nullptr) {
      return bad(algorithm_, "the format has no setting " + std::string(name(knob)));
    }
    const std::int64_t value = values_[static_cast<std::size_t>(i)];
    if (value < range->min || value > range->max) {
      return bad(algorithm_, std::string(name(knob)) + " " + std::to_string(value) +
                                 " is not one of " + range_text(range->min, range->max));
    }
  }
  if (format.validate != nullptr) BRAID_TRY(format.validate(*this));
  return {};
}

bool CompressionConfig::operator==(const CompressionConfig& other) const noexcept {
  // A knob that was never set holds zero in both. Shared bytes are the common case.
  const auto same = [](const Bytes& x, const Bytes& y) {
    return x == y || view_of(x) == view_of(y);
  };
  return algorithm_ == other.algorithm_ && level_ == other.level_ && set_ == other.set_ &&
         values_ == other.values_ && same(dictionary_, other.dictionary_) &&
         same(name_, other.name_) && same(comment_, other.comment_) && same(extra_, other.extra_);
}

}  // namespace braid
