#include "io/nameless_file.hpp"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include "io/system_error.hpp"

namespace braid::io {

Result<File> nameless_file() {
  const char* wanted = std::getenv("TMPDIR");
  const std::string folder = wanted != nullptr && *wanted != '\0' ? wanted : "/tmp";
  const int nameless = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (nameless >= 0) return File(nameless, "temporary file");
  // Not every file system has files without names: take one away.
  std::string name = folder + "/.braid-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) return system_error("create a temporary file in", folder, errno);
  ::unlink(name.c_str());
  return File(named, "temporary file");
}

}  // namespace braid::io
