#pragma once

#include "archive/format.hpp"
#include "archive/zip/member.hpp"

namespace braid::archive::zip {

// Bytes of a file from one place to another. One thread at a time.
class RangeSource final : public Source {
 public:
  // `head` comes first, in front of the file's bytes.
  RangeSource(const Positioned& file, std::uint64_t start, std::uint64_t size,
              Buffer head = Buffer())
      : file_(file), head_(std::move(head)), at_(start), left_(size) {}

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override {
    return head_.size() - head_at_ + left_;
  }

 private:
  const Positioned& file_;
  Buffer head_;
  std::size_t head_at_ = 0;
  std::uint64_t at_;
  std::uint64_t left_;
};

// Passes on the content of a member too large to be held, whose packed bytes begin at `start`, on
// all threads of the engine where it was written in parts. Size and sum are judged at the end,
// before the sink is finished. Errors: as MemberDecoder's, those of the sink, cancelled, io.
[[nodiscard]] Result<void> stream_member(Engine& engine, const Positioned& file,
                                         std::uint64_t start, const Member& member,
                                         std::uint64_t memory_limit, std::stop_token stop,
                                         EntrySink& sink);

}  // namespace braid::archive::zip
