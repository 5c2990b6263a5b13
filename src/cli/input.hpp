#pragma once

#include <braid/file.hpp>

#include <string>

namespace braid::cli {

// A file, pipe or device to read from, whose beginning can be looked at before it is read.
// One thread at a time.
class Input final : public Source {
 public:
  // `stop_descriptor` is polled beside input that may keep us waiting; readable means: give up.
  // Errors: not_found, io. A folder is io (EISDIR).
  [[nodiscard]] static Result<Input> open(const std::string& path, int stop_descriptor);

  // The same, where "-" is standard input.
  [[nodiscard]] static Result<Input> open_operand(const std::string& name, int stop_descriptor);

  // Standard input is not closed.
  [[nodiscard]] static Input standard(int stop_descriptor);

  Input(Input&& other) noexcept;
  Input& operator=(Input&&) = delete;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() override;

  // The first `count` bytes, or all when there are fewer; they will still be read.
  // Errors: io, cancelled.
  [[nodiscard]] Result<ByteView> peek(std::size_t count);

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override;

  [[nodiscard]] const RandomAccess* random_access() const override {
    return source_.random_access();
  }

  [[nodiscard]] Result<std::uint64_t> skip(std::uint64_t count) override;

  [[nodiscard]] bool is_regular() const noexcept { return regular_; }

 private:
  Input(int descriptor, std::string name, int stop_descriptor);

  [[nodiscard]] Result<std::size_t> read_on(MutableBytes out);
  [[nodiscard]] Result<void> wait_readable() const;

  [[nodiscard]] std::size_t left_of_peek() const noexcept { return peeked_.size() - taken_; }

  int descriptor_;
  int stop_descriptor_;
  bool regular_ = false;
  DescriptorSource source_;
  Buffer peeked_;
  std::size_t taken_ = 0;  // of peeked_
};

// The rest of an input of at most `limit` bytes. Errors: io, cancelled, invalid_argument (larger).
[[nodiscard]] Result<Buffer> read_all(Input& input, std::size_t limit);

// All of a file of at most `limit` bytes. Errors: not_found, io, invalid_argument (larger).
[[nodiscard]] Result<Buffer> read_file(const std::string& path, std::size_t limit);

}  // namespace braid::cli
