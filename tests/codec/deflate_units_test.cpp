#include <braid/codec.hpp>

#include <deque>

#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/deflate_read.hpp"
#include "codec/deflate/gzip_fields.hpp"
#include "codec/deflate/mark_scan.hpp"
#include "deflate_samples.hpp"

namespace braid::codec::deflate {
namespace {

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
    splitter_->resume();
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

TEST(MarkScan, finds_a_mark_at_every_position) {
  const std::string mark(reinterpret_cast<const char*>(chunk_mark.data()), chunk_mark.size());
  for (const char fill : {'\0', '\xff', 'x'}) {
    for (std::size_t at = 0; at < 40; ++at) {
      const std::string bytes = std::string(at, fill) + mark + std::string(20, fill);
      const std::size_t expected = bytes.find(mark);
      EXPECT_EQ(find_mark(bytes), expected) << at;
      EXPECT_EQ(find_mark(ByteView(bytes).first(expected + 8)), expected + 8) << at;
    }
  }
}

TEST(MarkScan, hops_over_stored_blocks_that_hold_marks) {
  const std::string mark(reinterpret_cast<const char*>(chunk_mark.data()), chunk_mark.size());
  const std::string part = flushed(mark + noise(70000, 1) + mark, 0) + second_block;
  for (const std::size_t cut : {std::size_t{1}, std::size_t{1000}, part.size() + 5}) {
    MarkScan scan;
    const std::string bytes = part + "more!";
    std::optional<std::size_t> end;
    for (std::size_t seen = cut; !end && seen < bytes.size() + cut; seen += cut) {
      end = scan.part_end(ByteView(bytes).first(seen));
    }
    EXPECT_EQ(end, part.size()) << cut;
  }
}

TEST(DeflateUnits, parts_of_a_member_decode_in_any_order) {
  for (const std::size_t size : {1, 100, 4096, 65536}) {
    const std::string plain = text(size * 7 + size / 2, 2);
    const std::string packed = gzip_in_parts(plain, size);
    for (const std::size_t cut : {std::size_t{11}, std::size_t{5000}, SIZE_MAX}) {
      const Outcome outcome = read_parts(Wrap::gzip, packed, cut);
      ASSERT_FALSE(outcome.error) << outcome.error->message;
      ASSERT_EQ(outcome.plain, plain);
      EXPECT_EQ(outcome.units, size == 1 ? 7 : 8);
      EXPECT_EQ(outcome.joined + outcome.taken_over + outcome.sequential, 0);
      EXPECT_EQ(outcome.info.streams, 1U);
      EXPECT_EQ(outcome.info.check, "CRC-32");
    }
  }
}

TEST(DeflateUnits, parts_of_zlib_and_raw_data_need_no_field) {
  const std::string plain = text(70000, 3);
  const Outcome zlib = read_parts(Wrap::zlib, zlib_in_parts(plain, 9000), 3000);
  ASSERT_FALSE(zlib.error) << zlib.error->message;
  EXPECT_EQ(zlib.plain, plain);
  EXPECT_EQ(zlib.units, 8);
  EXPECT_EQ(zlib.sequential, 0);
  const Outcome raw = read_parts(Wrap::raw, parts(plain, 9000), 3000);
  ASSERT_FALSE(raw.error) << raw.error->message;
  EXPECT_EQ(raw.plain, plain);
  EXPECT_EQ(raw.units, 8);
  EXPECT_EQ(raw.sequential, 0);
}

TEST(DeflateUnits, what_others_wrote_is_read_in_sequence) {
  const std::string plain = text(70000, 4);
  for (const Wrap wrap : {Wrap::raw, Wrap::zlib, Wrap::gzip}) {
    const Outcome outcome = read_parts(wrap, deflated(plain, {wrap, 6}), 3000);
    ASSERT_FALSE(outcome.error) << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain);
    EXPECT_EQ(outcome.sequential, 1);
  }
}

// Incompressible parts that hold a whole stream of ours are stored: the marks inside lie.
TEST(DeflateUnits, marks_inside_stored_data_cost_time_and_no_bytes) {
  const std::string inner = gzip_in_parts(noise(30000, 5) + text(50000, 6), 5000);
  for (const int level : {0, 6}) {
    const std::string plain = inner + text(3000, 7) + inner;
    const Outcome outcome = read_parts(Wrap::gzip, gzip_in_parts(plain, 40000, level), 10000);
    ASSERT_FALSE(outcome.error) << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain);
    if (level == 0) {
      EXPECT_EQ(outcome.joined, 0) << "stored from the beginning: hopped over";
    }
  }
}

