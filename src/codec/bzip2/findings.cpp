#include "codec/bzip2/bzip2.hpp"

namespace braid::codec::bzip2 {

Findings judge(const Survey& survey) {
  // pbzip2 makes a stream of every block, of 900 kB at most.
  constexpr std::uint64_t longest_block = 900'000;
  Findings findings;
  const bool short_streams = survey.streams > 1 && survey.longest_stream <= longest_block;
  findings.writer = short_streams        ? "pbzip2, or several files one behind the other"
                    : survey.streams > 1 ? "several files of bzip2, one behind the other"
                                         : "bzip2, lbzip2 or braid";
  if (survey.blocks > 1) {
    findings.parallel = Findings::Parallel::parts;
    findings.why = "its blocks begin with a number of 48 bits";
  } else {
    findings.why = "it is one block";
  }
  return findings;
}

}  // namespace braid::codec::bzip2
