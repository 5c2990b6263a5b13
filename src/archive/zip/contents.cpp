#include <algorithm>
#include <unordered_map>

#include "archive/decoded_source.hpp"
#include "archive/file_content.hpp"
#include "archive/zip/directory.hpp"
#include "archive/zip/header.hpp"
#include "archive/zip/member_decoder.hpp"
#include "archive/zip/member_stream.hpp"
#include "archive/zip/method.hpp"
#include "archive/zip/zip.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"

namespace braid::archive::zip {

namespace {

namespace deflate = codec::deflate;

// Members up to this size, packed and plain, are restored in one step.
constexpr std::uint64_t one_step_bytes = 1 << 20;

// Content that is held against the size and sum of the directory as it is read.
class JudgedSource final : public Source {
 public:
  JudgedSource(std::unique_ptr<Source> content, const Member& member)
      : content_(std::move(content)), left_(member.plain), sum_wanted_(member.crc) {}

  Result<std::size_t> read(MutableBytes out) override {
    BRAID_TRY_VALUE(const std::size_t count, content_->read(out));
    if (count > left_ || (count == 0 && left_ != 0)) {
      return Error{.code = Errc::corrupt, .message = "its size is not what the directory says"};
    }
    left_ -= count;
    sum_ = deflate::crc32(sum_, ByteView(out.data(), count));
    if (count == 0 && sum_ != sum_wanted_) {
      return Error{.code = Errc::checksum_mismatch, .message = "its CRC-32 does not match"};
    }
    return count;
  }

 private:
  std::unique_ptr<Source> content_;
  std::uint64_t left_;
  std::uint32_t sum_wanted_;
  std::uint32_t sum_ = deflate::crc32_of_nothing;
};

class ZipContents final : public Contents {
 public:
  ZipContents(const ReadCall& call, Directory directory)
      : file_(*call.file),
        memory_limit_(call.config.memory_limit),
        directory_(std::move(directory)) {}

  Result<void> walk(const ReadCall& call, EntryVisitor& visitor) {
    for (Member member;;) {
      BRAID_TRY_VALUE(const bool more, directory_.next(member));
      if (!more) return {};
      if (call.run.stop.stop_requested()) {
        return Error{.code = Errc::cancelled, .message = "stopped"};
      }
      const std::uint64_t start = member.start;
      if (member.entry.type == EntryType::symlink) {
        if (member.plain > most_link_bytes || member.packed > one_step_bytes) {
          return Error{.code = Errc::unsafe_path,
                       .message = "the target of the link is too long",
                       .entry = member.entry.path};
        }
        BRAID_TRY_VALUE(const Buffer target, hold(member));
        member.entry.link_target = std::string(target.view().text());
      }
      BRAID_TRY(visitor.enter(member.entry));
      member.entry = Entry();
      members_.insert_or_assign(start, std::move(member));
    }
  }

  Result<std::unique_ptr<Source>> open(const Entry& entry) const override {
    const auto found = members_.find(entry.offset.value_or(0));
    if (found == members_.end()) {
      return Error{.code = Errc::invalid_argument, .message = "is no entry of this archive"};
    }
    const Member& member = found->second;
    if (member.plain <= one_step_bytes && member.packed <= one_step_bytes) {
      BRAID_TRY_VALUE(Buffer content, hold(member));
      return std::unique_ptr<Source>(std::make_unique<HeldContent>(std::move(content)));
    }
    BRAID_TRY_VALUE(std::unique_ptr<Source> content, stream(member));
    return std::unique_ptr<Source>(std::make_unique<JudgedSource>(std::move(content), member));
  }

 private:
  // Where the packed bytes begin.
  Result<std::uint64_t> find_content(const Member& member) const {
    const std::uint64_t room = directory_.bound(member.start) - member.start;
    // Most headers are as long as the name and a few extra fields.
    std::uint64_t wanted = local_bytes + member.name.size() + 256;
    for (;;) {
      Buffer begin(static_cast<std::size_t>(std::min(room, wanted)));
      BRAID_TRY_VALUE(const std::size_t count, file_.read_at(begin.writable(), member.start));
      const auto header = check_local(begin.view().first(count), member);
      const std::uint64_t most = local_bytes + 2 * std::uint64_t{0xffff};
      if (!header && header.error().code == Errc::truncated && wanted < std::min(room, most)) {
        wanted = most;
        continue;
      }
      if (!header) return header.error();
      if (room - *header < member.packed) {
        return Error{.code = Errc::corrupt, .message = "it reaches into what follows it"};
      }
      return member.start + *header;
    }
  }

  Result<Buffer> hold(const Member& member) const {
    BRAID_TRY_VALUE(const std::uint64_t start, find_content(member));
    Buffer packed(static_cast<std::size_t>(member.packed));
    BRAID_TRY_VALUE(const std::size_t count, file_.read_at(packed.writable(), start));
    MemberDecoder decoder(memory_limit_);
    BRAID_TRY_VALUE(const ByteView plain, decoder.decode(packed.view().first(count), member));
    Buffer content;
    content.append(plain);
    return content;
  }

  Result<std::unique_ptr<Source>> stream(const Member& member) const {
    BRAID_TRY_VALUE(const Algorithm algorithm, algorithm_of(member));
    BRAID_TRY_VALUE(const std::uint64_t start, find_content(member));
    Buffer head;
    std::uint64_t skipped = 0;
    if (algorithm == Algorithm::lzma) {
      Buffer begin(lzma_header_bytes);
      BRAID_TRY_VALUE(const std::size_t count, file_.read_at(begin.writable(), start));
      BRAID_TRY_VALUE(head, lzma_file_header(begin.view().first(count), member));
      skipped = lzma_header_bytes;
    }
    auto packed = std::make_unique<RangeSource>(file_, start + skipped, member.packed - skipped,
                                                std::move(head));
    if (algorithm == Algorithm::none) return std::unique_ptr<Source>(std::move(packed));
    BRAID_TRY_VALUE(auto plain,
                    DecodedSource::make(std::move(packed),
                                        {.algorithm = algorithm, .memory_limit = memory_limit_}));
    return std::unique_ptr<Source>(std::move(plain));
  }

  const Positioned& file_;
  std::uint64_t memory_limit_;
  Directory directory_;
  std::unordered_map<std::uint64_t, Member> members_;  // by the places of their headers
};

}  // namespace

Result<std::unique_ptr<Contents>> contents(const ReadCall& call, EntryVisitor& visitor) {
  BRAID_TRY_VALUE(Directory directory, Directory::read(*call.file, call.config.memory_limit));
  if (call.strict && directory.trailing() != 0) {
    return Error{.code = Errc::trailing_data,
                 .message = std::to_string(directory.trailing()) + " bytes follow the archive",
                 .offset = call.file->size() - directory.trailing()};
  }
  auto result = std::make_unique<ZipContents>(call, std::move(directory));
  BRAID_TRY(result->walk(call, visitor));
  return std::unique_ptr<Contents>(std::move(result));
}

}  // namespace braid::archive::zip
