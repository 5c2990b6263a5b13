#include <algorithm>
#include <cstring>

#include "archive/decoded_source.hpp"
#include "archive/plain_file.hpp"
#include "archive/tar/entry_stream.hpp"
#include "archive/tar/parser.hpp"
#include "archive/tar/tar.hpp"
#include "archive/tar/walk.hpp"
#include "base/try.hpp"
#include "engine/engine_impl.hpp"

namespace braid::archive::tar {

namespace {

constexpr std::size_t read_bytes = 64 << 10;

// The content of one entry out of the bytes of an archive from its headers on.
class EntryBytes final : public Source {
 public:
  explicit EntryBytes(std::unique_ptr<Source> archive)
      : archive_(std::move(archive)), piece_(read_bytes) {}

  Result<std::size_t> read(MutableBytes out) override {
    std::size_t filled = 0;
    while (filled == 0 && !ended_) {
      if (hole_ != 0) {
        filled = static_cast<std::size_t>(std::min<std::uint64_t>(hole_, out.size()));
        std::fill_n(out.begin(), filled, std::byte{0});
        hole_ -= filled;
      } else if (!data_.empty()) {
        filled = std::min(data_.size(), out.size());
        std::memcpy(out.data(), data_.data(), filled);
        data_ = data_.drop(filled);
      } else {
        BRAID_TRY(advance());
      }
    }
    return filled;
  }

 private:
  Result<void> advance() {
    BRAID_TRY_VALUE(const Parser::Event event, parser_.next(in_));
    switch (event) {
      case Parser::Event::data:
        data_ = parser_.data();
        return {};
      case Parser::Event::hole:
        hole_ = parser_.hole();
        return {};
      case Parser::Event::entry:
        return {};
      case Parser::Event::end_of_entry:
      case Parser::Event::end:
        ended_ = true;
        return {};
      case Parser::Event::need_input:
        break;
    }
    BRAID_TRY_VALUE(const std::size_t count, archive_->read(piece_.writable()));
    in_ = piece_.view().first(count);
    if (count != 0) return {};
    return Error{.code = Errc::truncated, .message = "the archive ends within the entry"};
  }

  std::unique_ptr<Source> archive_;
  Buffer piece_;
  Parser parser_;
  ByteView in_;
  ByteView data_;
  std::uint64_t hole_ = 0;
  bool ended_ = false;
};

// Bytes that places in the archive may take.
constexpr std::uint64_t most_windows = 32 << 20;

class TarContents final : public Contents {
 public:
  // `plain`: of a compressed archive.
  TarContents(const Positioned& file, std::unique_ptr<PlainFile> plain) noexcept
      : file_(file), plain_(std::move(plain)) {}

  Result<std::unique_ptr<Source>> open(const Entry& entry) const override {
    const std::uint64_t offset = entry.offset.value_or(0);
    std::unique_ptr<Source> bytes;
    if (plain_ != nullptr) {
      bytes = plain_->open(offset);
    } else {
      const std::uint64_t start = std::min(offset, file_.size());
      bytes = std::make_unique<FileRange>(file_, start, file_.size() - start);
    }
    return std::unique_ptr<Source>(std::make_unique<EntryBytes>(std::move(bytes)));
  }

 private:
  const Positioned& file_;
  std::unique_ptr<PlainFile> plain_;
};

// Reads all of the archive and remembers where it can be entered.
Result<std::unique_ptr<PlainFile>> read_and_index(const ReadCall& call, EntryVisitor& visitor) {
  EntryStream stream(call, visitor);
  BRAID_TRY_VALUE(auto points, engine::run_index(call.engine.impl(), *call.source, stream,
                                                 call.config, call.run, most_windows));
  BRAID_TRY(stream.finish());
  return std::make_unique<PlainFile>(*call.file, std::move(points), call.config.memory_limit);
}

}  // namespace

Result<std::unique_ptr<Contents>> contents(const ReadCall& call, EntryVisitor& visitor) {
  std::unique_ptr<PlainFile> plain;
  if (call.config.algorithm == Algorithm::none) {
    BRAID_TRY(walk(*call.file, {call.ignore_zeros, call.strict, call.run.stop}, visitor));
  } else if (plain = PlainFile::find(*call.file, call.config); plain != nullptr) {
    BRAID_TRY(read(call, visitor, plain.get()));
  } else {
    BRAID_TRY_VALUE(plain, read_and_index(call, visitor));
  }
  return std::unique_ptr<Contents>(std::make_unique<TarContents>(*call.file, std::move(plain)));
}

}  // namespace braid::archive::tar
