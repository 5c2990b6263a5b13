#pragma once

#include <braid/stream.hpp>

#include <memory>

#include "archive/format.hpp"

namespace braid::archive {

// Bytes of a file from one place to another. One thread at a time.
class FileRange final : public Source {
 public:
  FileRange(const Positioned& file, std::uint64_t start, std::uint64_t size) noexcept
      : file_(file), at_(start), left_(size) {}

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return left_; }

 private:
  const Positioned& file_;
  std::uint64_t at_;
  std::uint64_t left_;
};

// What a stream holds, decoded as it is read, by the thread that reads. Memory: what the format's
// decoder takes, and a piece of input. One thread at a time.
class DecodedSource final : public Source {
 public:
  // Errors: those of Decoder::make().
  [[nodiscard]] static Result<std::unique_ptr<DecodedSource>> make(
      std::unique_ptr<Source> packed, const DecompressionConfig& config);

  // Errors: those of Decoder::step() and of the packed source.
  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;

 private:
  DecodedSource(std::unique_ptr<Source> packed, Decoder decoder)
      : packed_(std::move(packed)), decoder_(std::move(decoder)) {}

  std::unique_ptr<Source> packed_;
  Decoder decoder_;
  Buffer piece_;
  ByteView rest_;
  Input input_ = Input::more;
  bool finished_ = false;
};

}  // namespace braid::archive
