#include <braid/braid.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/corpus.hpp"
#include "tests/support/sha256.hpp"

namespace braid {
namespace {

// Beyond it the listings have "-" for a hash.
constexpr std::uint64_t hashed_at_most = 64_MiB;

struct Line {
  std::uint64_t size = 0;
  std::string hash;
  std::string name;
};

// Keeps what the listings of the corpus say of each regular file.
class Lister final : public EntryVisitor {
 public:
  Result<Visit> enter(const Entry& entry) override {
    if (entry.type != EntryType::file) return Visit::skip;
    places_.push_back(*entry.offset);
    lines.push_back({entry.size, "-", entry.path});
    return entry.size > hashed_at_most ? Visit::skip : Visit::read;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    return std::unique_ptr<EntrySink>(std::make_unique<Hasher>(*this, *entry.offset));
  }

  // After the visit: gives every line its hash.
  void settle() {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto found = hashes_.find(places_[i]);
      if (found != hashes_.end()) lines[i].hash = found->second;
    }
  }

  std::deque<Line> lines;  // stays in place while it grows

 private:
  class Hasher final : public EntrySink {
   public:
    Hasher(Lister& owner, std::uint64_t place) : owner_(owner), place_(place) {}

    Result<void> write(ByteView bytes) override {
      content_.append(bytes);
      return {};
    }

    Result<void> finish() override {
      std::string hash = support::sha256(content_.view());
      const std::lock_guard lock(owner_.mutex_);
      owner_.hashes_[place_] = std::move(hash);
      return {};
    }

   private:
    Lister& owner_;
    std::uint64_t place_;
    Buffer content_;
  };

  std::mutex mutex_;
  std::map<std::uint64_t, std::string> hashes_;  // by place in the archive, which entries may share
  std::vector<std::uint64_t> places_;
};

std::vector<Line> listing(const std::string& path) {
  std::ifstream file(support::corpus_folder() / "listings" / (path + ".tsv"));
  std::vector<Line> lines;
  for (std::string text; std::getline(file, text);) {
    std::istringstream fields(text);
    Line line;
    std::string size;
    std::getline(fields, size, '\t');
    std::getline(fields, line.hash, '\t');
    std::getline(fields, line.name);
    line.size = std::stoull(size);
    lines.push_back(line);
  }
  return lines;
}

// Where the listing, made by Python, is wrong: it takes GNU's times for a prefix, an empty path of
// an extended header for the name "" instead of the header's, and the map of a sparse file for its
// content. It knows no extra field with a Unicode name either.
bool listing_is_wrong(const std::string& path) {
  constexpr std::string_view wrong[] = {"test-times-gnu-incremental.tar",
                                        "test-times-gnutar.tar",
                                        "test-times-oldgnu-incremental.tar",
                                        "go-tar/gnu-incremental.tar",
                                        "pax-global-records.tar",
                                        "pax-sparse-big.tar",
                                        "COMPRESS-479.zip"};
  return std::ranges::any_of(wrong, [&](std::string_view end) { return path.ends_with(end); });
}

void expect_listing(const support::CorpusRow& row, const std::deque<Line>& found) {
  if (!std::filesystem::exists(support::corpus_folder() / "listings" / (row.path + ".tsv"))) return;
  if (listing_is_wrong(row.path)) return;
  const std::vector<Line> stated = listing(row.path);
  ASSERT_EQ(found.size(), stated.size()) << row.path << ": " << row.note;
  // Python takes every name without the UTF-8 flag for code page 437; braid, what is no UTF-8.
  const bool names_differ = row.note.find("cp437") != std::string::npos;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!names_differ) {
      EXPECT_EQ(found[i].name, stated[i].name) << row.path;
    }
    EXPECT_EQ(found[i].size, stated[i].size) << row.path << ' ' << found[i].name;
    if (stated[i].hash != "-") {
      EXPECT_EQ(found[i].hash, stated[i].hash) << row.path << ' ' << found[i].name;
    }
  }
}

class ArchiveCorpus : public testing::TestWithParam<std::string> {};

TEST_P(ArchiveCorpus, every_archive_has_the_stated_verdict_and_listing) {
  const auto rows = support::corpus_rows();
  if (rows.empty()) {
    GTEST_SKIP() << "NO CORPUS at " << support::corpus_folder() << ": set BRAID_CORPUS";
  }
  Engine engine({.threads = 2});
  std::size_t judged = 0;
  for (const auto& row : rows) {
    if (row.kind != GetParam()) continue;
    Lister lister;
    const auto result = visit_archive(engine, support::corpus_folder() / row.path, lister);
    const std::string outcome = result ? "accepted" : result.error().text();
    if (row.verdict == "ok") {
      EXPECT_TRUE(result) << row.path << ": " << outcome << "; " << row.note;
    } else if (row.verdict == "fail") {
      EXPECT_FALSE(result) << row.path << ": " << row.note;
    }
    lister.settle();
    if (result) expect_listing(row, lister.lines);
    if (!result) {
      EXPECT_NE(result.error().code, Errc::internal) << row.path;
    }
    ++judged;
  }
  std::printf("corpus: %zu %s archives judged\n", judged, GetParam().c_str());
}

INSTANTIATE_TEST_SUITE_P(Formats, ArchiveCorpus, testing::Values("tar", "zip"),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace braid
