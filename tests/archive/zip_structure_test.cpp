#include <braid/archive.hpp>

#include <functional>
#include <map>
#include <mutex>

#include <gtest/gtest.h>

#include "tests/archive/zip_builder.hpp"
#include "tests/io/temporary_folder.hpp"

namespace braid {
namespace {

using test::deflated;
using test::EndLies;
using test::extra_field;
using test::little;
using test::stored;
using test::ZipBuilder;
using test::ZipHeader;

// Keeps what was read to its end, by path.
class Collector final : public EntryVisitor {
 public:
  Result<Visit> enter(const Entry& entry) override {
    entered.push_back(entry.path);
    return entry.type == EntryType::file ? Visit::read : Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    return std::unique_ptr<EntrySink>(std::make_unique<Keeper>(*this, entry.path));
  }

  std::vector<std::string> entered;
  std::map<std::string, std::string> contents;

 private:
  class Keeper final : public EntrySink {
   public:
    Keeper(Collector& owner, std::string path) : owner_(owner), path_(std::move(path)) {}

    Result<void> write(ByteView bytes) override {
      content_ += bytes.text();
      return {};
    }

    Result<void> finish() override {
      const std::lock_guard lock(owner_.mutex_);
      owner_.contents[path_] = content_;
      return {};
    }

   private:
    Collector& owner_;
    std::string path_;
    std::string content_;
  };

  std::mutex mutex_;
};

class ZipStructure : public testing::Test {
 protected:
  // From a file and through a pipe, where the verdict must be the same.
  Result<ArchiveSummary> visit(const std::string& archive, const ArchiveReadOptions& options = {}) {
    const auto path = folder_ / "archive";
    test::write_file(path, archive);
    Collector piped;
    MemorySource source((ByteView(archive)));
    ArchiveReadOptions as_zip = options;
    as_zip.format = ArchiveName{ArchiveFormat::zip, Algorithm::deflate};
    const auto through_pipe = visit_archive(engine_, source, piped, as_zip);
    found_.contents.clear();
    found_.entered.clear();
    auto summary = visit_archive(engine_, path, found_, as_zip);
    EXPECT_EQ(summary.has_value(), through_pipe.has_value());
    if (summary) {
      EXPECT_TRUE(found_.contents == piped.contents);
    } else if (!through_pipe) {
      EXPECT_EQ(summary.error().code, through_pipe.error().code);
    }
    return summary;
  }

  void expect_error(const std::string& archive, Errc code, const std::string& what) {
    const auto summary = visit(archive);
    ASSERT_FALSE(summary) << what;
    EXPECT_EQ(summary.error().code, code) << what << ": " << summary.error().message;
  }

