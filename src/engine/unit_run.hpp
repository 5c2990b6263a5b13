#pragma once

#include <optional>
#include <vector>

#include "base/chunk_memory.hpp"
#include "codec/format.hpp"
#include "engine/call.hpp"
#include "engine/ordered_sum.hpp"
#include "engine/packed_reader.hpp"
#include "engine/piece_queue.hpp"
#include "engine/seek_points.hpp"
#include "engine/stream_run.hpp"
#include "engine/unit_batch.hpp"
#include "engine/unit_target.hpp"
#include "parallel/spare_buffers.hpp"

namespace braid::engine {

// Where reading in parts came to an end, and what must happen there.
struct UnitStop {
  enum class Kind : std::uint8_t {
    end,         // the input is used up
    stream,      // here begins something that only a StreamDecoder can read
    mid_stream,  // here a unit turned out not to be independent, or too large; see `decoder`
  };
  Kind kind = Kind::end;
  std::unique_ptr<codec::StreamDecoder>
      decoder{};              // mid_stream: goes on from here; null: a new one
  std::uint64_t written = 0;  // mid_stream: plain bytes from here on that were written already
};

// Reads compressed input in parts on all lanes: a splitter cuts, units are decoded in any order, a
// verifier checks them in order. Goes as far as that is possible. One thread at a time.
class UnitRun {
 public:
  // All are borrowed.
  UnitRun(const codec::Format& format, const codec::DecoderSettings& settings, CallSite& site,
          PackedReader& reader, std::stop_token stop);

  // Reads on from the reader's position; call again after a StreamDecoder took it past a stop.
  // Errors: those of the verifier and of units that nothing can go on from, with offset and chunk;
  // io, cancelled, memory_limit.
  [[nodiscard]] Result<UnitStop> run(const PlainSink& write);

  // From now on tells of each unit. Borrowed.
  void observe(SeekPointBuilder& points) noexcept { points_ = &points; }

  // A StreamDecoder has read one stream.
  void resume() { splitter_->resume(reader_.offset()); }

  // See Splitter::look_at().
  void look_at(const RandomAccess& file, std::uint64_t size) { splitter_->look_at(file, size); }

  // What the units told: streams that ended, headers.
  void describe(StreamInfo& info) const { verifier_->describe(info); }

 private:
  // Bytes that a unit takes while it is in flight, and while it is decoded.
  struct Need {
    std::uint64_t item = 0;
    std::uint64_t packed = 0;  // where the decoding thread reads them
    std::uint64_t decoder = 0;
  };

  // A unit with the small frames before it, which would take their places in the window from the
  // data; or a batch that holds data, and no unit.
  struct Item {
    UnitBatch batch;   // comes before the unit
    codec::Unit unit;  // of no size: there is only the batch
    std::uint64_t index = 0;
    std::uint64_t last = 0;         // index of the last item joined to it, or its own
    std::uint64_t number = 0;       // of the unit
    std::uint64_t offset = 0;       // of the unit in the input
    bool hopped = false;            // whoever decodes it reads it
    std::uint64_t packed_room = 0;  // a lane's, when this was produced
    ByteView packed;  // in `storage` or in the source's memory; of a hopping run's data
                      // only the first unit_head bytes
    Buffer storage{base::chunk_memory()};
    Buffer plain{base::chunk_memory()};  // of unit or batch, while the item is in flight
    unsigned node = 0;                   // of `plain`
    std::unique_ptr<PieceQueue> pieces;  // of a unit that is written while it is decoded, if any is
    std::uint64_t written = 0;           // plain bytes of the unit
    bool batch_accepted = false;
    parallel::MemoryBudget::Reservation extra;  // for a unit larger than its share
    Result<codec::Decoded> decoded = codec::Decoded{};
    std::vector<OrderedSum::Summand> summands;  // once all is decoded
    bool too_large = false;
    bool in_flight = false;
  };

