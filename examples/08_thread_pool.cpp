// Many small buffers on the threads of one engine.
#include <braid/braid.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace {

// snippet: collect
int submit_and_collect(braid::Engine& engine, const std::vector<std::string>& pages) {
  braid::CompressionThreadPool pool(engine, braid::CompressionConfig(braid::Algorithm::lz4),
                                    {.queue_limit = 64});
  // Borrowed input: the pages must live until their tasks have ended. A full queue makes the
  // submitting thread work, so that a fast producer is slowed down and not the memory filled up.
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (!pool.submit(i, pages[i])) return 1;
  }
  // Exactly one result for each task, in the order of completion; none left: the loop ends.
  std::size_t good = 0;
  while (auto done = pool.next()) {
    if (!done->result) {
      std::printf("task %ju: %s\n", done->id, done->result.error().text().c_str());
    } else {
      ++good;  // done->result owns its bytes, whatever becomes of the pool
    }
  }
  return good == pages.size() ? 0 : 1;
}

// snippet: end

// snippet: ways
int other_ways(braid::Engine& engine, const std::string& page) {
  using namespace std::chrono_literals;
  braid::CompressionThreadPool pool(engine, braid::CompressionConfig(braid::Algorithm::lz4));

  // By ticket; with a format and a priority of its own; with input that the task owns.
  braid::Buffer own;
  own.append(page);
  const braid::Ticket ticket =
      pool.submit(1, std::move(own),
                  {.algorithm = braid::Algorithm::gzip, .priority = braid::Priority::high})
          .value();
  const braid::Buffer packed = pool.get(ticket).result.value();

  // Decompressing, with a limit; with patience rather than for ever.
  pool.submit_decompress(2, packed, {.decompression = {{.output_limit = 1 << 20}}}).value();
  const auto soon = pool.next_for(10s);
  if (!soon || !soon->result) return 1;

  // A queue that is full is an answer too.
  const auto accepted = pool.submit(3, page, {.when_full = braid::WhenFull::refuse});
  if (!accepted && accepted.error().code != braid::Errc::busy) return 1;

  // drain finishes what was accepted, cancel ends it; either way each task has its one result.
  pool.shutdown(braid::CompressionThreadPool::Shutdown::drain);
  const auto late = pool.submit(4, page);
  if (late || late.error().code != braid::Errc::cancelled) return 1;
  return pool.take_all().size() == 1 ? 0 : 1;
}

// snippet: end

}  // namespace

int main() {
  braid::Engine engine;
  std::vector<std::string> pages;
  for (int i = 0; i < 500; ++i) pages.push_back("page " + std::string(i, static_cast<char>(i)));
  const int collected = submit_and_collect(engine, pages);
  return collected != 0 ? collected : other_ways(engine, pages.back());
}
