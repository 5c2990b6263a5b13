// Threads that the program has already, instead of braid's own.
#include <braid/braid.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

// snippet: executor
// Any scheduler will do. It may refuse, be late or drop tasks: the calling thread does what nobody
// else took up.
class OwnThreads final : public braid::Executor {
 public:
  explicit OwnThreads(unsigned count) {
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }

  ~OwnThreads() override {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
    }
    more_.notify_all();
  }

  void execute(braid::Task task) override {
    {
      const std::scoped_lock lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    more_.notify_one();
  }

  [[nodiscard]] unsigned concurrency() const noexcept override {
    return static_cast<unsigned>(threads_.size());
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      more_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      braid::Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<braid::Task> tasks_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

int lend_threads(std::string_view text) {
  OwnThreads threads(2);
  braid::Engine engine({.executor = &threads});
  const braid::ParallelCompressor compressor(engine,
                                             braid::CompressionConfig(braid::Algorithm::zstd));
  const braid::Buffer packed = compressor.compress(text).value();
  return compressor.decompress(packed).value().view() == braid::ByteView(text) ? 0 : 1;
}

// snippet: end

}  // namespace

int main() {
  return lend_threads(std::string(20 << 20, 'x'));
}
