#include "codec/brotli/brotli.hpp"

namespace braid::codec::brotli {

Findings judge(const Survey& survey) {
  const std::uint64_t parts = survey.count("part");
  if (parts > 1) {
    return {.writer = "braid",
            .parallel = Findings::Parallel::parts,
            .why = "notes in it tell the sizes of its parts"};
  }
  return {.writer = parts == 1 ? "braid" : "",
          .why = "nothing tells where its blocks begin, and they refer to those before them"};
}

}  // namespace braid::codec::brotli
