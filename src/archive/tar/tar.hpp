#pragma once

#include "archive/format.hpp"

namespace braid::archive {
class PlainFile;
}

// What the tar format gives to its row.
namespace braid::archive::tar {

// A header whose checksum holds, or blocks of zeros and nothing else.
[[nodiscard]] bool detect(ByteView prefix) noexcept;

// Zeros may follow an archive, to fill a record. Errors: trailing_data.
[[nodiscard]] Result<void> check_behind_end(ByteView bytes);

[[nodiscard]] Result<Transfer> read(const ReadCall& call, EntryVisitor& visitor);

// The same of an archive whose places are known; null: they are looked for when they would help.
[[nodiscard]] Result<Transfer> read(const ReadCall& call, EntryVisitor& visitor,
                                    const PlainFile* places);

[[nodiscard]] Result<std::unique_ptr<Contents>> contents(const ReadCall& call,
                                                         EntryVisitor& visitor);

[[nodiscard]] Result<Transfer> write(const WriteCall& call, Feed& feed);

[[nodiscard]] Result<Kept> keep(const Positioned& file, Sink& sink, const RunOptions& run,
                                const Drop& drop);

extern const Format row;

}  // namespace braid::archive::tar
