#pragma once

#include <array>
#include <memory>

#include "codec/ahead.hpp"
#include "codec/codec.hpp"
#include "codec/deflate/gzip_header.hpp"
#include "codec/deflate/inflate_stream.hpp"
#include "codec/survey.hpp"

// Decoders of the three formats: a header, deflate data, a trailer.
namespace braid::codec::deflate {

// What the three have in common.
class Reader : public StreamDecoder, public Frontier {
 public:
  [[nodiscard]] Result<Step> step(ByteView in, MutableBytes out, Input input) final;
  [[nodiscard]] Result<void> reset() final;

  // Goes on in the middle of the deflate data; the header is taken as read. Until reset(), offsets
  // in errors count from here.
  void continue_from(ByteView history, std::uint64_t size, std::uint32_t sum);

  [[nodiscard]] Frontier* frontier() final { return this; }

  // ---- Frontier
  // ----------------------------------------------------------------------------------

  void defer_checks() final { deferred_ = true; }

  void stop_behind(std::uint64_t bytes) final { stop_ = bytes; }

  [[nodiscard]] std::optional<unsigned> at_block() const final;
  [[nodiscard]] ByteView history() const final { return data_.history(); }

  void enter(std::byte first, unsigned bits, ByteView history) final;
  [[nodiscard]] SummedPart take_part() final;
  [[nodiscard]] bool take_findable() final { return data_.take_findable(); }
  [[nodiscard]] bool leap(Excerpt& excerpt, std::uint64_t packed) final;

 protected:
  Reader(Sum sum, std::size_t trailer_size) : trailer_size_(trailer_size), data_(sum) {}

  static constexpr std::size_t longest_trailer = gzip_trailer_size;

  // Takes header bytes from the front of `in`, adds their number to `consumed`; returns whether the
  // header is complete.
  [[nodiscard]] virtual Result<bool> parse_header(ByteView in, std::size_t& consumed) = 0;
  virtual void reset_header() = 0;

  // `trailer` holds all of it.
  [[nodiscard]] virtual Result<void> check_trailer(ByteView trailer) const = 0;

  // Bytes that the deflate data may refer to, once the header is complete.
  [[nodiscard]] virtual ByteView preset() const { return {}; }

  [[nodiscard]] const InflateStream& data() const noexcept { return data_; }

 private:
  enum class Stage : std::uint8_t { header, data, trailer, done };

  [[nodiscard]] Result<void> advance(ByteView in, MutableBytes out, Step& step);
  [[nodiscard]] Result<void> read_header(ByteView in, Step& step);
  [[nodiscard]] Result<void> read_data(ByteView in, MutableBytes out, Step& step);
  [[nodiscard]] Result<void> read_trailer(ByteView in, Step& step);
  [[nodiscard]] std::uint64_t stop_in(const Step& step) const noexcept;
  void tell_of_block(const Step& step);

  Stage stage_ = Stage::header;
  std::size_t trailer_size_;
  std::size_t trailer_have_ = 0;
  std::array<std::byte, longest_trailer> trailer_{};
  std::uint64_t consumed_ = 0;       // before this step
  bool deferred_ = false;            // sums are checked elsewhere
  std::uint64_t stop_ = UINT64_MAX;  // from the front of this step's input
  InflateStream data_;

  std::uint64_t block_bit_ = 0;    // where the block at hand begins
  std::uint64_t block_plain_ = 0;  // plain bytes before it
};

// RFC 1952. Keeps name, comment and time of the first member for describe().
class GzipReader final : public Reader {
 public:
  GzipReader() : Reader(Sum::crc32, gzip_trailer_size) {}

  void describe(StreamInfo& info) const override;

 private:
  [[nodiscard]] Result<bool> parse_header(ByteView in, std::size_t& consumed) override;

  void reset_header() override { parser_.reset(); }

  [[nodiscard]] Result<void> check_trailer(ByteView trailer) const override;

  GzipHeaderParser parser_;
  std::optional<GzipHeader> first_;
};

// What a zlib header says (RFC 1950 section 2.2).
struct ZlibHeader {
  static constexpr std::size_t fixed_size = 2;
  static constexpr std::size_t longest = 6;
  static constexpr std::size_t trailer_size = 4;

  bool has_dictionary = false;
  std::uint32_t dictionary_id = 0;

  [[nodiscard]] std::size_t size() const noexcept { return has_dictionary ? longest : fixed_size; }

  // Reads the header at the front of `bytes`; nothing when more bytes are needed.
  // Errors: unknown_format when two bytes cannot begin a zlib stream.
  [[nodiscard]] static Result<std::optional<ZlibHeader>> parse(ByteView bytes);

  // Checks that `dictionary` is the one that the stream asks for.
  // Errors: unsupported_feature when it is another, or none is given and one is needed.
  [[nodiscard]] Result<void> check_dictionary(ByteView dictionary) const;
};

// RFC 1950. A dictionary that a stream does not ask for is left alone.
class ZlibReader final : public Reader {
 public:
  explicit ZlibReader(ByteView dictionary)
      : Reader(Sum::adler32, ZlibHeader::trailer_size), dictionary_(dictionary) {}

  void describe(StreamInfo& info) const override { info.check = name_of(Sum::adler32); }

 private:
  [[nodiscard]] Result<bool> parse_header(ByteView in, std::size_t& consumed) override;
  void reset_header() override;
  [[nodiscard]] Result<void> check_trailer(ByteView trailer) const override;

  [[nodiscard]] ByteView preset() const override {
    return header_.has_dictionary ? dictionary_ : ByteView{};
  }

  ByteView dictionary_;
  ZlibHeader header_;
  std::array<std::byte, ZlibHeader::longest> part_{};
  std::size_t part_size_ = 0;
};

// RFC 1951 alone. The dictionary, when there is one, is the history at the beginning.
class RawReader final : public Reader {
 public:
  explicit RawReader(ByteView dictionary) : Reader(Sum::none, 0), dictionary_(dictionary) {}

  void describe(StreamInfo& info) const override { info.check = name_of(Sum::none); }

 private:
  [[nodiscard]] Result<bool> parse_header(ByteView /*in*/, std::size_t& /*consumed*/) override {
    return true;
  }

  void reset_header() override {}

  [[nodiscard]] Result<void> check_trailer(ByteView /*trailer*/) const override { return {}; }

  [[nodiscard]] ByteView preset() const override { return dictionary_; }

  ByteView dictionary_;
};

// Fills in what the header of a first member tells.
void describe_header(const GzipHeader& header, StreamInfo& info);

// Compares what a gzip trailer holds with what was decoded. Errors: checksum_mismatch.
[[nodiscard]] Result<void> check_gzip_trailer(ByteView trailer, std::uint32_t crc,
                                              std::uint64_t plain_size);

// The same for the Adler-32 behind zlib data.
[[nodiscard]] Result<void> check_zlib_trailer(ByteView trailer, std::uint32_t adler);

}  // namespace braid::codec::deflate
