#include <braid/braid.hpp>

#include <fstream>
#include <map>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/conformance/samples.hpp"
#include "tests/engine/awkward_streams.hpp"
#include "tests/engine/decode_outcome.hpp"
#include "tests/engine/fake_file.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/support/sanitized.hpp"

// Files whose units are found by headers and read by the threads that decode them.
namespace braid {
namespace {

using testing_streams::FakeFile;
using testing_streams::Outcome;
using testing_streams::PipeSource;
using testing_streams::read_source;
using testing_streams::Thrown;

constexpr std::size_t detection_read = 256 << 10;  // what is read before the format is known
constexpr std::size_t close_by = sanitized::choose(1, 7, 13);  // from one place to the next

class Hopping : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    if (!info(GetParam()).built) GTEST_SKIP() << "built without it";
    ASSERT_GT(packed_.size(), 4 * detection_read);
  }

  static std::string pack(const std::string& plain) {
    const auto config = conformance::in_small_parts(GetParam(), 90'000);
    return std::string(compress(plain, config).value().view().text());
  }

  Outcome read(Source& source, unsigned threads = 3) {
    Engine engine({.threads = threads});
    return read_source(engine, source, {.algorithm = GetParam()});
  }

  void expect_as_by_pipe(const std::string& packed, const std::string& name) {
    PipeSource pipe{ByteView(packed)};
    const Outcome expected = read(pipe);
    FakeFile file(packed, packed.size());
    expect_equal(read(file), expected, name);
  }

  void expect_as_by_one_thread(const std::string& packed, const std::string& name) {
    FakeFile alone(packed, packed.size());
    FakeFile shared(packed, packed.size());
    expect_equal(read(shared), read(alone, 1), name);
  }

  // Each of the first places, then some dozens up to the end.
  [[nodiscard]] std::size_t step_from(std::size_t at, std::size_t first) const {
    return at < first ? close_by : packed_.size() / sanitized::unless_any(61, 11);
  }

  // Made once for each format.
  static const std::string& packed_text() {
    static std::map<Algorithm, std::string> made;
    std::string& packed = made[GetParam()];
    if (packed.empty() && info(GetParam()).built) packed = pack(plain_text());
    return packed;
  }

  static const std::string& plain_text() {
    static const std::string plain =
        conformance::words(900'000, 1) + conformance::random_bytes(1'100'000, 2);
    return plain;
  }

  const std::string& plain_ = plain_text();
  const std::string& packed_ = packed_text();
};

std::string name_of(const testing::TestParamInfo<Algorithm>& parameter) {
  return std::string(info(parameter.param).name);
}

INSTANTIATE_TEST_SUITE_P(Formats, Hopping,
                         testing::Values(Algorithm::zstd, Algorithm::lz4, Algorithm::xz,
                                         Algorithm::brotli),
                         name_of);

TEST_P(Hopping, the_calling_thread_reads_headers_alone) {
  for (const unsigned threads : {2U, 7U}) {
    FakeFile file(packed_, packed_.size());
    const Outcome outcome = read(file, threads);
    ASSERT_FALSE(outcome.error) << outcome.error->text();
    EXPECT_EQ(outcome.plain, plain_);
    EXPECT_LE(file.read_in_turn, detection_read);
    EXPECT_GT(file.reads_at, 0);
    EXPECT_TRUE(file.rest().empty()) << "left in the middle";
  }
}

TEST_P(Hopping, streams_behind_one_another_are_read) {
  if (!info(GetParam()).concatenates) GTEST_SKIP() << "one stream a file";
  const std::string packed = packed_ + packed_ + pack("and a short one");
  FakeFile file(packed, packed.size());
  EXPECT_EQ(read(file).plain, plain_ + plain_ + "and a short one");
}

TEST_P(Hopping, tiny_units_are_not_looked_up_one_by_one) {
  if (!info(GetParam()).concatenates) GTEST_SKIP() << "one stream a file";
  const std::string stream = pack("tiny");
  std::string packed;
  std::string plain;
  constexpr int count = 5000;
  for (int i = 0; i < count; ++i) {
    packed += stream;
    plain += "tiny";
  }
  FakeFile file(packed + packed_, packed.size() + packed_.size());
  EXPECT_EQ(read(file).plain, plain + plain_);
  EXPECT_LT(file.reads_at, count / 10);
}

TEST_P(Hopping, what_was_read_before_is_not_read_again) {
  const std::string packed = std::string(1000, 'x') + packed_;
  FakeFile file(packed, packed.size());
  Buffer before(1000);
  ASSERT_EQ(file.read(before.writable()).value(), 1000U);
  EXPECT_EQ(read(file).plain, plain_);
  EXPECT_GT(file.reads_at, 0);
}

TEST_P(Hopping, a_file_that_grows_by_streams_is_read_to_its_end) {
  if (!info(GetParam()).concatenates) GTEST_SKIP() << "one stream a file";
  FakeFile file(packed_ + packed_, packed_.size());
  EXPECT_EQ(read(file).plain, plain_ + plain_);
}

TEST_P(Hopping, a_file_that_shrinks_is_an_error) {
  FakeFile file(packed_.substr(0, packed_.size() / 2), packed_.size());
  const Outcome outcome = read(file);
  ASSERT_TRUE(outcome.error);
  EXPECT_TRUE(outcome.error->code == Errc::io || outcome.error->code == Errc::truncated)
      << outcome.error->text();
  EXPECT_LE(outcome.error->offset.value(), packed_.size());
}

TEST_P(Hopping, a_source_that_cannot_skip_is_read_from_front_to_end) {
  FakeFile file(packed_, packed_.size());
  file.can_skip = false;
  EXPECT_EQ(read(file).plain, plain_);
  EXPECT_EQ(file.read_in_turn, packed_.size());
}

TEST_P(Hopping, what_reading_at_a_place_throws_reaches_the_caller) {
  for (const std::size_t at : {std::size_t{0}, packed_.size() / 2, packed_.size() - 30}) {
    FakeFile file(packed_, packed_.size());
    file.throws_at = at;
    EXPECT_THROW((void)read(file), Thrown) << at;
  }
}

TEST_P(Hopping, damage_is_told_as_of_a_pipe) {
  for (std::size_t at = 0; at < packed_.size(); at += step_from(at, 100)) {
    std::string bad = packed_;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    expect_as_by_pipe(bad, "byte " + std::to_string(at));
  }
}

TEST_P(Hopping, a_cut_is_told_as_of_a_pipe) {
  for (std::size_t cut = 1; cut < packed_.size(); cut += step_from(cut, 60)) {
    expect_as_by_pipe(packed_.substr(0, packed_.size() - cut), std::to_string(cut));
  }
}

// Headers, ends and padding between units of data.
TEST_P(Hopping, small_frames_between_the_data_are_held_to_account_in_their_place) {
  if (!info(GetParam()).concatenates) GTEST_SKIP() << "one stream a file";
  const bool skips = GetParam() == Algorithm::zstd || GetParam() == Algorithm::lz4;
  const std::string between =
      skips ? std::string("\x50\x2a\x4d\x18\x03\0\0\0abc", 11) : std::string(8, '\0');
  std::string packed;
  std::string plain;
  for (unsigned i = 0; i < 40; ++i) {
    const std::string part = conformance::random_bytes(9'000 + 100 * i, i);
    packed += pack(part) + between;
    plain += part;
  }
  FakeFile file(packed, packed.size());
  const Outcome outcome = read(file);
  ASSERT_FALSE(outcome.error) << outcome.error->text();
  EXPECT_EQ(outcome.plain, plain);
  for (std::size_t at = 3; at < packed.size(); at += sanitized::unless_any(3'001, 31'013)) {
    std::string bad = packed;
    bad[at] = static_cast<char>(bad[at] ^ 0x04);
    expect_as_by_one_thread(bad, std::to_string(at));
    expect_as_by_pipe(bad, std::to_string(at));
  }
  // The third frame's end, and what stands behind it, a byte after the other.
  std::size_t end = packed.find(between, packed.find(between, packed.find(between) + 1) + 1);
  for (std::size_t at = end - 8; at < end + between.size() + 12; at += close_by) {
    std::string bad = packed;
    bad[at] = static_cast<char>(bad[at] ^ 0x04);
    expect_as_by_one_thread(bad, std::to_string(at));
  }
}

// As a shell's `(braid -dc; cat) < file` expects it.
TEST_P(Hopping, a_descriptor_is_left_at_the_end_of_what_was_read) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "packed") << packed_;
  const int descriptor = ::open((folder / "packed").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  DescriptorSource source(descriptor, "packed");
  EXPECT_EQ(read(source).plain, plain_);
  EXPECT_EQ(::lseek(descriptor, 0, SEEK_CUR), static_cast<off_t>(packed_.size()));
  ::close(descriptor);
}

}  // namespace
}  // namespace braid
