// Sources and sinks of one's own: where bytes come from and go to is up to the caller.
#include <braid/braid.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace {

// Makes its bytes on the way: as much as asked for, without a size known beforehand.
class Counting final : public braid::Source {
 public:
  explicit Counting(std::size_t count) : left_(count) {}

  braid::Result<std::size_t> read(braid::MutableBytes out) override {
    const std::size_t count = std::min(out.size(), left_);
    std::memset(out.data(), static_cast<int>(left_ % 7), count);
    left_ -= count;
    return count;  // 0 is the end
  }

 private:
  std::size_t left_;
};

// Adds up what it is given. An Error returned from write() would end the call with that error.
class Summing final : public braid::Sink {
 public:
  braid::Result<void> write(braid::ByteView bytes) override {
    for (const std::byte byte : bytes) sum_ += std::to_integer<unsigned>(byte);
    count_ += bytes.size();
    return {};
  }

  std::size_t count_ = 0;
  std::size_t sum_ = 0;
};

}  // namespace

int main() {
  // Memory does not grow with the length: about two chunks and one codec context.
  Counting numbers(20'000'000);
  braid::Buffer packed;
  braid::BufferSink sink(packed);
  const auto config = braid::CompressionConfig(braid::Algorithm::lz4);
  const braid::Transfer there = braid::compress(numbers, sink, config).value();

  braid::MemorySource source(packed);
  Summing sum;
  const braid::Transfer back = braid::decompress(source, sum).value();
  std::printf("%ju bytes became %ju; check: %s\n", there.bytes_in, there.bytes_out,
              back.stream.check.c_str());
  return sum.count_ == 20'000'000 && back.bytes_out == there.bytes_in ? 0 : 1;
}
