#include <array>
#include <vector>

#include <isa-l/igzip_lib.h>

#include "base/try.hpp"
#include "codec/deflate/engine.hpp"
#include "codec/deflate/stored_blocks.hpp"

namespace braid::codec::deflate {

namespace {

constexpr std::array<std::uint32_t, 4> buffer_sizes = {
    ISAL_DEF_LVL0_DEFAULT, ISAL_DEF_LVL1_DEFAULT, ISAL_DEF_LVL2_DEFAULT, ISAL_DEF_LVL3_DEFAULT};

class IsalEngine final : public Engine {
 public:
  explicit IsalEngine(int level)
      : level_(static_cast<std::uint32_t>(level)),
        buffer_(buffer_sizes.at(static_cast<std::size_t>(level))) {}

  Result<bool> append(ByteView plain, bool final, bool /*with_dictionary*/, Buffer& out) override {
    const std::size_t start = out.size();
    // What is no smaller than stored blocks is thrown away, so that there is no need for more room.
    const std::size_t limit = start + stored_size(plain.size());
    isal_deflate_init(&stream_);
    stream_.level = level_;
    stream_.level_buf = buffer_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(buffer_.size());
    if (begins_by_address(level_)) {
      BRAID_TRY(give_history(plain.first(1)));
      append_stored(plain.first(1), false, out);
      plain = plain.drop(1);
    }
    const std::size_t before = out.size();
    if (plain.empty() || before >= limit) {
      out.resize(start);
      return false;
    }
    const std::size_t bound = limit - before;
    out.resize(limit);
    // The library does not write to its input.
    stream_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(plain.data()));
    stream_.avail_in = static_cast<std::uint32_t>(plain.size());
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data() + before);
    stream_.avail_out = static_cast<std::uint32_t>(bound);
    stream_.end_of_stream = final ? 1 : 0;
    stream_.flush = final ? NO_FLUSH : FULL_FLUSH;
    const int status = isal_deflate(&stream_);
    out.resize(start);
    if (status != COMP_OK) return refused();
    // A full buffer also means that something may be missing.
    if (stream_.avail_out == 0 || stream_.avail_in != 0) return false;
    out.resize(limit - stream_.avail_out);
    return true;
  }

 private:
  // Version 2.30, at levels 1 and 2 and without history, enters the third byte into its table of
  // matches under a hash of the stream's own address, so that rarely a match is missed or found
  // that would not be elsewhere. One byte of history, stored in a block of its own at six bytes a
  // chunk, leads around that.
  static constexpr bool begins_by_address(std::uint32_t level) { return level == 1 || level == 2; }

  Result<void> give_history(ByteView bytes) {
    const int status = isal_deflate_set_dict(
        &stream_, reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(bytes.data())),
        static_cast<std::uint32_t>(bytes.size()));
    if (status != COMP_OK) return refused();
    return {};
  }

  static Error refused() {
    return {.code = Errc::internal, .message = "the library refused to deflate"};
  }

  std::uint32_t level_;
  std::vector<std::uint8_t> buffer_;
  isal_zstream stream_{};
};

}  // namespace

Result<std::unique_ptr<Engine>> make_isal_engine(int level) {
  return std::make_unique<IsalEngine>(level);
}

}  // namespace braid::codec::deflate
