#include <braid/inspect.hpp>

#include <algorithm>
#include <utility>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/decode_driver.hpp"
#include "engine/detect_stream.hpp"
#include "engine/packed_reader.hpp"
#include "engine/progress.hpp"

namespace braid {

namespace {

using codec::Survey;
using engine::DecodeDriver;

constexpr std::size_t room_bytes = 512 << 10;
constexpr std::size_t head_bytes = 4096;
constexpr std::size_t tail_bytes = 16;

// Reads a file with one StreamDecoder, and takes down what comes by.
class InspectRun final : public codec::BlockObserver {
 public:
  InspectRun(Source& source, const DecompressionConfig& config, const PartVisitor& visit,
             const RunOptions& options)
      : config_(config), visit_(visit), progress_(options, source), reader_(source) {
    room_.resize(room_bytes);
  }

  Result<Inspection> run() {
    BRAID_TRY_VALUE(const codec::Format* format, find_format());
    BRAID_TRY_VALUE(DecodeDriver driver, DecodeDriver::make(*format, config_));
    driver.observe(*this);
    driver.stop_at_seams();
    driver_ = &driver;
    for (bool finished = false; !finished;) {
      BRAID_TRY(progress_.update(transfer_));
      BRAID_TRY_VALUE(finished, step(driver));
    }
    progress_.finish(transfer_);
    return report(*format, driver.info());
  }

  void block(const codec::SeenBlock& seen) override {
    const std::uint64_t first = 8 * driver_->stream_start() + seen.first_bit;
    const std::uint64_t packed = (first % 8 + seen.end_bit - seen.first_bit + 7) / 8;
    ++survey_.blocks;
    survey_.longest_block = std::max(survey_.longest_block, packed);
    const bool empty = seen.plain && *seen.plain == 0;
    if (empty) ++survey_.empty_blocks;
    if (empty && empty_before_) ++survey_.empty_pairs;
    empty_before_ = empty;
    count(seen.form);
    tell({.kind = FilePart::Kind::block,
          .offset = first / 8,
          .bit = static_cast<unsigned>(first % 8),
          .packed = packed,
          .plain = seen.plain,
          .form = seen.form});
  }

 private:
  Result<const codec::Format*> find_format() {
    if (config_.algorithm) return &codec::format(*config_.algorithm);
    while (reader_.ahead().size() < engine::detection_bytes && !reader_.ended()) {
      BRAID_TRY(reader_.read_more());
    }
    BRAID_TRY_VALUE(const Algorithm algorithm, engine::detect_stream(reader_.ahead()));
    return &codec::format(algorithm);
  }

  // True at the end of the input.
  Result<bool> step(DecodeDriver& driver) {
    if (reader_.ahead().empty() && !reader_.ended()) BRAID_TRY(reader_.read_more());
    if (survey_.head.empty()) survey_.head.append(reader_.ahead().first(head_bytes));
    const Input input = reader_.ended() ? Input::last : Input::more;
    BRAID_TRY_VALUE(const Step step, driver.step(reader_.ahead(), room_.writable(), input));
    keep_tail(reader_.ahead().first(step.consumed));
    reader_.consume(step.consumed);
    transfer_.bytes_in = reader_.offset();
    transfer_.bytes_out += step.produced;
    if (driver.at_seam()) end_stream(driver);
    return step.state == StepState::finished;
  }

  void keep_tail(ByteView bytes) {
    survey_.tail.append(bytes.drop(bytes.size() - std::min(bytes.size(), tail_bytes)));
    if (survey_.tail.size() <= tail_bytes) return;
    const ByteView last = survey_.tail.view().drop(survey_.tail.size() - tail_bytes);
    Buffer kept;
    kept.append(last);
    survey_.tail = std::move(kept);
  }

  void end_stream(const DecodeDriver& driver) {
    const std::uint64_t packed = driver.consumed() - driver.stream_start();
    const std::uint64_t plain = driver.produced() - stream_plain_;
    stream_plain_ = driver.produced();
    const bool data = driver.holds_data();
    ++(data ? survey_.streams : survey_.skippable);
    if (data) survey_.longest_stream = std::max(survey_.longest_stream, plain);
    empty_before_ = false;
    tell({.kind = data ? FilePart::Kind::stream : FilePart::Kind::skippable,
          .offset = driver.stream_start(),
          .packed = packed,
          .plain = plain});
  }

  void count(std::string_view form) {
    if (form.empty()) return;
    const auto known = std::ranges::find(survey_.forms, form, &Inspection::Form::name);
    if (known != survey_.forms.end()) {
      ++known->count;
    } else {
      survey_.forms.push_back({form, 1});
    }
  }

  void tell(const FilePart& part) {
    if (visit_) parallel::call_user([&] { visit_(part); });
  }

  Inspection report(const codec::Format& format, const StreamInfo& info) {
    survey_.packed = transfer_.bytes_in;
    survey_.plain = transfer_.bytes_out;
    Inspection inspection;
    inspection.stream = info;
    inspection.packed = survey_.packed;
    inspection.plain = survey_.plain;
    inspection.skippable = survey_.skippable;
    inspection.blocks = survey_.blocks;
    inspection.forms = survey_.forms;
    if (format.judge != nullptr) {
      codec::Findings findings = format.judge(survey_);
      inspection.writer = std::move(findings.writer);
      inspection.why = std::move(findings.why);
      inspection.parallel = findings.parallel;
    } else {
      inspection.why = "it is a plain copy";
    }
    return inspection;
  }

  const DecompressionConfig& config_;
  const PartVisitor& visit_;
  engine::ProgressReporter progress_;
  engine::PackedReader reader_;
  const DecodeDriver* driver_ = nullptr;
  Buffer room_;
  Transfer transfer_;
  Survey survey_;
  std::uint64_t stream_plain_ = 0;  // plain bytes before the stream at hand
  bool empty_before_ = false;       // the block before held nothing
};

}  // namespace

Result<Inspection> inspect(Source& source, const DecompressionConfig& config,
                           const PartVisitor& visit, const RunOptions& options) try {
  return InspectRun(source, config, visit, options).run();
} catch (const parallel::UserException& thrown) {
  std::rethrow_exception(thrown.cause);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to inspect a file");
}

}  // namespace braid