TEST(DeflateUnits, a_lying_mark_behind_another_block_is_joined) {
  const std::string mark(reinterpret_cast<const char*>(chunk_mark.data()), chunk_mark.size());
  // A fixed block with one literal and, in the same part, a stored block that holds marks.
  const std::string stored = mark + noise(100, 8) + mark + noise(50, 9);
  const std::string first = flushed("A", 6);
  std::string part = first + std::string(1, '\0') + little(stored.size(), 2) +
                     little(~stored.size() & 0xffff, 2) + stored +
                     std::string("\0\0\0\xff\xff", 5) + second_block;
  const std::string plain = "A" + stored;
  const std::string all = plain + plain + "end";
  const std::string packed = head_with("BR", little(plain.size(), 4)) + part + part +
                             deflated("end", {Wrap::raw}) + gzip_trailer_of(all);
  const Outcome outcome = read_parts(Wrap::gzip, packed, 50);
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(outcome.plain, all);
  EXPECT_GT(outcome.joined, 0);
  EXPECT_EQ(outcome.taken_over, 0);
}

// Marks between parts that do refer to each other: decoding finds out, and goes on with history.
TEST(DeflateUnits, parts_that_are_not_independent_are_taken_over) {
  const std::string once = noise(3000, 10);
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string body;
  for (int i = 0; i < 4; ++i) {
    std::string copy = once;
    std::string out(10000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream, i == 3 ? Z_FINISH : Z_SYNC_FLUSH);
    body += out.substr(0, out.size() - stream.avail_out) + (i == 3 ? "" : second_block);
  }
  deflateEnd(&stream);
  const std::string plain = once + once + once + once;
  const std::string gzip = head_with("BR", little(once.size(), 4)) + body + gzip_trailer_of(plain) +
                           std::string(40, '\0');
  for (const auto& [wrap, packed] : {std::pair{Wrap::raw, body},
                                     {Wrap::zlib, "\x78\x9c" + body + big(adler32(1, plain))},
                                     {Wrap::gzip, gzip}}) {
    const Outcome outcome = read_parts(wrap, packed, 2000);
    ASSERT_FALSE(outcome.error) << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain);
    EXPECT_EQ(outcome.units, 1);
    EXPECT_EQ(outcome.taken_over, 1);
  }
}

TEST(DeflateUnits, a_wrong_part_size_is_no_wrong_output) {
  const std::string plain = text(50000, 11);
  for (const std::uint64_t claimed : {1ULL, 4999ULL, 5001ULL, 20000ULL, 0xffffffffULL}) {
    const std::string packed =
        head_with("BR", little(claimed, 4)) + parts(plain, 5000) + gzip_trailer_of(plain);
    const Outcome outcome = read_parts(Wrap::gzip, packed);
    ASSERT_FALSE(outcome.error) << claimed << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain);
  }
}

TEST(DeflateUnits, several_members_of_ours_with_padding_between) {
  const std::string one = text(20000, 12);
  const std::string two = text(30000, 13);
  const std::string packed = gzip_in_parts(one, 3000) + std::string(512, '\0') +
                             deflated(two, {Wrap::gzip}) + gzip_in_parts(two, 7000);
  const Outcome outcome = read_parts(Wrap::gzip, packed, 4000);
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(outcome.plain, one + two + two);
}

std::string sized_member(const std::string& plain, const std::string& id, std::size_t width,
                         int less) {
  const std::string body = deflated(plain) + gzip_trailer_of(plain);
  const std::size_t size = head_with(id, std::string(width, 'x')).size() + body.size();
  return head_with(id, little(size - static_cast<std::size_t>(less), width)) + body;
}

TEST(DeflateUnits, members_with_sizes_decode_by_themselves) {
  struct Kind {
    const char* id;
    std::size_t width;
    int less;
  };

  for (const Kind& kind : {Kind{"BM", 4, 0}, Kind{"BC", 2, 1}, Kind{"IG", 4, 0}}) {
    std::string plain;
    std::string packed;
    for (unsigned i = 0; i < 60; ++i) {
      const std::string one = i % 7 == 0 ? std::string() : noise(30000, i);
      plain += one;
      packed += sized_member(one, kind.id, kind.width, kind.less);
    }
    for (const std::size_t cut : {std::size_t{30000}, SIZE_MAX}) {
      const Outcome outcome = read_parts(Wrap::gzip, packed, cut);
      ASSERT_FALSE(outcome.error) << outcome.error->message;
      EXPECT_EQ(outcome.plain, plain);
      EXPECT_GT(outcome.units, 1);
      EXPECT_EQ(outcome.sequential + outcome.taken_over, 0) << kind.id;
      EXPECT_EQ(outcome.info.streams, 60U);
    }
  }
}

