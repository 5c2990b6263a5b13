#include "codec/lzma/block_map.hpp"
#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

Findings judge_xz(const Survey& survey) {
  Findings findings;
  const std::uint64_t sized = survey.count("sized");
  findings.writer =
      sized != 0 ? "xz with threads, or braid" : "xz on one thread, or a program with liblzma";
  if (sized > 1) {
    findings.parallel = Findings::Parallel::parts;
    findings.why = "its blocks tell their sizes";
  } else if (survey.blocks < 2) {
    findings.why = "it is one block";
  } else if (!BlockMap::is_worth_it(survey.packed, survey.streams)) {
    findings.why = "its streams are too many to look up their sizes";
  } else {
    findings.parallel = Findings::Parallel::parts;
    findings.why = "its indexes tell the sizes of its blocks, unless it is a pipe";
  }
  return findings;
}

Findings judge_lzip(const Survey& survey) {
  if (survey.streams < 2) {
    return {.writer = "lzip, or plzip or braid on a short file", .why = "it is one member"};
  }
  return {.writer = "plzip, braid, or several files of lzip",
          .parallel = Findings::Parallel::parts,
          .why = "its members tell their sizes"};
}

Findings judge_lzma(const Survey& /*survey*/) {
  return {.why = "the format has no seams"};
}

}  // namespace braid::codec::lzma
