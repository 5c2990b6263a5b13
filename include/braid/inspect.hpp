#pragma once

#include <braid/run.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

// A part of a compressed file.
struct FilePart {
  enum class Kind : std::uint8_t {
    stream,     // what can stand alone: a gzip member, a zstd or lz4 frame, an xz or bzip2 stream
    block,      // of a stream: what its format calls so; of braid's own brotli streams, a part
    skippable,  // a zstd or lz4 frame that holds no data
  };
  Kind kind = Kind::stream;
  std::uint64_t offset = 0;              // of its first byte, from the front of the file
  unsigned bit = 0;                      // of that byte, where it begins within; deflate and bzip2
  std::uint64_t packed = 0;              // bytes it reaches into
  std::optional<std::uint64_t> plain{};  // bytes it holds; nothing where the library does not say
  std::string_view form{};               // of a block: "stored", "dynamic"; empty: there is but one
};

// What a compressed file is made of.
struct Inspection {
  // How ParallelCompressor::decompress() reads it.
  enum class Parallel : std::uint8_t {
    no,     // one thread decodes, another reads and writes
    parts,  // independent parts, on all threads
    ahead,  // one stream, on all threads, from places that are guessed and proven
  };
  // How many blocks have one form.
  struct Form {
    std::string_view name;
    std::uint64_t count = 0;
  };

  StreamInfo stream;  // format, number of streams, check, stored name
  std::uint64_t packed = 0;
  std::uint64_t plain = 0;
  std::uint64_t skippable = 0;  // frames that hold no data
  std::uint64_t blocks = 0;     // 0 also where nothing tells of them (other writers' brotli, lzma)
  std::vector<Form> forms;
  std::string writer;  // by all appearance; empty when nothing tells. For people: never certain
  Parallel parallel = Parallel::no;
  std::string why;  // it is so, one clause
};

// Called for each part, in the order of the file; a stream comes behind its blocks.
using PartVisitor = std::function<void(const FilePart&)>;

// Reads a compressed file to its end on the calling thread, verifies it, and tells what it is made
// of. Memory does not depend on the file's size. Errors: those of decompress().
[[nodiscard]] BRAID_API Result<Inspection> inspect(Source& source,
                                                   const DecompressionConfig& config = {},
                                                   const PartVisitor& visit = {},
                                                   const RunOptions& options = {});

}  // namespace braid
