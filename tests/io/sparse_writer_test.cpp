#include "io/sparse_writer.hpp"

#include <random>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/io/temporary_folder.hpp"

namespace braid::io {
namespace {

using test::read_file;
using test::TemporaryFolder;

class SparseWriterTest : public testing::Test {
 protected:
  File open() {
    return {::open((folder_ / "a").c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), "a"};
  }

  // What the file holds after `content` was written in parts of `step` bytes.
  std::string written(const std::string& content, std::size_t step) {
    File file = open();
    SparseWriter writer(file);
    ByteView rest(content);
    while (!rest.empty()) {
      writer.write(rest.first(step)).value();
      rest = rest.drop(step);
    }
    writer.finish().value();
    return read_file(folder_ / "a");
  }

  // Where the first hole at or after `from` begins; the end of the file is one too.
  off_t hole(off_t from) {
    const File file = File::open_read(folder_ / "a").value();
    return ::lseek(file.descriptor(), from, SEEK_HOLE);
  }

  TemporaryFolder folder_;
};

TEST_F(SparseWriterTest, restores_every_mixture_however_it_is_split) {
  std::mt19937 random(1);
  std::string content;
  for (int run = 0; run < 40; ++run) {
    content.append(random() % 10000, run % 2 == 0 ? '\0' : 'x');
    content += '\0';
    content += 'y';
  }
  for (const std::size_t step : {std::size_t{1000}, std::size_t{4096}, std::size_t{4097},
                                 std::size_t{65536}, content.size()}) {
    EXPECT_EQ(written(content, step), content) << step;
  }
}

TEST_F(SparseWriterTest, keeps_zeros_at_the_end) {
  for (const std::size_t zeros : {1U, 4096U, 100000U}) {
    const std::string content = "x" + std::string(zeros, '\0');
    EXPECT_EQ(written(content, 3000), content) << zeros;
  }
}

TEST_F(SparseWriterTest, writes_nothing_but_zeros) {
  EXPECT_EQ(written(std::string(10000, '\0'), 10000), std::string(10000, '\0'));
  EXPECT_EQ(written("", 1), "");
}

TEST_F(SparseWriterTest, leaves_a_hole) {
  const std::string content =
      std::string(65536, 'a') + std::string(1 << 20, '\0') + std::string(65536, 'b');
  // A file system without holes tells that the first one is at the end of everything.
  {
    const File file = open();
    file.truncate(1 << 20).value();
    if (hole(0) != 0) GTEST_SKIP() << "no holes here";
  }
  EXPECT_EQ(written(content, 100000), content);
  EXPECT_EQ(hole(0), 65536);
}

TEST_F(SparseWriterTest, reports_a_full_disk) {
  File file(::open("/dev/full", O_WRONLY), "/dev/full");
  SparseWriter writer(file);
  const auto done = writer.write("x");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().os_error, ENOSPC);
}

TEST(all_zero, sees_every_single_bit) {
  std::string bytes(100, '\0');
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_TRUE(all_zero(ByteView(bytes).first(size)));
    for (std::size_t at = 0; at < size; ++at) {
      bytes[at] = '\x80';
      EXPECT_FALSE(all_zero(ByteView(bytes).first(size))) << size << " " << at;
      bytes[at] = '\0';
    }
  }
}

}  // namespace
}  // namespace braid::io
