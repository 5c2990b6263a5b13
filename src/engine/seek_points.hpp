#pragma once

#include <braid/run.hpp>

#include <vector>

#include "codec/format.hpp"
#include "engine/decode_driver.hpp"

// What a SeekIndex holds, and how it comes about.
namespace braid::engine {

class CallSite;

// A place where a file can be entered, good for the plain bytes from `plain` to the next point.
struct SeekPoint {
  enum class Kind : std::uint8_t {
    stream,  // a StreamDecoder begins at `packed`, with plain byte `from`
    unit,    // a UnitDecoder decodes `unit`, which begins there
    block,   // a decoder enters between two blocks at bit `packed`, with a window
  };
  Kind kind = Kind::stream;
  std::uint64_t packed = 0;  // bytes; for a block bits
  std::uint64_t plain = 0;
  std::uint64_t from = 0;  // of a stream that is entered before it is needed; else as `plain`
  codec::Unit unit{};
  std::vector<std::uint32_t> sums{};  // of a unit, or none: see front_sums()
  Buffer window{};  // the plain bytes before it, packed as raw deflate data; of a block

  // The first byte that is read for it.
  [[nodiscard]] std::uint64_t first_byte() const noexcept {
    return kind == Kind::block ? packed / 8 : packed;
  }
};

// All of them, in order.
struct SeekPoints {
  Algorithm algorithm = Algorithm::none;
  std::uint64_t packed_size = 0;
  std::uint64_t plain_size = 0;
  std::vector<SeekPoint> points{};

  // The point that plain byte `offset` is read by; offset < plain_size.
  [[nodiscard]] std::size_t find(std::uint64_t offset) const noexcept;

  // Where the point's plain bytes end.
  [[nodiscard]] std::uint64_t end_of(std::size_t point) const noexcept {
    return point + 1 < points.size() ? points[point + 1].plain : plain_size;
  }
};

// Packs and unpacks the window of a block. Errors: corrupt, out_of_memory.
[[nodiscard]] Result<Buffer> pack_window(ByteView window);
[[nodiscard]] Result<Buffer> unpack_window(ByteView packed);

// Collects points while a file is read. One thread at a time; the calls come in the file's order.
class SeekPointBuilder {
 public:
  // `most_windows`: bytes of windows that are kept, more only of a single one. When there would be
  // more, every second one goes, and from then on half as many are made.
  explicit SeekPointBuilder(std::uint64_t most_windows = UINT64_MAX) noexcept
      : most_windows_(most_windows) {}

  // A unit was decoded, which begins at this byte of the file. `sums`: its front_sums(), or none.
  void add_unit(std::uint64_t offset, const codec::Unit& unit, std::uint64_t plain_size,
                std::vector<std::uint32_t> sums = {});

  // Reading step by step begins where the driver stands.
  [[nodiscard]] Result<void> begin(const DecodeDriver& driver);

  // Reading step by step ended there.
  void end(const DecodeDriver& driver) noexcept { plain_ = driver.produced(); }

  // Whether a point here would be of use.
  [[nodiscard]] bool wants(const DecodeDriver& driver) const noexcept {
    return points_.empty() || driver.produced() >= points_.back().plain + spacing_;
  }

  // The driver may stand where the file could be entered.
  [[nodiscard]] Result<void> pass(const DecodeDriver& driver);

  // The next byte of the file at which a block would be of use.
  [[nodiscard]] static std::uint64_t next_stop(const DecodeDriver& driver) noexcept;

  [[nodiscard]] std::vector<SeekPoint> take() noexcept { return std::move(points_); }

 private:
  void add(SeekPoint point);
  bool thin_out();

  std::uint64_t most_windows_;
  std::uint64_t windows_ = 0;  // bytes of them
  // Plain bytes between two points that cost room: those with a window.
  std::uint64_t spacing_ = 1 << 20;
  std::vector<SeekPoint> points_;
  std::uint64_t plain_ = 0;  // behind what was read so far
};

// Restores the whole source into `sink` as run_decompress() does, and collects the points.
// `most_windows`: bytes that their windows may take.
[[nodiscard]] Result<SeekPoints> run_index(CallSite& site, Source& source, Sink& sink,
                                           const DecompressionConfig& config,
                                           const RunOptions& options,
                                           std::uint64_t most_windows = UINT64_MAX);

// The same from the sizes that the file itself tells, without decoding; nothing where it does not
// tell them all. They are believed until something is decoded. Errors: io.
[[nodiscard]] Result<std::optional<SeekPoints>> read_own_table(Source& source, Algorithm algorithm);

// The same of formats that tell the sizes without being read through; nothing of others.
[[nodiscard]] std::optional<SeekPoints> read_own_table(const RandomAccess& file, std::uint64_t size,
                                                       Algorithm algorithm, codec::Believe believe);

}  // namespace braid::engine
