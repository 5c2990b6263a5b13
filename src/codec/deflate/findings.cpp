#include "codec/deflate/deflate_read.hpp"
#include "codec/deflate/gzip_fields.hpp"
#include "codec/deflate/gzip_header.hpp"

namespace braid::codec::deflate {

namespace {

using Parallel = Findings::Parallel;

// OS values of RFC 1952, section 2.3.1.
constexpr unsigned os_unix = 3;

// XFL values (section 2.3.1.2).
constexpr unsigned slowest = 2;
constexpr unsigned fastest = 4;

bool has(const GzipHeader& header, const SubfieldId& id) {
  return header.subfield(id.first, id.second).has_value();
}

std::string level_of(unsigned extra_flags) {
  if (extra_flags == slowest) return " at its best level";
  if (extra_flags == fastest) return " at its fastest level";
  return "";
}

// Writers seldom sign. What tells them apart is what they leave out.
std::string gzip_writer(const GzipHeader& header, const Survey& survey) {
  if (has(header, chunks_subfield)) return "braid";
  if (has(header, member_subfield)) return "braid, as members of stated size";
  if (has(header, bgzf_subfield)) return "bgzip, or another writer of BGZF";
  if (has(header, mgzip_subfield)) return "mgzip";
  if (has(header, {'R', 'A'})) return "dictzip";
  const std::string level = level_of(header.extra_flags);
  if (header.system != os_unix) {
    // Python's module says neither system nor level, but the time.
    if (header.system != os_unknown) return "a program of another system than Unix" + level;
    if (header.time != 0) return "Python's gzip module" + level;
    return "libdeflate, Go, or braid" + level;
  }
  // Between its threads' pieces pigz writes what zlib's flush does: an empty stored block.
  if (survey.empty_blocks > 1) return "pigz, or a program that flushed" + level;
  if (header.time == 0 && header.name.empty())
    return "gzip on a pipe, or a program with zlib" + level;
  return "gzip, pigz or igzip" + level;
}

// FLEVEL (RFC 1950, section 2.2).
std::string zlib_writer(ByteView head) {
  switch (head.size() < 2 ? 0 : head.at(1) >> 6) {
    case 0:
      return "a zlib library at its fastest level";
    case 1:
      return "a zlib library at a fast level";
    case 2:
      return "a zlib library at its default level";
    default:
      return "a zlib library at its best level";
  }
}

// Blocks found by guess.
Findings judge_blocks(const Survey& survey) {
  if (survey.plain <= read_alone) {
    return {.why = "it is too short to be shared out"};
  }
  if (survey.longest_block > survey.packed / 2) {
    return {.why = "one block holds most of it"};
  }
  if (survey.count("dynamic") + survey.count("stored") <= 1) {
    return {.why = "it has fixed blocks only, which nothing tells from other bits"};
  }
  return {.parallel = Parallel::ahead,
          .why = "places in the middle are found by what blocks begin with"};
}

constexpr std::string_view marks = "its parts end in marks";

Findings judge_parts(const Survey& survey) {
  if (survey.empty_pairs == 0) return judge_blocks(survey);
  return {.writer = "braid", .parallel = Parallel::parts, .why = std::string(marks)};
}

}  // namespace

Findings judge_gzip(const Survey& survey) {
  GzipHeaderParser parser;
  std::size_t size = 0;
  const auto whole = parser.parse(survey.head.view(), size);
  if (!whole || !*whole) return judge_blocks(survey);
  const GzipHeader& header = parser.header();
  Findings findings = judge_blocks(survey);
  if (has(header, chunks_subfield)) {
    findings.parallel = survey.empty_pairs == 0 ? Parallel::no : Parallel::parts;
    findings.why = survey.empty_pairs == 0 ? "it is one part" : marks;
  } else if (has(header, member_subfield) || has(header, bgzf_subfield) ||
             has(header, mgzip_subfield)) {
    findings.parallel = survey.streams > 1 ? Parallel::parts : Parallel::no;
    findings.why = survey.streams > 1 ? "its members tell their sizes" : "it is one member";
  }
  findings.writer = gzip_writer(header, survey);
  return findings;
}

Findings judge_zlib(const Survey& survey) {
  Findings findings = judge_parts(survey);
  if (findings.writer.empty()) findings.writer = zlib_writer(survey.head.view());
  return findings;
}

Findings judge_raw(const Survey& survey) {
  return judge_parts(survey);
}

}  // namespace braid::codec::deflate
