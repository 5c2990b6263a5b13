#include <algorithm>
#include <new>

#include "base/no_memory.hpp"
#include "engine/frontier_run.hpp"

// What any thread of a FrontierRun does.
namespace braid::engine {

namespace {

// So many excerpts in a row of no use, and only every `sparse`-th segment is tried: the data is of
// a kind that cannot be entered.
constexpr unsigned most_misses = 4;
constexpr std::uint64_t sparse = 8;

// Plain bytes a packed one, for each thread, above which nothing is decoded ahead. What is copied
// rather than decoded (logs, zeros) the frontier restores at the speed of memory, through which the
// symbols of an excerpt go three times.
constexpr std::uint64_t most_ratio = 4;

// Packed bytes after which those before count half.
constexpr std::uint64_t ratio_window = 4 << 20;

}  // namespace

void FrontierRun::help(unsigned slot) {
  for (;;) {
    Job job;
    {
      base::Lock lock(mutex_);
      for (;;) {
        if (!stopping_) job = next_job();
        if (job.kind != Job::Kind::none) break;
        if (stopping_ || site_.executor().backlog()) {
          free_slots_.push_back(slot);
          return;
        }
        changed_.wait(lock.native());
      }
    }
    work(job, slot);
  }
}

FrontierRun::Job FrontierRun::next_job() {
  if (frontier_may_run()) {
    frontier_busy_ = true;
    return {.kind = Job::Kind::frontier, .output = &output(next_output_)};
  }
  for (std::uint64_t number = first_output_; number != next_output_; ++number) {
    Output& next = output(number);
    if (next.state != Output::State::unresolved) continue;
    next.state = Output::State::resolving;
    return {.kind = Job::Kind::resolve, .output = &next};
  }
  if (Segment* const next = next_to_decode()) {
    next->state = Segment::State::decoding;
    next->excerpt = std::move(excerpts_.back());
    excerpts_.pop_back();
    return {.kind = Job::Kind::decode, .segment = next};
  }
  return {};
}

bool FrontierRun::frontier_may_run() {
  return !frontier_busy_ && !frontier_ended_ && awaited_ == nullptr &&
         next_output_ - first_output_ < outputs_.size() && first_segment_ < filled_;
}

// One segment is left to the frontier besides the one that it is in: so long an excerpt takes.
FrontierRun::Segment* FrontierRun::next_to_decode() {
  if (excerpts_.empty() || frontier_ended_) return nullptr;
  if (plain_ > most_ratio * plan_.threads * packed_) return nullptr;
  bool left_one = false;
  for (std::uint64_t number = first_segment_ + 1; number < filled_; ++number) {
    Segment& next = segment(number);
    if (next.state != Segment::State::waiting) continue;
    if (left_one && (misses_ < most_misses || number % sparse == 0)) return &next;
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
    case Job::Kind::resolve: {
      job.output->excerpt->resolve();
      const base::Lock lock(mutex_);
      job.output->state = Output::State::ready;
      changed_.notify_all();
      break;
    }
    case Job::Kind::decode:
      item = job.segment->number;
      decode(*job.segment, slot);
      break;
    case Job::Kind::none:
      return;
  }
  if (monitor != nullptr) monitor->stage(parallel::Stage::work, slot, start_ns, item);
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
  if (!useful) ++misses_;
  if (!useful || segment.passed) drop_excerpt(segment);
  if (segment.passed) segment.state = Segment::State::empty;
  changed_.notify_all();
}

void FrontierRun::drop_excerpt(Segment& segment) {
  excerpts_.push_back(std::move(segment.excerpt));
  segment.state = Segment::State::taken;
}

// ---- The frontier ------------------------------------------------------------------------------

// One slice, or one leap.
void FrontierRun::advance(Output& output) {
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
          ++misses_;
          drop_excerpt(*here);
          stop = here->end();
        } else {
          stop = here->excerpt->first_bit() / 8;
        }
        break;
    }
  }
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
  publish(output, consumed);
}

bool FrontierRun::leap(Segment& segment, Output& output) {
  auto leaped = driver_.leap(*segment.excerpt);
  if (!leaped) output.error = std::move(leaped).error();
  const base::Lock lock(mutex_);
  if (!leaped) return true;
  if (!*leaped) {
    ++misses_;
    drop_excerpt(segment);
    return false;
  }
  misses_ = 0;
  segment.state = Segment::State::taken;
  output.excerpt = std::move(segment.excerpt);
  return true;
}

void FrontierRun::step(Segment& segment, Output& output) try {
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
} catch (const std::bad_alloc&) {
  output.error = base::no_memory("no memory to decompress");
}

void FrontierRun::publish(Output& output, std::uint64_t consumed_before) {
  const base::Lock lock(mutex_);
  frontier_busy_ = false;
  frontier_ended_ = output.finished || output.error;
  const std::uint64_t plain = output.excerpt ? output.excerpt->plain_size() : output.size;
  packed_ += driver_.consumed() - consumed_before;
  plain_ += plain;
  if (packed_ > ratio_window) {
    packed_ /= 2;
    plain_ /= 2;
  }
  if (output.excerpt != nullptr) {
    output.state = Output::State::unresolved;
    ++next_output_;
  } else if (output.size != 0 || output.part.ends_stream || frontier_ended_) {
    output.state = Output::State::ready;
    ++next_output_;
  }
  pass_segments();
  changed_.notify_all();
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
      behind.state = Segment::State::empty;
    }
    ++first_segment_;
  }
}

}  // namespace braid::engine
