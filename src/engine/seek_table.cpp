#include <algorithm>

#include "base/try.hpp"
#include "engine/packed_reader.hpp"
#include "engine/seek_points.hpp"

namespace braid::engine {

using codec::Split;
using codec::Unit;

namespace {

using Points = std::optional<SeekPoints>;

// A unit is decoded in one piece.
constexpr std::uint64_t largest_unit = std::uint64_t{256} << 20;

Points points_of(const std::vector<codec::PlacedUnit>& units) {
  SeekPoints found;
  SeekPointBuilder builder;
  for (const codec::PlacedUnit& placed : units) {
    const Unit& unit = placed.unit;
    if (units.size() > 1 && std::max(unit.plain_size, unit.size) > largest_unit) return {};
    builder.add_unit(placed.offset, unit, unit.plain_size);
    found.plain_size += unit.plain_size;
  }
  found.points = builder.take();
  // One alone is read from the front, no further than is asked for.
  if (found.points.size() == 1) found.points.front() = {};
  return found;
}

// Passes over everything, a unit after the other.
Result<Points> by_splitting(Source& source, const codec::Format& format) {
  PackedReader reader(source);
  std::vector<codec::PlacedUnit> units;
  const auto splitter = format.make_splitter();
  for (;;) {
    const Split split = splitter->next(reader.ahead(), reader.ended());
    if (split.kind == Split::Kind::need_input) {
      if (reader.ended()) return Points();
      BRAID_TRY(reader.read_more());
      continue;
    }
    if (split.kind == Split::Kind::sequential) return Points();
    if (split.kind == Split::Kind::end) break;
    if (split.unit.kind == Unit::Kind::data) {
      if (split.unit.plain_size == Unit::unknown) return Points();
      units.push_back({reader.offset(), split.unit});
    }
    reader.consume(static_cast<std::size_t>(split.unit.size));
  }
  auto found = points_of(units);
  if (found) found->packed_size = reader.offset();
  return found;
}

}  // namespace

Result<Points> read_own_table(Source& source, Algorithm algorithm) {
  const codec::Format& format = codec::format(algorithm);
  if (!format.info.built || format.make_splitter == nullptr) return Points();
  if (format.read_table == nullptr) {
    BRAID_TRY_VALUE(Points found, by_splitting(source, format));
    if (found) found->algorithm = algorithm;
    return found;
  }
  const RandomAccess* const file = source.random_access();
  if (file == nullptr || !source.size()) return Points();
  return read_own_table(*file, *source.size(), algorithm, codec::Believe::tables);
}

Points read_own_table(const RandomAccess& file, std::uint64_t size, Algorithm algorithm,
                      codec::Believe believe) {
  const codec::Format& format = codec::format(algorithm);
  if (!format.info.built || format.read_table == nullptr) return {};
  const auto units = format.read_table(file, size, believe);
  if (!units) return {};
  Points found = points_of(*units);
  if (!found) return {};
  found->algorithm = algorithm;
  found->packed_size = size;
  return found;
}

}  // namespace braid::engine
