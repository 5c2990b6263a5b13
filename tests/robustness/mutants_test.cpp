#include <braid/braid.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/codec/deflate_samples.hpp"
#include "tests/conformance/samples.hpp"
#include "tests/engine/decode_outcome.hpp"
#include "tests/engine/fake_file.hpp"
#include "tests/robustness/mutations.hpp"
#include "tests/robustness/reference.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/sanitized.hpp"

// Damaged files: one thread and many, memory, pipe and file, and the formats' own libraries agree.
// BRAID_MUTANTS says how many (300), BRAID_MUTANT_SEED which, BRAID_MUTANT_FILES names a folder
// whose compressed files are damaged too; scripts/mutants.sh fills one by every tool at hand.
namespace braid::testing {
namespace {

using testing_streams::Outcome;
using testing_streams::read_back;

constexpr std::size_t most_plain = 32 << 20;

struct File {
  std::string name;
  Algorithm algorithm;
  std::string packed;
};

std::uint64_t number(const char* variable, std::uint64_t standard) {
  const char* text = std::getenv(variable);
  return text == nullptr ? standard : std::strtoull(text, nullptr, 10);
}

// Files of one format; only those that are read back whole are of use.
using FilesByFormat = std::map<Algorithm, std::vector<File>>;

void add(FilesByFormat& files, std::string name, Algorithm algorithm, std::string packed) {
  if (!info(algorithm).built || algorithm == Algorithm::none) return;
  if (!decompress(ByteView(packed), {.algorithm = algorithm, .output_limit = most_plain})) return;
  files[algorithm].push_back({std::move(name), algorithm, std::move(packed)});
}

void add_own(FilesByFormat& files) {
  const std::string plain = conformance::words(100'000, 1) + conformance::random_bytes(30'000, 2) +
                            std::string(100'000, 'z') + conformance::words(70'000, 3);
  for (const Algorithm algorithm : algorithms()) {
    if (!info(algorithm).built || algorithm == Algorithm::none) continue;
    for (const auto& variant : conformance::variants(algorithm)) {
      if (variant.name == "default" && algorithm == Algorithm::xz) continue;  // 90 MB of tables
      auto packed = compress(ByteView(plain), variant.config);
      if (!packed) continue;
      const std::string text(packed->view().text());
      add(files, variant.name, algorithm, text);
      if (info(algorithm).concatenates) add(files, variant.name + " twice", algorithm, text + text);
    }
  }
}

void add_of_zlib(FilesByFormat& files) {
  using namespace codec::deflate::samples;
  const std::string plain = text(200'000, 4) + noise(20'000, 5) + text(100'000, 6);
  for (const int level : {0, 1, 6, 9}) {
    const std::string name = "zlib " + std::to_string(level);
    add(files, name, Algorithm::deflate, deflated(plain, {Wrap::raw, level}));
    add(files, name, Algorithm::zlib, deflated(plain, {Wrap::zlib, level}));
    add(files, name, Algorithm::gzip, deflated(plain, {Wrap::gzip, level}));
  }
  std::string members;
  for (std::size_t at = 0; at < plain.size(); at += 20'000) {
    members += deflated(plain.substr(at, 20'000), {Wrap::gzip});
  }
  add(files, "members", Algorithm::gzip, members);
}

void add_corpus(FilesByFormat& files) {
  for (const auto& row : support::corpus_rows()) {
    if (row.kind != "stream" || row.verdict != "ok") continue;
    const auto algorithm = algorithm_from_name(row.format);
    const std::string packed = support::read_file(support::corpus_folder() / row.path);
    if (algorithm && packed.size() <= 100'000) add(files, row.path, *algorithm, packed);
  }
}

void add_folder(FilesByFormat& files, const char* folder) {
  if (folder == nullptr) return;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (const auto& path : paths) {
    const auto algorithm = algorithm_from_path(path.native());
    if (algorithm) add(files, path.filename(), *algorithm, support::read_file(path));
  }
}

const FilesByFormat& files() {
  static const FilesByFormat all = [] {
    FilesByFormat made;
    add_own(made);
    add_of_zlib(made);
    add_corpus(made);
    add_folder(made, std::getenv("BRAID_MUTANT_FILES"));
    return made;
  }();
  return all;
}

Outcome from_memory(Engine& engine, Algorithm algorithm, const std::string& packed) {
  auto plain = ParallelCompressor(engine).decompress(
      ByteView(packed), {.algorithm = algorithm, .output_limit = most_plain});
  if (!plain) return {{}, plain.error()};
  return {std::string(plain->view().text()), std::nullopt};
}

Outcome from_pipe(Engine& engine, Algorithm algorithm, const std::string& packed) {
  return read_back(engine, algorithm, ByteView(packed), most_plain);
}

// Where units can be found by headers they are, though the file is small.
Outcome from_file(Engine& engine, Algorithm algorithm, const std::string& packed) {
  testing_streams::FakeFile file(packed, packed.size());
  file.most_read = 512;
  return testing_streams::read_source(engine, file,
                                      {.algorithm = algorithm, .output_limit = most_plain});
}

::testing::AssertionResult same(const Outcome& other, const Outcome& one) {
  if (one.error.has_value() != other.error.has_value()) {
    return ::testing::AssertionFailure()
           << "one thread: " << (one.error ? one.error->text() : "restored")
           << ", otherwise: " << (other.error ? other.error->text() : "restored");
  }
  if (!one.error && one.plain != other.plain) return ::testing::AssertionFailure() << "other bytes";
  // liblzma 5.4 calls a stream with both a size and an end marker malformed when its input is split
  // within the marker: what follows such a stream is then not seen to be trailing data.
  const auto refused = [](const Error& error) {
    return error.code == Errc::corrupt || error.code == Errc::trailing_data;
  };
  if (one.error && one.error->algorithm == Algorithm::lzma && refused(*one.error) &&
      refused(*other.error)) {
    return ::testing::AssertionSuccess();
  }
  if (one.error && one.error->code != other.error->code) {
    return ::testing::AssertionFailure()
           << "one thread: " << one.error->text() << ", otherwise: " << other.error->text();
  }
  return ::testing::AssertionSuccess();
}

// What braid refuses and the library lets pass, or the other way round, on purpose.
bool differs_on_purpose(const Outcome& one, const Reference& library, const File& file) {
  const bool restored = !one.error;
  switch (file.algorithm) {
    // Parts of braid's own streams have checksums that the library does not know of.
    case Algorithm::brotli:
      return !restored;
    // Empty input is no file to braid, and no frame at all to the library.
    case Algorithm::zstd:
      return !restored && library.plain.empty();
    // Legacy frames, and dictionaries' numbers.
    case Algorithm::lz4:
      return restored;
    // Version 0 was written for some months of 2008; and behind the last member, up to three bytes
    // that begin like a magic are nothing to liblzma.
    case Algorithm::lzip:
      return !restored && one.error->code != Errc::corrupt &&
             one.error->code != Errc::checksum_mismatch;
    default:
      return false;
  }
}

void judge(Engine& two, Engine& four, const File& file, const std::string& packed) {
  static Engine alone({.threads = 1});
  const Outcome one = from_memory(alone, file.algorithm, packed);
  EXPECT_TRUE(same(from_pipe(alone, file.algorithm, packed), one)) << "1, pipe";
  EXPECT_TRUE(same(from_memory(two, file.algorithm, packed), one)) << "2, memory";
  EXPECT_TRUE(same(from_pipe(two, file.algorithm, packed), one)) << "2, pipe";
  EXPECT_TRUE(same(from_file(two, file.algorithm, packed), one)) << "2, file";
  EXPECT_TRUE(same(from_memory(four, file.algorithm, packed), one)) << "4, memory";
  EXPECT_TRUE(same(from_pipe(four, file.algorithm, packed), one)) << "4, pipe";
  const auto library = read_by_library(file.algorithm, packed, most_plain);
  if (!library || library->verdict == Verdict::too_large) return;
  if (one.error && one.error->code == Errc::output_limit) return;
  if (one.error && one.error->code == Errc::memory_limit) return;
  const bool restored = library->verdict == Verdict::restored;
  if (restored == one.error.has_value()) {
    EXPECT_TRUE(differs_on_purpose(one, *library, file))
        << "the library " << (restored ? "restores it" : "refuses it")
        << ", braid: " << (one.error ? one.error->text() : "restored");
  } else if (restored) {
    EXPECT_TRUE(one.plain == library->plain) << "the library gives other bytes";
  }
}

TEST(MutantsTest, damaged_files_are_judged_alike_however_they_are_read) {
  ASSERT_FALSE(files().empty());
  Engine two({.threads = 2});
  Engine four({.threads = 4});
  const std::uint64_t count = number("BRAID_MUTANTS", sanitized::unless_thread(300, 150));
  const std::uint64_t first = number("BRAID_MUTANT_SEED", 1);
  std::vector<const std::vector<File>*> formats;
  for (const auto& [algorithm, list] : files()) formats.push_back(&list);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    std::mt19937_64 random(seed);
    const auto& list = *formats[seed % formats.size()];
    const File& file = list[random() % list.size()];
    const File& other = list[random() % list.size()];
    const std::string packed = mutant(file.packed, other.packed, random);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + std::string(info(file.algorithm).name) +
                 ", " + file.name + " with " + other.name);
    judge(two, four, file, packed);
    if (HasFailure()) {
      std::ofstream("mutant." + std::to_string(seed) + "." + std::string(info(file.algorithm).name),
                    std::ios::binary)
          << packed;
      break;
    }
  }
}

// Every bit of a small file of each format, alone: where the format has a checksum, nothing passes
// with other bytes.
TEST(MutantsTest, no_flipped_bit_passes_with_other_bytes) {
  Engine two({.threads = 2});
  const std::string plain = conformance::words(300, 1) + conformance::random_bytes(100, 2);
  for (const Algorithm algorithm : algorithms()) {
    if (!info(algorithm).built || !info(algorithm).has_checksum) continue;
    CompressionConfig config(algorithm);
    config.level(conformance::quick_level(algorithm));
    const std::string good(compress(ByteView(plain), config).value().view().text());
    for (std::size_t bit = 0; bit < 8 * good.size(); bit += sanitized::unless_thread(1, 3)) {
      std::string bad = good;
      bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
      const Outcome outcome = from_memory(two, algorithm, bad);
      EXPECT_TRUE(outcome.error || outcome.plain == plain)
          << info(algorithm).name << ", bit " << bit;
    }
  }
}

}  // namespace
}  // namespace braid::testing
