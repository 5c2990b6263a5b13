#include <braid/codec.hpp>

#include "base/try.hpp"
#include "engine/progress.hpp"
#include "engine/source_reader.hpp"

namespace braid {

namespace {

// Room for one step: stays in the second-level cache together with a window of usual size.
constexpr std::size_t output_bytes = 512 << 10;

}  // namespace

Result<Transfer> decompress(Source& source, Sink& sink, const DecompressionConfig& config,
                            const RunOptions& options) try {
  BRAID_TRY_VALUE(auto decoder, Decoder::make(config));
  engine::ProgressReporter progress(options, source);
  engine::SourceReader reader(source);
  Buffer out(output_bytes);
  Transfer transfer;
  for (bool finished = false; !finished;) {
    BRAID_TRY(progress.update(transfer));
    BRAID_TRY_VALUE(const ByteView in, reader.ahead());
    const Input input = reader.ended() ? Input::last : Input::more;
    BRAID_TRY_VALUE(const Step step, decoder.step(in, out.writable(), input));
    reader.consume(step.consumed);
    transfer.bytes_in += step.consumed;
    transfer.bytes_out += step.produced;
    if (step.produced != 0) BRAID_TRY(sink.write(out.view().first(step.produced)));
    finished = step.state == StepState::finished;
  }
  transfer.stream = decoder.info();
  progress.finish(transfer);
  return transfer;

} catch (const std::bad_alloc&) {
  return Error{.code = Errc::out_of_memory, .message = "no memory to decompress"};
}

}  // namespace braid
