// Many small buffers: the codec library in a tight loop, against the pool and the shared
// compressor. CPU beyond the library's is reckoned against two threads of it, since two threads
// have less cache each.
//
//   bench_small_buffers [FILE]
//
// Everything in one run, in turn, medians of the rounds. "pool" is an engine of two threads, the
// calling one included; "shared" one ThreadSafeCompressor called from two threads, held against two
// threads with a private context of the library each.
#include <braid/braid.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <libdeflate.h>
#include <lz4frame.h>
#include <zstd.h>

#include "bench/data.hpp"

namespace {

using namespace braid;

// The library with a context of its own, reused from buffer to buffer.
class Raw {
 public:
  virtual ~Raw() = default;

  // Packs `plain` into memory that is allocated for it, as a result would be. Returns its size.
  virtual std::size_t pack(std::string_view plain) = 0;
};

class RawZstd final : public Raw {
 public:
  std::size_t pack(std::string_view plain) override {
    const std::size_t size =
        ZSTD_compress2(context_, scratch_.data(), scratch_.size(), plain.data(), plain.size());
    const std::vector<char> result(scratch_.data(), scratch_.data() + size);
    return result.size();
  }

  RawZstd() {
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, 3);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }

  ~RawZstd() override { ZSTD_freeCCtx(context_); }

 private:
  ZSTD_CCtx* context_ = ZSTD_createCCtx();
  std::string scratch_ = std::string(1 << 17, '\0');
};

class RawLz4 final : public Raw {
 public:
  std::size_t pack(std::string_view plain) override {
    LZ4F_preferences_t how{};
    how.frameInfo.blockSizeID = LZ4F_max64KB;
    how.frameInfo.blockMode = LZ4F_blockIndependent;
    how.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    how.autoFlush = 1;
    std::size_t size = LZ4F_compressBegin(context_, scratch_.data(), scratch_.size(), &how);
    size += LZ4F_compressUpdate(context_, scratch_.data() + size, scratch_.size() - size,
                                plain.data(), plain.size(), nullptr);
    size += LZ4F_compressEnd(context_, scratch_.data() + size, scratch_.size() - size, nullptr);
    const std::vector<char> result(scratch_.data(), scratch_.data() + size);
    return result.size();
  }

  RawLz4() { LZ4F_createCompressionContext(&context_, LZ4F_VERSION); }

  ~RawLz4() override { LZ4F_freeCompressionContext(context_); }

 private:
  LZ4F_cctx* context_ = nullptr;
  std::string scratch_ = std::string(1 << 18, '\0');
};

class RawGzip final : public Raw {
 public:
  std::size_t pack(std::string_view plain) override {
    const std::size_t size = libdeflate_gzip_compress(context_, plain.data(), plain.size(),
                                                      scratch_.data(), scratch_.size());
    const std::vector<char> result(scratch_.data(), scratch_.data() + size);
    return result.size();
  }

  ~RawGzip() override { libdeflate_free_compressor(context_); }

 private:
  libdeflate_compressor* context_ = libdeflate_alloc_compressor(6);
  std::string scratch_ = std::string(1 << 17, '\0');
};

struct Format {
  const char* name;
  CompressionConfig config;
  std::function<std::unique_ptr<Raw>()> raw;
};

struct Sample {
  double wall;
  double cpu;
};

