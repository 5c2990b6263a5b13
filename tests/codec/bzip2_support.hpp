#pragma once

#include <braid/config.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <bzlib.h>
#include <gtest/gtest.h>

#include "codec/format.hpp"

// What the tests of bzip2 share: plain data of every shape, the reference library, and an engine of
// a few lines.
namespace braid::codec::bzip2::testing {

inline const Format& row() {
  return format(Algorithm::bzip2);
}

inline std::string repeat(const std::string& word, std::size_t size) {
  std::string text;
  while (text.size() < size) text += word;
  text.resize(size);
  return text;
}

inline std::string random_bytes(std::size_t size, unsigned kinds, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() % kinds);
  return text;
}

// Words of a made-up language: what bzip2 is good at.
inline std::string prose(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) {
    const auto word = std::min(random() % 400, random() % 400);
    text += "w" + std::to_string(word * word) + (random() % 9 == 0 ? ".\n" : " ");
  }
  text.resize(size);
  return text;
}

inline std::string fibonacci(std::size_t size) {
  std::string a = "a";
  std::string b = "ab";
  while (b.size() < size) {
    a.swap(b);
    b = a + b;
  }
  b.resize(size);
  return b;
}

struct Sample {
  std::string name;
  std::string plain;
};

inline std::vector<Sample> samples() {
  std::vector<Sample> all = {
      {"empty", ""},
      {"one byte", "x"},
      {"two bytes", "ba"},
      {"text", prose(250'000)},
      {"random", random_bytes(220'000, 256)},
      {"two kinds", random_bytes(120'000, 2)},
      {"zeros", std::string(3'000'000, '\0')},
      {"ab", repeat("ab", 150'000)},
      {"abc, not whole", repeat("abc", 100'001)},
      {"fibonacci", fibonacci(150'000)},
      {"a then b", std::string(300, 'a') + "b"},
      {"almost periodic", repeat("abcabd", 99'000) + "x"},
      {"all values",
       [] {
         std::string s;
         for (int i = 0; i < 256; ++i) s += static_cast<char>(255 - i);
         return s;
       }()},
  };
  for (const std::size_t run :
       {3U, 4U, 5U, 254U, 255U, 256U, 258U, 259U, 260U, 510U, 511U, 1000U}) {
    all.push_back({"run of " + std::to_string(run), "x" + std::string(run, 'r') + "y"});
    all.push_back({"only a run of " + std::to_string(run), std::string(run, 'r')});
  }
  // Around the end of a block of level 1, with and without a run at the end.
  for (std::size_t size = 99'975; size < 99'990; ++size) {
    all.push_back({"text of " + std::to_string(size), prose(size)});
    all.push_back({"run up to " + std::to_string(size), prose(size - 10) + std::string(40, 'z')});
  }
  return all;
}

inline std::string reference_compress(const std::string& plain, int level) {
  std::string out(plain.size() + plain.size() / 100 + 700, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ_OK, BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(plain.data()),
                                            static_cast<unsigned>(plain.size()), level, 0, 0));
  out.resize(size);
  return out;
}

// What libbz2 makes of one stream; its error, or `size_limit` passed, is false.
inline bool reference_decompress(const std::string& packed, std::string& plain,
                                 std::size_t size_limit) {
  plain.resize(size_limit);
  auto size = static_cast<unsigned>(size_limit);
  const int code = BZ2_bzBuffToBuffDecompress(plain.data(), &size, const_cast<char*>(packed.data()),
                                              static_cast<unsigned>(packed.size()), 0, 0);
  plain.resize(code == BZ_OK ? size : 0);
  return code == BZ_OK;
}

// Encodes chunk by chunk, as the engine does.
inline std::string compress(const std::string& plain, int level) {
  CompressionConfig config(Algorithm::bzip2);
  config.level(level);
  auto encoder = row().make_chunk_encoder(config).value();
  auto framer = row().make_framer(config).value();
  Buffer out;
  framer->begin({}, false, out).value();
  Piece piece;
  ByteView rest(plain);
  ChunkPlace place;
  do {
    const ByteView window = rest.first(row().chunk_size(config));
    const std::size_t size = window.empty() ? 0 : row().split(config, window);
    place.last = size == rest.size();
    encoder->encode(rest.first(size), place, piece).value();
    Buffer head;
    framer->add(piece, rest.first(size), place, head).value();
    out.append(head);
    out.append(piece.bytes);
    rest = rest.drop(size);
    ++place.index;
    place.offset += size;
  } while (!rest.empty());
  framer->finish(out).value();
  return std::string(out.view().text());
}

// Decodes one stream with input and output cut into steps of these sizes. `used` tells how many
// bytes the stream took.
inline Result<std::string> decompress(ByteView packed, std::size_t in_step = SIZE_MAX,
                                      std::size_t out_step = 1 << 16, std::size_t* used = nullptr) {
  auto decoder = row().make_stream_decoder({}).value();
  std::string plain;
  std::string room(out_step, '\0');
  std::size_t at = 0;
  std::size_t given = std::min(in_step, packed.size());
  for (;;) {
    const Input input = given == packed.size() ? Input::last : Input::more;
    auto step = decoder->step(packed.slice(at, given - at),
                              {reinterpret_cast<std::byte*>(room.data()), room.size()}, input);
    if (!step) return std::move(step).error();
    at += step->consumed;
    plain.append(room, 0, step->produced);
    if (used != nullptr) *used = at;
    if (step->state == StepState::finished) return plain;
    if (step->state == StepState::need_input) {
      EXPECT_EQ(input, Input::more);
      given = std::min(given + std::min(in_step, packed.size()), packed.size());
    }
  }
}

}  // namespace braid::codec::bzip2::testing
