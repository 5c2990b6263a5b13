// What a second thread is worth: memory to memory, one thread and N, each format and direction.
//
//   bench_lanes [THREADS] [FORMAT/LEVEL...]
//
// Prints CPU and wall MB/s; the CPU column tells what threading costs, the wall column what it
// gives.
#include <braid/braid.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "bench/data.hpp"

namespace {

using namespace braid;

struct Speed {
  double wall = 0;  // MB/s of plain bytes, median of the rounds
  double cpu = 0;
};

template <typename F>
Speed measure(std::size_t bytes, int rounds, F&& run) {
  std::vector<double> wall;
  std::vector<double> cpu;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu_start = std::clock();
    run();
    cpu.push_back(static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC);
    wall.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::sort(wall);
  std::ranges::sort(cpu);
  const double megabytes = static_cast<double>(bytes) / 1e6;
  const auto middle = static_cast<std::size_t>(rounds / 2);
  return {megabytes / wall[middle], megabytes / cpu[middle]};
}

}  // namespace

int main(int argc, char** argv) {
  const unsigned threads = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 2;
  std::vector<std::string> names(argv + std::min(argc, 2), argv + argc);
  if (names.empty()) names = {"gzip/1", "gzip/6", "zstd/1", "zstd/3", "lz4/1", "bzip2/9", "xz/1"};
  const char* megabytes = std::getenv("BRAID_BENCH_MB");
  const std::string data = bench::machine_data(
      (megabytes != nullptr ? std::strtoull(megabytes, nullptr, 10) : 128) * 1000000);
  Engine one({.threads = 1});
  Engine many({.threads = threads});
  std::printf("%-10s %6s | %21s | %21s\n", "", "", "compress MB/s", "decompress MB/s");
  std::printf("%-10s %6s | %10s %10s | %10s %10s\n", "format", "T", "wall", "cpu", "wall", "cpu");
  for (const std::string& name : names) {
    const std::size_t slash = name.find('/');
    const auto config = CompressionConfig(algorithm_from_name(name.substr(0, slash)).value())
                            .level(std::atoi(name.c_str() + slash + 1));
    for (Engine* engine : {&one, &many}) {
      const ParallelCompressor compressor(*engine, config);
      Buffer packed;
      const Speed compress = measure(data.size(), 3, [&] {
        packed.clear();
        MemorySource source(data);
        BufferSink sink(packed);
        compressor.compress(source, sink).value();
      });
      const Speed decompress = measure(data.size(), 5, [&] {
        MemorySource source(packed);
        NullSink sink;
        compressor.decompress(source, sink, {.algorithm = config.algorithm()}).value();
      });
      std::printf("%-10s %6u | %10.0f %10.0f | %10.0f %10.0f\n", name.c_str(), engine->threads(),
                  compress.wall, compress.cpu, decompress.wall, decompress.cpu);
      std::fflush(stdout);
    }
  }
  return 0;
}
