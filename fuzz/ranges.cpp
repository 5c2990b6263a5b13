// What can be restored can be indexed, and by the index every part is what stands there: forwards
// on two threads, and in pieces from the end to the front.
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/support.hpp"

#ifndef BRAID_FUZZ_FORMAT
#error "BRAID_FUZZ_FORMAT names the format"
#endif

namespace {

using namespace braid;

// A file of these bytes, which lives in memory.
std::string file_of(ByteView bytes) {
  static const int descriptor = memfd_create("input", 0);
  fuzz::require(ftruncate(descriptor, 0) == 0);
  fuzz::require(pwrite(descriptor, bytes.data(), bytes.size(), 0) ==
                static_cast<ssize_t>(bytes.size()));
  return "/proc/self/fd/" + std::to_string(descriptor);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Engine engine({.threads = 2});
  const ByteView packed(static_cast<const void*>(data), size);
  const DecompressionConfig config = fuzz::reading(Algorithm::BRAID_FUZZ_FORMAT);
  const auto whole = decompress(packed, config);
  const std::string path = file_of(packed);
  auto index = SeekIndex::build(engine, path, config);
  fuzz::require(whole.has_value() == index.has_value());
  if (!whole) return 0;
  fuzz::require(index->size() == whole->size());
  const auto reader = SeekableReader::open(path, *std::move(index));
  fuzz::require(reader.has_value());
  Buffer all;
  BufferSink sink(all);
  fuzz::require(reader->copy(engine, 0, UINT64_MAX, sink).has_value());
  fuzz::require(all.view() == whole->view());
  Buffer piece(1 + whole->size() / 7);
  for (std::uint64_t at = whole->size(); at != 0;) {
    at -= std::min<std::uint64_t>(at, piece.size());
    const auto count = reader->read_at(at, piece.writable());
    fuzz::require(count.has_value());
    fuzz::require(piece.view().first(*count) == whole->view().slice(at, *count));
  }
  return 0;
}
