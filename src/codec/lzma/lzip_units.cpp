#include <algorithm>
#include <cstring>

#include "base/try.hpp"
#include "base/zeros.hpp"
#include "codec/lzma/lzip_decoder.hpp"
#include "codec/lzma/lzma.hpp"

// Reading lzip members side by side. A member tells its size at its end: where a header follows
// that stands exactly so far from the one before, the member between them is cut out.
namespace braid::codec::lzma {

namespace {

// Larger members are read in sequence: a unit is held in memory on both sides.
constexpr std::uint64_t largest_member = 256_MiB;

class MemberSplitter final : public Splitter {
 public:
  Split next(ByteView ahead, bool last) override {
    if (ahead.empty()) return {.kind = last ? Split::Kind::end : Split::Kind::need_input};
    if (behind_member_ && ahead[0] == std::byte{0}) return padding(ahead);
    if (ahead.size() < lzip::least_member) return wait(last);
    if (one_member_ || !lzip::is_header(ahead)) return sequential();
    const auto end = member_end(ahead, last);
    if (end == 0) {
      if (last || ahead.size() > largest_member) return sequential();
      return {.kind = Split::Kind::need_input};
    }
    // A member that is the whole input gains nothing from being held whole.
    if (!behind_member_ && last && end == ahead.size()) return sequential();
    const lzip::Trailer trailer =
        lzip::read_trailer(ahead.slice(end - lzip::trailer_size, lzip::trailer_size));
    if (trailer.plain > largest_member) return sequential();
    searched_ = 0;
    behind_member_ = true;
    // A dictionary is made as large as the header says, whatever the member holds.
    const std::uint64_t memory = *lzip::dictionary_of(std::to_integer<unsigned>(ahead[5]));
    return {.kind = Split::Kind::unit,
            .unit = {.size = end, .plain_size = trailer.plain, .memory = memory}};
  }

  void resume(std::uint64_t /*offset*/) override {
    behind_member_ = true;
    searched_ = 0;
  }

  // One member alone is not worth searching for the next.
  void look_at(const RandomAccess& file, std::uint64_t size) override {
    std::array<std::byte, lzip::trailer_size> trailer;
    if (size < lzip::least_member) return;
    const auto count = file.read_at(trailer, size - trailer.size());
    one_member_ = count && *count == trailer.size() &&
                  lzip::read_trailer({trailer.data(), trailer.size()}).member == size;
  }

 private:
  static Split wait(bool last) {
    return {.kind = last ? Split::Kind::sequential : Split::Kind::need_input};
  }

  Split sequential() {
    searched_ = 0;
    return {.kind = Split::Kind::sequential};
  }

  static Split padding(ByteView ahead) {
    return {.kind = Split::Kind::unit,
            .unit = {.kind = Unit::Kind::frame, .size = base::leading_zeros(ahead)}};
  }

  // Whether the member at the front of `ahead` is `size` bytes, by its trailer.
  static bool ends_at(ByteView ahead, std::size_t size) {
    return lzip::read_trailer(ahead.slice(size - lzip::trailer_size, lzip::trailer_size)).member ==
           size;
  }

  // Bytes of the member at the front of `ahead`; 0 where its end is not in sight. Goes on where the
  // last call stopped, so that the whole search is linear.
  std::size_t member_end(ByteView ahead, bool last) {
    std::size_t at = std::max(searched_, lzip::least_member);
    while (at + lzip::header_size <= ahead.size()) {
      const void* found =
          std::memchr(ahead.data() + at, lzip::magic[0], ahead.size() - lzip::header_size + 1 - at);
      if (found == nullptr) break;
      at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - ahead.data());
      if (lzip::is_header(ahead.drop(at)) && ends_at(ahead, at)) return at;
      ++at;
    }
    searched_ = std::max(at, ahead.size() - std::min(ahead.size(), lzip::header_size - 1));
    return last && ends_at(ahead, ahead.size()) ? ahead.size() : 0;
  }

  std::size_t searched_ = 0;    // of the view, for the next header
  bool behind_member_ = false;  // zeros may come
  bool one_member_ = false;     // the whole file
};

class MemberUnitDecoder final : public UnitDecoder {
 public:
  explicit MemberUnitDecoder(std::uint64_t memory_limit) : reader_(memory_limit) {}

  Result<Decoded> decode(ByteView bytes, const Unit& unit, Target& target) override {
    BRAID_TRY(reader_.reset());
    Decoded decoded;
    for (;;) {
      BRAID_TRY_VALUE(const MutableBytes room,
                      target.room_for_rest(unit.plain_size - decoded.plain_size));
      BRAID_TRY_VALUE(const Step step, reader_.step(bytes, room, Input::last));
      target.commit(step.produced);
      decoded.plain_size += step.produced;
      bytes = bytes.drop(step.consumed);
      if (step.state == StepState::finished) break;
      if (step.consumed + step.produced == 0) {
        return Error{.code = Errc::corrupt, .message = "a member is longer than it states"};
      }
    }
    if (bytes.empty()) return decoded;
    return Error{.code = Errc::corrupt, .message = "a member is shorter than it states"};
  }

 private:
  LzipDecoder reader_;
};

// Each member has been held against its own sum and sizes.
class MemberVerifier final : public Verifier {
 public:
  Result<void> add(const Unit& unit, ByteView /*bytes*/, const Decoded& /*decoded*/,
                   ByteView /*plain*/) override {
    if (unit.kind == Unit::Kind::data) ++members_;
    return {};
  }

  Result<std::unique_ptr<StreamDecoder>> take_over(ByteView /*history*/) override {
    return std::unique_ptr<StreamDecoder>();
  }

  Result<void> finish() override { return {}; }

  void describe(StreamInfo& info) const override {
    info.streams += members_;
    if (members_ != 0) info.check = "CRC-32";
  }

 private:
  std::uint64_t members_ = 0;
};

}  // namespace

std::unique_ptr<Splitter> make_lzip_splitter() {
  return std::make_unique<MemberSplitter>();
}

Result<std::unique_ptr<UnitDecoder>> make_lzip_unit_decoder(const DecoderSettings& settings) {
  return std::make_unique<MemberUnitDecoder>(settings.memory_limit);
}

std::unique_ptr<Verifier> make_lzip_verifier(const DecoderSettings& /*settings*/) {
  return std::make_unique<MemberVerifier>();
}

std::uint64_t lzip_size_hint(ByteView whole) {
  std::uint64_t plain = 0;
  while (whole.size() >= lzip::least_member) {
    const lzip::Trailer trailer = lzip::read_trailer(whole.drop(whole.size() - lzip::trailer_size));
    if (trailer.member < lzip::least_member || trailer.member > whole.size() ||
        trailer.plain > UINT64_MAX - plain) {
      break;
    }
    plain += trailer.plain;
    whole = whole.first(whole.size() - static_cast<std::size_t>(trailer.member));
  }
  return plain;
}

}  // namespace braid::codec::lzma
