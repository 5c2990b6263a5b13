#pragma once

#include "archive/format.hpp"

// What the zip format gives to its row. Written from PKWARE's APPNOTE 6.3.10 and Info-ZIP's
// descriptions of extra fields.
namespace braid::archive::zip {

// A header of an entry, or the end of an empty archive.
[[nodiscard]] bool detect(ByteView prefix) noexcept;

[[nodiscard]] Result<Transfer> read(const ReadCall& call, EntryVisitor& visitor);

[[nodiscard]] Result<std::unique_ptr<Contents>> contents(const ReadCall& call,
                                                         EntryVisitor& visitor);

[[nodiscard]] Result<Transfer> write(const WriteCall& call, Feed& feed);

[[nodiscard]] Result<Kept> keep(const Positioned& file, Sink& sink, const RunOptions& run,
                                const Drop& drop);

extern const Format row;

}  // namespace braid::archive::zip
