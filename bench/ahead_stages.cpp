// What the stages of decoding ahead cost, one after the other on one thread: the frontier, finding
// and decoding excerpts, filling them in. Input for bench/frontier_model.py.
//
//   bench_ahead_stages FILE.gz [SEGMENT_BYTES]
#include <braid/braid.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "codec/deflate/ahead_decoder.hpp"
#include "codec/deflate/deflate_read.hpp"

namespace {

using namespace braid;
using namespace braid::codec;

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

double mb_per_s(std::uint64_t bytes, double seconds) {
  return static_cast<double>(bytes) / 1e6 / seconds;
}

double frontier_speed(ByteView packed) {
  const auto decoder = deflate::make_gzip_decoder({}).value();
  std::vector<std::byte> room(512 << 10);
  std::uint64_t plain = 0;
  const Stopwatch watch;
  for (std::size_t at = 0;;) {
    const Step step = decoder->step(packed.drop(at), room, Input::last).value();
    at += step.consumed;
    plain += step.produced;
    if (step.state == StepState::finished) return mb_per_s(plain, watch.seconds());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: bench_ahead_stages FILE.gz [SEGMENT_BYTES]\n", stderr);
    return 2;
  }
  Buffer file;
  BufferSink sink(file);
  {
    auto source = FileSource::open(argv[1]).value();
    std::vector<std::byte> room(1 << 20);
    while (const std::size_t count = source.read(room).value()) {
      sink.write({room.data(), count}).value();
    }
  }
  const std::size_t size = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 512 << 10;
  const ByteView packed = file.view();

  deflate::DeflateAheadDecoder decoder(deflate::Wrapper::gzip);
  deflate::DeflateExcerpt excerpt(deflate::Sum::crc32);
  const std::vector<std::byte> history(deflate::max_distance);
  double decoding = 0;
  double filling = 0;
  std::uint64_t plain = 0;
  std::uint64_t marked = 0;
  unsigned tried = 0;
  unsigned useful = 0;
  for (std::size_t at = size; at < packed.size(); at += size, ++tried) {
    const Stopwatch decode;
    const bool found =
        decoder.decode({packed.slice(at, size + size / 2), at, size}, 4 << 20, excerpt);
    decoding += decode.seconds();
    if (!found) continue;
    ++useful;
    plain += excerpt.plain_size();
    marked += excerpt.symbol_count();
    excerpt.set_history({history.data(), history.size()});
    const Stopwatch fill;
    excerpt.resolve();
    filling += fill.seconds();
  }
  std::printf("frontier %.0f MB/s\n", frontier_speed(packed));
  std::printf("excerpts %u of %u segments, %.0f %% of their bytes as marks\n", useful, tried,
              plain == 0 ? 0.0 : 100.0 * static_cast<double>(marked) / static_cast<double>(plain));
  std::printf("decode %.0f MB/s, fill in and sum %.0f MB/s\n", mb_per_s(plain, decoding),
              mb_per_s(plain, filling));
}
