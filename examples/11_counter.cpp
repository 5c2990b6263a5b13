// A counter that any number of threads advance without a lock.
#include <braid/braid.hpp>

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace {

// snippet: counter
int count_operations() {
  braid::LockFreeCounter done;
  braid::LockFreeCounter failed;  // what fails is counted as well, or the numbers lie
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) {
          const std::string text =
              "Thread " + std::to_string(t) + " operation " + std::to_string(i);
          const auto packed = braid::compress(text, braid::Algorithm::lz4);
          if (!packed) {
            failed.increment();
          } else if (done.increment() % 100 == 0) {  // the new value: 100, 200, 300, 400, once each
            std::puts("another hundred");
          }
        }
      });
    }
  }
  return done.get() + failed.get() == 400 ? 0 : 1;
}

// snippet: end

}  // namespace

int main() {
  return count_operations();
}
