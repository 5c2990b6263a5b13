#include "archive/zip/spool.hpp"

#include "base/try.hpp"
#include "io/nameless_file.hpp"

namespace braid::archive::zip {

namespace {

class SpooledFile final : public Positioned {
 public:
  SpooledFile(io::File file, std::uint64_t size) noexcept : file_(std::move(file)), size_(size) {}

  std::uint64_t size() const noexcept override { return size_; }

  Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override {
    return file_.read_at(out, offset);
  }

 private:
  io::File file_;
  std::uint64_t size_;
};

}  // namespace

Result<std::unique_ptr<Positioned>> spool(Source& source, std::stop_token stop) {
  BRAID_TRY_VALUE(io::File file, io::nameless_file());
  Buffer piece(std::size_t{1} << 20);
  std::uint64_t size = 0;
  for (;;) {
    if (stop.stop_requested()) return Error{.code = Errc::cancelled, .message = "stopped"};
    BRAID_TRY_VALUE(const std::size_t count, source.read(piece.writable()));
    if (count == 0) break;
    BRAID_TRY(file.write(piece.view().first(count)));
    size += count;
  }
  return std::unique_ptr<Positioned>(std::make_unique<SpooledFile>(std::move(file), size));
}

}  // namespace braid::archive::zip
