#include <braid/archive_reader.hpp>
#include <braid/archive_writer.hpp>

#include <random>

#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/support/sanitized.hpp"

namespace braid {
namespace {

using test::TemporaryFolder;
using test::write_file;

// Of several chunks, and beyond what is packed in one piece.
constexpr std::size_t large_size = sanitized::unless_any(12'000'000, 9'000'000);

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "line " + std::to_string(i * i) + '\n';
  text.resize(size);
  return text;
}

std::string noise_of(std::size_t size) {
  std::mt19937 random(1);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

Entry file(std::string path) {
  Entry entry;
  entry.path = std::move(path);
  entry.mode = 0644;
  entry.modified = Timestamp{1'700'000'000, 0};
  return entry;
}

// What is looked at in a header before the content.
struct Local {
  std::uint16_t flags;
  std::uint16_t method;
  std::uint32_t packed;
  std::uint32_t plain;
};

Local local_of(const Buffer& archive, const Entry& entry) {
  const std::byte* at = archive.view().data() + *entry.offset;
  return {base::load_le<std::uint16_t>(at + 6), base::load_le<std::uint16_t>(at + 8),
          base::load_le<std::uint32_t>(at + 18), base::load_le<std::uint32_t>(at + 22)};
}

class ZipWritten : public testing::Test {
 protected:
  template <typename Fill>
  Buffer make(Fill fill, Algorithm algorithm = Algorithm::deflate) {
    Buffer bytes;
    BufferSink sink(bytes);
    auto writer = ArchiveWriter::open(
                      engine_, sink,
                      {.format = ArchiveFormat::zip, .compression = CompressionConfig(algorithm)})
                      .value();
    fill(writer);
    [[maybe_unused]] const auto summary = writer.finish().value();
    return bytes;
  }

  ArchiveReader open(const Buffer& archive) {
    return ArchiveReader::open(engine_, archive.view()).value();
  }

  Engine engine_{{.threads = 3}};
};

TEST_F(ZipWritten, every_method_restores_small_and_large_entries) {
  struct Case {
    Algorithm algorithm;
    std::uint16_t method;
  };

  std::string large;  // repeats itself, which all of them pack soon
  while (large.size() < large_size) large += text_of(50'000);
  for (const Case& each :
       {Case{Algorithm::none, 0}, Case{Algorithm::deflate, 8}, Case{Algorithm::bzip2, 12},
        Case{Algorithm::lzma, 14}, Case{Algorithm::zstd, 93}, Case{Algorithm::xz, 95}}) {
    if (!info(each.algorithm).built) continue;
    // These two are slow, and shared out to threads as the others are.
    if (sanitized::by_thread && (each.method == 12 || each.method == 14)) continue;
    const Buffer archive = make(
        [&](ArchiveWriter& writer) {
          writer.add(file("small"), ByteView(text_of(5'000))).value();
          writer.add(file("large"), ByteView(large)).value();
          writer.add(file("empty"), ByteView()).value();
        },
        each.algorithm);
    const ArchiveReader reader = open(archive);
    EXPECT_EQ(local_of(archive, *reader.find("small")).method, each.method);
    EXPECT_EQ(local_of(archive, *reader.find("large")).method, each.method);
    EXPECT_EQ(local_of(archive, *reader.find("empty")).method, 0);
    EXPECT_EQ(reader.read(*reader.find("small")).value().view().text(), text_of(5'000));
    EXPECT_TRUE(reader.read(*reader.find("large")).value().view().text() == large);
    EXPECT_TRUE(reader.read(*reader.find("empty")).value().empty());
  }
}

TEST_F(ZipWritten, what_does_not_get_smaller_is_stored) {
  const std::string noise = noise_of(50'000);
  const Buffer archive = make([&](ArchiveWriter& writer) {
    writer.add(file("noise"), ByteView(noise)).value();
    writer.add(file("text"), ByteView(text_of(50'000))).value();
  });
  const ArchiveReader reader = open(archive);
  EXPECT_EQ(local_of(archive, *reader.find("noise")).method, 0);
  EXPECT_EQ(local_of(archive, *reader.find("text")).method, 8);
  EXPECT_EQ(reader.read(*reader.find("noise")).value().view().text(), noise);
}

TEST_F(ZipWritten, sizes_stand_before_the_content_of_all_but_large_entries) {
  const Buffer archive = make([&](ArchiveWriter& writer) {
    writer.add(file("small"), ByteView(text_of(100'000))).value();
    writer.add(file("large"), ByteView(text_of(9'000'000))).value();
  });
  const ArchiveReader reader = open(archive);
  const Local small = local_of(archive, *reader.find("small"));
  EXPECT_EQ(small.flags & 8, 0);
  EXPECT_EQ(small.plain, 100'000U);
  EXPECT_EQ(small.packed, *reader.find("small")->compressed_size);
  const Local large = local_of(archive, *reader.find("large"));
  EXPECT_EQ(large.flags & 8, 8);
  EXPECT_EQ(large.plain, 0U);
}

TEST_F(ZipWritten, zip64_stands_where_a_count_does_not_fit_and_nowhere_else) {
  if (sanitized::by_thread) GTEST_SKIP() << "one thread";
  for (const int count : {65'534, 65'535}) {
    const Buffer archive = make([&](ArchiveWriter& writer) {
      for (int i = 0; i < count; ++i) writer.add(file(std::to_string(i)), ByteView()).value();
    });
    const std::byte* end = archive.view().data() + archive.size() - 22;
    EXPECT_EQ(base::load_le<std::uint16_t>(end + 10), count);
    EXPECT_EQ(base::load_le<std::uint32_t>(end - 20) == 0x0706'4b50, count == 65'535);
    EXPECT_EQ(open(archive).entries().size(), static_cast<std::size_t>(count));
  }
}

TEST_F(ZipWritten, names_beyond_ascii_are_said_to_be_utf8_when_they_are) {
  const Buffer archive = make([&](ArchiveWriter& writer) {
    writer.add(file("plain"), ByteView("x")).value();
    writer.add(file("caf\xc3\xa9"), ByteView("x")).value();
    writer.add(file("caf\xe9"), ByteView("x")).value();
  });
  const ArchiveReader reader = open(archive);
  EXPECT_EQ(local_of(archive, reader.entries()[0]).flags & 0x800, 0);
  EXPECT_EQ(local_of(archive, reader.entries()[1]).flags & 0x800, 0x800);
  EXPECT_EQ(local_of(archive, reader.entries()[2]).flags & 0x800, 0);
}

TEST_F(ZipWritten, modes_times_owners_and_links_come_back) {
  Entry entry = file("file");
  entry.mode = 04751;
  entry.user_id = 70'000;
  entry.group_id = 8;
  Entry link = file("link");
  link.type = EntryType::symlink;
  link.link_target = "file";
  Entry folder = file("folder");
  folder.type = EntryType::directory;
  folder.mode = 0700;
  // Before 1970, with a fraction, beyond 32 bits.
  const std::vector<Timestamp> times = {{-5'000'000'000, 0},
                                        {1'700'000'001, 123'456'700},
                                        {5'000'000'001, 500'000'000},
                                        {-1, 999'999'900}};
  const Buffer archive = make([&](ArchiveWriter& writer) {
    writer.add(entry, ByteView("x")).value();
    writer.add(link).value();
    writer.add(folder).value();
    for (std::size_t i = 0; i < times.size(); ++i) {
      Entry timed = file(std::to_string(i));
      timed.modified = times[i];
      writer.add(timed, ByteView("x")).value();
    }
  });
  const ArchiveReader reader = open(archive);
  EXPECT_EQ(reader.find("file")->mode, 04751U);
  EXPECT_EQ(reader.find("file")->user_id, 70'000U);
  EXPECT_EQ(reader.find("file")->group_id, 8U);
  EXPECT_EQ(reader.find("link")->type, EntryType::symlink);
  EXPECT_EQ(reader.find("link")->link_target, "file");
  EXPECT_EQ(reader.find("folder")->type, EntryType::directory);
  EXPECT_EQ(reader.find("folder")->mode, 0700U);
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_EQ(reader.find(std::to_string(i))->modified, times[i]) << i;
  }
}

TEST_F(ZipWritten, the_bytes_depend_on_neither_threads_nor_sink) {
  TemporaryFolder folder;
  std::filesystem::create_directory(folder / "t");
  for (int i = 0; i < 200; ++i) {
    write_file(folder / "t" / std::to_string(i), text_of(static_cast<std::size_t>(i) * 100));
  }
  write_file(folder / "t" / "large", text_of(large_size));
  for (const Algorithm algorithm : {Algorithm::deflate, Algorithm::zstd, Algorithm::none}) {
    const CreateOptions options{.folder = folder.path(),
                                .format = ArchiveFormat::zip,
                                .compression = CompressionConfig(algorithm)};
    [[maybe_unused]] const auto wanted =
        create_archive(engine_, folder / "wanted", {"t"}, options, Overwrite::replace).value();
    const std::string bytes = test::read_file(folder / "wanted");
    for (const unsigned threads : {1U, 2U, 7U}) {
      if (sanitized::at_all && threads != 2) continue;
      Engine other({.threads = threads});
      Buffer memory;
      BufferSink sink(memory);
      [[maybe_unused]] const auto same = create_archive(other, sink, {"t"}, options).value();
      EXPECT_TRUE(memory.view().text() == bytes) << threads;
    }
  }
}

TEST_F(ZipWritten, algorithms_that_zip_lacks_are_refused) {
  Buffer bytes;
  BufferSink sink(bytes);
  for (const Algorithm algorithm : {Algorithm::lz4, Algorithm::brotli}) {
    const auto made = create_archive(engine_, sink, {"."},
                                     {.folder = "/proc/self/task",
                                      .format = ArchiveFormat::zip,
                                      .compression = CompressionConfig(algorithm)});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::invalid_argument);
    EXPECT_TRUE(bytes.empty());
  }
}

}  // namespace
}  // namespace braid
