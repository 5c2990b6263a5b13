// What each thread did: counters for people, a trace for Perfetto.
#include <braid/braid.hpp>

#include <cstdio>
#include <fstream>
#include <string>

namespace {

// snippet: monitor
int watch_threads(std::string_view text, const char* trace_file) {
  braid::Engine engine({.trace = true});
  const braid::ParallelCompressor compressor(engine,
                                             braid::CompressionConfig(braid::Algorithm::gzip));
  const braid::Buffer packed = compressor.compress(text).value();
  const braid::Buffer plain = compressor.decompress(packed).value();

  const braid::EngineStats stats = engine.stats();
  for (std::size_t lane = 0; lane < stats.lanes.size(); ++lane) {
    const braid::LaneStats& did = stats.lanes[lane];
    std::printf("lane %zu: %ju chunks, busy %ju us, waited %ju us for input, %ju us for order\n",
                lane, did.tasks, did.busy_ns / 1000, did.wait_input_ns / 1000,
                did.wait_order_ns / 1000);
  }
  std::ofstream(trace_file) << engine.trace_json();
  return plain.size() == text.size() ? 0 : 1;
}

// snippet: end

}  // namespace

int main(int argc, char** argv) {
  std::string text;
  for (int i = 0; text.size() < (24U << 20); ++i)
    text += "line " + std::to_string(i * 7919LL) + '\n';
  return watch_threads(text, argc > 1 ? argv[1] : "/dev/null");
}
