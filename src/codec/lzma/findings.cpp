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

Findings judge_lzma(const Survey& /*survey*/) {
  return {.why = "the format has no seams"};
}

}  // namespace braid::codec::lzma
