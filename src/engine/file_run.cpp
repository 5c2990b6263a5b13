#include "engine/file_run.hpp"

#include <optional>

#include "base/try.hpp"
#include "io/atomic_file.hpp"
#include "io/file.hpp"
#include "io/remove_file.hpp"
#include "io/sparse_writer.hpp"
#include "io/system_error.hpp"

namespace braid::engine {

namespace {

using io::FileInfo;

Error refusal(Errc code, const std::filesystem::path& path, std::string_view reason) {
  return {.code = code,
          .message = io::quote_name(path.native()).append(" ").append(reason),
          .entry = path.native()};
}

// Under whatever name: by a link or a second name too.
Result<void> check_not_same(const FileInfo& input, const std::filesystem::path& output) {
  for (const io::Links links : {io::Links::keep, io::Links::follow}) {
    BRAID_TRY_VALUE(const std::optional<FileInfo> found, io::look_up(output, links));
    if (found && found->same_file(input)) {
      return refusal(Errc::invalid_argument, output, "is both input and output");
    }
  }
  return {};
}

// A link is not the source itself: removing it would free nothing and keep the source.
Result<void> check_removable(const FileInfo& input, const std::filesystem::path& path) {
  BRAID_TRY_VALUE(const std::optional<FileInfo> found, io::look_up(path, io::Links::keep));
  if (found && found->same_file(input)) return {};
  return refusal(Errc::invalid_argument, path, "is a link and cannot be removed as a source");
}

Result<void> check_unchanged(const FileInfo& before, const io::File& input, bool to_be_removed) {
  BRAID_TRY_VALUE(const FileInfo now, input.info());
  const bool changed =
      to_be_removed ? io::changed_at_all(before, now) : io::changed_in_place(before, now);
  if (!changed) return {};
  return refusal(Errc::io, input.name(), "changed while it was read");
}

Result<Transfer> write_output(Source& source, io::File& file, bool sparse, const FileWork& work) {
  if (!sparse) {
    DescriptorSink sink(file.descriptor(), file.name());
    return work(source, sink);
  }
  io::SparseWriter sink(file);
  BRAID_TRY_VALUE(Transfer transfer, work(source, sink));
  BRAID_TRY(sink.finish());
  return transfer;
}

}  // namespace

Result<Transfer> run_file(const std::filesystem::path& input, const std::filesystem::path& output,
                          const FileOptions& options, const FileWork& work) {
  BRAID_TRY_VALUE(const io::File in, io::File::open_read(input, io::Expect::regular));
  BRAID_TRY_VALUE(const FileInfo before, in.info());
  BRAID_TRY(check_not_same(before, output));
  if (options.remove_source) BRAID_TRY(check_removable(before, input));
  BRAID_TRY_VALUE(auto out, io::AtomicFile::create(output, options.overwrite));
  in.advise_sequential();

  DescriptorSource source(in.descriptor(), in.name());
  auto transfer = write_output(source, out.file(), options.sparse, work);
  if (!transfer) {
    if (transfer.error().entry.empty()) transfer.error().entry = input.native();
    return transfer;
  }
  BRAID_TRY(check_unchanged(before, in, options.remove_source));
  BRAID_TRY(out.commit({.overwrite = options.overwrite,
                        .metadata = options.keep_metadata ? &before : nullptr,
                        .sync = options.sync || options.remove_source}));
  if (options.remove_source) BRAID_TRY(io::remove_file(input, before));
  return transfer;
}

}  // namespace braid::engine
