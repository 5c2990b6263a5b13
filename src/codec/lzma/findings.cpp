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
  } else {
    findings.parallel = survey.blocks > 1 ? Findings::Parallel::parts : Findings::Parallel::no;
    findings.why = survey.blocks > 1
                       ? "its indexes tell the sizes of its blocks, unless it is a pipe"
                       : "it is one block";
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
