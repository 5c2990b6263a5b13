#include <filesystem>
#include <sstream>

#include <nlohmann/json.hpp>

#include "program.hpp"

namespace cli_test {
namespace {

using nlohmann::json;

class JsonOutput : public CliTest {
 protected:
  // Every line is an object of schema 1.
  static std::vector<json> lines(const std::string& text) {
    std::vector<json> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      all.push_back(json::parse(line));
      EXPECT_EQ(all.back().at("schema"), 1);
    }
    return all;
  }
};

TEST_F(JsonOutput, tells_results) {
  write("a", sample());
  const Ran ran = braid({"--json", "a"});
  EXPECT_EQ(ran.err, "");
  const auto told = lines(ran.out);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].at("type"), "result");
  EXPECT_EQ(told[0].at("action"), "compress");
  EXPECT_EQ(told[0].at("file"), "a");
  EXPECT_EQ(told[0].at("output"), "a.zst");
  EXPECT_EQ(told[0].at("format"), "zstd");
  EXPECT_EQ(told[0].at("bytes_in"), sample().size());
  EXPECT_EQ(told[0].at("bytes_out"), read("a.zst").size());
  EXPECT_TRUE(told[0].at("seconds").is_number());
}

TEST_F(JsonOutput, keeps_out_of_the_way_of_data) {
  const Ran ran = braid({"--json"}, sample());
  EXPECT_EQ(braid({"-d"}, ran.out).out, sample());
  const auto told = lines(ran.err);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].at("output"), "-");
}

TEST_F(JsonOutput, lists_with_sums) {
  write("a", sample());
  ASSERT_EQ(braid({"-NF", "gzip", "--comment", "remark", "a"}).code, 0);
  const auto told = lines(braid({"-l", "--json", "a.gz"}).out);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].at("type"), "list");
  EXPECT_EQ(told[0].at("uncompressed"), sample().size());
  EXPECT_EQ(told[0].at("compressed"), read("a.gz").size());
  EXPECT_EQ(told[0].at("check"), "CRC-32");
  EXPECT_EQ(told[0].at("stored_name"), "a");
  EXPECT_EQ(told[0].at("comment"), "remark");
  EXPECT_EQ(told[1].at("type"), "total");
  EXPECT_EQ(told[1].at("files"), 1);
}

TEST_F(JsonOutput, tells_errors_with_code_and_place) {
  const std::string good = braid({"-F", "gzip"}, sample()).out;
  write("a.gz", good.substr(0, good.size() / 2));
  const Ran ran = braid({"-t", "--json", "a.gz", "missing"});
  EXPECT_EQ(ran.code, 1);
  const auto told = lines(ran.out);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].at("type"), "error");
  EXPECT_EQ(told[0].at("file"), "a.gz");
  EXPECT_EQ(told[0].at("code"), "truncated");
  EXPECT_EQ(told[0].at("format"), "gzip");
  EXPECT_TRUE(told[0].at("offset").is_number());
  EXPECT_EQ(told[0].at("exit_status"), 1);
  EXPECT_EQ(told[1].at("code"), "not_found");
  EXPECT_EQ(told[1].at("os_error"), ENOENT);
}

TEST_F(JsonOutput, tells_usage_errors_too) {
  const Ran ran = braid({"--json", "--frobnicate"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(lines(ran.out).at(0).at("code"), "invalid_argument");
}

TEST_F(JsonOutput, says_names_that_are_not_utf8_exactly) {
  write("\xff.gz", "junk");
  const auto told = lines(braid({"-t", "--json", "\xff.gz"}).out);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].at("file_hex"), "ff2e677a");
}

TEST_F(JsonOutput, tells_what_the_threads_did) {
  write("a", sample(300'000));
  const Ran ran = braid({"--stats", "--json", "-T2", "--trace", "trace.json", "a"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto told = lines(ran.out);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1].at("type"), "stats");
  EXPECT_EQ(told[1].at("threads"), 2);
  EXPECT_EQ(told[1].at("calls"), 1);
  std::uint64_t taken = 0;
  for (const json& lane : told[1].at("lanes")) taken += lane.at("bytes_in").get<std::uint64_t>();
  EXPECT_EQ(taken, sample(300'000).size());
  EXPECT_FALSE(json::parse(read("trace.json")).empty());
}

TEST_F(JsonOutput, describes_the_formats) {
  const auto told = lines(braid({"formats", "--json"}).out);
  ASSERT_EQ(told.size(), 1U);
  bool has_gzip = false;
  for (const json& format : told[0].at("formats")) {
    if (format.at("name") != "gzip") continue;
    has_gzip = true;
    EXPECT_EQ(format.at("extensions").at(0), ".gz");
    EXPECT_TRUE(format.at("levels").at("max").is_number());
    EXPECT_FALSE(format.at("settings").empty());
  }
  EXPECT_TRUE(has_gzip);
}

TEST_F(JsonOutput, describes_the_formats_of_archives) {
  const auto told = lines(braid({"formats", "--json"}).out);
  ASSERT_EQ(told[0].at("archives").size(), 2U);
  EXPECT_EQ(told[0].at("archives").at(0).at("name"), "tar");
  EXPECT_TRUE(told[0].at("archives").at(0).at("compressed_as_a_whole").get<bool>());
  EXPECT_EQ(told[0].at("archives").at(1).at("extensions").at(0), ".zip");
}

TEST_F(JsonOutput, tells_what_was_measured) {
  write("a", sample(100'000));
  const Ran ran = braid({"bench", "--json", "-F", "gzip", "--runs", "1", "a"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto told = lines(ran.out);
  ASSERT_GE(told.size(), 3U);
  for (const json& row : told) {
    EXPECT_EQ(row.at("type"), "bench");
    EXPECT_EQ(row.at("format"), "gzip");
    EXPECT_EQ(row.at("uncompressed"), sample(100'000).size());
    EXPECT_GT(row.at("ratio").get<double>(), 1.0);
    EXPECT_GT(row.at("compress_mb_s").get<double>(), 0.0);
    EXPECT_GT(row.at("restore_mb_s").get<double>(), 0.0);
  }
}

TEST_F(JsonOutput, tells_the_version) {
  const auto told = lines(braid({"--version", "--json"}).out);
  EXPECT_EQ(told.at(0).at("type"), "version");
}

}  // namespace
}  // namespace cli_test
