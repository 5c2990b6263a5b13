#include <array>
#include <vector>

#include <isa-l/igzip_lib.h>

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
    const std::size_t before = out.size();
    // What is no smaller than stored blocks is thrown away, so that there is no need for more room.
    const std::size_t bound = stored_size(plain.size());
    out.resize(before + bound);
    isal_deflate_init(&stream_);
    stream_.level = level_;
    stream_.level_buf = buffer_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(buffer_.size());
    // The library does not write to its input.
    stream_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(plain.data()));
    stream_.avail_in = static_cast<std::uint32_t>(plain.size());
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data() + before);
    stream_.avail_out = static_cast<std::uint32_t>(bound);
    stream_.end_of_stream = final ? 1 : 0;
    stream_.flush = final ? NO_FLUSH : FULL_FLUSH;
    const int status = isal_deflate(&stream_);
    out.resize(before);
    if (status != COMP_OK) {
      return Error{.code = Errc::internal, .message = "the library refused to deflate"};
    }
    // A full buffer also means that something may be missing.
    if (stream_.avail_out == 0 || stream_.avail_in != 0) return false;
    out.resize(before + bound - stream_.avail_out);
    return true;
  }

 private:
  std::uint32_t level_;
  std::vector<std::uint8_t> buffer_;
  isal_zstream stream_{};
};

}  // namespace

Result<std::unique_ptr<Engine>> make_isal_engine(int level) {
  return std::make_unique<IsalEngine>(level);
}

}  // namespace braid::codec::deflate
