#include "engine/stream_run.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/solo_frontier.hpp"
#include "parallel/ordered_pipeline.hpp"

namespace braid::engine {

namespace {

// Room for one step of a StreamDecoder: stays in the second-level cache with a usual window.
constexpr std::size_t room_bytes = 512 << 10;

// Blocks in flight: one at work, one written, one that waits for either.
constexpr std::size_t blocks = 4;

constexpr std::size_t least_block = 4 << 10;
constexpr std::size_t most_block = 256 << 10;

// What blocks aim at and what they have room for: input of uneven ratio seldom fills it.
constexpr std::size_t wanted_plain = room_bytes;
constexpr std::size_t block_room = 2 * room_bytes;

// What it costs two threads to hand a block to each other and wake up for it. Where reading and
// writing one take less, nothing is gained by doing that beside. So many more of them have to take
// longer than have not: each may have been interrupted.
constexpr std::uint64_t hand_over_ns = 100'000;
constexpr unsigned least_slow = 3;

constexpr std::uint64_t nobody = UINT64_MAX;

}  // namespace

Result<bool> StreamRun::run(DecodeDriver& driver, const PlainSink& write) {
  auto finished = run_in_steps(driver, write);
  if (points_ != nullptr) points_->end(driver);
  const bool full = held_ > room_bytes / 2;
  if (!finished || *finished || full) BRAID_TRY(write_held(write));
  return finished;
}

Result<void> StreamRun::write_held(const PlainSink& write) {
  const std::size_t count = std::exchange(held_, 0);
  return count == 0 ? Result<void>() : write(room_.view().first(count));
}

Result<void> StreamRun::write_paced(DecodeDriver& driver, const PlainSink& write) {
  if (since_write_.plain == 0) return write_held(write);
  const std::uint64_t decoded_ns = parallel::clock_ns();
  pace_.advanced(since_write_.packed, since_write_.plain,
                 driver.is_frontier() && driver.take_findable(),
                 decoded_ns - since_write_.start_ns - since_write_.read_ns);
  BRAID_TRY(write_held(write));
  const std::uint64_t written_ns = parallel::clock_ns();
  pace_.wrote(written_ns - decoded_ns);
  const std::uint64_t transfer_ns = since_write_.read_ns + written_ns - decoded_ns;
  if (transfer_ns * wanted_plain >= hand_over_ns * since_write_.plain) {
    ++slow_transfers_;
  } else if (slow_transfers_ != 0) {
    --slow_transfers_;
  }
  since_write_ = {.start_ns = written_ns};
  return {};
}

Result<bool> StreamRun::run_in_steps(DecodeDriver& driver, const PlainSink& write) {
  room_.resize(room_bytes);
  if (held_ == 0) since_write_ = {.start_ns = parallel::clock_ns()};
  if (points_ != nullptr) {
    BRAID_TRY(points_->begin(driver));
    if (driver.is_frontier()) {
      BRAID_TRY(write_held(write));
      return run_observed(driver, write);
    }
  }
  for (;;) {
    BRAID_TRY(write({}));
    if (reader_.ahead().empty() && !reader_.ended()) {
      BRAID_TRY(write_held(write));
      const std::uint64_t start_ns = parallel::clock_ns();
      BRAID_TRY(reader_.read_more());
      since_write_.read_ns += parallel::clock_ns() - start_ns;
    }
    const Input input = reader_.ended() ? Input::last : Input::more;
    BRAID_TRY_VALUE(const Step step,
                    driver.step(reader_.ahead(), room_.writable().subspan(held_), input));
    reader_.consume(step.consumed);
    held_ += step.produced;
    plain_ += step.produced;
    since_write_.packed += step.consumed;
    since_write_.plain += step.produced;
    if (step.state == StepState::finished) return true;
    if (driver.at_seam()) return false;
    BRAID_TRY(write_paced(driver, write));
    const bool long_stream = !reader_.ended() || reader_.ahead().size() > most_block;
    if (plain_ < codec::read_alone || !long_stream || site_.executor().concurrency() == 0) continue;
    if (driver.is_frontier()) {
      auto plan = FrontierPlan::make(site_);
      if (plan) return run_frontier(driver, write, std::move(*plan));
    }
    if (slow_transfers_ < least_slow) continue;
    const auto memory = site_.try_reserve(blocks * (most_block + block_room));
    if (!memory) continue;
    block_bytes_ = static_cast<std::size_t>(
        std::clamp<std::uint64_t>(pace_.packed_of(wanted_plain), least_block, most_block));
    return run_ahead(driver, write);
  }
}

// Step by step, with stops at blocks from which the file could be entered.
Result<bool> StreamRun::run_observed(DecodeDriver& driver, const PlainSink& write) {
  if (site_.executor().concurrency() != 0) {
    auto plan = FrontierPlan::make(site_);
    if (plan) return run_frontier(driver, write, std::move(*plan));
  }
  const auto checker = driver.format().ahead->make_checker();
  driver.run_as_frontier();
  SoloFrontier frontier(site_, reader_, driver, *checker, points_, stop_);
  for (;;) {
    BRAID_TRY_VALUE(const Step step, frontier.step(room_.writable(), write));
    if (step.state == StepState::finished) return true;
    if (driver.at_seam()) return false;
  }
}

Result<bool> StreamRun::run_frontier(DecodeDriver& driver, const PlainSink& write,
                                     FrontierPlan plan) {
  FrontierRun run(site_, reader_, driver, stop_, std::move(plan), pace_);
  run.observe(points_);
  BRAID_TRY(run.run(write));
  return true;
}

Result<bool> StreamRun::run_ahead(DecodeDriver& driver, const PlainSink& write) {
  {
    const base::Lock lock(mutex_);
    turn_ = next_ = 0;
    end_.reset();
  }
  ended_ = false;
  produced_blocks_ = 0;
  sent_last_ = false;
  left_over_.clear();
  std::array<Block, blocks> items;
  BRAID_TRY(parallel::run_ordered(
      site_.executor(),
      {.threads = 2, .caller_works = false, .stop = stop_, .monitor = site_.monitor()},
      std::span<Block>(items), [this](Block& block) { return produce(block); },
      [&](Block& block, unsigned) {
        work(driver, block);
        return Result<void>();
      },
      [&](Block& block) { return consume(driver, block, write); }));
  const base::Lock lock(mutex_);
  if (!end_) return Error{.code = Errc::internal, .message = "stopped before the end"};
  reader_.put_back(end_->offset, left_over_.view());
  return end_->of_input;
}

Result<bool> StreamRun::produce(Block& block) {
  if (ended_ || sent_last_) return false;
  if (reader_.ahead().empty() && !reader_.ended()) BRAID_TRY(reader_.read_more());
  block.index = produced_blocks_++;
  block.offset = reader_.offset();
  block.packed = reader_.ahead().first(std::min<std::size_t>(reader_.ahead().size(), block_bytes_));
  if (!reader_.in_memory()) {
    block.storage.clear();
    block.storage.append(block.packed);
    block.packed = block.storage.view();
  }
  reader_.consume(block.packed.size());
  sent_last_ = reader_.ended() && reader_.ahead().empty();
  block.input = sent_last_ ? Input::last : Input::more;
  block.consumed = block.produced = 0;
  block.complete = false;
  block.error.reset();
  return true;
}

// A block that cannot be decoded, because one before it is not finished, is left to consume().
void StreamRun::work(DecodeDriver& driver, Block& block) {
  base::Lock lock(mutex_);
  while (turn_ != block.index) passed_.wait(lock.native());
  if (next_ == block.index) decode(driver, block);
  ++turn_;
  passed_.notify_all();
}

void StreamRun::decode(DecodeDriver& driver, Block& block) try {
  block.plain.resize(block_room);
  while (block.produced != block_room) {
    auto step = driver.step(block.packed.drop(block.consumed),
                            block.plain.writable().subspan(block.produced), block.input);
    if (!step) {
      block.error = std::move(step).error();
      next_ = nobody;
      ended_ = true;
      return;
    }
    block.consumed += step->consumed;
    block.produced += step->produced;
    const bool finished = step->state == StepState::finished;
    if (finished || driver.at_seam()) {
      end_ = End{.of_input = finished, .offset = block.offset + block.consumed};
      block.complete = true;
      next_ = nobody;
      ended_ = true;
      return;
    }
    if (step->state == StepState::need_input && block.consumed == block.packed.size()) {
      block.complete = true;
      ++next_;
      if (block.produced != 0) {
        block_bytes_ =
            std::clamp(block.consumed * wanted_plain / block.produced, least_block, most_block);
      }
      return;
    }
  }
} catch (const std::bad_alloc&) {
  block.error = base::no_memory("no memory to decompress");
  next_ = nobody;
  ended_ = true;
}

Result<void> StreamRun::consume(DecodeDriver& driver, Block& block, const PlainSink& write) {
  for (;;) {
    BRAID_TRY(write(block.plain.view().first(block.produced)));
    if (block.error) return *std::move(block.error);
    if (block.complete) break;
    const base::Lock lock(mutex_);
    if (next_ != block.index) break;  // the end came before it
    block.produced = 0;
    decode(driver, block);
  }
  if (ended_ && !reader_.in_memory()) left_over_.append(block.packed.drop(block.consumed));
  return {};
}

}  // namespace braid::engine
