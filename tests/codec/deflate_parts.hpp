#pragma once

#include <braid/codec.hpp>

#include <deque>

#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/deflate_read.hpp"
#include "codec/deflate/gzip_fields.hpp"
#include "codec/deflate/mark_scan.hpp"
#include "tests/codec/deflate_samples.hpp"

// What the tests of reading deflate in parts share: streams made by zlib and by hand, and a small
// engine that splits, decodes in any order, joins and verifies.
namespace braid::codec::deflate::parts_test {

using samples::deflated;
using samples::noise;
using samples::text;
using samples::Wrap;

std::string little(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xff);
  return bytes;
}

std::string big(std::uint32_t value) {
  const std::string bytes = little(value, 4);
  return {bytes.rbegin(), bytes.rend()};
}

std::string gzip_trailer_of(const std::string& plain) {
  return little(crc32(crc32_of_nothing, plain), 4) + little(plain.size() & UINT32_MAX, 4);
}

std::string head_with(const std::string& id, const std::string& content) {
  const std::string extra = id + little(content.size(), 2) + content;
  return std::string("\x1f\x8b\x08\x04\0\0\0\0\0\xff", 10) + little(extra.size(), 2) + extra;
}

// Deflate data that ends in an empty stored block, without a final one.
std::string flushed(const std::string& plain, int level) {
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string copy = plain;
  std::string out(plain.size() * 2 + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_SYNC_FLUSH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

const std::string second_block("\0\0\0\xff\xff", 5);

// Deflate data in independent parts, as braid writes them.
std::string parts(const std::string& plain, std::size_t size, int level = 6) {
  std::string out;
  std::size_t at = 0;
  for (; at + size < plain.size(); at += size) {
    out += flushed(plain.substr(at, size), level) + second_block;
  }
  return out + deflated(plain.substr(at), {Wrap::raw, level});
}

std::string gzip_in_parts(const std::string& plain, std::size_t size, int level = 6) {
  return head_with("BR", little(size, 4)) + parts(plain, size, level) + gzip_trailer_of(plain);
}

std::string zlib_in_parts(const std::string& plain, std::size_t size) {
  return "\x78\x9c" + parts(plain, size) + big(adler32(adler32_of_nothing, plain));
}

// Room of a known size, or room that grows and moves, to a limit.
class TestTarget final : public Target {
 public:
  explicit TestTarget(std::uint64_t exact) : exact_(exact) {
    if (exact != Unit::unknown) bytes_.resize(exact);
  }

  Result<MutableBytes> room(std::size_t least) override {
    if (exact_ == Unit::unknown) {
      std::vector<std::byte> moved(done_ + least + 100);
      std::copy_n(bytes_.begin(), done_, moved.begin());
      bytes_ = std::move(moved);
    } else if (least > bytes_.size() - done_) {
      return Error{.code = Errc::corrupt, .message = "too long"};
    }
    return MutableBytes(bytes_).subspan(done_);
  }

  void commit(std::size_t count) override { done_ += count; }

  [[nodiscard]] ByteView view() const override { return {bytes_.data(), done_}; }

 private:
  std::uint64_t exact_;
  std::vector<std::byte> bytes_;
  std::size_t done_ = 0;
};

struct Outcome {
  std::string plain;
  std::optional<Error> error;
  int units = 0;       // that were decoded by themselves
  int joined = 0;      // that had to be joined with the next
  int taken_over = 0;  // times that a StreamDecoder went on in the middle
  int sequential = 0;  // streams read by a StreamDecoder from the beginning
  StreamInfo info;
};

// What the engine does with units, on one thread. Units are decoded from the last to the first.
class Parts {
 public:
  Parts(Wrap wrap, const std::string& packed, std::size_t in_cut, const std::string& dictionary)
      : wrap_(wrap), packed_(packed), in_cut_(in_cut), dictionary_(dictionary) {
    settings_.dictionary = dictionary_;
    splitter_ = wrap == Wrap::gzip   ? make_gzip_splitter()
                : wrap == Wrap::zlib ? make_zlib_splitter()
                                     : make_raw_splitter();
    decoder_ = (wrap == Wrap::gzip   ? make_gzip_unit_decoder(settings_)
                : wrap == Wrap::zlib ? make_zlib_unit_decoder(settings_)
                                     : make_raw_unit_decoder(settings_))
                   .value();
    verifier_ = wrap == Wrap::gzip   ? make_gzip_verifier(settings_)
                : wrap == Wrap::zlib ? make_zlib_verifier(settings_)
                                     : make_raw_verifier(settings_);
  }

  Outcome run() {
    while (!outcome_.error && run_some()) {
    }
    verifier_->describe(outcome_.info);
    return outcome_;
  }

 private:
  struct Item {
    Unit unit;
    std::size_t at;
    std::optional<Result<Decoded>> decoded;
    std::string plain;
  };

  ByteView bytes(const Item& item) const {
    return ByteView(packed_).slice(item.at, static_cast<std::size_t>(item.unit.size));
  }

  void decode(Item& item) {
    TestTarget target(item.unit.plain_size);
    item.decoded = decoder_->decode(bytes(item), item.unit, target);
    if (*item.decoded) {
      EXPECT_EQ(target.view().size(), (*item.decoded)->plain_size);
    }
    item.plain = target.view().text();
  }

  Split next(std::size_t at) {
    std::size_t seen = std::min(in_cut_, packed_.size() - at);
    for (;;) {
      const bool last = at + seen == packed_.size();
      const Split split = splitter_->next(ByteView(packed_).slice(at, seen), last);
      if (split.kind != Split::Kind::need_input) return split;
      if (last) ADD_FAILURE() << "asks for more than there is";
      if (last) return {.kind = Split::Kind::sequential};
      seen = std::min(seen + in_cut_, packed_.size() - at);
    }
  }

  // Returns whether there is more.
  bool run_some() {
    std::deque<Item> items;
    std::size_t at = position_;
    Split split;
    while ((split = next(at)).kind == Split::Kind::unit) {
      EXPECT_GT(split.unit.size, 0U);
      items.push_back({split.unit, at, {}, {}});
      at += static_cast<std::size_t>(split.unit.size);
    }
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
      if (item->unit.kind == Unit::Kind::data) decode(*item);
    }
    while (!items.empty()) {
      if (!accept(items)) return true;
      if (outcome_.error) return false;
    }
    if (split.kind == Split::Kind::sequential) {
      ++outcome_.sequential;
      read_stream(wrap_ == Wrap::gzip   ? make_gzip_decoder(settings_).value()
                  : wrap_ == Wrap::zlib ? make_zlib_decoder(settings_).value()
                                        : make_raw_decoder(settings_).value());
      return position_ < packed_.size();
    }
    if (auto end = verifier_->finish(); !end) outcome_.error = end.error();
    return false;
  }

  // Takes the first item; false when a StreamDecoder took its place.
  bool accept(std::deque<Item>& items) {
    Item item = std::move(items.front());
    items.pop_front();
    while (item.decoded && !*item.decoded && item.decoded->error().code == Errc::truncated &&
           !items.empty() && items.front().unit.kind == Unit::Kind::data) {
      item.unit.size += items.front().unit.size;
      item.unit.tag2 = items.front().unit.tag2;
      items.pop_front();
      ++outcome_.joined;
      decode(item);
    }
    if (item.decoded && !*item.decoded) {
      ++outcome_.taken_over;
      const auto kept = outcome_.plain.size() - std::min<std::size_t>(outcome_.plain.size(), 65536);
      const std::string history = outcome_.plain.substr(kept);
      auto reader = verifier_->take_over(history);
      EXPECT_TRUE(reader && *reader);
      position_ = item.at;
      read_stream(std::move(*reader));
      return false;
    }
    const auto verdict = verifier_->add(item.unit, bytes(item),
                                        item.decoded ? **item.decoded : Decoded{}, item.plain);
    if (!verdict) outcome_.error = verdict.error();
    outcome_.units += item.unit.kind == Unit::Kind::data ? 1 : 0;
    outcome_.plain += item.plain;
    position_ = item.at + static_cast<std::size_t>(item.unit.size);
    return true;
  }

  void read_stream(std::unique_ptr<StreamDecoder> reader) {
    const auto reading = samples::read(*reader, packed_.substr(position_), 1000, 777);
    outcome_.plain += reading.plain;
    position_ += reading.consumed;
    if (!reading.ok) outcome_.error = Error{.code = reading.code, .message = reading.message};
    splitter_->resume(position_);
  }

  Wrap wrap_;
  const std::string& packed_;
  std::size_t in_cut_;
  std::string dictionary_;
  DecoderSettings settings_;
  std::unique_ptr<Splitter> splitter_;
  std::unique_ptr<UnitDecoder> decoder_;
  std::unique_ptr<Verifier> verifier_;
  std::size_t position_ = 0;
  Outcome outcome_;
};

Outcome read_parts(Wrap wrap, const std::string& packed, std::size_t in_cut = SIZE_MAX,
                   const std::string& dictionary = {}) {
  return Parts(wrap, packed, in_cut, dictionary).run();
}

}  // namespace braid::codec::deflate::parts_test
