#include <braid/inspect.hpp>

#include <fmt/core.h>

#include "cli/archive_read.hpp"
#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/moment.hpp"
#include "cli/numbers.hpp"
#include "cli/reading.hpp"
#include "cli/text.hpp"

namespace braid::cli {

namespace {

std::string_view stream_word(Algorithm format) {
  if (format == Algorithm::gzip || format == Algorithm::lzip) return "member";
  return format == Algorithm::zstd || format == Algorithm::lz4 ? "frame" : "stream";
}

std::string counted(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string line(std::string_view label, std::string_view value) {
  return fmt::format("  {:<10} {}\n", label, value);
}

std::string blocks_text(const Inspection& found) {
  std::string text = counted(found.blocks, "block");
  if (found.forms.empty()) return text;
  if (found.forms.size() == 1) {
    return counted(found.blocks, fmt::format("{} block", found.forms.front().name));
  }
  std::string_view between = " (";
  for (const Inspection::Form& form : found.forms) {
    text += fmt::format("{}{} {}", between, form.count, form.name);
    between = ", ";
  }
  return text + ")";
}

std::string_view parallel_text(Inspection::Parallel parallel) {
  switch (parallel) {
    case Inspection::Parallel::no:
      return "no";
    case Inspection::Parallel::parts:
      return "yes, in parts";
    case Inspection::Parallel::ahead:
      break;
  }
  return "yes, decoding ahead";
}

std::string summary_text(const std::string& name, const Inspection& found) {
  const StreamInfo& stream = found.stream;
  std::string text = printable(name) + '\n';
  text += line("format", info(stream.algorithm).name);
  text += line("size", fmt::format("{} bytes, of {} ({})", found.packed, found.plain,
                                   ratio_text(found.packed, found.plain)));
  std::string parts = counted(stream.streams, stream_word(stream.algorithm));
  if (found.blocks != 0) parts += ", " + blocks_text(found);
  if (found.skippable != 0) parts += ", " + counted(found.skippable, "skippable frame");
  text += line("parts", parts);
  text += line("check", stream.check == "none" ? "none" : stream.check + ", verified");
  if (!stream.stored_name.empty()) text += line("name", printable(stream.stored_name));
  if (!stream.comment.empty()) text += line("comment", printable(stream.comment));
  if (stream.stored_time != 0) text += line("time", moment_text(stream.stored_time));
  text += line("writer", found.writer.empty() ? "nothing tells" : "perhaps " + found.writer);
  text += line("parallel", fmt::format("{}: {}", parallel_text(found.parallel), found.why));
  return text;
}

std::string part_text(const FilePart& part, Algorithm format) {
  std::string_view kind = "block";
  if (part.kind == FilePart::Kind::skippable) kind = "skippable";
  if (part.kind == FilePart::Kind::stream) kind = stream_word(format);
  const std::string place =
      part.bit == 0 ? fmt::format("{}", part.offset) : fmt::format("{}.{}", part.offset, part.bit);
  return fmt::format("{:>16} {:>14} {:>14} {}{}{}\n", place, part.packed,
                     part.plain ? fmt::format("{}", *part.plain) : "-", kind,
                     part.form.empty() ? "" : " ", part.form);
}

Result<Inspection> look_into(ArchiveJob& job, const std::string& name) {
  const Settings& settings = job.settings();
  auto input = Input::open_operand(name, job.signals().descriptor());
  if (!input) return std::move(input).error();
  DecompressionConfig config{.algorithm = settings.format, .memory_limit = settings.memory_limit};
  if (!config.algorithm) {
    auto format = format_of(*input, name);
    if (!format) return std::move(format).error();
    config.algorithm = *format;
    if (!config.algorithm) {
      if (auto fine = refuse_archive(*input); !fine) return std::move(fine).error();
    }
  }
  PartVisitor visit;
  if (settings.verbosity > 0) {
    visit = [&](const FilePart& part) {
      job.report().progress().erase();
      job.report().text(settings.json
                            ? json_part(name, part)
                            : part_text(part, config.algorithm.value_or(Algorithm::none)));
    };
    if (!settings.json) {
      job.report().text(
          fmt::format("{:>16} {:>14} {:>14} PART\n", "OFFSET", "COMPRESSED", "PLAIN"));
    }
  }
  return inspect(*input, config, visit, job.run_options(name));
}

}  // namespace

int run_inspect(const Settings& settings) {
  ArchiveJob job(settings);
  for (const std::string& name : settings.operands) {
    auto found = look_into(job, name);
    if (!found) {
      job.tell(name, Result<Outcome>(std::move(found).error()));
      continue;
    }
    job.report().progress().erase();
    job.report().text(settings.json ? json_inspection(name, *found) : summary_text(name, *found));
  }
  return job.finish();
}

}  // namespace braid::cli
