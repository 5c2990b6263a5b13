// One engine, many calls: progress, cancellation, a memory ceiling, and what the threads did.
#include <braid/braid.hpp>

#include <cstdio>
#include <stop_token>
#include <string>

int main() {
  using namespace braid::literals;
  braid::Engine engine({.memory_limit = 256_MiB, .trace = true});
  std::printf("threads: %s\n", engine.thread_reason().c_str());

  std::string text;
  while (text.size() < 8_MiB) text += "braid strand " + std::to_string(text.size()) + '\n';

  // A source, a sink, progress on the way.
  const braid::ParallelCompressor gzip(engine, braid::CompressionConfig(braid::Algorithm::gzip));
  braid::Buffer packed;
  braid::MemorySource source(text);
  braid::BufferSink sink(packed);
  std::uint64_t reported = 0;
  gzip.compress(
          source, sink,
          {.on_progress = [&](const braid::Progress& progress) { reported = progress.bytes_in; }})
      .value();
  if (reported != text.size()) return 1;
  if (gzip.decompress(packed).value().view().text() != text) return 1;

  // A stop that was asked for is an error like any other: nothing hangs, nothing is half done.
  std::stop_source stop;
  stop.request_stop();
  braid::NullSink nowhere;
  braid::MemorySource again(text);
  const auto stopped = gzip.compress(again, nowhere, {.stop = stop.get_token()});
  if (stopped || stopped.error().code != braid::Errc::cancelled) return 1;

  // Monitoring: counters for people, a trace for Perfetto.
  const braid::EngineStats stats = engine.stats();
  for (std::size_t lane = 0; lane < stats.lanes.size(); ++lane) {
    std::printf("lane %zu: %ju chunks, %ju bytes in, busy %ju us\n", lane, stats.lanes[lane].tasks,
                stats.lanes[lane].bytes_in, stats.lanes[lane].busy_ns / 1000);
  }
  return engine.trace_json().find("\"ph\"") == std::string::npos ? 1 : 0;
}
