// Free functions from any number of threads: nothing is shared, nothing needs a lock.
#include <braid/braid.hpp>

#include <array>
#include <cstdio>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

// snippet: calls
void thread_safe_calls() {
  constexpr std::array<std::string_view, 4> texts = {
      "Thread 1 data to compress", "Thread 2 data to compress", "Thread 3 data to compress",
      "Thread 4 data to compress"};
  // One place for each thread, failures included; joined before anybody looks.
  std::array<std::optional<braid::Result<braid::Buffer>>, texts.size()> results;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      threads.emplace_back(
          [&, i] { results[i] = braid::compress(texts[i], braid::Algorithm::lz4); });
    }
  }
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (*results[i]) {
      std::printf("thread %zu: %zu bytes\n", i, results[i]->value().size());
    } else {
      std::printf("thread %zu: %s\n", i, results[i]->error().text().c_str());
    }
  }
}

// snippet: end

int main() {
  thread_safe_calls();
}
