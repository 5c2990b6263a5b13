// fork(): threads do not come along, so a child makes an engine of its own.
#include <braid/braid.hpp>

#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace {

// snippet: fork
int compress_in_child(const std::string& text) {
  braid::Engine engine;  // the parent's
  const braid::CompressionConfig config(braid::Algorithm::zstd);
  const braid::Buffer mine = braid::ParallelCompressor(engine, config).compress(text).value();

  const pid_t child = fork();
  if (child == 0) {
    // The parent's engine has no threads here: neither use it nor let it be destroyed. braid keeps
    // no state outside of objects, so that a new engine works as it does anywhere.
    braid::Engine own;
    const auto packed = braid::ParallelCompressor(own, config).compress(text);
    _exit(packed && packed->view() == mine.view() ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  return status;
}

// snippet: end

}  // namespace

int main() {
  return compress_in_child(std::string(8 << 20, 'x'));
}
