// Every call, with the first, the second, ... allocation of it failing: the error says so, and the
// engine serves the next call as if nothing had been. The libraries' own allocations, which do not
// come through operator new, are not among them.
#include <braid/braid.hpp>

#include <functional>
#include <new>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/robustness/failing_new.hpp"
#include "tests/support/forgetting_visitor.hpp"
#include "tests/support/sanitized.hpp"

namespace braid {
namespace {

using conformance::words;
using failing_new::allowed;
using failing_new::asked;

constexpr long most_places = sanitized::choose(200, 30, 8);

// What a call came to: the bytes that it made, or an error. Nothing: std::bad_alloc came out.
using Outcome = std::optional<Result<Buffer>>;

Outcome attempt(const std::function<Result<Buffer>()>& call) {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return std::nullopt;
  }
}

// Fails the allocations of `call` one by one, alone and with those behind it, which are the
// handling's. `may_throw`: std::bad_alloc is documented.
void sweep(const std::string& what, bool may_throw, const std::function<Result<Buffer>()>& call) {
  const auto expected = call();
  ASSERT_TRUE(expected) << what << ": " << expected.error().text();
  const long before = asked;
  ASSERT_TRUE(call()) << what;
  const long count = asked - before;
  // On threads the number varies a little; beyond it nothing fails. Long rows of alike allocations
  // are taken in steps.
  const long step = std::max(1L, count / most_places);
  for (const long row : {1, 4}) {
    failing_new::in_a_row = row;
    for (long n = 0; n < count + 2 * step; n += step) {
      allowed = n;
      Outcome got = attempt(call);
      allowed = failing_new::all;
      const std::string where =
          what + ", " + std::to_string(row) + " from allocation " + std::to_string(n) + " on";
      if (!got) {
        ASSERT_TRUE(may_throw) << where << ": std::bad_alloc came out";
        continue;
      }
      if (*got) {
        ASSERT_TRUE((*got)->view() == expected->view()) << where;
      } else {
        ASSERT_EQ(got->error().code, Errc::out_of_memory) << where << ": " << got->error().text();
      }
    }
  }
  const auto again = call();
  ASSERT_TRUE(again) << what << " afterwards: " << again.error().text();
  EXPECT_TRUE(again->view() == expected->view()) << what << " afterwards";
}

class Allocations : public testing::TestWithParam<Algorithm> {
 protected:
  const std::string plain_ = words(300'000, 7);
  const CompressionConfig config_ =
      CompressionConfig(GetParam()).level(conformance::quick_level(GetParam()));
};

TEST_P(Allocations, of_one_shot_calls_may_fail) {
  const Buffer packed = compress(plain_, config_).value();
  sweep("compress", false, [&] { return compress(plain_, config_); });
  sweep("decompress", false, [&] { return decompress(packed, {.algorithm = GetParam()}); });
}

TEST_P(Allocations, of_calls_on_threads_may_fail) {
  CompressionConfig config = config_;
  if (GetParam() != Algorithm::lzma && GetParam() != Algorithm::none) config.chunk_size(64_KiB);
  if (!config.validate()) config = config_;  // chunks of another size
  Engine engine({.threads = 3});
  ParallelCompressor parallel(engine, config);
  const Buffer packed = parallel.compress(plain_).value();
  sweep("compress", false, [&] { return parallel.compress(plain_); });
  sweep("decompress", false,
        [&] { return parallel.decompress(packed, {.algorithm = GetParam()}); });
  sweep("inspect", false, [&]() -> Result<Buffer> {
    MemorySource source(packed);
    auto seen = inspect(source, {.algorithm = GetParam()});
    if (!seen) return std::move(seen).error();
    return Buffer();
  });
}

TEST_P(Allocations, of_the_pools_tasks_may_fail) {
  Engine engine({.threads = 3});
  sweep("pool", true, [&]() -> Result<Buffer> {
    CompressionThreadPool pool(engine, config_);
    for (std::uint64_t id = 0; id < 20; ++id) {
      auto ticket = pool.submit(id, ByteView(plain_).first(5000));
      if (!ticket) return std::move(ticket).error();
    }
    Buffer last;
    Result<void> all;
    for (int i = 0; i < 20; ++i) {
      auto done = pool.next();
      if (!done) return Error{.code = Errc::internal, .message = "a result is missing"};
      if (!done->result) {
        all = std::move(done->result).error();
      } else {
        last = *std::move(done->result);
      }
    }
    if (!all) return std::move(all).error();
    return last;
  });
}

INSTANTIATE_TEST_SUITE_P(Formats, Allocations, testing::ValuesIn(conformance::built_algorithms()),
                         [](const auto& format) {
                           return std::string(braid::info(format.param).name);
                         });

void sweep_reading(Algorithm algorithm, std::size_t chunk) {
  if (!info(algorithm).built) return;
  const auto config = CompressionConfig(algorithm).level(1).chunk_size(chunk);
  const Buffer packed =
      compress(words(sanitized::unless_thread(6'000'000, 4'000'000), 11), config).value();
  const test::TemporaryFolder folder;
  const auto file = folder / "packed";
  test::write_file(file, std::string(packed.view().text()));
  const std::string what =
      std::string(info(algorithm).name) + " in chunks of " + std::to_string(chunk) + ", ";
  Engine engine({.threads = 3});
  sweep(what + "index", false, [&]() -> Result<Buffer> {
    auto index = SeekIndex::build(engine, file);
    if (!index) return std::move(index).error();
    return Buffer();
  });
  if (sanitized::by_thread) return;  // the same threads, or one
  sweep(what + "decompress", false, [&] { return ParallelCompressor(engine).decompress(packed); });
  sweep(what + "range", false, [&]() -> Result<Buffer> {
    auto reader = SeekableReader::open(engine, file);
    if (!reader) return std::move(reader).error();
    Buffer range;
    BufferSink sink(range);
    auto copied = reader->copy(engine, 1'000'000, 4'000'000, sink);
    if (!copied) return std::move(copied).error();
    return range;
  });
}

// In one chunk, within which threads have to decode ahead, and in several, over which they hop.
TEST(EngineAllocations, of_reading_long_files_may_fail) {
  sweep_reading(Algorithm::gzip, 16_MiB);
  if (sanitized::at_all) return;
  sweep_reading(Algorithm::gzip, 1_MiB);
  for (const Algorithm algorithm : {Algorithm::zstd, Algorithm::lz4}) {
    sweep_reading(algorithm, 16_MiB);
    sweep_reading(algorithm, 1_MiB);
  }
}

TEST(EngineAllocations, of_making_an_engine_may_fail) {
  sweep("engine", true, []() -> Result<Buffer> {
    const Engine engine({.threads = 3});
    return Buffer();
  });
}

TEST(ArchiveAllocations, of_writing_and_reading_may_fail) {
  Engine engine({.threads = 3});
  const std::string plain = words(100'000, 3);
  for (const ArchiveName name : {ArchiveName{ArchiveFormat::tar, Algorithm::zstd},
                                 ArchiveName{ArchiveFormat::zip, Algorithm::deflate}}) {
    const auto write = [&]() -> Result<Buffer> {
      Buffer archive;
      BufferSink sink(archive);
      auto opened = ArchiveWriter::open(
          engine, sink, {.format = name.format, .compression = CompressionConfig(name.algorithm)});
      if (!opened) return std::move(opened).error();
      ArchiveWriter writer = *std::move(opened);
      for (int i = 0; i < 12; ++i) {
        Entry entry;
        entry.path = "folder/file" + std::to_string(i);
        auto added =
            writer.add(std::move(entry), ByteView(plain).first(1000U * static_cast<unsigned>(i)));
        if (!added) return std::move(added).error();
      }
      auto done = writer.finish();
      if (!done) return std::move(done).error();
      return archive;
    };
    const Buffer archive = write().value();
    sweep("write", true, write);
    sweep("read", true, [&]() -> Result<Buffer> {
      MemorySource source(archive);
      support::ForgettingVisitor visitor;
      auto done = visit_archive(engine, source, visitor, {.format = name});
      if (!done) return std::move(done).error();
      return Buffer();
    });
  }
}

}  // namespace
}  // namespace braid
