// Archives: a tree packed and unpacked, single entries read and written, contents seen in passing.
#include <braid/braid.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;
using namespace braid::literals;

namespace {

// snippet: visitor
// Counts lines in every file of an archive, on all threads.
class LineCounter final : public braid::EntryVisitor {
 public:
  braid::Result<braid::Visit> enter(const braid::Entry& entry) override {
    const bool is_file = entry.type == braid::EntryType::file;
    return is_file ? braid::Visit::read : braid::Visit::skip;
  }

  braid::Result<std::unique_ptr<braid::EntrySink>> open(const braid::Entry&) override {
    return std::unique_ptr<braid::EntrySink>(std::make_unique<Lines>(lines));
  }

  std::atomic<std::uint64_t> lines = 0;

 private:
  struct Lines final : braid::EntrySink {
    explicit Lines(std::atomic<std::uint64_t>& sum) : sum_(sum) {}

    braid::Result<void> write(braid::ByteView bytes) override {
      for (const std::byte byte : bytes) count_ += byte == std::byte{'\n'} ? 1 : 0;
      return {};
    }

    braid::Result<void> finish() override {
      sum_ += count_;
      return {};
    }

    std::atomic<std::uint64_t>& sum_;
    std::uint64_t count_ = 0;
  };
};
// snippet: end

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int run(const fs::path& folder) {
  fs::create_directories(folder / "src/deep");
  for (int i = 0; i < 100; ++i) {
    std::ofstream(folder / "src/deep" / (std::to_string(i) + ".txt")) << "line\nline " << i << '\n';
  }
  braid::Engine engine;

  // snippet: create
  braid::CreateOptions create{.folder = folder};
  create.compression = braid::CompressionConfig(braid::Algorithm::zstd);
  create.filter.exclude = {"*.o", "build/"};
  const auto packed = braid::create_archive(engine, folder / "src.tar.zst", {"src"}, create);
  // snippet: end
  if (packed.value().entries != 102) return 1;

  // snippet: extract
  braid::ExtractOptions extract;
  extract.read.max_output = 2_GiB;
  extract.read.filter.names = {"src/deep/7.txt"};  // of this entry alone
  braid::extract_archive(engine, folder / "src.tar.zst", folder / "out", extract).value();
  // snippet: end
  if (text_of(folder / "out/src/deep/7.txt") != "line\nline 7\n") return 1;

  // snippet: write
  auto writer = braid::ArchiveWriter::create(
                    engine, folder / "some.zip",
                    {.format = braid::ArchiveFormat::zip,
                     .compression = braid::CompressionConfig(braid::Algorithm::deflate)})
                    .value();
  braid::Entry entry;
  entry.path = "from/memory.txt";
  entry.mode = 0644;
  writer.add(entry, braid::ByteView("written from memory")).value();
  writer.add_path(folder / "src/deep/1.txt", "from/disk.txt").value();
  writer.finish().value();
  // snippet: end

  // snippet: read
  const auto reader = braid::ArchiveReader::open(engine, folder / "some.zip").value();
  for (const braid::Entry& found : reader.entries()) {
    std::printf("%s: %llu bytes\n", found.path.c_str(),
                static_cast<unsigned long long>(found.size));
  }
  const braid::Entry* wanted = reader.find("from/memory.txt");
  const braid::Buffer content = reader.read(*wanted).value();
  // snippet: end
  if (content.view().text() != "written from memory") return 1;

  LineCounter counter;
  [[maybe_unused]] const auto visited =
      braid::visit_archive(engine, folder / "src.tar.zst", counter).value();
  return counter.lines == 200 ? 0 : 1;
}

}  // namespace

int main() {
  std::string name = (fs::temp_directory_path() / "braid-example-XXXXXX").native();
  if (::mkdtemp(name.data()) == nullptr) return 1;
  const int code = run(name);
  fs::remove_all(name);
  return code;
}
