#pragma once

#include <braid/bytes.hpp>
#include <braid/inspect.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a file tells of itself while it is read, beyond its plain bytes: for people who want to know
// what they have.
namespace braid::codec {

// One block, as its stream's decoder came by it.
struct SeenBlock {
  std::uint64_t first_bit = 0;           // from the front of its stream
  std::uint64_t end_bit = 0;             // of the next block, or where the blocks end
  std::optional<std::uint64_t> plain{};  // bytes; nothing where the library does not say
  std::string_view form;                 // what the format calls it: "stored", "dynamic"; static
};

// Hears of every block, in order.
class BlockObserver {
 public:
  virtual ~BlockObserver() = default;
  virtual void block(const SeenBlock& block) = 0;
};

// A whole file, read to its end.
struct Survey {
  Buffer head;                       // the file's first bytes, some KiB
  Buffer tail;                       // and its last ones, at least 16 where there are
  std::uint64_t packed = 0;          // bytes of the file
  std::uint64_t plain = 0;           // bytes it holds
  std::uint64_t streams = 0;         // that hold data
  std::uint64_t skippable = 0;       // and that do not
  std::uint64_t longest_stream = 0;  // plain bytes
  std::uint64_t blocks = 0;
  std::uint64_t empty_blocks = 0;   // known to hold nothing
  std::uint64_t empty_pairs = 0;    // directly behind one another, counted by the second
  std::uint64_t longest_block = 0;  // packed bytes
  std::vector<Inspection::Form> forms{};

  [[nodiscard]] std::uint64_t count(std::string_view form) const noexcept {
    for (const Inspection::Form& one : forms) {
      if (one.name == form) return one.count;
    }
    return 0;
  }
};

// What a format makes of a survey.
struct Findings {
  using Parallel = Inspection::Parallel;

  std::string writer{};  // who wrote the file, by all appearance; empty when nothing tells
  Parallel parallel = Parallel::no;
  std::string why{};  // one clause
};

}  // namespace braid::codec
