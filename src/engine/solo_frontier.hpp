#pragma once

#include <stop_token>

#include "codec/ahead.hpp"
#include "engine/call.hpp"
#include "engine/decode_driver.hpp"
#include "engine/packed_reader.hpp"
#include "engine/plain_sink.hpp"
#include "engine/seek_points.hpp"

namespace braid::engine {

// A frontier with nobody ahead of it: the calling thread reads, decodes, checks and writes.
class SoloFrontier {
 public:
  // All are borrowed; `points` may be null. `driver` runs as a frontier and stands where the reader
  // does.
  SoloFrontier(CallSite& site, PackedReader& reader, DecodeDriver& driver,
               codec::PartChecker& checker, SeekPointBuilder* points, std::stop_token stop)
      : site_(site),
        reader_(reader),
        driver_(driver),
        checker_(checker),
        points_(points),
        stop_(std::move(stop)) {}

  // Goes on by at most room.size() plain bytes, which are written when it returns. Errors: the
  // driver's, of checks, the sink's, io, cancelled, out_of_memory.
  [[nodiscard]] Result<Step> step(MutableBytes room, const PlainSink& write);

  // What the last step took.
  [[nodiscard]] std::uint64_t decode_ns() const noexcept { return decode_ns_; }
  [[nodiscard]] std::uint64_t write_ns() const noexcept { return write_ns_; }

 private:
  CallSite& site_;
  PackedReader& reader_;
  DecodeDriver& driver_;
  codec::PartChecker& checker_;
  SeekPointBuilder* points_;
  std::stop_token stop_;
  std::uint64_t decode_ns_ = 0;
  std::uint64_t write_ns_ = 0;
};

}  // namespace braid::engine
