// The C++ block of README.md.
#include <braid/braid.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

// snippet: tour
using namespace braid::literals;  // 4_MiB, 1_GiB

void tour(std::string_view text, const std::filesystem::path& log) {
  // One shot. A Buffer owns its bytes; every fallible call returns Result<T>; value() throws.
  braid::Buffer packed = braid::compress(text, braid::Algorithm::gzip).value();
  braid::Buffer plain = braid::decompress(packed).value();  // format found by signature

  // Settings. One that the format lacks is refused by name, never ignored.
  auto config =
      braid::CompressionConfig(braid::Algorithm::zstd).level(braid::Level::best).chunk_size(4_MiB);

  // Parallel, both ways. The bytes do not depend on the number of threads.
  braid::Engine engine({.threads = 8, .memory_limit = 1_GiB});
  braid::ParallelCompressor parallel(engine, config);
  braid::Buffer wide = parallel.compress(text).value();
  plain = parallel.decompress(wide).value();

  // File to file: complete under its name, or not there at all.
  const auto zst = std::filesystem::path(log).concat(".zst");
  braid::Transfer done = parallel.compress_file(log, zst).value();
  std::printf("%ju bytes became %ju\n", done.bytes_in, done.bytes_out);

  // Errors are values: what, where, in which format.
  auto damaged = braid::decompress(packed.view().first(packed.size() - 1));
  if (!damaged) std::puts(damaged.error().text().c_str());
}

// snippet: end

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() / "braid-readme-example";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "a.log") << std::string(100000, 'x');
  tour("a text that is packed and unpacked", folder / "a.log");
  const auto restored = braid::decompress_file(folder / "a.log.zst", folder / "b.log").value();
  std::filesystem::remove_all(folder);
  return restored.bytes_out == 100000 ? 0 : 1;
}
