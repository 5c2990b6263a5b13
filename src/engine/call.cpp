#include "engine/call.hpp"

namespace braid::engine {

namespace {

class NoExecutor final : public Executor {
 public:
  void execute(Task task) override { task(); }

  [[nodiscard]] unsigned concurrency() const noexcept override { return 0; }
};

class ThisThread final : public CallSite {
 public:
  Executor& executor() override { return executor_; }

  Result<Lanes> open_lanes(const LaneNeeds& /*needs*/, std::stop_token /*stop*/) override {
    return Lanes{};
  }

  std::optional<parallel::MemoryBudget::Reservation> try_reserve(std::uint64_t /*bytes*/) override {
    return std::nullopt;
  }

 private:
  NoExecutor executor_;
};

}  // namespace

CallSite& this_thread() noexcept {
  static ThisThread site;  // holds nothing: every call may share it
  return site;
}

}  // namespace braid::engine
