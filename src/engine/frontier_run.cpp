#include "engine/frontier_run.hpp"

#include <algorithm>

#include "base/cancelled.hpp"
#include "base/try.hpp"
#include "engine/solo_frontier.hpp"
#include "parallel/failure.hpp"

namespace braid::engine {

namespace {

// Segments aim at so much of an excerpt's room: beyond that an excerpt ends early.
constexpr std::size_t wanted_share = 2;

// Finding a block costs some tenth of a millisecond, whatever the size of a segment.
constexpr std::size_t least_segment = 64 << 10;
constexpr std::size_t most_segment = 512 << 10;

// For the frontier alone: the one that it is in, and the next.
constexpr std::size_t least_segments = 2;

// What an excerpt may read behind its segment, to end with a block. Encoders seldom make larger
// blocks; where they do, the excerpt ends with the block before.
constexpr std::size_t overlap = 256 << 10;

}  // namespace

std::optional<FrontierPlan> FrontierPlan::make(CallSite& site) {
  FrontierPlan plan;
  plan.threads = site.executor().concurrency() + 1;
  plan.segments = 2 * std::size_t{plan.threads} + 4;
  plan.outputs = 2 * std::size_t{plan.threads} + 4;
  plan.excerpts = std::size_t{plan.threads} + 3;
  constexpr std::uint64_t tables = 1 << 20;  // of a decoder
  for (plan.most_plain = 4 << 20; plan.most_plain >= 1 << 20; plan.most_plain /= 2) {
    const std::uint64_t need = plan.threads * tables +
                               plan.segments * std::uint64_t{most_segment + overlap} +
                               plan.outputs * std::uint64_t{slice_bytes} +
                               plan.excerpts * 3 * std::uint64_t{plan.most_plain};
    auto memory = site.try_reserve(need);
    if (!memory) continue;
    plan.memory = std::move(*memory);
    return plan;
  }
  return std::nullopt;
}

FrontierRun::FrontierRun(CallSite& site, PackedReader& reader, DecodeDriver& driver,
                         std::stop_token stop, FrontierPlan plan, FrontierPace pace)
    : site_(site),
      reader_(reader),
      driver_(driver),
      stop_(std::move(stop)),
      plan_(std::move(plan)),
      ahead_(*driver.format().ahead),
      checker_(ahead_.make_checker()),
      decoders_(plan_.threads),
      segments_(plan_.segments),
      outputs_(plan_.outputs),
      pace_(pace),
      helpers_(site.executor(), {}, plan_.threads) {
  for (unsigned slot = plan_.threads; slot-- > 1;) free_slots_.push_back(slot);
  for (std::size_t i = 0; i < plan_.segments; ++i) storages_.emplace_back(base::chunk_memory());
  for (std::size_t i = 0; i < plan_.outputs; ++i) slices_.emplace_back();
  for (std::size_t i = 0; i < plan_.excerpts; ++i) excerpts_.push_back(ahead_.make_excerpt());
}

Result<void> FrontierRun::run(const PlainSink& write) {
  driver_.run_as_frontier();
  const std::stop_callback wake(stop_, [this] {
    const base::Lock lock(mutex_);
    caller_wakes_.notify_one();
  });
  Result<void> result;
  {
    // Also where the source or the sink throws.
    struct Dismissal {
      FrontierRun& run;
      ~Dismissal() { run.dismiss_helpers(); }
    } const at_the_end{*this};
    result = run_caller(write);
  }
  BRAID_TRY(helpers_.wait());
  if (result) give_back_input();
  return result;
}

Result<void> FrontierRun::run_caller(const PlainSink& write) {
  for (;;) {
    BRAID_TRY(write({}));
    if (may_go_solo()) {
      BRAID_TRY_VALUE(const bool finished, run_solo(write));
      if (finished) return {};
    }
    call_helpers();
    const CallerJob next = next_caller_job();
    if (stop_.stop_requested()) return base::cancelled();
    if (next.put != nullptr) {
      const bool finished = next.put->finished;
      BRAID_TRY(put(*next.put, write));
      if (finished) return {};
    } else if (next.fill != nullptr) {
      BRAID_TRY(fill(*next.fill));
    } else if (next.job.kind != Job::Kind::none) {
      work(next.job, 0);
    }
  }
}

// Waits where nothing is to be done, until something is or a stop is asked for.
FrontierRun::CallerJob FrontierRun::next_caller_job() {
  base::Lock lock(mutex_);
  for (;;) {
    CallerJob next;
    if (stop_.stop_requested()) return next;
    if (first_output_ != next_output_ && output(first_output_).state == Output::State::ready) {
      next.put = &output(first_output_);
      return next;
    }
    if (wants_segment()) {
      next.fill = &segment(filled_);
      return next;
    }
    next.job = take_job(Who::caller);
    if (next.job.kind != Job::Kind::none) return next;
    caller_wakes_.wait(lock.native());
  }
}

bool FrontierRun::wants_segment() {
  const std::size_t most = pace_.looks_ahead() ? segments_.size() : least_segments;
  return !input_ended_ && filled_ - first_segment_ < most &&
         segment(filled_).state == Segment::State::empty;
}

// Threads that found nothing to do may have left.
void FrontierRun::call_helpers() {
  for (;;) {
    unsigned slot = 0;
    {
      const base::Lock lock(mutex_);
      if (free_slots_.empty() || find_job(Who::helper).kind == Job::Kind::none) return;
      slot = free_slots_.back();
      free_slots_.pop_back();
    }
    helpers_.submit([this, slot]() -> Result<void> {
      help(slot);
      return {};
    });
  }
}

void FrontierRun::dismiss_helpers() {
  const base::Lock lock(mutex_);
  stopping_ = true;
  helpers_wake_.notify_all();
}

Result<void> FrontierRun::fill(Segment& segment) {
  std::size_t wanted = 0;
  std::size_t beyond = 0;
  {
    const base::Lock lock(mutex_);
    segment.storage = std::move(storages_.back());
    storages_.pop_back();
    if (pace_.looks_ahead()) beyond = overlap;
    const std::uint64_t size = pace_.packed_of(plan_.most_plain / wanted_share);
    wanted = static_cast<std::size_t>(std::clamp<std::uint64_t>(size, least_segment, most_segment));
  }
  // One byte more tells that the input does not end there.
  while (reader_.ahead().size() <= wanted + beyond && !reader_.ended()) {
    BRAID_TRY(reader_.read_more());
  }
  segment.offset = reader_.offset();
  segment.size = std::min(wanted, reader_.ahead().size());
  segment.last = segment.size == reader_.ahead().size();
  segment.bytes = reader_.take(segment.size, beyond, segment.storage);
  input_ended_ = segment.last;
  segment.passed = false;
  const base::Lock lock(mutex_);
  segment.number = filled_;
  segment.state = Segment::State::waiting;
  ++filled_;
  wake_helpers();
  return {};
}

Result<void> FrontierRun::put(Output& output, const PlainSink& write) {
  const std::uint64_t start_ns = parallel::clock_ns();
  if (output.excerpt != nullptr) {
    for (const codec::SummedPart& part : output.excerpt->parts())
      BRAID_TRY(driver_.check(part, *checker_));
    for (const ByteView plain : output.excerpt->plain()) {
      if (!plain.empty()) BRAID_TRY(write(plain));
    }
  } else {
    if (output.size != 0) BRAID_TRY(write(output.plain.view().first(output.size)));
    BRAID_TRY(driver_.check(output.part, *checker_));
  }
  if (output.error) return *std::move(output.error);
  const base::Lock lock(mutex_);
  if (output.excerpt != nullptr) excerpts_.push_back(std::move(output.excerpt));
  output.state = Output::State::empty;
  if (!output.plain.empty()) slices_.push_back(std::move(output.plain));
  ++first_output_;
  pace_.wrote(parallel::clock_ns() - start_ns);
  wake_helpers();
  return {};
}

// Everything is written, nobody has begun with anything, and little input has to be given back.
bool FrontierRun::may_go_solo() {
  const base::Lock lock(mutex_);
  return pace_.is_solo() && filled_ - first_segment_ <= least_segments && !frontier_busy_ &&
         !frontier_ended_ && awaited_ == nullptr && first_output_ == next_output_ &&
         std::ranges::none_of(segments_, [](const Segment& segment) {
           return segment.state == Segment::State::decoding;
         });
}

// Goes on as if there were no threads, until they are of use or the input ends: true at its end.
// Segments and excerpts would only be copied from place to place.
Result<bool> FrontierRun::run_solo(const PlainSink& write) {
  give_back_input();
  Buffer room;
  {
    const base::Lock lock(mutex_);
    for (; first_segment_ < filled_; ++first_segment_) {
      Segment& unused = segment(first_segment_);
      if (unused.state == Segment::State::ready) drop_excerpt(unused);
      empty(unused);
    }
    room = std::move(slices_.back());
    slices_.pop_back();
  }
  input_ended_ = false;
  room.resize(slice_bytes);
  SoloFrontier frontier(site_, reader_, driver_, *checker_, points_, stop_);
  for (;;) {
    BRAID_TRY_VALUE(const Step step, frontier.step(room.writable(), write));
    if (step.state == StepState::finished) return true;
    const base::Lock lock(mutex_);
    pace_.wrote(frontier.write_ns());
    pace_.advanced(step.consumed, step.produced, driver_.take_findable(), frontier.decode_ns());
    if (pace_.is_solo()) continue;
    slices_.push_back(std::move(room));
    return false;
  }
}

// What follows the end of the last stream, or where reading has come to.
void FrontierRun::give_back_input() {
  const base::Lock lock(mutex_);
  const std::uint64_t end = driver_.consumed();
  Buffer rest;
  for (std::uint64_t number = first_segment_; number < filled_ && !reader_.in_memory(); ++number) {
    const Segment& behind = segment(number);
    const std::uint64_t skip = end - std::min(end, behind.offset);
    rest.append(behind.bytes.first(behind.size)
                    .drop(static_cast<std::size_t>(std::min<std::uint64_t>(skip, behind.size))));
  }
  reader_.put_back(end, rest.view());
}

}  // namespace braid::engine
