#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/lz4/block.hpp"
#include "codec/lz4/content_sum.hpp"
#include "codec/lz4/lz4.hpp"
#include "codec/lz4/unit_tag.hpp"

namespace braid::codec::lz4 {

namespace {

Error at(std::uint64_t offset, Errc code, const char* message) {
  return {.code = code, .message = message, .offset = offset};
}

// Decodes groups of independent blocks.
class BlocksDecoder final : public UnitDecoder {
 public:
  explicit BlocksDecoder(const DecoderSettings& settings) : settings_(settings) {}

  Result<Decoded> decode(ByteView bytes, const Unit& unit, Target& target) override {
    const BlockRules rules = BlockRules::unpack(unit.tag2);
    BRAID_TRY(check_header({.block_size = rules.block_size}, settings_));
    Decoded decoded;
    for (std::size_t offset = 0; offset < bytes.size();) {
      BRAID_TRY_VALUE(const Block block, read_block(bytes, offset, rules));
      BRAID_TRY_VALUE(const std::size_t count, decode_block(block, offset, rules, target));
      decoded.plain_size += count;
      offset += block.size;
    }
    return decoded;
  }

 private:
  struct Block {
    ByteView data;
    bool stored;
    std::size_t size;  // with its own size and sum
  };

  static Result<Block> read_block(ByteView bytes, std::size_t offset, const BlockRules& rules) {
    const ByteView rest = bytes.drop(offset);
    if (rest.size() < block_header_size) {
      return at(bytes.size(), Errc::truncated, "the frame does not end");
    }
    const auto value = base::load_le<std::uint32_t>(rest.data());
    const bool stored = !rules.legacy && (value & stored_block) != 0;
    const std::uint32_t size = stored ? value & ~stored_block : value;
    if (size > (rules.legacy ? max_legacy_stored : rules.block_size)) {
      return at(offset, Errc::corrupt, "the block is larger than its frame allows");
    }
    const std::size_t with_sum = size + (rules.block_checksum ? sum_size : 0);
    const ByteView body = rest.slice(block_header_size, with_sum);
    if (body.size() < with_sum) return at(bytes.size(), Errc::truncated, "the frame does not end");
    if (rules.block_checksum && !block_checksum_matches(body)) {
      return at(offset, Errc::checksum_mismatch, "the checksum of a block does not match");
    }
    return Block{body.first(size), stored, block_header_size + with_sum};
  }

  Result<std::size_t> decode_block(const Block& block, std::size_t offset, const BlockRules& rules,
                                   Target& target) {
    const auto most = static_cast<std::size_t>(
        block.stored ? block.data.size()
                     : std::min<std::uint64_t>(rules.block_size, most_plain(block.data.size())));
    const ByteView history = rules.legacy ? ByteView() : settings_.dictionary;
    std::size_t count = 0;
    auto room = target.room(most);
    if (room) {
      if (!decompress_block(block.data, block.stored, history, room->first(most), count)) {
        return at(offset, Errc::corrupt, "the block is damaged");
      }
      target.commit(count);
      return count;
    }
    // The block may hold less than it could: only what it really holds counts against a limit.
    if (scratch_.size() < most) scratch_.resize(most);
    if (!decompress_block(block.data, block.stored, history, scratch_.writable().first(most),
                          count)) {
      return at(offset, Errc::corrupt, "the block is damaged");
    }
    BRAID_TRY_VALUE(const MutableBytes exact, target.room(count));
    if (count != 0) std::memcpy(exact.data(), scratch_.data(), count);
    target.commit(count);
    return count;
  }

  DecoderSettings settings_;
  Buffer scratch_;
};

// Holds what the header promised against the blocks, in order.
class FrameVerifier final : public Verifier {
 public:
  explicit FrameVerifier(const DecoderSettings& settings) : settings_(settings) {}

  Result<void> add(const Unit& unit, ByteView bytes, const Decoded& decoded,
                   ByteView /*plain*/) override {
    switch (static_cast<UnitTag>(unit.tag)) {
      case UnitTag::header: {
        BRAID_TRY_VALUE(const FrameHeader header, parse_header(bytes));
        BRAID_TRY(check_header(header, settings_));
        open(header);
        return {};
      }
      case UnitTag::legacy_header:
        open({.block_size = legacy_block_size, .legacy = true});
        return {};
      case UnitTag::first_blocks:
      case UnitTag::blocks:
        sum_ = static_cast<std::uint32_t>(decoded.checksum);
        size_ += decoded.plain_size;
        return {};
      case UnitTag::end:
        return end(bytes);
      case UnitTag::skippable:
        close_legacy();
        return {};
    }
    return {};
  }

  // Independent blocks decode as they are: a block's own error is final.
  Result<std::unique_ptr<StreamDecoder>> take_over(ByteView /*history*/) override {
    return std::unique_ptr<StreamDecoder>();
  }

  // A legacy frame goes on with any block that comes next.
  [[nodiscard]] bool at_stream() const override { return !open_; }

  Result<void> finish() override {
    close_legacy();
    if (open_) return Error{.code = Errc::truncated, .message = "the frame does not end"};
    return {};
  }

  void describe(StreamInfo& info) const override {
    info.streams += streams_;
    if (described_) describe_header(header_, info);
  }

 private:
  void open(const FrameHeader& header) {
    close_legacy();
    header_ = header;
    open_ = true;
    described_ = true;
    size_ = 0;
    sum_ = ContentSum::of_nothing();
  }

  // Nothing marks the end of a legacy frame but what comes after it.
  void close_legacy() {
    if (open_ && header_.legacy) close();
  }

  void close() {
    open_ = false;
    ++streams_;
  }

  Result<void> end(ByteView bytes) {
    if (header_.content_size && *header_.content_size != size_) {
      return at(0, Errc::checksum_mismatch, "the content does not have its stored size");
    }
    if (header_.checksum) {
      if (bytes.size() < block_header_size + sum_size) {
        return at(bytes.size(), Errc::truncated, "the frame does not end");
      }
      if (base::load_le<std::uint32_t>(bytes.data() + block_header_size) != sum_) {
        return at(block_header_size, Errc::checksum_mismatch,
                  "the stored checksum does not match the content");
      }
    }
    close();
    return {};
  }

  DecoderSettings settings_;
  FrameHeader header_;
  bool open_ = false;
  bool described_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t streams_ = 0;  // skippable frames hold no stream
  std::uint32_t sum_ = 0;      // of the frame's content so far
};

// The checksum of a frame's content.
class ContentChain final : public RunningSum {
 public:
  void add(const Unit& unit, ByteView plain, Decoded& decoded) override {
    if (!BlockRules::unpack(unit.tag2).checksum) return;
    if (static_cast<UnitTag>(unit.tag) == UnitTag::first_blocks) sum_.reset();
    sum_.update(plain);
    decoded.checksum = sum_.value();
  }

 private:
  ContentSum sum_;
};

}  // namespace

Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings) {
  return std::make_unique<BlocksDecoder>(settings);
}

std::unique_ptr<Verifier> make_verifier(const DecoderSettings& settings) {
  return std::make_unique<FrameVerifier>(settings);
}

std::unique_ptr<RunningSum> make_running_sum() {
  return std::make_unique<ContentChain>();
}

}  // namespace braid::codec::lz4
