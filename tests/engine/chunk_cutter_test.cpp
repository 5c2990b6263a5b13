#include <braid/braid.hpp>

#include <algorithm>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/codec/deflate_samples.hpp"
#include "tests/engine/awkward_streams.hpp"
#include "tests/engine/fake_file.hpp"
#include "tests/io/temporary_folder.hpp"

// Chunks that the encoding threads read themselves.
namespace braid {
namespace {

using codec::deflate::samples::text;
using testing_streams::FakeFile;
using testing_streams::Thrown;

constexpr std::size_t chunk = 64 << 10;
constexpr std::size_t total = 10 * chunk + 12'345;

CompressionConfig config() {
  return CompressionConfig(Algorithm::gzip).level(1).chunk_size(chunk);
}

class ChunkCutter : public testing::TestWithParam<unsigned> {
 protected:
  Result<Buffer> compress(Source& source) {
    Buffer packed;
    BufferSink sink(packed);
    auto done = compressor_.compress(source, sink);
    if (!done) return done.error();
    return packed;
  }

  Engine engine_{{.threads = GetParam()}};
  ParallelCompressor compressor_{engine_, config()};
  std::string plain_ = text(total, 1);
  Buffer expected_ = braid::compress(plain_, config()).value();
};

INSTANTIATE_TEST_SUITE_P(Threads, ChunkCutter, testing::Values(1U, 2U, 7U));

TEST_P(ChunkCutter, threads_read_their_chunks_themselves_and_the_bytes_are_the_same) {
  FakeFile file(plain_, total);
  EXPECT_TRUE(compress(file).value().view() == expected_.view());
  EXPECT_EQ(file.reads_at, 10);
}

TEST_P(ChunkCutter, a_file_that_grows_is_read_to_its_end) {
  for (const std::size_t said : {total - 1, 10 * chunk, 9 * chunk + 1, 2 * chunk, chunk}) {
    FakeFile file(plain_, said);
    EXPECT_TRUE(compress(file).value().view() == expected_.view()) << said;
  }
}

TEST_P(ChunkCutter, a_file_that_shrinks_is_an_error_that_tells_where) {
  FakeFile file(plain_, 20 * chunk);
  auto packed = compress(file);
  ASSERT_FALSE(packed);
  EXPECT_EQ(packed.error().code, Errc::io);
  EXPECT_EQ(packed.error().offset, total);
  EXPECT_EQ(packed.error().chunk, 10U);
}

TEST_P(ChunkCutter, a_file_that_loses_its_last_chunk_is_an_error_too) {
  FakeFile file(plain_.substr(0, 10 * chunk), total);
  auto packed = compress(file);
  ASSERT_FALSE(packed);
  EXPECT_EQ(packed.error().code, Errc::io);
  EXPECT_EQ(packed.error().offset, 10 * chunk);
}

TEST_P(ChunkCutter, what_was_read_before_is_not_compressed) {
  FakeFile file(plain_, total);
  Buffer before(1000);
  ASSERT_EQ(file.read(before.writable()).value(), 1000U);
  const Buffer packed = compress(file).value();
  EXPECT_TRUE(decompress(packed).value().view() == ByteView(plain_).drop(1000));
  EXPECT_GT(file.reads_at, 0);
}

TEST_P(ChunkCutter, a_source_that_cannot_skip_is_read_from_front_to_end) {
  FakeFile file(plain_, total);
  file.can_skip = false;
  EXPECT_TRUE(compress(file).value().view() == expected_.view());
  EXPECT_EQ(file.reads_at, 0);
}

TEST_P(ChunkCutter, what_reading_at_a_place_throws_reaches_the_caller) {
  FakeFile file(plain_, total);
  file.throws_at = 5 * chunk;
  EXPECT_THROW((void)compress(file), Thrown);
}

// As a shell's `(braid -c; cat) < file` expects it.
TEST_P(ChunkCutter, a_descriptor_is_left_at_the_end_of_what_was_compressed) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "plain") << plain_;
  const int descriptor = ::open((folder / "plain").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  ASSERT_EQ(::lseek(descriptor, 777, SEEK_SET), 777);
  DescriptorSource source(descriptor, "plain");
  const Buffer packed = compress(source).value();
  EXPECT_TRUE(decompress(packed).value().view() == ByteView(plain_).drop(777));
  EXPECT_EQ(::lseek(descriptor, 0, SEEK_CUR), static_cast<off_t>(total));
  ::close(descriptor);
}

TEST(SourceSkip, tells_where_reading_goes_on) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "plain") << text(1000, 2);
  auto file = FileSource::open(folder / "plain").value();
  const std::string bytes = text(1000, 2);
  MemorySource memory(bytes);
  for (Source* source : {static_cast<Source*>(&file), static_cast<Source*>(&memory)}) {
    EXPECT_EQ(source->skip(0).value(), 0U);
    EXPECT_EQ(source->skip(300).value(), 300U);
    EXPECT_EQ(source->size(), 700U);
    Buffer some(10);
    ASSERT_EQ(source->read(some.writable()).value(), 10U);
    EXPECT_TRUE(some.view() == ByteView(text(1000, 2)).slice(300, 10));
    EXPECT_EQ(source->skip(90).value(), 400U);
  }
}

}  // namespace
}  // namespace braid
