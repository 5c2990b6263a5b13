#include <algorithm>
#include <new>
#include <string_view>

#include "base/no_memory.hpp"
#include "engine/frontier_run.hpp"

// What any thread of a FrontierRun does.
namespace braid::engine {

namespace {

constexpr std::string_view no_memory_text = "no memory to decompress";

}  // namespace

void FrontierRun::help(unsigned slot) {
  for (;;) {
    Job job;
    {
      base::Lock lock(mutex_);
      for (;;) {
        if (!stopping_) job = take_job(Who::helper);
        if (job.kind != Job::Kind::none) break;
        if (stopping_ || site_.executor().backlog()) {
          free_slots_.push_back(slot);
          return;
        }
        helpers_wake_.wait(lock.native());
      }
    }
    work(job, slot);
  }
}

FrontierRun::Job FrontierRun::find_job(Who who) {
  if (frontier_may_run() && (who == Who::caller || !pace_.caller_leads())) {
    return {.kind = Job::Kind::frontier, .output = &output(next_output_)};
  }
  for (std::uint64_t number = first_output_; number != next_output_; ++number) {
    Output& next = output(number);
    if (next.state == Output::State::unresolved) {
      return {.kind = Job::Kind::resolve, .output = &next};
    }
  }
  if (Segment* const next = next_to_decode()) {
    return {.kind = Job::Kind::decode, .segment = next};
  }
  return {};
}

FrontierRun::Job FrontierRun::take_job(Who who) {
  Job job = find_job(who);
  switch (job.kind) {
    case Job::Kind::frontier:
      frontier_busy_ = true;
      break;
    case Job::Kind::resolve:
      job.output->state = Output::State::resolving;
      break;
    case Job::Kind::decode:
      job.segment->state = Segment::State::decoding;
      job.segment->excerpt = std::move(excerpts_.back());
      excerpts_.pop_back();
      break;
    case Job::Kind::none:
      break;
  }
  return job;
}

void FrontierRun::wake_all() {
  caller_wakes_.notify_one();
  wake_helpers();
}

void FrontierRun::wake_helpers() {
  if (find_job(Who::helper).kind != Job::Kind::none) helpers_wake_.notify_all();
}

bool FrontierRun::frontier_may_run() {
  return !frontier_busy_ && !frontier_ended_ && awaited_ == nullptr &&
         next_output_ - first_output_ < outputs_.size() && first_segment_ < filled_;
}

// One segment is left to the frontier besides the one that it is in: so long an excerpt takes.
FrontierRun::Segment* FrontierRun::next_to_decode() {
  if (excerpts_.empty() || frontier_ended_ || !pace_.looks_ahead()) return nullptr;
  bool left_one = false;
  for (std::uint64_t number = first_segment_ + 1; number < filled_; ++number) {
    Segment& next = segment(number);
    if (next.state != Segment::State::waiting) continue;
    if (left_one && pace_.tries(number)) return &next;
    left_one = true;
  }
  return nullptr;
}

void FrontierRun::work(const Job& job, unsigned slot) {
  parallel::Monitor* const monitor = site_.monitor();
  const std::uint64_t start_ns = monitor != nullptr ? parallel::clock_ns() : 0;
  std::uint64_t item = 0;
  switch (job.kind) {
    case Job::Kind::frontier:
      advance(*job.output);
      break;
    case Job::Kind::resolve:
      resolve(*job.output);
      break;
    case Job::Kind::decode:
      item = job.segment->number;
      decode(*job.segment, slot);
      break;
    case Job::Kind::none:
      return;
  }
  if (monitor != nullptr) monitor->stage(parallel::Stage::work, slot, start_ns, item);
}

void FrontierRun::resolve(Output& output) {
  bool resolved = false;
  try {
    output.excerpt->resolve();
    resolved = true;
  } catch (const std::bad_alloc&) {
    output.error = base::no_memory(no_memory_text);
  }
  const base::Lock lock(mutex_);
  if (!resolved) excerpts_.push_back(std::move(output.excerpt));
  output.state = Output::State::ready;
  caller_wakes_.notify_one();
}

void FrontierRun::decode(Segment& segment, unsigned slot) {
  bool useful = false;
  try {
    auto& decoder = decoders_[slot];
    if (decoder == nullptr) decoder = ahead_.make_decoder();
    useful = decoder->decode({segment.bytes, segment.offset, segment.size}, plan_.most_plain,
                             *segment.excerpt);
  } catch (const std::bad_alloc&) {  // the frontier reads it then
  }
  const base::Lock lock(mutex_);
  if (awaited_ == &segment) awaited_ = nullptr;
  segment.state = Segment::State::ready;
  if (!useful) pace_.missed();
  if (!useful || segment.passed) drop_excerpt(segment);
  if (segment.passed) empty(segment);
  wake_all();
}

void FrontierRun::drop_excerpt(Segment& segment) {
  excerpts_.push_back(std::move(segment.excerpt));
  segment.state = Segment::State::taken;
}

void FrontierRun::empty(Segment& segment) {
  storages_.push_back(std::move(segment.storage));
  segment.state = Segment::State::empty;
}

// ---- The frontier ------------------------------------------------------------------------------

// One slice, or one leap.
void FrontierRun::advance(Output& output) {
  const std::uint64_t start_ns = parallel::clock_ns();
  const auto place = driver_.place();
  const std::uint64_t consumed = driver_.consumed();
  output.size = 0;
  output.part = {};
  output.finished = false;
  Segment* here = nullptr;
  bool may_leap = false;
  std::uint64_t stop = 0;
  {
    const base::Lock lock(mutex_);
    here = &segment(first_segment_);
    switch (here->state) {
      case Segment::State::waiting:
        here->state = Segment::State::taken;
        [[fallthrough]];
      case Segment::State::taken:
      case Segment::State::empty:
        stop = here->end();
        break;
      case Segment::State::decoding:
        if (place) {
          awaited_ = here;
          frontier_busy_ = false;
          return;
        }
        stop = consumed;
        break;
      case Segment::State::ready:
        if (!place) {
          stop = consumed;
        } else if (here->excerpt->begins_at(*place)) {
          may_leap = true;
        } else if (place->bit > here->excerpt->last_first_bit()) {
          pace_.missed();
          drop_excerpt(*here);
          stop = here->end();
        } else {
          stop = here->excerpt->first_bit() / 8;
        }
        break;
    }
  }
  try {
    if (!may_leap || !leap(*here, output)) {
      if (points_ != nullptr && points_->wants(driver_)) stop = consumed;
      // A place that reading stands at already is not stopped at again.
      driver_.stop_behind(place ? std::max(stop, place->byte() + 1) : stop);
      step(*here, output);
    }
    if (points_ != nullptr && !output.error) {
      auto noted = points_->pass(driver_);
      if (!noted) output.error = std::move(noted).error();
    }
  } catch (const std::bad_alloc&) {
    output.error = base::no_memory(no_memory_text);
  }
  publish(output, consumed, start_ns);
}

bool FrontierRun::leap(Segment& segment, Output& output) {
  auto leaped = driver_.leap(*segment.excerpt);
  if (!leaped) output.error = std::move(leaped).error();
  const base::Lock lock(mutex_);
  if (!leaped) return true;
  if (!*leaped) {
    pace_.missed();
    drop_excerpt(segment);
    return false;
  }
  segment.state = Segment::State::taken;
  output.excerpt = std::move(segment.excerpt);
  return true;
}

void FrontierRun::step(Segment& segment, Output& output) {
  if (output.plain.empty()) {
    const base::Lock lock(mutex_);
    output.plain = std::move(slices_.back());
    slices_.pop_back();
  }
  output.plain.resize(slice_bytes);
  const ByteView in = segment.bytes.first(segment.size)
                          .drop(static_cast<std::size_t>(driver_.consumed() - segment.offset));
  auto step = driver_.step(in, output.plain.writable(), segment.last ? Input::last : Input::more);
  if (!step) {
    output.error = std::move(step).error();
    return;
  }
  output.size = step->produced;
  output.part = driver_.take_part();
  output.finished = step->state == StepState::finished;
}

void FrontierRun::publish(Output& output, std::uint64_t consumed_before, std::uint64_t start_ns) {
  const base::Lock lock(mutex_);
  frontier_busy_ = false;
  frontier_ended_ = output.finished || output.error;
  const std::uint64_t packed = driver_.consumed() - consumed_before;
  if (output.excerpt != nullptr) {
    pace_.leaped(packed, output.excerpt->plain_size());
    output.state = Output::State::unresolved;
    ++next_output_;
  } else {
    pace_.advanced(packed, output.size, driver_.take_findable(), parallel::clock_ns() - start_ns);
    if (output.size != 0 || output.part.ends_stream || frontier_ended_) {
      output.state = Output::State::ready;
      ++next_output_;
    }
  }
  pass_segments();
  wake_all();
}

// Gives up what lies behind the frontier.
void FrontierRun::pass_segments() {
  while (first_segment_ < filled_) {
    Segment& behind = segment(first_segment_);
    if (behind.last || behind.end() > driver_.consumed()) return;
    if (behind.state == Segment::State::decoding) {
      behind.passed = true;
    } else {
      if (behind.state == Segment::State::ready) drop_excerpt(behind);
      empty(behind);
    }
    ++first_segment_;
  }
}

}  // namespace braid::engine