Sample timed(const std::function<void()>& run) {
  timespec before{};
  timespec after{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
  const auto start = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
  return {wall.count(), static_cast<double>(after.tv_sec - before.tv_sec) +
                            static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e9};
}

Sample median(std::vector<Sample> all) {
  const auto middle = [&](double Sample::*part) {
    std::ranges::sort(all, {}, part);
    return all[all.size() / 2].*part;
  };
  return {middle(&Sample::wall), middle(&Sample::cpu)};
}

void on_two_threads(const std::function<void(std::size_t)>& body) {
  std::jthread other([&] { body(1); });
  body(0);
}

void measure(const Format& format, const std::vector<std::string_view>& pages) {
  constexpr int rounds = 9;
  // Results are taken as they come: a pile of them would cost page faults, which are not the
  // pool's.
  constexpr std::size_t taken_each = 32;
  Engine engine({.threads = 2});
  CompressionThreadPool pool(engine, format.config);
  ThreadSafeCompressor shared(format.config);
  const auto raw = format.raw();
  const std::array raws = {format.raw(), format.raw()};
  std::vector<Sample> loop;
  std::vector<Sample> pooled;
  std::vector<Sample> two;
  std::vector<Sample> shared_two;
  std::uint64_t sink = 0;
  for (int i = 0; i < rounds; ++i) {
    loop.push_back(timed([&] {
      for (const auto page : pages) sink += raw->pack(page);
    }));
    pooled.push_back(timed([&] {
      for (std::size_t k = 0; k < pages.size(); ++k) {
        pool.submit(k, pages[k]).value();
        if (k % taken_each != 0) continue;
        while (auto done = pool.try_next()) sink += done->result.value().size();
      }
      while (auto done = pool.next()) sink += done->result.value().size();
    }));
    two.push_back(timed([&] {
      on_two_threads([&](std::size_t t) {
        for (std::size_t k = t; k < pages.size(); k += 2) raws.at(t)->pack(pages[k]);
      });
    }));
    shared_two.push_back(timed([&] {
      on_two_threads([&](std::size_t t) {
        for (std::size_t k = t; k < pages.size(); k += 2) (void)shared.compress(pages[k]).value();
      });
    }));
  }
  const Sample a = median(loop);
  const Sample b = median(pooled);
  const Sample c = median(two);
  const Sample d = median(shared_two);
  const auto tasks = static_cast<double>(pages.size());
  std::printf("%-8s %3zu KiB | %8.2f | %8.2f %6.1f %% %+7.2f | %8.2f %8.2f %6.1f %% %+7.2f\n",
              format.name, pages[0].size() >> 10, a.wall / tasks * 1e6, b.wall / tasks * 1e6,
              100 * a.wall / (2 * b.wall), (b.cpu - c.cpu) / tasks * 1e6, c.wall / tasks * 1e6,
              d.wall / tasks * 1e6, 100 * c.wall / d.wall, (d.cpu - c.cpu) / tasks * 1e6);
  std::fflush(stdout);
  if (sink == 0) std::puts("nothing was made");
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::size_t total = 48 << 20;
  std::string data;
  if (argc > 1) {
    std::ifstream file(argv[1], std::ios::binary);
    data.assign(std::istreambuf_iterator<char>(file), {});
    if (data.size() < 64 << 10) {
      std::fprintf(stderr, "%s: cannot be read, or holds less than 64 KiB\n", argv[1]);
      return 1;
    }
  } else {
    data = bench::machine_data(total);
  }
  data.resize(std::min(data.size(), total));
  const std::vector<Format> formats = {
      {"zstd -3", CompressionConfig(Algorithm::zstd).level(3),
       [] { return std::make_unique<RawZstd>(); }},
      {"lz4", CompressionConfig(Algorithm::lz4), [] { return std::make_unique<RawLz4>(); }},
      {"gzip -6", CompressionConfig(Algorithm::gzip).level(6),
       [] { return std::make_unique<RawGzip>(); }},
  };
  std::puts(
      "us a buffer; target: pool >= 95 % at 64 KiB, 85 % at 4 KiB, + under 1 us of CPU; "
      "shared >= 97 %");
  std::puts(
      "                 |   raw x1 |  pool T2  of 2xraw  +CPU us |   raw x2 shared x2    ratio  "
      "+CPU us");
  for (const std::size_t size : {std::size_t{64} << 10, std::size_t{4} << 10}) {
    std::vector<std::string_view> pages;
    for (std::size_t at = 0; at + size <= data.size(); at += size) {
      pages.push_back(std::string_view(data).substr(at, size));
    }
    for (const Format& format : formats) measure(format, pages);
  }
}