  Result<void> first_split(const PlainSink& write);
  Result<codec::Split> next_split();
  Result<std::optional<codec::Split>> next_hop();
  Result<void> open_lanes(const Need& first);
  Result<void> read_leading_frames();
  Result<void> run_units(const PlainSink& write);
  Result<void> run_lanes(const PlainSink& write);
  Result<void> pass_oversized();
  [[nodiscard]] Need need(const codec::Unit& unit, std::uint64_t plain, bool hopped) const;
  [[nodiscard]] bool reserve_beyond(Item& item, std::uint64_t plain);
  [[nodiscard]] bool reserve_packed(const codec::Unit& unit);
  [[nodiscard]] bool makes_pieces() const noexcept;
  [[nodiscard]] bool in_pieces(const codec::Unit& unit) const noexcept;
  Result<bool> produce(Item& item);
  Result<bool> gather(Item& item);
  Result<ByteView> take(const codec::Unit& unit, Buffer& storage);
  Result<void> hold(Item& item);
  void work(Item& item, unsigned slot, parallel::Advance& advance);
  Result<codec::Decoded> read_and_decode(Item& item, unsigned slot, parallel::Advance& advance);
  Result<codec::Decoded> decode_pieces(Item& item, ByteView packed, unsigned slot,
                                       parallel::Advance& advance);
  Result<codec::Decoded> decode(Item& item, ByteView packed, unsigned slot,
                                parallel::Advance* advance);
  void decode_batch(Item& item, unsigned slot);
  void count(unsigned slot, std::uint64_t packed, std::uint64_t plain);
  Result<codec::UnitDecoder*> decoder(unsigned slot);
  Result<void> consume_front(Item& item, const PlainSink& write);
  Result<void> consume(Item& item, const PlainSink& write);
  [[nodiscard]] bool is_plain_sailing(const Item& item) const;
  void note_unit(std::uint64_t offset, const codec::Unit& unit, ByteView plain);
  Result<void> accept_batch(Item& item, const PlainSink& write);
  Result<void> accept(Item& item, const PlainSink& write);
  static void list_summands(Item& item);
  void give_back(Item& item);
  Result<void> join(Item& item, const PlainSink& write);
  Result<void> hand_over(Item& item);
  Result<void> hand_over(std::uint64_t offset, std::uint64_t number, std::uint64_t written,
                         bool too_large, Error error);
  Result<void> put_back_from(std::uint64_t offset);
  void remember(ByteView plain);
  [[nodiscard]] ByteView history() const;
  [[nodiscard]] Error locate(Error error, std::uint64_t offset, std::uint64_t number) const;

  const codec::Format& format_;
  const codec::DecoderSettings& settings_;
  CallSite& site_;
  PackedReader& reader_;
  std::stop_token stop_;
  std::unique_ptr<codec::Splitter> splitter_;
  std::unique_ptr<codec::Verifier> verifier_;
  OrderedSum sum_;
  std::optional<codec::Split> next_;  // looked at, not yet produced
  Lanes lanes_;
  Need planned_;            // for every item, lane and decoder; of no item: lanes are not open yet
  bool may_hop_ = true;     // the splitter can cut by headers, and it is worth it
  unsigned tiny_hops_ = 0;  // in a row
  bool hopping_ = false;    // it does: units are read by the thread that decodes them
  bool from_file_ = false;  // some were, in this run: going back is reading again
  std::vector<std::unique_ptr<codec::UnitDecoder>> decoders_;     // by lane, made when first used
  std::vector<Buffer> packed_;                                    // by lane, when hopping
  std::vector<parallel::MemoryBudget::Reservation> lane_memory_;  // what that is beyond the plan
  std::optional<parallel::SpareBuffers> blocks_;                  // of pieces
  std::vector<Item> items_;
  std::optional<parallel::SpareBuffers> buffers_;
  std::uint64_t made_ = 0;       // items, over all runs
  std::uint64_t units_ = 0;      // of data in them
  std::optional<Item> carried_;  // a unit that ended too early, waiting to be joined with the next
  std::uint64_t joining_ = 0;    // bytes decoded again for the sake of it
  Buffer history_;               // the last plain bytes, when the verifier may hand over
  std::optional<UnitStop> stopped_;
  SeekPointBuilder* points_ = nullptr;
  bool oversized_ = false;  // the unit ahead does not fit the memory at hand
};

}  // namespace braid::engine
