// Detection reads any bytes, and what it names can at least be tried.
#include "fuzz/support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace braid;
  const ByteView bytes(static_cast<const void*>(data), size);
  if (const auto found = detect(bytes)) {
    fuzz::require(found->score > Detection::guess && found->score <= 100);
  }
  const auto plain =
      decompress(bytes, {.output_limit = fuzz::output_limit, .memory_limit = fuzz::memory_limit});
  fuzz::require(plain || plain.error().code != Errc::internal);
  return 0;
}
