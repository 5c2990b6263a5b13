// Levels, settings, dictionaries, and how a format's own table tells which of them it has.
#include <braid/braid.hpp>

#include <cstdio>
#include <string>

int main() {
  using namespace braid::literals;
  std::string text;
  while (text.size() < 1_MiB) text += "line " + std::to_string(text.size()) + " of a log\n";

  // Levels by name mean the same effort in every format; a number is on the format's own scale.
  for (const braid::Algorithm algorithm : braid::algorithms()) {
    const braid::AlgorithmInfo& info = braid::info(algorithm);
    if (!info.built) continue;
    const auto config = braid::CompressionConfig(algorithm).level(braid::Level::fast);
    const auto packed = braid::compress(text, config).value();
    std::printf("%-8s level %2d: %7zu bytes, %2zu settings\n", std::string(info.name).c_str(),
                config.level(), packed.size(), info.knobs.size());
  }

  // Setters chain. xz has checks and presets of its own; gzip has header fields.
  const auto archive = braid::CompressionConfig(braid::Algorithm::xz)
                           .level(braid::Level::best)
                           .check(braid::Check::sha256)
                           .chunk_size(1_MiB);
  if (!braid::compress(text, archive)) return 1;

  // The same by number, for settings that have no function of their own.
  auto zstd = braid::CompressionConfig(braid::Algorithm::zstd).set(braid::Knob::min_match, 4);
  if (!zstd.validate()) return 1;

  // A setting that the format lacks is refused by name, and so is a value out of range.
  const auto lacking = braid::CompressionConfig(braid::Algorithm::bzip2).window_log(20).validate();
  if (lacking || lacking.error().code != braid::Errc::invalid_argument) return 1;
  std::printf("%s\n", lacking.error().text().c_str());

  // A dictionary must be the same on both sides; it pays for many small inputs.
  zstd.dictionary(text.substr(0, 4096));
  const auto small = braid::compress(text.substr(4096, 200), zstd).value();
  const std::string known = text.substr(0, 4096);
  const auto back = braid::decompress(small, {.dictionary = known}).value();
  return back.view().text() == text.substr(4096, 200) ? 0 : 1;
}
