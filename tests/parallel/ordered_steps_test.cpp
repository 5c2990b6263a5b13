#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "parallel/ordered_pipeline.hpp"
#include "parallel/worker_pool.hpp"
#include "tests/parallel/planted_failure.hpp"

// Work that comes out in steps: consumed while it is at work.
namespace braid::parallel {
namespace {

// Items whose work comes out in numbered steps.
class SteppedStages final : public OrderedStages {
 public:
  SteppedStages(std::uint64_t count, unsigned steps, std::size_t window)
      : count_(count), steps_(steps), places_(window) {}

  Result<bool> produce(std::size_t item) override {
    if (next_ == count_) return false;
    places_[item].number = next_++;
    places_[item].made = 0;
    places_[item].seen = 0;
    return true;
  }

  Result<void> work(std::size_t item, unsigned slot, Advance& advance) override {
    Place& place = places_[item];
    for (unsigned step = 1; step <= steps_; ++step) {
      place.made.store(step);
      if (!advance()) {
        ++given_up;
        return Error{.code = Errc::internal, .message = "given up"};
      }
      if (place.number == holds && slot != 0) place.made_known.wait(step - 1);
    }
    return {};
  }

  Result<void> consume_front(std::size_t item) override {
    Place& place = places_[item];
    in_order = in_order && place.number == consumed;
    const unsigned made = place.made.load();
    fronts += made - place.seen;
    place.seen = made;
    if (place.number == holds) {
      place.made_known.store(made);
      place.made_known.notify_one();
    }
    if (place.number == fails_at && made >= fails_step) return fail_now(how, fails_at);
    return {};
  }

  Result<void> consume(std::size_t item) override {
    auto front = consume_front(item);
    if (!front) return front;
    ++consumed;
    return {};
  }

  [[nodiscard]] bool consumed_at_any_time(std::size_t item) const override {
    return places_[item].number % 3 != 1;
  }

  static constexpr std::uint64_t none = ~std::uint64_t{0};
  // The work of this item waits until each of its steps was consumed, but on the calling thread.
  std::uint64_t holds = none;
  std::uint64_t fails_at = none;
  unsigned fails_step = 0;
  How how = How::error;
  std::uint64_t consumed = 0;
  std::uint64_t fronts = 0;  // steps
  bool in_order = true;
  std::atomic<unsigned> given_up = 0;

 private:
  struct Place {
    std::uint64_t number = 0;
    std::atomic<unsigned> made = 0;
    std::atomic<unsigned> made_known = 0;
    unsigned seen = 0;
  };

  const std::uint64_t count_;
  const unsigned steps_;
  std::vector<Place> places_;
  std::uint64_t next_ = 0;
};

class OrderedSteps : public testing::TestWithParam<unsigned> {
 protected:
  WorkerPool pool_{{.threads = GetParam() - 1}};
};

INSTANTIATE_TEST_SUITE_P(Counts, OrderedSteps, testing::Values(1U, 2U, 3U, 8U));

TEST_P(OrderedSteps, what_comes_out_in_steps_is_consumed_in_order_and_whole) {
  for (const std::size_t window : {1, 2, 5}) {
    SteppedStages stages(200, 7, window);
    EXPECT_TRUE(run_ordered(pool_, {.threads = GetParam()}, window, stages));
    EXPECT_TRUE(stages.in_order);
    EXPECT_EQ(stages.consumed, 200U);
    EXPECT_EQ(stages.fronts, 200U * 7);
  }
}

TEST_P(OrderedSteps, each_step_of_the_first_item_is_consumed_while_it_is_at_work) {
  for (const bool caller_works : {true, false}) {
    for (std::uint64_t first = 0; first < 4; ++first) {
      SteppedStages stages(4, 5, 2);
      stages.holds = first;
      EXPECT_TRUE(
          run_ordered(pool_, {.threads = GetParam(), .caller_works = caller_works}, 2, stages));
      EXPECT_EQ(stages.fronts, 4U * 5);
    }
  }
}

TEST_P(OrderedSteps, a_step_that_cannot_be_consumed_ends_the_call_and_the_work) {
  for (const How how : {How::error, How::exception, How::user}) {
    for (std::uint64_t at = 0; at < 6; ++at) {
      SteppedStages stages(6, 50, 3);
      stages.fails_at = at;
      stages.fails_step = 3;
      stages.how = how;
      const auto call = [&] { return run_ordered(pool_, {.threads = GetParam()}, 3, stages); };
      if (how == How::user) {
        EXPECT_THROW(static_cast<void>(call()), UserError);
      } else {
        const Result<void> result = call();
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().message, std::to_string(at));
      }
      EXPECT_EQ(stages.consumed, at);
      EXPECT_TRUE(stages.in_order);
    }
  }
}

TEST_P(OrderedSteps, work_is_told_when_it_is_not_wanted_any_more) {
  SteppedStages stages(1000, 1'000'000'000, 4);
  stages.fails_at = 0;
  stages.fails_step = 2;
  EXPECT_FALSE(run_ordered(pool_, {.threads = GetParam()}, 4, stages));
  EXPECT_GT(stages.given_up.load(), 0U);
}

}  // namespace
}  // namespace braid::parallel
