#pragma once

#include <braid/braid.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "tests/support/sanitized.hpp"

// Inputs and configurations that the conformance suite runs every format over.
namespace braid::conformance {

inline std::string random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size; at += 4) {
    const auto word = static_cast<std::uint32_t>(random());
    std::memcpy(bytes.data() + at, &word, std::min<std::size_t>(4, size - at));
  }
  return bytes;
}

// Words of a small vocabulary: compresses about as well as source code.
inline std::string words(std::size_t size, unsigned seed) {
  static const std::vector<std::string> vocabulary = {
      "chunk ", "frame ", "window ", "the ",  "of ",     "reader ", "{\n  ", "}\n",  "return ",
      "size ",  "offset", " = ",     "0x1f ", "level_ ", "buffer ", ";\n",   "for ", "(auto "};
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) text += vocabulary[random() % vocabulary.size()];
  text.resize(size);
  return text;
}

// Parts of about so many plain bytes; lz4 knows no blocks between 64 and 256 KiB.
inline CompressionConfig in_small_parts(Algorithm algorithm, std::int64_t part) {
  CompressionConfig config(algorithm);
  config.level(1);
  if (algorithm == Algorithm::lz4) return config.set(Knob::block_size, 64 << 10);
  return config.set(Knob::chunk_size, part);
}

struct Sample {
  std::string name;
  std::string bytes;
};

inline const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = [] {
    std::vector<Sample> made = {
        {"empty", ""},
        {"one_byte", "x"},
        {"zeros", std::string(300000, '\0')},
        {"words", words(200000, 1)},
        {"noise", random_bytes(150000, 2)},
    };
    std::string mixed =
        words(70000, 3) + random_bytes(70000, 4) + std::string(70000, 'a') + words(70000, 5);
    made.push_back({"mixed", std::move(mixed)});
    return made;
  }();
  return all;
}

struct Variant {
  std::string name;
  CompressionConfig config;
};

// The lowest level that searches at all. Slow formats show nothing more at their default level,
// which takes 90 MB of tables for xz.
inline int quick_level(Algorithm algorithm) {
  const AlgorithmInfo& row = info(algorithm);
  return std::min(row.default_level, std::max(row.min_level, 1));
}

// One format in its default form and, where it has them, cut into many chunks and without seams.
inline std::vector<Variant> variants(Algorithm algorithm) {
  const AlgorithmInfo& row = info(algorithm);
  const int quick = quick_level(algorithm);
  std::vector<Variant> all = {{"default", CompressionConfig(algorithm)}};
  all.push_back({"lowest", CompressionConfig(algorithm).level(row.min_level)});
  if (const KnobRange* range = row.knob(Knob::chunk_size)) {
    const auto chunk = static_cast<std::uint64_t>(std::max<std::int64_t>(range->min, 64 << 10));
    all.push_back({"chunked", CompressionConfig(algorithm).level(quick).chunk_size(chunk)});
    if (row.knob(Knob::rsyncable) != nullptr) {
      all.push_back({"rsyncable", CompressionConfig(all.back().config).rsyncable(true)});
    }
  }
  if (const KnobRange* range = row.knob(Knob::layout)) {
    for (std::int64_t layout = std::max<std::int64_t>(range->min, 1); layout <= range->max;
         ++layout) {
      all.push_back(
          {"layout" + std::to_string(layout),
           CompressionConfig(algorithm).level(quick).layout(static_cast<Layout>(layout))});
    }
  }
  return all;
}

inline std::vector<Algorithm> built_algorithms() {
  std::vector<Algorithm> built;
  for (Algorithm algorithm : algorithms()) {
    if (info(algorithm).built) built.push_back(algorithm);
  }
  return built;
}

// The same, but under sanitizers gzip stands for zlib and raw deflate, which wrap the same streams:
// for what engines do with them.
inline std::vector<Algorithm> built_families() {
  std::vector<Algorithm> built = built_algorithms();
  if (sanitized::at_all) {
    std::erase(built, Algorithm::zlib);
    std::erase(built, Algorithm::deflate);
  }
  return built;
}

}  // namespace braid::conformance
