#include "engine/frontier_run.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "parallel/failure.hpp"

namespace braid::engine {

namespace {

// Segments aim at so much of an excerpt's room: beyond that an excerpt ends early.
constexpr std::size_t wanted_share = 2;

// Finding a block costs some tenth of a millisecond, whatever the size of a segment.
constexpr std::size_t least_segment = 64 << 10;
constexpr std::size_t most_segment = 512 << 10;

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
                         std::stop_token stop, FrontierPlan plan)
    : site_(site),
      reader_(reader),
      driver_(driver),
      stop_(std::move(stop)),
      plan_(std::move(plan)),
      ahead_(*driver.format().ahead),
      checker_(ahead_.make_checker()),
      helpers_(site.executor(), {}, plan_.threads),
      decoders_(plan_.threads),
      segments_(plan_.segments),
      outputs_(plan_.outputs) {
  for (unsigned slot = plan_.threads; slot-- > 1;) free_slots_.push_back(slot);
  for (std::size_t i = 0; i < plan_.excerpts; ++i) excerpts_.push_back(ahead_.make_excerpt());
}

Result<void> FrontierRun::run(const PlainSink& write, std::uint64_t packed, std::uint64_t plain) {
  {
    const base::Lock lock(mutex_);
    packed_ = packed;
    plain_ = plain;
  }
  driver_.run_as_frontier();
  const std::stop_callback wake(stop_, [this] {
    const base::Lock lock(mutex_);
    changed_.notify_all();
  });
  auto result = run_caller(write);
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  BRAID_TRY(helpers_.wait());
  if (result) give_back_input();
  return result;
}

Result<void> FrontierRun::run_caller(const PlainSink& write) {
  for (;;) {
    BRAID_TRY(write({}));
    call_helpers();
    const CallerJob next = next_caller_job();
    if (stop_.stop_requested()) {
      return Error{.code = Errc::cancelled, .message = "cancelled"};
    }
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
    if (!input_ended_ && filled_ - first_segment_ < segments_.size() &&
        segment(filled_).state == Segment::State::empty) {
      next.fill = &segment(filled_);
      return next;
    }
    next.job = next_job();
    if (next.job.kind != Job::Kind::none) return next;
    changed_.wait(lock.native());
  }
}

// Threads that found nothing to do may have left.
void FrontierRun::call_helpers() {
  for (;;) {
    unsigned slot = 0;
    {
      const base::Lock lock(mutex_);
      if (free_slots_.empty()) return;
      slot = free_slots_.back();
      free_slots_.pop_back();
    }
    helpers_.submit([this, slot]() -> Result<void> {
      help(slot);
      return {};
    });
  }
}

Result<void> FrontierRun::fill(Segment& segment) {
  std::size_t wanted = 0;
  {
    const base::Lock lock(mutex_);
    const std::uint64_t plain = std::max<std::uint64_t>(plain_, 1);
    const std::uint64_t size = (plan_.most_plain / wanted_share) * packed_ / plain;
    wanted = static_cast<std::size_t>(std::clamp<std::uint64_t>(size, least_segment, most_segment));
  }
  while (reader_.ahead().size() < wanted + overlap && !reader_.ended()) {
    BRAID_TRY(reader_.read_more());
  }
  segment.offset = reader_.offset();
  segment.size = std::min(wanted, reader_.ahead().size());
  segment.last = segment.size == reader_.ahead().size();
  segment.bytes = reader_.take(segment.size, overlap, segment.storage);
  input_ended_ = segment.last;
  segment.passed = false;
  const base::Lock lock(mutex_);
  segment.number = filled_;
  segment.state = Segment::State::waiting;
  ++filled_;
  changed_.notify_all();
  return {};
}

Result<void> FrontierRun::put(Output& output, const PlainSink& write) {
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
  ++first_output_;
  changed_.notify_all();
  return {};
}

// What follows the end of the last stream.
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