  test::TemporaryFolder folder_;
  Engine engine_{{.threads = 3}};
  Collector found_;
};

TEST_F(ZipStructure, what_ties_out_is_read) {
  ZipBuilder zip;
  zip.add(stored("a", "one")).add(deflated("b", std::string(100'000, 'x'))).add(stored("c", ""));
  ASSERT_TRUE(visit(zip.finish()));
  const std::map<std::string, std::string> wanted = {
      {"a", "one"}, {"b", std::string(100'000, 'x')}, {"c", ""}};
  EXPECT_EQ(found_.contents, wanted);
  EXPECT_EQ(found_.entered, (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_TRUE(visit(ZipBuilder().finish()));
  EXPECT_TRUE(found_.entered.empty());
}

TEST_F(ZipStructure, entries_that_share_bytes_are_refused) {
  ZipBuilder one_for_two;
  const ZipHeader a = stored("a", "content");
  const std::uint32_t start = one_for_two.local(a);
  one_for_two.central(a, start);
  one_for_two.central(stored("b", "content"), start);
  expect_error(one_for_two.finish(), Errc::corrupt, "two names of one place");

  ZipBuilder inner;
  const ZipHeader quoted = stored("q", "quoted");
  inner.local(quoted);
  ZipBuilder outer;
  const ZipHeader whole = stored("a", inner.bytes);
  outer.central(whole, outer.local(whole));
  outer.central(quoted, 31);  // behind the header and the name of the first
  expect_error(outer.finish(), Errc::corrupt, "one within the other");

  ZipBuilder many;
  const ZipHeader kernel = deflated("a", std::string(100'000, 'x'));
  const std::uint32_t kernel_start = many.local(kernel);
  for (int i = 0; i < 1000; ++i) many.central(kernel, kernel_start);
  expect_error(many.finish(), Errc::corrupt, "one a thousand times");
}

TEST_F(ZipStructure, entries_that_reach_into_the_directory_are_refused) {
  ZipBuilder zip;
  ZipHeader header = stored("a", "content");
  header.packed_size += 1;
  header.plain_size += 1;
  expect_error(zip.add(header).finish(), Errc::corrupt, "one byte too many");
  ZipBuilder nowhere;
  nowhere.local(stored("a", "content"));
  nowhere.central(stored("a", "content"), 0x7fff'ffff);
  expect_error(nowhere.finish(), Errc::corrupt, "behind the end");
}

TEST_F(ZipStructure, headers_that_differ_are_refused) {
  const std::map<std::string, std::function<void(ZipHeader&)>> lies = {
      {"name", [](ZipHeader& header) { header.name = "z"; }},
      {"longer name", [](ZipHeader& header) { header.name = "aa"; }},
      {"method", [](ZipHeader& header) { header.method = 0; }},
      {"sum", [](ZipHeader& header) { header.crc ^= 1; }},
      {"packed size", [](ZipHeader& header) { header.packed_size -= 1; }},
      {"plain size", [](ZipHeader& header) { header.plain_size += 1; }},
      {"encryption", [](ZipHeader& header) { header.flags |= 1; }},
  };
  const ZipHeader truth = deflated("a", std::string(1000, 'x'));
  for (const auto& [what, lie] : lies) {
    ZipHeader header = truth;
    lie(header);
    ZipBuilder zip;
    zip.central(truth, zip.local(header));
    zip.add(stored("behind", "more than the longer name takes"));
    expect_error(zip.finish(), Errc::corrupt, what);
  }
}

TEST_F(ZipStructure, sizes_behind_the_content_are_taken_from_the_directory) {
  ZipBuilder zip;
  ZipHeader truth = deflated("a", std::string(1000, 'x'));
  truth.flags |= 8;
  ZipHeader header = truth;
  header.crc = header.packed_size = header.plain_size = 0;
  zip.central(truth, zip.local(header));
  zip.bytes += "PK\7\10" + little(truth.crc, 4) + little(truth.packed_size, 4) + little(1000, 4);
  ASSERT_TRUE(visit(zip.finish()));
  EXPECT_EQ(found_.contents["a"], std::string(1000, 'x'));
}

TEST_F(ZipStructure, an_end_record_that_does_not_tie_out_is_refused) {
  ZipBuilder zip;
  zip.add(stored("a", "one")).add(stored("b", "two"));
  const auto cut = static_cast<int>(zip.directory.size());
  for (const EndLies lies :
       {EndLies{.entries = 1}, EndLies{.entries = -1}, EndLies{.entries = 60'000},
        EndLies{.size = 1}, EndLies{.size = -1}, EndLies{.size = -cut / 2}, EndLies{.start = 1},
        EndLies{.start = 1 << 30}}) {
    expect_error(zip.finish({}, lies), Errc::corrupt,
                 std::to_string(lies.entries) + " " + std::to_string(lies.size) + " " +
                     std::to_string(lies.start));
  }
  expect_error(ZipBuilder().finish({}, {.entries = 0xffff}), Errc::corrupt, "counts in 22 bytes");
}

TEST_F(ZipStructure, of_two_directories_none_is_chosen) {
  ZipBuilder zip;
  zip.add(stored("a", "one"));
  // A second directory, in the comment of the first, of an entry that lies there too.
  const ZipHeader other = stored("b", "two");
  const std::size_t comment_start = zip.finish().size();
  ZipBuilder inner;
  inner.bytes = std::string(comment_start, ' ');
  inner.add(other);
  const std::string comment = inner.finish().substr(comment_start);
  expect_error(zip.finish(comment), Errc::corrupt, "both tie out");
  // One that leads nowhere is a part of the comment.
  ASSERT_TRUE(visit(zip.finish(inner.finish({}, {.start = 1 << 20}).substr(comment_start))));
  EXPECT_EQ(found_.contents["a"], "one");
}

TEST_F(ZipStructure, a_zip64_record_must_be_where_it_is_said_to_be) {
  ZipBuilder zip;
  zip.add(stored("a", "one"));
  const std::uint64_t end64 = zip.bytes.size() + zip.directory.size();
  const auto record = [&](std::uint64_t entries) {
    return "PK\6\6" + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) +
           little(entries, 8) + little(entries, 8) + little(zip.directory.size(), 8) +
           little(zip.bytes.size(), 8);
  };
  const auto locator = [](std::uint64_t at) {
    return "PK\6\7" + little(0, 4) + little(at, 8) + little(1, 4);
  };
  const int absent = 0xffff - 1;
  ASSERT_TRUE(visit(zip.finish({}, {.entries = absent}, record(1) + locator(end64))));
  EXPECT_EQ(found_.contents["a"], "one");
  expect_error(zip.finish({}, {.entries = absent}, record(2) + locator(end64)), Errc::corrupt,
               "another count");
  expect_error(zip.finish({}, {.entries = 1}, record(1) + locator(end64)), Errc::corrupt,
               "two counts");
  expect_error(zip.finish({}, {.entries = absent}, std::string(56, 'x') + locator(end64)),
               Errc::corrupt, "no record");
}

TEST_F(ZipStructure, bytes_before_the_archive_are_taken_and_behind_it_unless_strict) {
  ZipBuilder zip;
  zip.add(stored("a", "one"));
  ASSERT_TRUE(visit("#!/bin/sh\n" + zip.finish()));
  EXPECT_EQ(found_.contents["a"], "one");
  ASSERT_TRUE(visit(zip.finish() + "behind"));
  EXPECT_EQ(found_.contents["a"], "one");
  const auto strict = visit(zip.finish() + "behind", {.strict = true});
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().code, Errc::trailing_data);
}

TEST_F(ZipStructure, any_shorter_archive_is_refused) {
  ZipBuilder zip;
  zip.add(stored("a", "one")).add(deflated("b", "two and more"));
  const std::string whole = zip.finish();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(visit(whole.substr(0, size))) << size;
  }
}

TEST_F(ZipStructure, content_of_another_size_or_sum_is_refused) {
  const std::string content(50'000, 'x');
  for (const int more : {-1, 1, 1 << 30}) {
    ZipHeader header = deflated("a", content);
    header.plain_size += static_cast<std::uint32_t>(more);
    expect_error(ZipBuilder().add(header).finish(), Errc::corrupt, std::to_string(more));
  }
  ZipHeader sum = deflated("a", content);
  sum.crc ^= 0x100;
  expect_error(ZipBuilder().add(sum).finish(), Errc::checksum_mismatch, "sum");
  ZipHeader longer = deflated("a", content);
  longer.packed += "?";
  longer.packed_size += 1;
  EXPECT_FALSE(visit(ZipBuilder().add(longer).finish())) << "bytes behind the packed end";
  ZipHeader shorter = deflated("a", content);
  shorter.packed.pop_back();
  shorter.packed_size -= 1;
  EXPECT_FALSE(visit(ZipBuilder().add(shorter).finish())) << "packed content cut short";
}

TEST_F(ZipStructure, what_cannot_be_read_is_refused_by_name_and_the_rest_is_read_if_wanted) {
  struct Case {
    std::uint16_t method;
    std::uint16_t flags;
    std::string_view name;
  };

  for (const Case& bad :
       {Case{99, 1, "AES"}, Case{8, 1, "ZipCrypto"}, Case{8, 0x41, "PKWARE"},
        Case{9, 0, "deflate64"}, Case{98, 0, "PPMd"}, Case{6, 0, "implode"}, Case{77, 0, "77"}}) {
    ZipHeader header = stored("bad", "secret");
    header.method = bad.method;
    header.flags = bad.flags;
    ZipBuilder zip;
    zip.add(stored("a", "one")).add(header).add(stored("b", "two"));
    const auto refused = visit(zip.finish());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unsupported_feature) << bad.name;
    EXPECT_NE(refused.error().message.find(bad.name), std::string::npos) << refused.error().message;
    const auto rest = visit(
        zip.finish(),
        {.on_problem = [](const std::string& entry, const Error&) { return entry == "bad"; }});
    ASSERT_TRUE(rest) << bad.name;
    EXPECT_EQ(rest->skipped, 1U);
    const std::map<std::string, std::string> wanted = {{"a", "one"}, {"b", "two"}};
    EXPECT_EQ(found_.contents, wanted);
  }
}

TEST_F(ZipStructure, a_bomb_stops_at_the_limits) {
  ZipBuilder zip;
  for (int i = 0; i < 20; ++i) {
    zip.add(deflated(std::to_string(i), std::string(1 << 20, '\0')));
  }
  const auto bytes = visit(zip.finish(), {.max_output = 3 << 20});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, Errc::output_limit);
  EXPECT_LE(found_.contents.size(), 3U);
  const auto entries = visit(zip.finish(), {.max_entries = 19});
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().code, Errc::output_limit);
}

TEST_F(ZipStructure, names_are_utf8_or_code_page_437) {
  ZipBuilder zip;
  ZipHeader flagged = stored("caf\xc3\xa9", "");
  flagged.flags = 0x800;
  const std::string old_name = "caf\x82.2";
  const std::string better = "caf\xc3\xa9.3";
  ZipHeader unicode = stored("caf_.3", "");
  unicode.extra = extra_field(0x7075, '\1' + little(test::crc_of("caf_.3"), 4) + better);
  ZipHeader stale = stored("renamed", "");
  stale.extra = extra_field(0x7075, '\1' + little(test::crc_of("before"), 4) + better);
  ZipHeader windows = stored("folder\\file", "");
  windows.made = 20;
  windows.attributes = 0x20;
  zip.add(flagged).add(stored("caf\xc3\xa9.1", "")).add(stored(old_name, ""));
  zip.add(unicode).add(stale).add(windows).add(stored("unix\\name", ""));
  ASSERT_TRUE(visit(zip.finish()));
  const std::vector<std::string> wanted = {"caf\xc3\xa9", "caf\xc3\xa9.1", "caf\xc3\xa9.2", better,
                                           "renamed",     "folder/file",   "unix\\name"};
  EXPECT_EQ(found_.entered, wanted);
}

}  // namespace
}  // namespace braid
