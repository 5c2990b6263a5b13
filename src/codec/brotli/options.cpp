#include "codec/brotli/options.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <new>

#include "codec/brotli/brotli.hpp"

namespace braid::codec::brotli {

namespace {

bool single(const CompressionConfig& config) {
  return static_cast<Layout>(config.get(Knob::layout, 0)) == Layout::single;
}

struct LevelDefault {
  unsigned window_log;
  unsigned part_mib;
};

// By level, measured on text, code, programs and logs: files stay within 1.5 % of what one stream
// of the largest standard window takes, with the least memory that does, since going through memory
// is what costs the fast levels and all readers their time.
//   0, 1    look back 2^18 bytes and forget what they have seen after each window: parts that stay
//           in the CPU's cache lose nothing
//   2, 3    find nothing more in a larger window
//   4       has a table that larger parts soon fill
//   5 to 7  the more they search, the more they lose where a part begins
//   8, 9    a doubled window finds 0.8 % and costs half as much time again: once is enough
constexpr std::array<LevelDefault, BROTLI_MAX_QUALITY + 1> level_defaults{{
    {20, 2},
    {20, 1},
    {22, 4},
    {22, 4},
    {23, 16},
    {22, 8},
    {22, 12},
    {22, 16},
    {23, 32},
    {23, 48},
    {BROTLI_MAX_WINDOW_BITS, 32},
    {BROTLI_MAX_WINDOW_BITS, 32},
}};

const LevelDefault& defaults_of(int level) {
  return level_defaults[static_cast<std::size_t>(std::clamp(level, 0, BROTLI_MAX_QUALITY))];
}

// The library lists a meta-block's commands block by block, and copies the whole list to a longer
// one every few blocks: with blocks of 2^16 bytes, its own choice, that is 5 % of level 5. Longer
// ones find as much. Below level 4 it has block sizes of its own; from level 10 on each byte of a
// block takes memory.
constexpr unsigned block_log = 20;

constexpr bool has_long_blocks(int level) {
  return level >= 4 && level <= 9;
}

}  // namespace

Result<void> validate(const CompressionConfig& config) {
  if (single(config) && config.is_set(Knob::chunk_size)) {
    return Error{.code = Errc::invalid_argument,
                 .message = "chunk_size has no meaning in the layout of a single part",
                 .algorithm = Algorithm::brotli};
  }
  return {};
}

std::size_t chunk_size(const CompressionConfig& config) {
  if (single(config)) return 0;
  const std::int64_t otherwise = std::int64_t{defaults_of(config.level()).part_mib} << 20;
  return static_cast<std::size_t>(config.get(Knob::chunk_size, otherwise));
}

EncoderOptions::EncoderOptions(const CompressionConfig& config)
    : level(config.level()),
      window_log(defaults_of(config.level()).window_log),
      window_chosen(config.is_set(Knob::window_log)),
      mode(static_cast<std::uint32_t>(config.get(Knob::text_mode, BROTLI_MODE_GENERIC))) {
  if (window_chosen) {
    window_log = static_cast<unsigned>(config.get(Knob::window_log, BROTLI_MAX_WINDOW_BITS));
  } else if (const std::size_t chunk = chunk_size(config); chunk != 0) {
    // No part can use more, and readers of parts pay for it. Levels 0 and 1 know no less than 18.
    const auto enough = static_cast<unsigned>(std::bit_width(chunk - 1));
    window_log = std::clamp(enough, 18U, window_log);
  }
}

EncoderState EncoderOptions::start(Memory& memory, unsigned window, std::uint64_t offset,
                                   std::uint64_t size_hint) const {
  EncoderState state(BrotliEncoderCreateInstance(Memory::allocate, Memory::release, &memory));
  if (state == nullptr) throw std::bad_alloc();
  const auto set = [&](BrotliEncoderParameter name, std::uint64_t value) {
    // Both limits are the library's: 2^30, beyond which larger values would change nothing.
    constexpr std::uint64_t most = std::uint64_t{1} << 30;
    // Cannot fail: values were validated and nothing was encoded yet.
    (void)BrotliEncoderSetParameter(state.get(), name,
                                    static_cast<std::uint32_t>(std::min(value, most)));
  };
  set(BROTLI_PARAM_QUALITY, static_cast<std::uint64_t>(level));
  set(BROTLI_PARAM_MODE, mode);
  set(BROTLI_PARAM_LARGE_WINDOW, window > BROTLI_MAX_WINDOW_BITS ? 1 : 0);
  set(BROTLI_PARAM_LGWIN, window);
  if (has_long_blocks(level)) set(BROTLI_PARAM_LGBLOCK, std::min(block_log, window));
  set(BROTLI_PARAM_SIZE_HINT, std::max<std::uint64_t>(size_hint, 1));
  if (offset != 0) set(BROTLI_PARAM_STREAM_OFFSET, offset);
  return state;
}

std::uint64_t encoder_memory(const CompressionConfig& config) {
  const EncoderOptions options(config);
  const std::uint64_t window = std::uint64_t{1} << options.window_log;
  const std::size_t part = chunk_size(config);
  // The ring buffer; from level 10 on also a binary tree of two 32-bit links a byte of window; a
  // table of positions; from level 2 on a list of commands for up to 16 MiB, in the sizes that it
  // has had (see Memory). Measured, and rounded up.
  const std::uint64_t history = part == 0 ? window : std::min<std::uint64_t>(window, part);
  const std::uint64_t listed = part == 0 ? 16_MiB : std::min<std::uint64_t>(part, 16_MiB);
  std::uint64_t memory = 2 * history + 4_MiB;
  if (options.level >= 2) memory += 4 * listed;
  if (options.level >= 10) memory += 8 * history + 64_MiB;
  if (options.level >= 5 && options.level <= 9) {
    memory += std::uint64_t{1} << (options.level + 16);  // 2^15 buckets of 2^(level-1) entries
  }
  return memory;
}

}  // namespace braid::codec::brotli
