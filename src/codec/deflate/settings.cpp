#include "codec/deflate/settings.hpp"

#include <string>
#include <utility>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/cut.hpp"
#include "codec/deflate/gzip_fields.hpp"
#include "codec/deflate/match_parser.hpp"
#include "codec/deflate/zlib_context.hpp"

namespace braid::codec::deflate {

namespace {

#ifdef BRAID_HAVE_ISAL
constexpr bool have_isal = true;
#else
constexpr bool have_isal = false;
#endif

constexpr int most_zlib_level = 9;

bool needs_zlib(const CompressionConfig& config) noexcept {
  return config.is_set(Knob::strategy) || config.is_set(Knob::memory_level) ||
         config.is_set(Knob::window_log) || config.is_set(Knob::dictionary) ||
         layout_of(config) == Layout::single;
}

Error refuse(const CompressionConfig& config, std::string message) {
  return Error{.code = Errc::invalid_argument,
               .message = std::move(message),
               .algorithm = config.algorithm()};
}

// The extra field is a run of subfields (RFC 1952 section 2.3.1.1); those that tell readers how the
// file is cut are written by braid alone.
Result<void> check_extra(const CompressionConfig& config) {
  ByteView rest = config.header_extra();
  while (!rest.empty()) {
    if (rest.size() < subfield_header) return refuse(config, "header_extra ends within a subfield");
    const std::size_t size = base::load_le<std::uint16_t>(rest.data() + 2);
    if (size > rest.size() - subfield_header) {
      return refuse(config, "header_extra ends within a subfield");
    }
    const SubfieldId id{static_cast<char>(rest.at(0)), static_cast<char>(rest.at(1))};
    if (id == chunks_subfield || id == member_subfield || id == bgzf_subfield) {
      return refuse(
          config, std::string("header_extra holds the reserved subfield ") + id.first + id.second);
    }
    rest = rest.drop(subfield_header + size);
  }
  return {};
}

Result<void> check_bgzf(const CompressionConfig& config) {
  // Its readers want a header of exactly eighteen bytes and blocks of at most 64 KiB.
  for (const Knob knob :
       {Knob::header_name, Knob::header_comment, Knob::header_extra, Knob::header_time,
        Knob::header_checksum, Knob::chunk_size, Knob::rsyncable}) {
    if (config.is_set(knob)) {
      return refuse(config, std::string(name(knob)) + " cannot be set in the layout bgzf");
    }
  }
  return {};
}

}  // namespace

Layout layout_of(const CompressionConfig& config) noexcept {
  return static_cast<Layout>(config.get(Knob::layout, static_cast<std::int64_t>(Layout::standard)));
}

EngineChoice choose_engine(const CompressionConfig& config) noexcept {
  // Matches cannot reach back into another chunk: 1 MiB costs 0.3 % in size, 2 MiB half of that.
  // ISA-L loses less. Finding the last block costs libdeflate's level 1 most, for its speed.
  constexpr std::int64_t mib = 1 << 20;
  const int level = config.level();
  if (needs_zlib(config)) return {EngineKind::zlib, level, 2 * mib};
  if (level == 0) return {EngineKind::stored, 0, mib};
  // ISA-L's levels 2 and 3 are smaller than gzip's at six times the speed, and faster than anything
  // else; its levels 0 and 1 gain little speed for their loss in size. From 3 on libdeflate at the
  // same number is both smaller and faster than other tools, and braid from 6 to 9 faster still, by
  // a third at 6 and twice at 9. There longer chunks make up in size for the last attempts.
  if (have_isal && level <= 2) return {EngineKind::isal, level + 1, mib};
  if (level == 1) return {EngineKind::libdeflate, 1, 4 * mib};
  if (level >= 6 && level <= 9) return {EngineKind::braid, level, (level == 9 ? 4 : 2) * mib};
  return {EngineKind::libdeflate, level, 2 * mib};
}

Result<void> validate(const CompressionConfig& config) {
  if (needs_zlib(config) && config.level() > most_zlib_level) {
    return refuse(config,
                  "levels above 9 cannot be combined with strategy, memory_level, window_log, "
                  "dictionary or the layout single");
  }
  for (const Knob knob : {Knob::chunk_size, Knob::rsyncable}) {
    if (layout_of(config) == Layout::single && config.is_set(knob)) {
      return refuse(config, std::string(name(knob)) + " cannot be set in the layout single");
    }
  }
  if (layout_of(config) == Layout::bgzf) BRAID_TRY(check_bgzf(config));
  return check_extra(config);
}

std::size_t chunk_size(const CompressionConfig& config) {
  switch (layout_of(config)) {
    case Layout::single:
      return 0;
    case Layout::bgzf:
      return 16 * bgzf_block;  // about 1 MiB of whole blocks
    default:
      break;
  }
  // Of chunks cut by content the largest; most are a third of it. Smaller ones would find more to
  // keep and cost more.
  const std::int64_t otherwise = cuts_by_content(config) ? 512 << 10 : choose_engine(config).chunk;
  return static_cast<std::size_t>(config.get(Knob::chunk_size, otherwise));
}

std::uint64_t encoder_memory(const CompressionConfig& config) {
  // What is allocated. Of the libraries, libdeflate 1.14 and ISA-L 2.30 were measured, the upper
  // number of all levels taken; zlib gives a formula.
  constexpr std::uint64_t isal = 440_KiB;
  constexpr std::uint64_t libdeflate = 660_KiB;
  constexpr std::uint64_t libdeflate_best = 8800_KiB;  // from level 10 on
  constexpr std::uint64_t last_block = 2560_KiB;       // tables, and the symbols of one block
  constexpr std::uint64_t braid_engine = sizeof(MatchParser) +
                                         MatchParser::most_sequences * sizeof(Sequence) +
                                         MatchParser::most_stretches * sizeof(Stretch);
  switch (choose_engine(config).kind) {
    case EngineKind::stored:
      return 0;
    case EngineKind::isal:
      return isal;
    case EngineKind::braid:
      return braid_engine;
    case EngineKind::libdeflate:
      return (config.level() >= 10 ? libdeflate_best : libdeflate) + last_block;
    case EngineKind::zlib:
      return zlib_memory(config);
  }
  return 0;
}

}  // namespace braid::codec::deflate
