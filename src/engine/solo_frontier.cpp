#include "engine/solo_frontier.hpp"

#include "base/cancelled.hpp"
#include "base/try.hpp"
#include "parallel/monitor.hpp"

namespace braid::engine {

Result<Step> SoloFrontier::step(MutableBytes room, const PlainSink& write) {
  BRAID_TRY(write({}));
  if (stop_.stop_requested()) return base::cancelled();
  if (reader_.ahead().empty() && !reader_.ended()) BRAID_TRY(reader_.read_more());
  driver_.stop_behind(points_ != nullptr ? SeekPointBuilder::next_stop(driver_) : UINT64_MAX);
  const Input input = reader_.ended() ? Input::last : Input::more;
  const std::uint64_t start_ns = parallel::clock_ns();
  BRAID_TRY_VALUE(const Step step, driver_.step(reader_.ahead(), room, input));
  const std::uint64_t decoded_ns = parallel::clock_ns();
  if (auto* const monitor = site_.monitor()) {
    monitor->stage(parallel::Stage::work, 0, start_ns, 0);
  }
  reader_.consume(step.consumed);
  if (step.produced != 0) BRAID_TRY(write(room.first(step.produced)));
  decode_ns_ = decoded_ns - start_ns;
  write_ns_ = parallel::clock_ns() - decoded_ns;
  BRAID_TRY(driver_.check(driver_.take_part(), checker_));
  if (points_ != nullptr && step.state != StepState::finished) BRAID_TRY(points_->pass(driver_));
  return step;
}

}  // namespace braid::engine