TEST(DeflateUnits, a_member_that_lies_about_its_size_is_still_read) {
  const std::string plain = text(5000, 14);
  for (const int less : {-3, -1, 1, 10, 300}) {
    const std::string packed = sized_member(plain, "BM", 4, less) + sized_member(plain, "BM", 4, 0);
    const Outcome outcome = read_parts(Wrap::gzip, packed);
    ASSERT_FALSE(outcome.error) << less << outcome.error->message;
    EXPECT_EQ(outcome.plain, plain + plain);
  }
}

TEST(DeflateUnits, damage_is_found_wherever_it_is) {
  const std::string plain = text(2500, 15);
  const std::string members = sized_member(plain, "BM", 4, 0) + sized_member("more", "BM", 4, 0);
  for (const auto& [wrap, packed] : {std::pair{Wrap::gzip, gzip_in_parts(plain, 400)},
                                     {Wrap::zlib, zlib_in_parts(plain, 400)},
                                     {Wrap::gzip, members}}) {
    const std::string whole = read_parts(wrap, packed).plain;
    for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
      std::string broken = packed;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
      const Outcome outcome = read_parts(wrap, broken);
      ASSERT_TRUE(outcome.error || outcome.plain == whole) << bit;
    }
  }
}

TEST(DeflateUnits, truncation_is_found_at_every_byte) {
  const std::string plain = text(2500, 16);
  for (const auto& [wrap, packed] : {std::pair{Wrap::gzip, gzip_in_parts(plain, 400)},
                                     {Wrap::zlib, zlib_in_parts(plain, 400)},
                                     {Wrap::raw, parts(plain, 400)}}) {
    for (std::size_t size = 0; size < packed.size(); ++size) {
      const Outcome outcome = read_parts(wrap, packed.substr(0, size), 100);
      ASSERT_TRUE(outcome.error) << size;
      EXPECT_EQ(outcome.error->code, Errc::truncated) << size << outcome.error->message;
    }
  }
}

TEST(DeflateUnits, a_dictionary_is_there_for_the_first_raw_part_alone) {
  const std::string dictionary = text(8000, 17);
  const std::string plain = dictionary.substr(100, 5000);
  std::string first = deflated(plain, {Wrap::raw, 9, Z_DEFAULT_STRATEGY, dictionary});
  // Deflate it again as a part: flushed instead of finished.
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string words = dictionary;
  deflateSetDictionary(&stream, reinterpret_cast<Bytef*>(words.data()),
                       static_cast<uInt>(words.size()));
  std::string copy = plain;
  first.assign(20000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(first.data());
  stream.avail_out = static_cast<uInt>(first.size());
  ::deflate(&stream, Z_SYNC_FLUSH);
  first.resize(stream.total_out);
  deflateEnd(&stream);
  const std::string packed = first + second_block + parts(plain, 1000);
  const Outcome outcome = read_parts(Wrap::raw, packed, SIZE_MAX, dictionary);
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(outcome.plain, plain + plain);
  EXPECT_EQ(outcome.taken_over, 0);
}

TEST(DeflateUnits, what_braid_writes_is_read_in_parts) {
  struct Kind {
    Algorithm algorithm;
    Wrap wrap;
    Layout layout;
  };

  const std::string plain = text(300000, 18) + noise(300000, 19) + std::string(300000, 'z');
  for (const Kind& kind : {Kind{Algorithm::gzip, Wrap::gzip, Layout::standard},
                           Kind{Algorithm::gzip, Wrap::gzip, Layout::members},
                           Kind{Algorithm::gzip, Wrap::gzip, Layout::bgzf},
                           Kind{Algorithm::zlib, Wrap::zlib, Layout::standard},
                           Kind{Algorithm::deflate, Wrap::raw, Layout::standard}}) {
    for (const int level : {1, 6}) {
      CompressionConfig config(kind.algorithm);
      config.level(level);
      if (kind.layout != Layout::standard) config.layout(kind.layout);
      if (kind.layout != Layout::bgzf) config.chunk_size(65536);
      const auto packed = compress(plain, config);
      ASSERT_TRUE(packed) << packed.error().message;
      const Outcome outcome = read_parts(kind.wrap, std::string(packed->view().text()), 100000);
      ASSERT_FALSE(outcome.error) << outcome.error->message;
      EXPECT_EQ(outcome.plain, plain);
      EXPECT_GT(outcome.units, 1) << static_cast<int>(kind.layout);
      EXPECT_EQ(outcome.joined + outcome.taken_over + outcome.sequential, 0);
    }
  }
}

}  // namespace
}  // namespace braid::codec::deflate
