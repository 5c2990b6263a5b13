#include <braid/archive_reader.hpp>
#include <braid/archive_writer.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/engine/awkward_streams.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/support/forgetting_visitor.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/zero_source.hpp"

namespace braid {
namespace {

using test::TemporaryFolder;
using test::write_file;
using testing_streams::FailingSink;
using testing_streams::FailingSource;
using testing_streams::Failure;

std::string text_of(std::size_t size, unsigned seed = 1) {
  std::string text;
  while (text.size() < size) {
    seed = seed * 1'664'525U + 1'013'904'223U;
    text += "word" + std::to_string(seed >> 24) + ' ';
  }
  text.resize(size);
  return text;
}

Entry file(std::string path) {
  Entry entry;
  entry.path = std::move(path);
  entry.mode = 0644;
  entry.modified = Timestamp{1'700'000'000, 0};
  return entry;
}

// Gives out what it is given, without telling how much that is.
class Blind final : public Source {
 public:
  explicit Blind(std::string text) : text_(std::move(text)), rest_(text_) {}

  Result<std::size_t> read(MutableBytes out) override {
    return rest_.read(out.first(std::min<std::size_t>(out.size(), 1000)));
  }

 private:
  std::string text_;
  MemorySource rest_;
};

struct Kind {
  ArchiveFormat format;
  Algorithm algorithm;
};

// Several chunks of any format.
constexpr std::size_t large_size = sanitized::unless_any(3'000'000, 1'200'000);

const std::string& large_text() {
  static const std::string text = text_of(large_size);
  return text;
}

class ReaderWriter : public testing::TestWithParam<Kind> {
 protected:
  [[nodiscard]] ArchiveWriteOptions options() const {
    CompressionConfig config(GetParam().algorithm);
    if (GetParam().algorithm != Algorithm::none) config.level(Level::fastest);
    return {.format = GetParam().format, .compression = config};
  }

  [[nodiscard]] bool is_tar() const { return GetParam().format == ArchiveFormat::tar; }

  // 300 small files, a large one, a folder, a link: made once for each kind.
  const Buffer& archive() {
    static std::map<std::pair<ArchiveFormat, Algorithm>, Buffer> made;
    Buffer& bytes = made[{GetParam().format, GetParam().algorithm}];
    if (bytes.empty()) bytes = make();
    return bytes;
  }

  Buffer make() {
    Buffer bytes;
    BufferSink sink(bytes);
    auto writer = ArchiveWriter::open(engine_, sink, options()).value();
    Entry folder = file("folder");
    folder.type = EntryType::directory;
    folder.mode = 0755;
    writer.add(folder).value();
    for (int i = 0; i < 300; ++i) {
      writer
          .add(file("folder/" + std::to_string(i)),
               ByteView(text_of(static_cast<std::size_t>(i) * 7)))
          .value();
    }
    writer.add(file("large"), std::make_unique<Blind>(large_text())).value();
    Entry link = file("link");
    link.type = EntryType::symlink;
    link.link_target = "folder/7";
    writer.add(link).value();
    writer.add(file("last"), std::make_unique<Blind>("at last"), 7).value();
    const auto summary = writer.finish().value();
    EXPECT_EQ(summary.entries, 304U);
    return bytes;
  }

  Engine engine_{{.threads = 3}};
};

struct Thrown {
  int value = 0;
};

class Counting final : public EntryVisitor {
 public:
  Result<Visit> enter(const Entry& /*entry*/) override {
    ++entries;
    return Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& /*entry*/) override { return nullptr; }

  unsigned entries = 0;
};

// Throws at one of the three places where an entry is handled.
class Thrower final : public EntryVisitor {
 public:
  enum class At : std::uint8_t { enter, open, write };

  explicit Thrower(At at) : at_(at) {}

  Result<Visit> enter(const Entry& entry) override {
    hit(At::enter, entry);
    return entry.type == EntryType::file ? Visit::read : Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    class Sink final : public EntrySink {
     public:
      explicit Sink(bool throws) : throws_(throws) {}

      Result<void> write(ByteView /*bytes*/) override {
        if (throws_) throw Thrown{7};
        return {};
      }

      Result<void> finish() override { return {}; }

     private:
      bool throws_;
    };

    hit(At::open, entry);
    return std::unique_ptr<EntrySink>(std::make_unique<Sink>(at_ == At::write && chosen(entry)));
  }

 private:
  [[nodiscard]] static bool chosen(const Entry& entry) { return entry.path == "folder/200"; }

  void hit(At at, const Entry& entry) const {
    if (at == at_ && chosen(entry)) throw Thrown{7};
  }

  At at_;
};

TEST_P(ReaderWriter, what_a_visitor_throws_comes_out_and_leaves_the_engine_whole) {
  const Buffer& bytes = archive();
  const ArchiveReadOptions reading{.format = ArchiveName{GetParam().format, GetParam().algorithm}};
  for (const auto at : {Thrower::At::enter, Thrower::At::open, Thrower::At::write}) {
    MemorySource source(bytes);
    Thrower visitor(at);
    EXPECT_THROW(static_cast<void>(visit_archive(engine_, source, visitor, reading)), Thrown);
  }
  MemorySource source(bytes);
  Counting visitor;
  EXPECT_TRUE(visit_archive(engine_, source, visitor, reading));
  EXPECT_EQ(visitor.entries, 304U);
}

TEST_P(ReaderWriter, what_the_callback_of_an_extraction_throws_comes_out) {
  TemporaryFolder folder;
  ExtractOptions options{.on_entry = [](const Entry& entry) {
    if (entry.path == "folder/200") throw Thrown{4};
  }};
  options.read.format = ArchiveName{GetParam().format, GetParam().algorithm};
  MemorySource source(archive());
  EXPECT_THROW(static_cast<void>(extract_archive(engine_, source, folder / "out", options)),
               Thrown);
}

TEST_P(ReaderWriter, any_entry_is_found_and_read) {
  const Buffer& bytes = archive();
  const auto reader = ArchiveReader::open(engine_, bytes.view()).value();
  EXPECT_EQ(reader.format(), GetParam().format);
  ASSERT_EQ(reader.entries().size(), 304U);
  EXPECT_EQ(reader.entries()[8].path, "folder/7");
  for (const int i : {299, 0, 150}) {
    const Entry* entry = reader.find("folder/" + std::to_string(i));
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(reader.read(*entry).value().view().text(), text_of(static_cast<std::size_t>(i) * 7));
  }
  EXPECT_EQ(reader.read(*reader.find("./large")).value().view().text(), large_text());
  EXPECT_EQ(reader.read(*reader.find("last")).value().view().text(), "at last");
  EXPECT_EQ(reader.find("link")->link_target, "folder/7");
  EXPECT_EQ(reader.find("nothing"), nullptr);
  EXPECT_EQ(reader.find("folder/")->type, EntryType::directory);
  EXPECT_EQ(reader.read(*reader.find("folder")).error().code, Errc::invalid_argument);
  EXPECT_EQ(reader.read(file("last")).error().code, Errc::invalid_argument);
}

TEST_P(ReaderWriter, entries_are_read_in_pieces_by_many_threads_at_once) {
  const Buffer& bytes = archive();
  const auto reader = ArchiveReader::open(engine_, bytes.view()).value();
  const auto work = [&] {
    const auto source = reader.open_entry(*reader.find("large")).value();
    std::string text;
    Buffer piece(10'000);
    for (;;) {
      const std::size_t count = source->read(piece.writable()).value();
      if (count == 0) break;
      text += piece.view().first(count).text();
    }
    EXPECT_EQ(text, large_text());
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}

TEST_P(ReaderWriter, the_bytes_do_not_depend_on_the_threads) {
  const Buffer& bytes = archive();
  Engine one({.threads = 1});
  Buffer others;
  BufferSink sink(others);
  auto writer = ArchiveWriter::open(one, sink, options()).value();
  const auto reader = ArchiveReader::open(engine_, bytes.view()).value();
  for (const Entry& entry : reader.entries()) {
    if (entry.type == EntryType::file) {
      writer.add(entry, reader.read(entry).value()).value();
    } else {
      writer.add(entry).value();
    }
  }
  [[maybe_unused]] const auto summary = writer.finish().value();
  EXPECT_TRUE(bytes.view() == others.view());
}

TEST_P(ReaderWriter, limits_and_filters_hold) {
  const Buffer& bytes = archive();
  const auto reader = ArchiveReader::open(engine_, bytes.view(),
                                          {.filter = {.exclude = {"folder"}}, .max_output = 1000})
                          .value();
  EXPECT_EQ(reader.entries().size(), 3U);
  EXPECT_EQ(reader.read(*reader.find("large")).error().code, Errc::output_limit);
  EXPECT_EQ(reader.read(*reader.find("last")).value().view().text(), "at last");
  const auto few = ArchiveReader::open(engine_, bytes.view(), {.max_entries = 10});
  EXPECT_EQ(few.error().code, Errc::output_limit);
}

TEST_P(ReaderWriter, damage_is_an_error_and_not_other_bytes) {
  Buffer bytes;
  bytes.append(archive().view());
  for (const std::size_t at : {bytes.size() / 3, bytes.size() / 2}) {
    bytes.writable()[at] ^= std::byte{1};
    auto reader = ArchiveReader::open(engine_, bytes.view());
    if (reader) {
      const auto read = reader->read(*reader->find("large"));
      const bool unsummed = is_tar() && GetParam().algorithm == Algorithm::none;
      EXPECT_TRUE(unsummed || !read);
    }
    bytes.writable()[at] ^= std::byte{1};
  }
  bytes.resize(bytes.size() / 2);
  EXPECT_FALSE(ArchiveReader::open(engine_, bytes.view()));
}

TEST_P(ReaderWriter, what_no_reader_should_unpack_is_not_written) {
  Buffer bytes;
  BufferSink sink(bytes);
  auto writer = ArchiveWriter::open(engine_, sink, options()).value();
  EXPECT_EQ(writer.add(file("/etc/x"), ByteView("x")).error().code, Errc::unsafe_path);
  EXPECT_EQ(writer.add(file("a/../../x"), ByteView("x")).error().code, Errc::unsafe_path);
  Entry folder = file("folder");
  folder.type = EntryType::directory;
  EXPECT_EQ(writer.add(folder, ByteView("x")).error().code, Errc::invalid_argument);
  Entry link = file("b");
  link.type = EntryType::hardlink;
  link.link_target = "a";
  const auto linked = writer.add(link);
  EXPECT_EQ(linked.has_value(), is_tar());
  EXPECT_EQ(writer.finish().value().entries, is_tar() ? 1U : 0U);
}

TEST_P(ReaderWriter, a_source_that_ends_early_ends_the_archive) {
  TemporaryFolder folder;
  {
    auto writer = ArchiveWriter::create(engine_, folder / "a", options()).value();
    [[maybe_unused]] const auto added = writer.add(file("x"), std::make_unique<Blind>("short"), 10);
    EXPECT_EQ(writer.finish().error().code, Errc::io);
  }
  {
    auto writer = ArchiveWriter::create(engine_, folder / "a", options()).value();
    writer.add(file("x"), ByteView("given up")).value();
  }
  EXPECT_TRUE(folder.names().empty());
}

TEST_P(ReaderWriter, what_a_source_or_the_sink_throws_comes_out_of_finish) {
  TemporaryFolder folder;
  {
    auto writer = ArchiveWriter::create(engine_, folder / "a", options()).value();
    [[maybe_unused]] const auto added = writer.add(
        file("x"), std::make_unique<FailingSource>(ByteView(), Failure::thrown, 0), 1'000'000);
    EXPECT_THROW(static_cast<void>(writer.finish()), testing_streams::Thrown);
  }
  EXPECT_TRUE(folder.names().empty());
  write_file(folder / "x", "some");
  const CreateOptions creating{.folder = folder.path(),
                               .format = options().format,
                               .compression = options().compression,
                               .on_entry = [](const Entry&) { throw Thrown{3}; }};
  EXPECT_THROW(static_cast<void>(create_archive(engine_, folder / "a", {"x"}, creating)), Thrown);
  EXPECT_EQ(folder.names().size(), 1U);
  FailingSink sink(Failure::thrown, 0);
  auto writer = ArchiveWriter::open(engine_, sink, options()).value();
  for (Result<void> added; added;) added = writer.add(file("x"), ByteView("some"));
  EXPECT_THROW(static_cast<void>(writer.finish()), testing_streams::Thrown);
}

TEST_P(ReaderWriter, files_come_from_the_disk) {
  TemporaryFolder folder;
  write_file(folder / "source", text_of(200'000));
  ::chmod((folder / "source").c_str(), 0750);
  ::symlink("source", (folder / "link").c_str());
  auto writer = ArchiveWriter::create(engine_, folder / "a", options()).value();
  writer.add_path(folder / "source", "in/file").value();
  writer.add_path(folder / "link", "in/link").value();
  writer.add_path(folder.path(), "all").value();
  EXPECT_EQ(writer.add_path(folder / "missing", "x").error().code, Errc::not_found);
  EXPECT_EQ(writer.finish().value().entries, 3U);
  const auto reader = ArchiveReader::open(engine_, folder / "a").value();
  EXPECT_EQ(reader.find("in/file")->mode, 0750U);
  EXPECT_EQ(reader.read(*reader.find("in/file")).value().view().text(), text_of(200'000));
  EXPECT_EQ(reader.find("in/link")->link_target, "source");
  EXPECT_EQ(reader.find("all")->type, EntryType::directory);
  EXPECT_EQ(reader.entries().size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(Formats, ReaderWriter,
                         testing::Values(Kind{ArchiveFormat::tar, Algorithm::none},
                                         Kind{ArchiveFormat::tar, Algorithm::gzip},
                                         Kind{ArchiveFormat::tar, Algorithm::zstd},
                                         Kind{ArchiveFormat::zip, Algorithm::deflate},
                                         Kind{ArchiveFormat::zip, Algorithm::lzma},
                                         Kind{ArchiveFormat::zip, Algorithm::none}));

// Another name of a file has its content.
TEST(ArchiveReader, hard_links_and_holes_are_read_as_files) {
  TemporaryFolder folder;
  write_file(folder / "a", "start");
  ::truncate((folder / "a").c_str(), 5 << 20);
  ::link((folder / "a").c_str(), (folder / "b").c_str());
  Engine engine({.threads = 2});
  [[maybe_unused]] const auto summary =
      create_archive(engine, folder / "x.tar", {"a", "b"}, {.folder = folder.path()}).value();
  EXPECT_LT(std::filesystem::file_size(folder / "x.tar"), 1U << 20);
  const auto reader = ArchiveReader::open(engine, folder / "x.tar").value();
  ASSERT_EQ(reader.find("b")->type, EntryType::hardlink);
  const Buffer content = reader.read(*reader.find("b")).value();
  ASSERT_EQ(content.size(), 5U << 20);
  EXPECT_EQ(content.view().first(5).text(), "start");
  EXPECT_TRUE(
      std::ranges::all_of(content.view().drop(5), [](std::byte b) { return b == std::byte{0}; }));
}

// A zip out of a pipe tells its size only when all of it was read.
TEST(Ratio, of_an_archive_of_unknown_size_is_that_of_all_that_was_read) {
  if (sanitized::by_thread) GTEST_SKIP() << "a GiB of content, and no more threads than elsewhere";
  Engine engine({.threads = 2});
  for (const Kind kind :
       {Kind{ArchiveFormat::zip, Algorithm::deflate}, Kind{ArchiveFormat::tar, Algorithm::gzip}}) {
    CompressionConfig config(kind.algorithm);
    config.level(Level::fastest);
    Buffer bytes;
    BufferSink sink(bytes);
    auto writer =
        ArchiveWriter::open(engine, sink, {.format = kind.format, .compression = config}).value();
    writer.add(file("zeros"), std::make_unique<support::ZeroSource>(1_GiB + 1_MiB), 1_GiB + 1_MiB)
        .value();
    [[maybe_unused]] const auto summary = writer.finish().value();
    support::ForgettingVisitor visitor;
    Blind allowed{std::string(bytes.view().text())};
    const auto read = visit_archive(engine, allowed, visitor, {.max_ratio = 10'000});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->bytes, 1_GiB + 1_MiB);
    Blind refused{std::string(bytes.view().text())};
    const auto limited = visit_archive(engine, refused, visitor, {.max_ratio = 50});
    EXPECT_EQ(limited.error().code, Errc::output_limit);
  }
}

}  // namespace
}  // namespace braid
