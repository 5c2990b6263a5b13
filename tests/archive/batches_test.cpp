#include "archive/batches.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace braid::archive {
namespace {

struct Numbers {
  std::vector<int> numbers;
  int sum = 0;
};

void add_up(Numbers& batch) {
  for (const int number : batch.numbers) batch.sum += number;
}

class BatchesTest : public testing::TestWithParam<unsigned> {
 protected:
  Engine engine_{{.threads = GetParam()}};
};

TEST_P(BatchesTest, each_is_worked_on_once_and_settled_in_order) {
  Batches<Numbers> batches(engine_, add_up);
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 50; ++i) batches.next().numbers = {i, 1};
    std::vector<int> sums;
    const auto settle = [&](Numbers& batch, Result<void>& /*result*/) {
      sums.push_back(batch.sum);
    };
    ASSERT_TRUE(batches.finish(settle));
    ASSERT_EQ(sums.size(), 50U);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(sums[static_cast<std::size_t>(i)], i + 1);
    EXPECT_EQ(batches.open(), nullptr);
  }
}

TEST_P(BatchesTest, the_last_one_stays_open_until_the_next) {
  Batches<Numbers> batches(engine_, add_up);
  batches.next();
  batches.open()->numbers.push_back(3);
  batches.open()->numbers.push_back(4);
  int sum = 0;
  const auto settle = [&](Numbers& batch, Result<void>& /*result*/) { sum += batch.sum; };
  ASSERT_TRUE(batches.finish(settle));
  EXPECT_EQ(sum, 7);
}

TEST_P(BatchesTest, what_settling_finds_is_the_result) {
  Batches<Numbers> batches(engine_, add_up);
  for (int i = 0; i < 9; ++i) batches.next().numbers = {i};
  const auto settle = [](Numbers& batch, Result<void>& result) {
    if (result && batch.sum == 5) result = Error{.code = Errc::io, .message = "five"};
  };
  EXPECT_EQ(batches.finish(settle).error().message, "five");
}

TEST_P(BatchesTest, what_work_throws_comes_out_when_no_thread_is_at_work_any_more) {
  std::atomic<int> at_work = 0;
  Batches<Numbers> batches(engine_, [&](Numbers& batch) {
    ++at_work;
    const int number = batch.numbers.front();
    --at_work;
    if (number == 7) throw std::runtime_error("seven");
  });
  for (int i = 0; i < 30; ++i) batches.next().numbers = {i};
  const auto settle = [](Numbers& /*batch*/, Result<void>& /*result*/) {};
  EXPECT_THROW(static_cast<void>(batches.finish(settle)), std::runtime_error);
  EXPECT_EQ(at_work, 0);
}

TEST_P(BatchesTest, when_dropped_no_thread_is_at_work_any_more) {
  std::atomic<int> at_work = 0;
  std::atomic<int> done = 0;
  Batches<Numbers> batches(engine_, [&](Numbers& /*batch*/) {
    ++at_work;
    ++done;
    --at_work;
  });
  for (int i = 0; i < 30; ++i) batches.next();
  batches.drop();
  EXPECT_EQ(at_work, 0);
  EXPECT_LE(done, 29);  // never the open one
  EXPECT_EQ(batches.open(), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Threads, BatchesTest, testing::Values(1U, 2U, 8U));

}  // namespace
}  // namespace braid::archive
