#pragma once

#include <braid/file.hpp>

#include <filesystem>
#include <functional>

namespace braid::engine {

// What is done with the bytes of a file: reads the source to its end, writes the sink.
using FileWork = std::function<Result<Transfer>(Source&, Sink&)>;

// Does `work` from the regular file `input` into a new file `output`, with the guarantees of
// compress_file(): the frame that all calls on files share. FileOptions::run is the business of
// `work`; FileOptions::sparse is obeyed here.
//
// Refuses what can be refused before any work. The input may grow meanwhile: what was read is then
// a prefix of it. Changed in another way, or in any way when it is to be removed, it is io and
// leaves no output. A source that a link leads to, or that another file has taken the place of, is
// never removed.
// Exceptions of `work` pass through and leave nothing behind, as errors do.
// Errors: those of compress_file(); errors of `work` that name no file are about `input`.
[[nodiscard]] Result<Transfer> run_file(const std::filesystem::path& input,
                                        const std::filesystem::path& output,
                                        const FileOptions& options, const FileWork& work);

}  // namespace braid::engine
