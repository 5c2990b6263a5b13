// Any bytes taken for an archive have one verdict and one content, from memory and through a pipe,
// and what is read of it stays within its limits.
#include <atomic>

#include "fuzz/support.hpp"

namespace {

using namespace braid;

#ifndef BRAID_FUZZ_ARCHIVE
#error "BRAID_FUZZ_ARCHIVE names the format: tar or zip"
#endif

// Adds up the content of all entries.
class Counter final : public EntryVisitor {
 public:
  Result<Visit> enter(const Entry& entry) override {
    return entry.type == EntryType::file ? Visit::read : Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    return std::unique_ptr<EntrySink>(std::make_unique<CountingSink>(*this, entry.size));
  }

  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<std::uint64_t> sum = 0;  // of the bytes, each by its place

 private:
  class CountingSink final : public EntrySink {
   public:
    CountingSink(Counter& counter, std::uint64_t size) : counter_(counter), size_(size) {}

    Result<void> write(ByteView content) override {
      std::uint64_t place = at_;
      std::uint64_t added = 0;
      for (const std::byte byte : content) added += ++place * static_cast<std::uint64_t>(byte);
      counter_.sum += added;
      counter_.bytes += content.size();
      return skip(content.size());
    }

    // Holes are no output: they take no room where they are holes again.
    Result<void> skip(std::uint64_t count) override {
      fuzz::require(count <= size_ - at_);
      at_ += count;
      return {};
    }

    Result<void> finish() override {
      fuzz::require(at_ == size_);
      return {};
    }

   private:
    Counter& counter_;
    std::uint64_t size_;
    std::uint64_t at_ = 0;
  };
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Engine engine({.threads = 2});
  const ByteView archive(static_cast<const void*>(data), size);
  const ArchiveReadOptions options{
      .format = ArchiveName{ArchiveFormat::BRAID_FUZZ_ARCHIVE, Algorithm::BRAID_FUZZ_PACKED},
      .max_output = fuzz::output_limit,
      .memory_limit = fuzz::memory_limit};
  MemorySource whole(archive);
  Counter first;
  const auto one = visit_archive(engine, whole, first, options);
  fuzz::require(one || one.error().code != Errc::internal);
  fuzz::require(first.bytes <= fuzz::output_limit);
  fuzz::PieceSource pieces(archive);
  Counter second;
  const auto two = visit_archive(engine, pieces, second, options);
  fuzz::require(one.has_value() == two.has_value());
  if (one) {
    fuzz::require(first.bytes == second.bytes && first.sum == second.sum);
    fuzz::require(one->entries == two->entries);
  } else {
    fuzz::require(one.error().code == two.error().code);
  }
  return 0;
}
