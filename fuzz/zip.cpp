// Any bytes taken for a zip archive have one verdict, from memory and through a pipe, and what is
// read of it stays within its limits.
#include <atomic>

#include "fuzz/support.hpp"

namespace {

using namespace braid;

class Counter final : public EntryVisitor {
 public:
  Result<Visit> enter(const Entry& entry) override {
    return entry.type == EntryType::file ? Visit::read : Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    return std::unique_ptr<EntrySink>(std::make_unique<CountingSink>(bytes, entry.size));
  }

  std::atomic<std::uint64_t> bytes = 0;

 private:
  class CountingSink final : public EntrySink {
   public:
    CountingSink(std::atomic<std::uint64_t>& bytes, std::uint64_t size)
        : bytes_(bytes), left_(size) {}

    Result<void> write(ByteView content) override {
      fuzz::require(content.size() <= left_);
      left_ -= content.size();
      bytes_ += content.size();
      return {};
    }

    Result<void> finish() override {
      fuzz::require(left_ == 0);
      return {};
    }

   private:
    std::atomic<std::uint64_t>& bytes_;
    std::uint64_t left_;
  };
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Engine engine({.threads = 2});
  const ByteView archive(static_cast<const void*>(data), size);
  const ArchiveReadOptions options{.format = ArchiveName{ArchiveFormat::zip, Algorithm::deflate},
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
    fuzz::require(first.bytes == second.bytes);
    fuzz::require(one->entries == two->entries);
  } else {
    fuzz::require(one.error().code == two.error().code);
  }
  return 0;
}
