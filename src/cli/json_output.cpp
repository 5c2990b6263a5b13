#include "cli/json_output.hpp"

#include <array>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/command_table.hpp"
#include "cli/stats.hpp"

namespace braid::cli {

namespace {

using Json = nlohmann::ordered_json;

Json message(std::string_view type) {
  return {{"schema", 1}, {"type", type}};
}

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

bool is_utf8(const std::string& text) {
  try {
    [[maybe_unused]] const std::string dumped = Json(text).dump();
    return true;
  } catch (const Json::type_error&) {  // how the library tells
    return false;
  }
}

void put_name(Json& json, const std::string& field, std::string_view name) {
  const std::string text(name);
  json[field] = text;
  if (is_utf8(text)) return;
  std::string digits;
  for (const char c : text) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  json[field + "_hex"] = digits;
}

void put_ratio(Json& json, std::uint64_t compressed, std::uint64_t plain) {
  json["ratio"] = nullptr;  // plain / compressed; null where either is nothing
  if (compressed != 0 && plain != 0) {
    json["ratio"] = static_cast<double>(plain) / static_cast<double>(compressed);
  }
}

// What headers tell of the file.
void put_stored(Json& json, const StreamInfo& stream) {
  if (!stream.stored_name.empty()) put_name(json, "stored_name", stream.stored_name);
  if (stream.stored_time != 0) json["stored_time"] = stream.stored_time;
  if (!stream.comment.empty()) put_name(json, "comment", stream.comment);
}

std::string_view parallel_name(Inspection::Parallel parallel) {
  switch (parallel) {
    case Inspection::Parallel::no:
      return "no";
    case Inspection::Parallel::parts:
      return "parts";
    case Inspection::Parallel::ahead:
      break;
  }
  return "ahead";
}

std::string_view kind_name(FilePart::Kind kind) {
  switch (kind) {
    case FilePart::Kind::stream:
      return "stream";
    case FilePart::Kind::block:
      return "block";
    case FilePart::Kind::skippable:
      break;
  }
  return "skippable";
}

std::string_view action_name(Action action) {
  switch (action) {
    case Action::compress:
      return "compress";
    case Action::decompress:
      return "decompress";
    case Action::test:
      return "test";
    default:
      return "list";
  }
}

std::string_view type_name(EntryType type) {
  switch (type) {
    case EntryType::file:
      return "file";
    case EntryType::directory:
      return "directory";
    case EntryType::symlink:
      return "symlink";
    case EntryType::hardlink:
      return "hardlink";
    case EntryType::character_device:
      return "character_device";
    case EntryType::block_device:
      return "block_device";
    case EntryType::fifo:
      return "fifo";
  }
  return "";
}

Json format_json(const AlgorithmInfo& format) {
  Json json = {
      {"name", format.name},
      {"description", format.description},
      {"extensions", Json::array()},
      {"levels",
       {{"min", format.min_level}, {"max", format.max_level}, {"default", format.default_level}}},
      {"concatenates", format.concatenates},
      {"has_checksum", format.has_checksum},
      {"parallel", format.has_seams},
      {"built", format.built},
      {"settings", Json::array()}};
  for (const std::string_view extension : format.extensions) json["extensions"] += extension;
  for (const KnobRange& range : format.knobs) {
    json["settings"] += Json{{"name", name(range.knob)}, {"min", range.min}, {"max", range.max}};
  }
  return json;
}

}  // namespace

std::string json_result(const Outcome& outcome) {
  Json json = message("result");
  json["action"] = action_name(outcome.action);
  put_name(json, "file", outcome.file);
  if (!outcome.output.empty()) put_name(json, "output", outcome.output);
  json["format"] = info(outcome.transfer.stream.algorithm).name;
  json["bytes_in"] = outcome.transfer.bytes_in;
  json["bytes_out"] = outcome.transfer.bytes_out;
  put_ratio(json, outcome.compressed(), outcome.plain());
  json["seconds"] = outcome.seconds;
  return line(json);
}

std::string json_list_row(const Outcome& outcome) {
  const StreamInfo& stream = outcome.transfer.stream;
  Json json = message("list");
  put_name(json, "file", outcome.file);
  json["format"] = info(stream.algorithm).name;
  json["compressed"] = outcome.compressed();
  json["uncompressed"] = outcome.plain();
  put_ratio(json, outcome.compressed(), outcome.plain());
  json["check"] = stream.check;
  json["streams"] = stream.streams;
  put_stored(json, stream);
  return line(json);
}

std::string json_inspection(std::string_view file, const Inspection& inspection) {
  const StreamInfo& stream = inspection.stream;
  Json json = message("inspection");
  put_name(json, "file", file);
  json["format"] = info(stream.algorithm).name;
  json["compressed"] = inspection.packed;
  json["uncompressed"] = inspection.plain;
  put_ratio(json, inspection.packed, inspection.plain);
  json["check"] = stream.check;
  json["streams"] = stream.streams;
  json["skippable"] = inspection.skippable;
  json["blocks"] = inspection.blocks;
  json["forms"] = Json::object();
  for (const Inspection::Form& form : inspection.forms) json["forms"][form.name] = form.count;
  put_stored(json, stream);
  json["writer"] = inspection.writer;
  json["parallel"] = parallel_name(inspection.parallel);
  json["why"] = inspection.why;
  return line(json);
}

std::string json_part(std::string_view file, const FilePart& part) {
  Json json = message("part");
  put_name(json, "file", file);
  json["kind"] = kind_name(part.kind);
  json["offset"] = part.offset;
  json["bit"] = part.bit;
  json["compressed"] = part.packed;
  json["uncompressed"] = nullptr;  // where nothing tells
  if (part.plain) json["uncompressed"] = *part.plain;
  if (!part.form.empty()) json["form"] = part.form;
  return line(json);
}

std::string json_totals(const Totals& totals) {
  Json json = message("total");
  json["files"] = totals.files;
  json["compressed"] = totals.compressed;
  json["uncompressed"] = totals.plain;
  put_ratio(json, totals.compressed, totals.plain);
  return line(json);
}

std::string json_error(std::string_view file, const Error& error, int exit_code) {
  Json json = message("error");
  if (!file.empty()) put_name(json, "file", file);
  json["code"] = name(error.code);
  put_name(json, "message", error.message);
  if (error.algorithm) json["format"] = info(*error.algorithm).name;
  if (error.offset) json["offset"] = *error.offset;
  if (error.chunk) json["chunk"] = *error.chunk;
  if (error.os_error != 0) json["os_error"] = error.os_error;
  json["exit_status"] = exit_code;
  return line(json);
}

std::string json_note(std::string_view file, std::string_view text) {
  Json json = message("note");
  put_name(json, "file", file);
  put_name(json, "message", text);
  return line(json);
}

std::string json_entry(const Entry& entry) {
  Json json = message("entry");
  put_name(json, "path", entry.path);
  json["kind"] = type_name(entry.type);
  json["size"] = entry.size;
  json["mode"] = fmt::format("{:04o}", entry.mode);
  if (!entry.link_target.empty()) put_name(json, "link_target", entry.link_target);
  if (entry.modified) {
    json["modified"] = {{"seconds", entry.modified->seconds},
                        {"nanoseconds", entry.modified->nanoseconds}};
  }
  if (entry.user_id) json["user_id"] = *entry.user_id;
  if (entry.group_id) json["group_id"] = *entry.group_id;
  if (!entry.user.empty()) put_name(json, "user", entry.user);
  if (!entry.group.empty()) put_name(json, "group", entry.group);
  if (entry.type == EntryType::character_device || entry.type == EntryType::block_device) {
    json["device"] = {{"major", entry.device_major}, {"minor", entry.device_minor}};
  }
  if (entry.compressed_size) json["compressed"] = *entry.compressed_size;
  if (entry.extents) json["extents"] = entry.extents->size();
  if (!entry.attributes.empty()) {
    json["attributes"] = Json::array();
    for (const Attribute& attribute : entry.attributes) json["attributes"] += attribute.name;
  }
  if (entry.offset) json["offset"] = *entry.offset;
  return line(json);
}

std::string_view name(Difference what) noexcept {
  constexpr std::array<std::string_view, 8> names = {"missing", "extra", "type", "size",
                                                     "mode",    "time",  "link", "content"};
  return names[static_cast<std::size_t>(what)];
}

std::string json_difference(std::string_view path, Difference what) {
  Json json = message("difference");
  put_name(json, "path", path);
  json["what"] = name(what);
  return line(json);
}

std::string json_archive(std::string_view command, std::string_view file,
                         const ArchiveSummary& summary, double seconds) {
  Json json = message("archive");
  json["action"] = command;
  put_name(json, "file", file);
  json["format"] = info(summary.transfer.stream.algorithm).name;
  json["entries"] = summary.entries;
  json["skipped"] = summary.skipped;
  json["content"] = summary.bytes;
  json["bytes_in"] = summary.transfer.bytes_in;
  json["bytes_out"] = summary.transfer.bytes_out;
  json["seconds"] = seconds;
  return line(json);
}

std::string json_bench(const BenchRow& row) {
  Json json = message("bench");
  json["format"] = row.format;
  json["level"] = row.level;
  json["uncompressed"] = row.plain;
  json["compressed"] = row.compressed;
  put_ratio(json, row.compressed, row.plain);
  json["compress_seconds"] = row.compress_seconds;
  json["restore_seconds"] = row.restore_seconds;
  json["compress_mb_s"] = row.speed(row.compress_seconds);
  json["restore_mb_s"] = row.speed(row.restore_seconds);
  return line(json);
}

std::string json_formats() {
  Json json = message("formats");
  json["formats"] = Json::array();
  for (const Algorithm algorithm : algorithms()) json["formats"] += format_json(info(algorithm));
  json["archives"] = Json::array();
  for (const ArchiveInfo& format : archive_formats()) {
    Json row = {{"name", format.name},
                {"description", format.description},
                {"extensions", Json::array()},
                {"compressed_as_a_whole", format.compressed_as_a_whole}};
    for (const std::string_view extension : format.extensions) row["extensions"] += extension;
    json["archives"] += row;
  }
  return line(json);
}

std::string json_stats(const Engine& engine) {
  const EngineStats stats = engine.stats();
  Json json = message("stats");
  json["threads"] = engine.threads();
  json["thread_reason"] = engine.thread_reason();
  json["calls"] = stats.calls;
  json["in_flight_peak"] = stats.in_flight_peak;
  json["memory_limit"] = engine.memory_limit();
  json["peak_memory"] = stats.peak_memory;
  json["wait_memory_ns"] = stats.wait_memory_ns;
  json["read_ns"] = stats.read_ns;
  json["codec_ns"] = stats.codec_ns;
  json["write_ns"] = stats.write_ns;
  json["lanes"] = Json::array();
  for (const LaneStats& lane : stats.lanes) {
    json["lanes"] += Json{{"tasks", lane.tasks},
                          {"bytes_in", lane.bytes_in},
                          {"bytes_out", lane.bytes_out},
                          {"busy_ns", lane.busy_ns},
                          {"wait_input_ns", lane.wait_input_ns},
                          {"wait_order_ns", lane.wait_order_ns}};
  }
  return line(json);
}

std::string json_version() {
  Json json = message("version");
  json["version"] = BRAID_VERSION;
  json["formats"] = Json::array();
  for (const Algorithm algorithm : algorithms()) {
    if (info(algorithm).built) json["formats"] += info(algorithm).name;
  }
  json["commands"] = Json::array();
  for (const Command& command : command_table()) json["commands"] += command.name;
  return line(json);
}

}  // namespace braid::cli
