#include <braid/braid.hpp>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "tests/codec/deflate_samples.hpp"
#include "tests/support/packed_by_braid.hpp"
#include "tests/support/sanitized.hpp"

// Any part of a compressed file is what reading all of it gives there.
namespace braid {
namespace {

namespace fs = std::filesystem;
using codec::deflate::samples::deflated;
using codec::deflate::samples::noise;
using codec::deflate::samples::text;
using codec::deflate::samples::Wrap;

struct File {
  std::string name;
  std::string packed;
  std::string plain;
};

constexpr std::size_t unit = sanitized::unless_any(1 << 20, 256 << 10);

std::vector<File> make_files() {
  const std::string plain =
      text(4 * unit, 1) + noise(unit, 2) + std::string(3 * unit, 'z') + text(2 * unit, 3);
  std::vector<File> files;
  files.push_back({"a.gz", deflated(plain, {Wrap::gzip, 6}), plain});
  files.push_back({"a.zz", deflated(plain, {Wrap::zlib, 9}), plain});
  files.push_back({"stored.gz", deflated(plain, {Wrap::gzip, 0}), plain});
  files.push_back({"two.gz", deflated(plain, {Wrap::gzip, 1}) + deflated(plain, {Wrap::gzip, 9}),
                   plain + plain});
  std::string members;
  for (std::size_t at = 0; at < plain.size(); at += 100'000) {
    members += deflated(plain.substr(at, 100'000), {Wrap::gzip});
  }
  files.push_back({"members.gz", members, plain});
  files.push_back({"tiny.gz", deflated("short", {Wrap::gzip}), "short"});
  files.push_back({"empty.gz", deflated("", {Wrap::gzip}), ""});
  for (const Algorithm algorithm : {Algorithm::gzip, Algorithm::zlib, Algorithm::zstd,
                                    Algorithm::lz4, Algorithm::xz, Algorithm::bzip2}) {
    if (!info(algorithm).built) continue;
    const std::string name(info(algorithm).name);
    const std::uint64_t chunk = algorithm == Algorithm::bzip2 ? 0 : 512 << 10;
    files.push_back({"own." + name,
                     support::packed_by_braid(algorithm, plain, Layout::standard, chunk), plain});
    if (algorithm == Algorithm::bzip2 || algorithm == Algorithm::lz4) continue;
    files.push_back(
        {"single." + name, support::packed_by_braid(algorithm, plain, Layout::single, 0), plain});
  }
  files.push_back(
      {"bgzf.gz", support::packed_by_braid(Algorithm::gzip, plain, Layout::bgzf, 0), plain});
  return files;
}

const std::vector<File>& files() {
  static const std::vector<File> all = make_files();
  return all;
}

class SeekableReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "braid-seek-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }

  void TearDown() override { fs::remove_all(folder_); }

  fs::path put(const std::string& name, std::string_view bytes) {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
    return path;
  }

  static std::string get(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // As much of `plain` as there is, at any place.
  static void expect_parts(const SeekableReader& reader, const std::string& plain,
                           const std::string& name) {
    ASSERT_EQ(reader.size(), plain.size()) << name;
    std::mt19937_64 random(7);
    std::vector<std::byte> room(300'000);
    for (int i = 0; i < 60; ++i) {
      std::uint64_t offset = random() % (plain.size() + 10);
      std::size_t size = random() % room.size();
      if (i == 0) offset = 0;
      if (i == 1) offset = plain.size();
      if (i == 2) offset = plain.size() + 5;
      if (i == 3) offset = UINT64_MAX - 3;
      if (i == 4) size = 0;
      const std::string_view expected = offset >= plain.size()
                                            ? std::string_view()
                                            : std::string_view(plain).substr(offset, size);
      auto got = reader.read_at(offset, MutableBytes(room).first(size));
      ASSERT_TRUE(got) << name << ": " << got.error().text();
      ASSERT_EQ(*got, expected.size()) << name << " at " << offset;
      ASSERT_TRUE(ByteView(room.data(), *got).text() == expected) << name << " at " << offset;
    }
  }

  // By an index that one thread made, and several.
  void expect_all_parts(const File& file) {
    const fs::path path = put(file.name, file.packed);
    for (Engine* engine : {&alone_, &three_}) {
      if (sanitized::by_thread && engine == &alone_) continue;
      auto reader = SeekableReader::open(*engine, path);
      ASSERT_TRUE(reader) << file.name << ": " << reader.error().text();
      expect_parts(*reader, file.plain, file.name);
      Buffer all;
      BufferSink sink(all);
      ASSERT_TRUE(reader->copy(0, UINT64_MAX, sink)) << file.name;
      EXPECT_TRUE(all.view().text() == file.plain) << file.name;
    }
  }

  fs::path folder_;
  Engine alone_{{.threads = 1}};
  Engine three_{{.threads = 3}};
};

TEST_F(SeekableReaderTest, gives_any_part_of_any_format) {
  for (const File& file : files()) expect_all_parts(file);
}

TEST_F(SeekableReaderTest, has_places_every_few_mebibytes_where_the_format_allows) {
  for (const File& file : files()) {
    if (file.plain.size() < 1 << 20 || file.name.starts_with("single.zstd") ||
        file.name.starts_with("single.xz")) {
      continue;
    }
    auto index = SeekIndex::build(three_, put(file.name, file.packed));
    ASSERT_TRUE(index) << file.name;
    EXPECT_GE(index->points(), file.plain.size() / (4 << 20)) << file.name;
  }
}

TEST_F(SeekableReaderTest, a_saved_index_gives_the_same) {
  for (const File& file : files()) {
    const fs::path path = put(file.name, file.packed);
    const fs::path saved = folder_ / "saved.idx";
    auto built = SeekIndex::build(three_, path);
    ASSERT_TRUE(built) << file.name;
    ASSERT_TRUE(built->save(saved)) << file.name;
    auto loaded = SeekIndex::load(saved, path);
    ASSERT_TRUE(loaded) << file.name << ": " << loaded.error().text();
    EXPECT_EQ(loaded->algorithm(), built->algorithm());
    EXPECT_EQ(loaded->points(), built->points()) << file.name;
    auto reader = SeekableReader::open(path, *std::move(loaded));
    ASSERT_TRUE(reader);
    expect_parts(*reader, file.plain, file.name);
  }
}

// Some of the streams are read in parts, others step by step, and many tiny ones stand between
// them.
TEST_F(SeekableReaderTest, an_index_leads_to_each_byte_of_streams_of_all_kinds) {
  for (const Algorithm algorithm : {Algorithm::gzip, Algorithm::zstd, Algorithm::lz4, Algorithm::xz,
                                    Algorithm::bzip2, Algorithm::lzip}) {
    if (!info(algorithm).built) continue;
    // Places in bits, of streams read step by step, and of units: the others are like these.
    if (sanitized::by_thread && algorithm != Algorithm::gzip && algorithm != Algorithm::lz4)
      continue;
    File file{"mixed." + std::string(info(algorithm).name), {}, {}};
    const auto add = [&](const std::string& plain, CompressionConfig config) {
      file.packed += compress(ByteView(plain), config.level(1)).value().view().text();
      file.plain += plain;
    };
    for (unsigned turn = 0; turn < 2; ++turn) {
      const std::string plain = text(unit + 12'345, 20 + turn) + noise(unit / 2, turn);
      CompressionConfig alone(algorithm);
      if (algorithm == Algorithm::lz4) {
        alone.set(Knob::linked_blocks, 1).set(Knob::block_size, 64 << 10);
      } else if (algorithm != Algorithm::bzip2 && algorithm != Algorithm::lzip) {
        alone.layout(Layout::single);
      }
      add(plain, alone);
      add(plain, CompressionConfig(algorithm));
      for (unsigned i = 0; i < 100; ++i) add(text(50 + i, i), CompressionConfig(algorithm));
      if (algorithm == Algorithm::gzip) {
        file.packed += deflated(plain, {Wrap::gzip, 6});
        file.plain += plain;
        add(plain, CompressionConfig(algorithm).layout(Layout::bgzf));
      }
    }
    expect_all_parts(file);
  }
}

TEST_F(SeekableReaderTest, sizes_that_the_file_tells_are_an_index) {
  for (const File& file : files()) {
    const fs::path path = put(file.name, file.packed);
    auto own = SeekIndex::from_file(path);
    ASSERT_TRUE(own) << file.name << ": " << own.error().text();
    const bool tells = file.name == "own.zstd" || file.name == "own.xz" || file.name == "bgzf.gz";
    if (tells) {
      EXPECT_TRUE(own->has_value()) << file.name;
    }
    if (!*own) continue;
    auto reader = SeekableReader::open(path, **std::move(own));
    ASSERT_TRUE(reader);
    expect_parts(*reader, file.plain, file.name);
  }
}

TEST_F(SeekableReaderTest, indexes_of_other_programs_work_both_ways) {
  for (const File& file : files()) {
    if (file.name != "bgzf.gz" && file.name != "a.gz" && file.name != "a.zz") continue;
    std::vector<IndexFormat> formats = {IndexFormat::indexed_gzip};
    if (file.name == "bgzf.gz") formats = {IndexFormat::bgzf};
    if (file.name == "a.gz") formats.push_back(IndexFormat::gztool);
    const fs::path path = put(file.name, file.packed);
    const fs::path saved = folder_ / "foreign";
    auto built = SeekIndex::build(three_, path);
    ASSERT_TRUE(built);
    for (const IndexFormat format : formats) {
      auto done = built->save(saved, format);
      ASSERT_TRUE(done) << file.name << ": " << done.error().text();
      auto loaded = SeekIndex::load(saved, path);
      ASSERT_TRUE(loaded) << file.name << ": " << loaded.error().text();
      EXPECT_GT(loaded->points(), std::max<std::uint64_t>(1, file.plain.size() / (4 << 20)));
      auto reader = SeekableReader::open(path, *std::move(loaded));
      ASSERT_TRUE(reader);
      expect_parts(*reader, file.plain, file.name);
    }
  }
}

TEST_F(SeekableReaderTest, many_threads_may_read_at_once) {
  const File& file = files().front();
  auto reader = SeekableReader::open(three_, put(file.name, file.packed));
  ASSERT_TRUE(reader);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (unsigned seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&, seed] {
      std::mt19937_64 random(seed);
      std::vector<std::byte> room(50'000);
      for (int i = 0; i < 40; ++i) {
        const std::uint64_t offset = random() % file.plain.size();
        const auto got = reader->read_at(offset, room);
        const std::string_view expected = std::string_view(file.plain).substr(offset, room.size());
        if (!got || ByteView(room.data(), *got).text() != expected) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(SeekableReaderTest, an_index_of_another_file_or_of_an_earlier_state_is_refused) {
  const File& file = files().front();
  const fs::path path = put(file.name, file.packed);
  const fs::path saved = folder_ / "saved.idx";
  ASSERT_TRUE(SeekIndex::build(three_, path)->save(saved));
  std::string other = file.packed;
  other[100] = static_cast<char>(other[100] ^ 1);
  auto changed = SeekIndex::load(saved, put("changed.gz", other));
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, Errc::invalid_argument);
  auto longer = SeekIndex::load(saved, put("longer.gz", file.packed + "x"));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, Errc::invalid_argument);
}

TEST_F(SeekableReaderTest, a_damaged_index_is_refused_or_read_without_harm) {
  if (sanitized::by_thread) GTEST_SKIP() << "one thread";
  const File& file = files().front();
  const fs::path path = put(file.name, file.packed);
  std::mt19937 random(9);
  for (const IndexFormat format :
       {IndexFormat::braid, IndexFormat::indexed_gzip, IndexFormat::gztool}) {
    const fs::path saved = folder_ / "saved";
    ASSERT_TRUE(SeekIndex::build(three_, path)->save(saved, format));
    const std::string good = get(saved);
    for (int i = 0; i < sanitized::unless_any(300, 90); ++i) {
      std::string bad = good;
      const std::size_t at =
          random() % std::min<std::size_t>(bad.size(), i % 2 == 0 ? 200 : bad.size());
      if (i % 3 == 0) bad.resize(at);
      if (i % 3 != 0) bad[at] = static_cast<char>(bad[at] ^ (1 << random() % 8));
      auto loaded = SeekIndex::load(put("bad", bad), path);
      if (format == IndexFormat::braid) {
        EXPECT_FALSE(loaded) << i;
      }
      if (!loaded) continue;
      auto reader = SeekableReader::open(path, *std::move(loaded));
      ASSERT_TRUE(reader);
      std::vector<std::byte> room(1000);
      for (const std::size_t offset : {std::size_t{0}, 5 * unit, 9 * unit}) {
        static_cast<void>(reader->read_at(offset, room));
      }
    }
  }
}

// One frame is said to hold a byte less than it does, the next a byte more: the sums are right.
TEST_F(SeekableReaderTest, a_table_that_lies_gives_no_wrong_bytes) {
  const auto found = std::ranges::find(files(), "own.zstd", &File::name);
  if (found == files().end()) GTEST_SKIP() << "built without zstd";
  std::string packed = found->packed;
  constexpr std::size_t footer = 9;
  const auto frames =
      base::load_le<std::uint32_t>(ByteView(packed).data() + packed.size() - footer);
  auto* const sizes = reinterpret_cast<std::byte*>(packed.data()) + packed.size() - footer -
                      std::size_t{8} * frames;
  base::store_le(sizes + 4, base::load_le<std::uint32_t>(sizes + 4) - 1);
  base::store_le(sizes + 12, base::load_le<std::uint32_t>(sizes + 12) + 1);
  const fs::path path = put("lies.zstd", packed);
  auto own = SeekIndex::from_file(path);
  ASSERT_TRUE(own && *own);
  auto reader = SeekableReader::open(path, **std::move(own));
  ASSERT_TRUE(reader);
  std::vector<std::byte> room(1000);
  EXPECT_EQ(reader->read_at(0, room).error().code, Errc::corrupt);
  EXPECT_EQ(reader->read_at(600 << 10, room).error().code, Errc::corrupt);
  EXPECT_TRUE(reader->read_at(2 << 20, room));
}

TEST_F(SeekableReaderTest, damage_in_the_file_is_an_error_of_the_part_that_it_is_in) {
  const auto found = std::ranges::find(files(), "own.zstd", &File::name);
  if (found == files().end()) GTEST_SKIP() << "built without zstd";
  const File& file = *found;
  std::string packed = file.packed;
  const fs::path path = put(file.name, packed);
  auto index = SeekIndex::build(three_, path);
  ASSERT_TRUE(index) << file.name;
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x40);
  put(file.name, packed);
  auto reader = SeekableReader::open(path, *std::move(index));
  ASSERT_TRUE(reader);
  std::vector<std::byte> room(1000);
  int failed = 0;
  for (std::uint64_t offset = 0; offset < file.plain.size(); offset += unit / 10) {
    auto got = reader->read_at(offset, room);
    if (!got) {
      ++failed;
      continue;
    }
    EXPECT_EQ(ByteView(room.data(), *got).text(), file.plain.substr(offset, room.size()));
  }
  EXPECT_GT(failed, 0);
  EXPECT_LT(failed, 30);
}

}  // namespace
}  // namespace braid
