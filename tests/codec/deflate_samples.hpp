#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "codec/codec.hpp"

// Streams made by zlib, and helpers to read them back in every cut.
namespace braid::codec::deflate::samples {

enum class Wrap : int { raw = -15, zlib = 15, gzip = 31 };

// Text with matches of all kinds of distances; the same for the same seed.
inline std::string text(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) {
    if (text.size() > 8 && random() % 4 != 0) {
      const std::size_t distance = 1 + random() % (random() % 3 == 0 ? text.size() : 8);
      const std::size_t length = 3 + random() % (random() % 8 == 0 ? 300 : 12);
      for (std::size_t i = 0; i < length; ++i) text += text[text.size() - distance];
    } else {
      text += static_cast<char>(random() % 5 == 0 ? random() : 'a' + random() % 16);
    }
  }
  text.resize(size);
  return text;
}

inline std::string noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string noise(size, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  return noise;
}

struct Settings {
  Wrap wrap = Wrap::raw;
  int level = 6;
  int strategy = Z_DEFAULT_STRATEGY;
  std::string dictionary{};
};

inline std::string deflated(const std::string& plain, const Settings& settings = {}) {
  z_stream stream{};
  deflateInit2(&stream, settings.level, Z_DEFLATED, static_cast<int>(settings.wrap), 8,
               settings.strategy);
  std::string plain_copy = plain;
  std::string dictionary = settings.dictionary;
  if (!dictionary.empty()) {
    deflateSetDictionary(&stream, reinterpret_cast<Bytef*>(dictionary.data()),
                         static_cast<uInt>(dictionary.size()));
  }
  std::string out(deflateBound(&stream, plain.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(plain_copy.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// What reading came to.
struct Reading {
  std::string plain;
  std::size_t consumed = 0;
  Errc code = Errc::internal;
  bool ok = false;
  std::string message;
  std::optional<std::uint64_t> offset;
};

// Reads one stream, given at most `in_cut` bytes at a time, with room for `out_cut`.
inline Reading read(StreamDecoder& decoder, const std::string& packed, std::size_t in_cut,
                    std::size_t out_cut) {
  Reading reading;
  std::vector<std::byte> room(out_cut);
  for (;;) {
    const std::size_t count = std::min(in_cut, packed.size() - reading.consumed);
    const bool last = reading.consumed + count == packed.size();
    const auto step = decoder.step(ByteView(packed.data() + reading.consumed, count), room,
                                   last ? Input::last : Input::more);
    if (!step) {
      reading.code = step.error().code;
      reading.message = step.error().message;
      reading.offset = step.error().offset;
      return reading;
    }
    reading.consumed += step->consumed;
    reading.plain.append(reinterpret_cast<const char*>(room.data()), step->produced);
    if (step->state == StepState::finished) {
      reading.ok = true;
      return reading;
    }
    if (count != 0 && step->consumed + step->produced == 0) {
      reading.message = "no progress";
      return reading;
    }
  }
}

// Raw deflate data by zlib; "?" for anything but one whole stream.
inline std::string inflate_raw(std::string_view packed, std::size_t size) {
  std::string plain(size + 1, '\0');
  z_stream stream{};
  inflateInit2(&stream, -15);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  const int status = ::inflate(&stream, Z_FINISH);
  const bool whole = status == Z_STREAM_END && stream.avail_in == 0;
  plain.resize(plain.size() - stream.avail_out);
  inflateEnd(&stream);
  return whole ? plain : "?";
}

// What zlib makes of a raw stream.
struct Oracle {
  std::string plain;
  std::size_t consumed = 0;
  bool ok = false;
  bool truncated = false;
};

inline Oracle inflated_by_zlib(const std::string& packed) {
  z_stream stream{};
  inflateInit2(&stream, -15);
  std::string copy = packed;
  Oracle oracle;
  oracle.plain.resize(1 << 18);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(oracle.plain.data());
  stream.avail_out = static_cast<uInt>(oracle.plain.size());
  const int status = ::inflate(&stream, Z_NO_FLUSH);
  oracle.ok = status == Z_STREAM_END;
  oracle.truncated = status == Z_OK || status == Z_BUF_ERROR;
  oracle.consumed = stream.total_in;
  oracle.plain.resize(stream.total_out);
  inflateEnd(&stream);
  return oracle;
}

}  // namespace braid::codec::deflate::samples
