#pragma once

#include <braid/bytes.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// The open conformance corpus: files with known verdicts, which are no part of this repository.
// BRAID_CORPUS names its folder; the default is corpus/ in a folder called shared beside the
// checkout. manifest.tsv: path, format, kind, verdict, size, sha256 of the decoded bytes, note.
namespace braid::support {

struct CorpusRow {
  std::string path;
  std::string format;
  std::string kind;     // "stream" or "archive"
  std::string verdict;  // "ok", "fail" or "either"
  std::string sha256;   // "-" when not stated
  std::string note;
};

inline std::filesystem::path corpus_folder() {
  if (const char* folder = std::getenv("BRAID_CORPUS")) return folder;
  return BRAID_DEFAULT_CORPUS;
}

// Empty when the corpus is not there.
inline std::vector<CorpusRow> corpus_rows() {
  std::vector<CorpusRow> rows;
  std::ifstream manifest(corpus_folder() / "manifest.tsv");
  std::string line;
  std::getline(manifest, line);  // the header
  while (std::getline(manifest, line)) {
    std::istringstream fields(line);
    CorpusRow row;
    std::string size;
    for (std::string* field :
         {&row.path, &row.format, &row.kind, &row.verdict, &size, &row.sha256, &row.note}) {
      std::getline(fields, *field, '\t');
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace braid::support
