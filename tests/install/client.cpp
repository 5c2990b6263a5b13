#include <braid/braid.hpp>

#include <cstdio>
#include <string>

// The smallest program that uses an installed braid: every built format, there and back.
int main() {
  const std::string text(100000, 'b');
  for (const braid::Algorithm algorithm : braid::algorithms()) {
    if (!braid::info(algorithm).built) continue;
    const braid::Buffer packed = braid::compress(text, algorithm).value();
    const braid::Buffer plain = braid::decompress(packed, {.algorithm = algorithm}).value();
    if (plain.view().text() != text) return 1;
  }
  std::puts("client: every format restores");
  return 0;
}
