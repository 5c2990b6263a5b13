#include <braid/knob.hpp>

namespace braid {

std::string_view name(Knob knob) noexcept {
  switch (knob) {
    case Knob::chunk_size:
      return "chunk_size";
    case Knob::rsyncable:
      return "rsyncable";
    case Knob::checksum:
      return "checksum";
    case Knob::block_checksum:
      return "block_checksum";
    case Knob::check:
      return "check";
    case Knob::content_size:
      return "content_size";
    case Knob::layout:
      return "layout";
    case Knob::strategy:
      return "strategy";
    case Knob::window_log:
      return "window_log";
    case Knob::hash_log:
      return "hash_log";
    case Knob::chain_log:
      return "chain_log";
    case Knob::search_log:
      return "search_log";
    case Knob::min_match:
      return "min_match";
    case Knob::target_length:
      return "target_length";
    case Knob::long_distance:
      return "long_distance";
    case Knob::ldm_hash_log:
      return "ldm_hash_log";
    case Knob::ldm_min_match:
      return "ldm_min_match";
    case Knob::ldm_bucket_size_log:
      return "ldm_bucket_size_log";
    case Knob::ldm_hash_rate_log:
      return "ldm_hash_rate_log";
    case Knob::memory_level:
      return "memory_level";
    case Knob::dictionary:
      return "dictionary";
    case Knob::dictionary_id:
      return "dictionary_id";
    case Knob::block_size:
      return "block_size";
    case Knob::linked_blocks:
      return "linked_blocks";
    case Knob::extreme:
      return "extreme";
    case Knob::dictionary_size:
      return "dictionary_size";
    case Knob::literal_context:
      return "literal_context";
    case Knob::literal_position:
      return "literal_position";
    case Knob::position_bits:
      return "position_bits";
    case Knob::work_factor:
      return "work_factor";
    case Knob::text_mode:
      return "text_mode";
    case Knob::header_name:
      return "header_name";
    case Knob::header_comment:
      return "header_comment";
    case Knob::header_extra:
      return "header_extra";
    case Knob::header_time:
      return "header_time";
    case Knob::header_checksum:
      return "header_checksum";
  }
  return "";
}

}  // namespace braid
