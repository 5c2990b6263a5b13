#include <fmt/core.h>
#include <unistd.h>

#include "cli/archive_read.hpp"
#include "cli/archive_tree.hpp"
#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/moment.hpp"

namespace braid::cli {

namespace {

char type_letter(EntryType type) {
  switch (type) {
    case EntryType::file:
      return '-';
    case EntryType::directory:
      return 'd';
    case EntryType::symlink:
      return 'l';
    case EntryType::hardlink:
      return 'h';
    case EntryType::character_device:
      return 'c';
    case EntryType::block_device:
      return 'b';
    case EntryType::fifo:
      return 'p';
  }
  return '?';
}

// "rwxr-xr-x", as ls has it.
std::string mode_text(std::uint32_t mode) {
  std::string text;
  for (int shift = 6; shift >= 0; shift -= 3) {
    const std::uint32_t bits = mode >> shift;
    const bool special = (mode & (shift == 6 ? 04000U : shift == 3 ? 02000U : 01000U)) != 0;
    text += (bits & 4) != 0 ? 'r' : '-';
    text += (bits & 2) != 0 ? 'w' : '-';
    const bool runs = (bits & 1) != 0;
    const char letter = shift == 0 ? 't' : 's';
    if (special) {
      text += runs ? letter : static_cast<char>(letter - 'a' + 'A');
    } else {
      text += runs ? 'x' : '-';
    }
  }
  return text;
}

std::string owner_text(const std::string& name, const std::optional<std::uint64_t>& id) {
  if (!name.empty()) return printable(name);
  return id ? std::to_string(*id) : "-";
}

// Type, permissions, owner, size and time: what -v puts before a name.
std::string details(const Entry& entry) {
  const bool device =
      entry.type == EntryType::character_device || entry.type == EntryType::block_device;
  return fmt::format(
      "{}{} {:<13} {:>12} {:<19} ", type_letter(entry.type), mode_text(entry.mode),
      owner_text(entry.user, entry.user_id) + "/" + owner_text(entry.group, entry.group_id),
      device ? fmt::format("{},{}", entry.device_major, entry.device_minor)
             : std::to_string(entry.size),
      entry.modified ? moment_text(entry.modified->seconds) : "-");
}

// Prints entries as they come.
class Lister final : public EntryVisitor {
 public:
  explicit Lister(const Settings& settings) : settings_(settings) {}

  Result<Visit> enter(const Entry& entry) override {
    if (settings_.tree) {
      tree_.add(entry);
      return Visit::skip;
    }
    auto put = out_.put(settings_.json ? json_entry(entry) : line(entry));
    if (!put) return std::move(put).error();
    return Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    return Error{.code = Errc::internal, .message = "is not to be read", .entry = entry.path};
  }

  // Also behind an error: what was listed before it counts.
  Result<void> finish() {
    if (settings_.tree) {
      if (auto printed = tree_.print(out_); !printed) return printed;
    }
    return out_.flush();
  }

 private:
  [[nodiscard]] std::string line(const Entry& entry) const {
    std::string text = settings_.verbosity > 0 ? details(entry) : std::string();
    text += shown(entry.path);
    if (entry.type == EntryType::directory) text += '/';
    if (settings_.verbosity > 0 && entry.type == EntryType::symlink) {
      text += " -> " + shown(entry.link_target);
    }
    if (settings_.verbosity > 0 && entry.type == EntryType::hardlink) {
      text += " link to " + shown(entry.link_target);
    }
    return text + (settings_.null_names ? '\0' : '\n');
  }

  // Programs get the name as it is, people what does no harm to a terminal.
  [[nodiscard]] std::string shown(const std::string& name) const {
    return is_terminal_ && !settings_.null_names ? printable(name) : name;
  }

  const Settings& settings_;
  bool is_terminal_ = isatty(STDOUT_FILENO) == 1;
  TextOut out_;
  ArchiveTree tree_;
};

void list(ArchiveJob& job) {
  const std::string& name = job.archive();
  auto file = ReadFile::open(job, name);
  if (!file) return job.tell(name, Result<Outcome>(std::move(file).error()));
  if (file->is_archive()) {
    Lister lister(job.settings());
    auto summary = file->visit(lister, job.read_options(name, job.rest()));
    if (auto printed = lister.finish(); !printed && summary) summary = std::move(printed).error();
    return job.tell(name, summary);
  }
  if (const auto extra = file->no_entries(job.rest()); !extra) {
    return job.tell(name, Result<Outcome>(extra.error()));
  }
  NullSink nowhere;
  job.tell(name, file->restore(nowhere, Action::list));
}

}  // namespace

int run_list(const Settings& settings) {
  ArchiveJob job(settings);
  if (settings.tree && (settings.json || settings.null_names)) {
    job.report().error("", {.code = Errc::invalid_argument,
                            .message = "--tree goes with neither --json nor --null"});
    return job.finish();
  }
  list(job);
  return job.finish();
}

}  // namespace braid::cli
