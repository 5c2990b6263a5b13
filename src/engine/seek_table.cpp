#include "base/try.hpp"
#include "engine/packed_reader.hpp"
#include "engine/seek_points.hpp"

namespace braid::engine {

using codec::Split;
using codec::Unit;

Result<std::optional<SeekPoints>> read_own_table(Source& source, Algorithm algorithm) {
  const codec::Format& format = codec::format(algorithm);
  if (!format.info.built || format.make_splitter == nullptr) return std::optional<SeekPoints>();
  PackedReader reader(source);
  SeekPointBuilder builder;
  SeekPoints found{.algorithm = algorithm};
  const auto splitter = format.make_splitter();
  for (;;) {
    const Split split = splitter->next(reader.ahead(), reader.ended());
    if (split.kind == Split::Kind::need_input) {
      if (reader.ended()) return std::optional<SeekPoints>();
      BRAID_TRY(reader.read_more());
      continue;
    }
    if (split.kind == Split::Kind::sequential) return std::optional<SeekPoints>();
    if (split.kind == Split::Kind::end) break;
    if (split.unit.kind == Unit::Kind::data) {
      if (split.unit.plain_size == Unit::unknown) return std::optional<SeekPoints>();
      builder.add_unit(reader.offset(), split.unit, split.unit.plain_size);
      found.plain_size += split.unit.plain_size;
    }
    reader.consume(static_cast<std::size_t>(split.unit.size));
  }
  found.packed_size = reader.offset();
  found.points = builder.take();
  return std::optional<SeekPoints>(std::move(found));
}

}  // namespace braid::engine
