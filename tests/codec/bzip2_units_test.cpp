#include <numeric>

#include "bzip2_hand_made.hpp"
#include "bzip2_support.hpp"

namespace braid::codec::bzip2::testing {
namespace {

// Grows up to a limit, as the engine's does.
class GrowingTarget final : public Target {
 public:
  explicit GrowingTarget(std::size_t limit = SIZE_MAX) : limit_(limit) {}

  Result<MutableBytes> room(std::size_t least) override {
    if (least > limit_ - used_) return Error{.code = Errc::output_limit, .message = "too much"};
    if (bytes_.size() - used_ < least) bytes_.resize(used_ + least);
    return MutableBytes(bytes_.data() + used_, bytes_.size() - used_);
  }

  void commit(std::size_t count) override { used_ += count; }

  [[nodiscard]] ByteView view() const override { return {bytes_.data(), used_}; }

  [[nodiscard]] std::size_t held() const { return bytes_.size(); }

 private:
  std::size_t limit_;
  std::size_t used_ = 0;
  Buffer bytes_;
};

struct Placed {
  Unit unit;
  std::size_t at = 0;
};

// Cuts all of `packed`; `window` is how much more the splitter is shown each time it asks.
std::vector<Placed> cut(const std::string& packed, std::size_t window, Split::Kind& end) {
  auto splitter = row().make_splitter();
  std::vector<Placed> units;
  std::size_t at = 0;
  std::size_t shown = 0;
  for (;;) {
    const bool last = at + shown >= packed.size();
    const Split split = splitter->next(ByteView(packed).slice(at, shown), last);
    end = split.kind;
    if (split.kind == Split::Kind::need_input) {
      EXPECT_FALSE(last);
      shown += window;
      continue;
    }
    if (split.kind != Split::Kind::unit) return units;
    EXPECT_GT(split.unit.size, 0U);
    units.push_back({split.unit, at});
    at += static_cast<std::size_t>(split.unit.size);
    shown = shown > split.unit.size ? shown - static_cast<std::size_t>(split.unit.size) : 0;
  }
}

// Decodes in parts: all data units in random order by one decoder, then in order through the
// verifier. A unit that ends too early is joined with the next one, and from where that does not
// help a stream decoder takes over.
Result<std::string> decompress_in_parts(const std::string& packed, std::size_t window = 1 << 20,
                                        std::uint64_t* streams = nullptr) {
  Split::Kind end{};
  const std::vector<Placed> units = cut(packed, window, end);
  EXPECT_EQ(end, Split::Kind::end);
  auto decoder = row().make_unit_decoder({}).value();
  auto verifier = row().make_verifier({});
  std::vector<std::size_t> order(units.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), std::mt19937(1));
  std::vector<GrowingTarget> targets(units.size());
  std::vector<Result<Decoded>> found(units.size(), Decoded{});
  for (const std::size_t i : order) {
    if (units[i].unit.kind != Unit::Kind::data) continue;
    const ByteView bytes =
        ByteView(packed).slice(units[i].at, static_cast<std::size_t>(units[i].unit.size));
    found[i] = decoder->decode(bytes, units[i].unit, targets[i]);
  }
  std::string plain;
  for (std::size_t i = 0; i < units.size(); ++i) {
    Placed now = units[i];
    while (!found[i] && found[i].error().code == Errc::truncated && i + 1 < units.size() &&
           units[i + 1].unit.kind == Unit::Kind::data) {
      ++i;
      now.unit.size += units[i].unit.size;
      targets[i] = GrowingTarget();
      found[i] =
          decoder->decode(ByteView(packed).slice(now.at, static_cast<std::size_t>(now.unit.size)),
                          now.unit, targets[i]);
    }
    const ByteView bytes = ByteView(packed).slice(now.at, static_cast<std::size_t>(now.unit.size));
    if (!found[i]) {
      auto rest = verifier->take_over({});
      if (!rest) return std::move(rest).error();
      Buffer room(1 << 20);
      const auto step = (*rest)->step(ByteView(packed).drop(now.at), room.writable(), Input::last);
      if (!step) return step.error();
      if (step->state != StepState::finished) {  // a damaged block can be long
        return Error{.code = Errc::output_limit, .message = "too much"};
      }
      EXPECT_EQ(now.at + step->consumed, packed.size());
      plain += room.view().first(step->produced).text();
      break;
    }
    if (auto added = verifier->add(now.unit, bytes, *found[i], targets[i].view()); !added) {
      return added.error();
    }
    EXPECT_EQ(found[i]->plain_size, targets[i].view().size());
    plain += targets[i].view().text();
  }
  if (auto finished = verifier->finish(); !finished) return finished.error();
  if (streams != nullptr) {
    StreamInfo info;
    verifier->describe(info);
    *streams = info.streams;
  }
  return plain;
}

TEST(Bzip2Units, restore_what_the_stream_decoder_restores) {
  for (const auto& [name, plain] : samples()) {
    const auto back = decompress_in_parts(reference_compress(plain, 1));
    ASSERT_TRUE(back) << name << ": " << back.error().text();
    EXPECT_TRUE(*back == plain) << name;
  }
}

TEST(Bzip2Units, are_one_a_block_and_two_a_stream) {
  Split::Kind end{};
  const std::string plain = random_bytes(350'000, 200);
  EXPECT_EQ(cut(reference_compress(plain, 1), 1 << 20, end).size(), 4U + 2U);
  EXPECT_EQ(cut(compress(plain, 1), 1 << 20, end).size(), 4U + 2U);
  EXPECT_EQ(cut(compress("", 1), 1 << 20, end).size(), 2U);
}

TEST(Bzip2Units, are_the_same_however_little_is_seen_at_a_time) {
  const std::string packed = reference_compress(random_bytes(150'000, 256) + prose(60'000), 1) +
                             reference_compress("", 3) + reference_compress("abc", 9);
  Split::Kind end{};
  const std::vector<Placed> whole = cut(packed, packed.size(), end);
  EXPECT_EQ(end, Split::Kind::end);
  for (const std::size_t window : {1U, 2U, 3U, 1000U, 50'000U}) {
    const std::vector<Placed> parts = cut(packed, window, end);
    ASSERT_EQ(parts.size(), whole.size()) << window;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(parts[i].at, whole[i].at);
      EXPECT_EQ(parts[i].unit.size, whole[i].unit.size);
      EXPECT_EQ(parts[i].unit.tag, whole[i].unit.tag);
      EXPECT_EQ(parts[i].unit.kind, whole[i].unit.kind);
    }
  }
}

TEST(Bzip2Units, restore_many_streams_and_count_them) {
  const std::string text = prose(150'000);
  const std::string packed = reference_compress(text, 1) + reference_compress("", 2) +
                             compress(text, 9) + reference_compress("x", 5);
  std::uint64_t streams = 0;
  const auto back = decompress_in_parts(packed, 1 << 20, &streams);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_TRUE(*back == text + text + "x");
  EXPECT_EQ(streams, 4U);
}

TEST(Bzip2Units, survive_a_false_block_magic) {
  HandMade made = with_false_magic(block_magic);
  made.blocks = 5;
  const std::string packed = made.stream();
  std::string theirs;
  ASSERT_TRUE(reference_decompress(packed, theirs, 100));
  ASSERT_EQ(theirs, "aaaaa");
  Split::Kind end{};
  ASSERT_EQ(cut(packed, 1 << 20, end).size(), 5U * 2 + 2);
  const auto back = decompress_in_parts(packed);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, "aaaaa");
}

TEST(Bzip2Units, a_decoder_takes_over_behind_a_false_end) {
  HandMade made = with_false_magic(end_magic);
  made.blocks = 3;
  const std::string packed = made.stream();
  std::string theirs;
  ASSERT_TRUE(reference_decompress(packed, theirs, 100));
  ASSERT_EQ(theirs, "aaa");
  Split::Kind end{};
  const std::vector<Placed> units = cut(packed, 1 << 20, end);
  ASSERT_EQ(end, Split::Kind::sequential);  // what follows the false end is no stream
  auto decoder = row().make_unit_decoder({}).value();
  auto verifier = row().make_verifier({});
  verifier->add(units[0].unit, ByteView(packed).first(4), {}, {}).value();
  GrowingTarget target;
  const auto cut_off =
      decoder->decode(ByteView(packed).slice(4, static_cast<std::size_t>(units[1].unit.size)),
                      units[1].unit, target);
  ASSERT_FALSE(cut_off);
  EXPECT_EQ(cut_off.error().code, Errc::truncated);
  auto rest = verifier->take_over({}).value();
  Buffer room(100);
  const auto step = rest->step(ByteView(packed).drop(4), room.writable(), Input::last);
  ASSERT_TRUE(step) << step.error().text();
  EXPECT_EQ(step->state, StepState::finished);
  EXPECT_EQ(room.view().first(step->produced).text(), "aaa");
  EXPECT_TRUE(verifier->finish());
}

TEST(Bzip2Units, a_decoder_takes_over_at_any_block) {
  const std::string plain = random_bytes(350'000, 90);
  const std::string packed = reference_compress(plain, 1);
  Split::Kind end{};
  const std::vector<Placed> units = cut(packed, 1 << 20, end);
  for (std::size_t from = 1; from < units.size(); ++from) {
    auto decoder = row().make_unit_decoder({}).value();
    auto verifier = row().make_verifier({});
    std::string back;
    for (std::size_t i = 0; i < from; ++i) {
      const ByteView bytes =
          ByteView(packed).slice(units[i].at, static_cast<std::size_t>(units[i].unit.size));
      GrowingTarget target;
      Decoded decoded;
      if (units[i].unit.kind == Unit::Kind::data) {
        decoded = decoder->decode(bytes, units[i].unit, target).value();
      }
      verifier->add(units[i].unit, bytes, decoded, target.view()).value();
      back += target.view().text();
    }
    auto rest = verifier->take_over({}).value();
    Buffer room(plain.size());
    const auto step =
        rest->step(ByteView(packed).drop(units[from].at), room.writable(), Input::last);
    ASSERT_TRUE(step) << from << ": " << step.error().text();
    EXPECT_EQ(step->state, StepState::finished);
    back += room.view().first(step->produced).text();
    EXPECT_TRUE(back == plain) << from;
  }
}

TEST(Bzip2Units, a_flipped_bit_is_never_silently_wrong) {
  HandMade made;
  made.blocks = 4;
  const std::string packed = made.stream();
  for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
    std::string changed = packed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    Split::Kind end{};
    cut(changed, 1 << 20, end);
    if (end != Split::Kind::end) continue;  // a stream decoder reads it
    const auto back = decompress_in_parts(changed);
    ASSERT_TRUE(!back || *back == "aaaa") << bit;
  }
}

TEST(Bzip2Units, refuse_truncation_at_every_byte) {
  HandMade made;
  made.blocks = 3;
  const std::string packed = made.stream();
  for (std::size_t size = 10; size < packed.size(); ++size) {
    const auto back = decompress_in_parts(packed.substr(0, size));
    ASSERT_FALSE(back) << size;
    EXPECT_EQ(back.error().code, Errc::truncated) << size;
  }
}

TEST(Bzip2Units, leave_a_wrong_header_to_the_stream_decoder) {
  for (const std::string& bytes : {std::string("BZh"), std::string("BZh0123456789"),
                                   std::string("BZh9 no magic here"), std::string("garbage")}) {
    Split::Kind end{};
    EXPECT_TRUE(cut(bytes, 1, end).empty());
    EXPECT_EQ(end, Split::Kind::sequential);
  }
}

TEST(Bzip2Units, notice_a_wrong_sum_of_the_stream) {
  std::string packed = reference_compress(prose(150'000), 1);
  std::uint64_t streams = 0;
  ASSERT_TRUE(decompress_in_parts(packed, 1 << 20, &streams));
  // The sum ends within the last byte or at its end: a bit in the one before belongs to it.
  packed[packed.size() - 2] = static_cast<char>(packed[packed.size() - 2] ^ 0x10);
  const auto back = decompress_in_parts(packed);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, Errc::checksum_mismatch);
}

TEST(Bzip2Units, notice_a_missing_block) {
  const std::string packed = reference_compress(random_bytes(350'000, 256), 1);
  Split::Kind end{};
  const std::vector<Placed> units = cut(packed, 1 << 20, end);
  std::string without = packed;
  without.erase(units[2].at, static_cast<std::size_t>(units[2].unit.size));
  EXPECT_FALSE(decompress_in_parts(without));
}

TEST(Bzip2Units, need_no_more_memory_than_they_may_produce) {
  const std::string packed = reference_compress(std::string(40'000'000, '\0'), 9);
  Split::Kind end{};
  const std::vector<Placed> units = cut(packed, 1 << 20, end);
  auto decoder = row().make_unit_decoder({}).value();
  GrowingTarget target(5'000'000);
  const auto decoded = decoder->decode(
      ByteView(packed).slice(units[1].at, static_cast<std::size_t>(units[1].unit.size)),
      units[1].unit, target);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::output_limit);
  EXPECT_LE(target.held(), 5'000'000U);
}

}  // namespace
}  // namespace braid::codec::bzip2::testing
