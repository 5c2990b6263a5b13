#include "cli/run_files.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include <dirent.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include "cli/configs.hpp"
#include "cli/file_batch.hpp"
#include "cli/names.hpp"
#include "cli/places.hpp"
#include "cli/terminal.hpp"

namespace braid::cli {

namespace {

// More than any dictionary is good for, and little enough to be held in memory.
constexpr std::size_t most_dictionary = 512 << 20;

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { closedir(folder); }
};

// What a folder holds, as paths, in the order of the names' bytes.
Result<std::vector<std::string>> names_in(const std::string& path) {
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(path.c_str()));
  if (!folder) return system_error("cannot read the folder", errno);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      names.push_back(path.ends_with('/') ? path + entry->d_name
                                          : fmt::format("{}/{}", path, name));
    }
    errno = 0;
  }
  if (errno != 0) return system_error("cannot read the folder", errno);
  std::ranges::sort(names);
  return names;
}

class Walk {
 public:
  Walk(const Settings& settings, FileBatch& files) : settings_(settings), files_(files) {}

  // What the user named.
  void operand(std::string path) {
    if (path == "-") return files_.standard_input();

    struct stat status {};

    if (stat(path.c_str(), &status) != 0) {
      const int why = errno;
      std::string longer = path + settings_.suffix.value_or(".gz");
      if (why != ENOENT || !extends_names() || stat(longer.c_str(), &status) != 0) {
        return error(path, system_error("cannot open it", why));
      }
      path = std::move(longer);
    }
    if (!S_ISDIR(status.st_mode)) {
      if (!is_done_already(path, 0)) files_.file(path);
      return;
    }
    if (settings_.recursive) return folder(path);
    error(path, Error{.code = Errc::io, .message = "is a folder; -r goes through it"});
  }

 private:
  // gzip's habit: 'zcat notes' reads notes.gz where there are no notes.
  [[nodiscard]] bool extends_names() const {
    return settings_.habits->personality == Personality::gzip &&
           settings_.action != Action::compress;
  }

  // Everything beneath, without recursion: folders may be nested as deeply as they like.
  void folder(const std::string& top) {
    std::vector<std::string> waiting = {top};  // the next one last
    while (!waiting.empty()) {
      const std::string path = std::move(waiting.back());
      waiting.pop_back();

      struct stat status {};

      if (lstat(path.c_str(), &status) != 0) {
        error(path, system_error("cannot look at it", errno));
      } else if (S_ISDIR(status.st_mode) || path == top) {
        auto names = names_in(path);
        if (!names) {
          error(path, names.error());
          continue;
        }
        waiting.insert(waiting.end(), names->rbegin(), names->rend());
      } else if (!S_ISREG(status.st_mode)) {
        note(path, "passed over: neither file nor folder", 2);
      } else {
        found(path);
      }
    }
  }

  void found(const std::string& path) {
    const bool packed = algorithm_from_path(path).has_value() ||
                        (settings_.suffix && path.ends_with(*settings_.suffix));
    if (settings_.action == Action::compress) {
      if (packed) return note(path, "passed over: compressed already", 2);
    } else if (!packed) {
      return note(path, "passed over: its name tells no format", 2);
    }
    files_.file(path);
  }

  void error(const std::string& path, const Error& error) {
    files_.tell([path, error](Report& report) { report.error(path, error); });
  }

  void note(const std::string& path, std::string_view text, int verbosity) {
    files_.tell([path, text, verbosity](Report& report) { report.note(path, text, verbosity); });
  }

  // A file that has been compressed before, by its name. Whoever names the output knows better.
  bool is_done_already(const std::string& path, int verbosity) {
    if (settings_.action != Action::compress || settings_.to_stdout || settings_.output ||
        settings_.force || !is_compressed_name(path, output_format(settings_), settings_.suffix)) {
      return false;
    }
    note(path, "skipped: has the extension already", verbosity);
    return true;
  }

  const Settings& settings_;
  FileBatch& files_;
};

Result<Buffer> dictionary_of(const Settings& settings) {
  if (!settings.dictionary) return Buffer();
  auto bytes = read_file(*settings.dictionary, most_dictionary);
  if (!bytes) {
    bytes.error().message =
        fmt::format("the dictionary {}: {}", *settings.dictionary, bytes.error().message);
  }
  return bytes;
}

}  // namespace

void run_files(const Settings& settings, SignalWatch& signals, Report& report) {
  auto dictionary = dictionary_of(settings);
  if (!dictionary) return report.error("", dictionary.error());
  CompressionConfig config(output_format(settings));
  if (settings.action == Action::compress) {
    auto checked = compression_config(settings, dictionary->view());
    if (!checked) return report.error("", checked.error());
    config = *std::move(checked);
  }
  if (auto fine = check_terminals(settings); !fine) return report.error("", fine.error());
  Work work(settings);
  report.note("threads", work.engine().thread_reason(), 2);
  const Run run{settings, config, dictionary->view(), signals, work};
  FileBatch files(run, report);
  Walk walk(settings, files);
  if (settings.operands.empty()) files.standard_input();
  for (const std::string& operand : settings.operands) walk.operand(operand);
  files.flush();
  if (settings.action == Action::list) report.list_end();
  report.engine(work.engine());
}

}  // namespace braid::cli
