#include "archive/tar/walk.hpp"

#include <algorithm>

#include "archive/tar/parser.hpp"
#include "archive/tar/tar.hpp"
#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

// Headers are read in windows of this size: many small entries lie in one.
constexpr std::size_t window_bytes = 256 << 10;

std::uint64_t whole_blocks(std::uint64_t bytes) {
  return (bytes + block_bytes - 1) / block_bytes * block_bytes;
}

// `in` and what the file holds from `at` on.
Result<void> check_rest(const Positioned& file, ByteView in, std::uint64_t at, Buffer& window) {
  for (;;) {
    BRAID_TRY(check_behind_end(in));
    BRAID_TRY_VALUE(const std::size_t count, file.read_at(window.writable(), at));
    if (count == 0) return {};
    at += count;
    in = window.view().first(count);
  }
}

}  // namespace

Result<std::uint64_t> walk(const Positioned& file, const WalkOptions& options,
                           EntryVisitor& visitor) {
  Parser parser(options.ignore_zeros);
  Buffer window(window_bytes);
  std::uint64_t at = 0;
  std::uint64_t end = 0;
  ByteView in;
  for (;;) {
    BRAID_TRY_VALUE(const Parser::Event event, parser.next(in));
    if (event == Parser::Event::end) {
      if (options.strict) BRAID_TRY(check_rest(file, in, at, window));
      return end;
    }
    if (event == Parser::Event::need_input) {
      if (options.stop.stop_requested()) {
        return Error{.code = Errc::cancelled, .message = "stopped"};
      }
      BRAID_TRY_VALUE(const std::size_t count, file.read_at(window.writable(), at));
      if (count == 0) {
        BRAID_TRY(parser.finish());
        return end;
      }
      at += count;
      in = window.view().first(count);
    }
    if (event != Parser::Event::entry) continue;
    BRAID_TRY(visitor.enter(parser.entry()));
    end = std::min(file.size(), parser.offset() + whole_blocks(parser.stored()));
    parser.skip_content();
    if (parser.stored() <= in.size()) continue;
    // The parser takes what is here and passes over the rest.
    while (!in.empty()) BRAID_TRY(parser.next(in));
    const std::uint64_t rest = parser.to_pass();
    if (rest > file.size() - std::min(at, file.size())) {
      return Error{.code = Errc::truncated, .message = "the archive ends within an entry"};
    }
    parser.pass(rest);
    at += rest;
  }
}

}  // namespace braid::archive::tar
