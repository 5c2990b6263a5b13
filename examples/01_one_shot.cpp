// Memory to memory: one call each way, errors as values, a limit on what may come out.
#include <braid/braid.hpp>

#include <cstdio>
#include <string>

int main() {
  const std::string text(100'000, 'x');

  // value() throws braid::Exception; where an error is expected, look at the Result instead.
  const braid::Buffer packed = braid::compress(text, braid::Algorithm::xz).value();
  const braid::Buffer plain = braid::decompress(packed).value();  // found by its signature
  if (plain.view().text() != text) return 1;

  // brotli and raw deflate have no signature: name them.
  const braid::Buffer web = braid::compress(text, braid::Algorithm::brotli).value();
  if (braid::decompress(web, {.algorithm = braid::Algorithm::brotli}).value().view().text() !=
      text) {
    return 1;
  }

  // Data from elsewhere: say how much may come out before it is believed.
  const auto refused = braid::decompress(packed, {.output_limit = 1000});
  if (refused || refused.error().code != braid::Errc::output_limit) return 1;

  // Damage is told apart from data that ends too early, with the place where it is known.
  const auto cut = braid::decompress(packed.view().first(packed.size() / 2));
  if (cut || cut.error().code != braid::Errc::truncated) return 1;
  std::printf("%zu bytes became %zu; a half of them: %s\n", text.size(), packed.size(),
              cut.error().text().c_str());
  return 0;
}
