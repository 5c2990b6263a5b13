#include "tests/archive/hostile_archives.hpp"
#include "tests/archive/zip_builder.hpp"

namespace braid::archive::built {

namespace {

using test::EndLies;
using test::little;
using test::ZipBuilder;
using test::ZipHeader;

// An entry whose two headers may differ, and whose place may be a lie.
struct ZipMember {
  ZipMember(std::string name, std::string content)
      : local(test::stored(std::move(name), std::move(content))), central(local) {}

  ZipHeader local;
  ZipHeader central;
  std::int64_t start = -1;  // instead of the true place
};

std::string zip(const std::vector<ZipMember>& members, EndLies lies = {},
                const std::string& comment = {}, const std::string& between = {}) {
  ZipBuilder builder;
  for (const ZipMember& member : members) {
    const std::uint32_t start = builder.local(member.local);
    builder.central(member.central,
                    member.start < 0 ? start : static_cast<std::uint32_t>(member.start));
  }
  return builder.finish(comment, lies, between);
}

std::string one(const std::string& name) {
  return zip({ZipMember(name, "harm")});
}

ZipMember symlink_member(const std::string& name, const std::string& target) {
  ZipMember member(name, target);
  member.central.attributes = 0120777U << 16;
  return member;
}

template <typename Change>
std::string lying(const Change& change) {
  ZipMember member("f", "content");
  change(member);
  return zip({member});
}

std::string foreign_host(const std::string& name) {
  return lying([&](ZipMember& member) {
    member.local.name = member.central.name = name;
    member.central.made = 20;
    member.central.attributes = 0;
  });
}

std::string overlapping() {
  ZipMember second("g", "other");
  second.start = 5;
  return zip({ZipMember("f", std::string(100, 'x')), second});
}

// One header before the content, many in the directory.
std::string same_content(int count) {
  ZipBuilder builder;
  const ZipHeader header = test::stored("f", std::string(1000, 'x'));
  const std::uint32_t start = builder.local(header);
  for (int i = 0; i < count; ++i) builder.central(header, start);
  return builder.finish();
}

// The record at the end, with a field of so many bytes replaced.
std::string with_end_field(std::string bytes, std::size_t at, const std::string& field) {
  return bytes.replace(bytes.size() - 22 + at, field.size(), field);
}

// A locator that leads to no record, and numbers that need one.
std::string lost_zip64() {
  const std::string locator = "PK\6\7" + little(0, 4) + little(1, 8) + little(1, 4);
  const std::string bytes = zip({ZipMember("f", "content")}, {}, {}, locator);
  return with_end_field(bytes, 8, std::string(12, '\xff'));
}

std::string two_directories() {
  const std::string inner = zip({ZipMember("inner", "seen by some")});
  // The comment of the outer archive is an archive whose directory ties out too.
  const std::string outer = zip({ZipMember("outer", "seen by others")}, {}, inner);
  return outer;
}

}  // namespace

std::vector<Hostile> hostile_zips() {
  constexpr Errc unsafe = Errc::unsafe_path;
  constexpr Errc corrupt = Errc::corrupt;
  return {
      {"zip_absolute", "A1", one("/braid-harm"), unsafe},
      {"zip_dots", "A2", one("../outside/harm"), unsafe},
      {"zip_dots_inside", "A2", one("a/../../outside/harm"), unsafe},
      {"zip_through_a_link", "A3", zip({symlink_member("l", "."), ZipMember("l/harm", "x")}),
       unsafe},
      {"zip_through_a_link_out", "A3",
       zip({symlink_member("l", "../outside"), ZipMember("l/harm", "x")}), unsafe},
      {"zip_link_to_root", "A4", zip({symlink_member("l", "/")}), unsafe},
      {"zip_link_out", "A4", zip({symlink_member("l", "../outside/kept")}), unsafe},
      {"zip_link_of_5000_bytes", "A7", zip({symlink_member("l", std::string(5000, 'x'))}), unsafe},
      {"zip_long_component", "A7", one(std::string(256, 'n')), unsafe},
      {"zip_nul_in_a_name", "A8", one(std::string("a\0b", 3)), unsafe},
      {"zip_backslashes", "A9", one("..\\..\\harm"), unsafe},
      {"zip_backslashes_of_windows", "A9", foreign_host("..\\..\\harm"), unsafe},
      {"zip_pipe", "A11", zip({[] {
         ZipMember pipe("pipe", "");
         pipe.central.attributes = 0010644U << 16;
         return pipe;
       }()}),
       unsafe},
      {"zip_file_over_a_file", "A13", one("there"), Errc::already_exists},
      {"overlap", "Z1", overlapping(), corrupt},
      {"overlap_of_one_content", "Z1", same_content(1000), corrupt},
      {"reaches_into_the_directory", "Z1",
       lying([](ZipMember& m) { m.central.packed_size = m.local.packed_size = 60; }), corrupt},
      {"starts_in_the_directory", "Z1", lying([](ZipMember& m) { m.start = 40; }), corrupt},
      {"another_name", "Z2", lying([](ZipMember& m) { m.local.name = "g"; }), corrupt},
      {"another_method", "Z2", lying([](ZipMember& m) { m.local.method = 8; }), corrupt},
      {"another_plain_size", "Z2", lying([](ZipMember& m) { m.local.plain_size = 70; }), corrupt},
      {"another_packed_size", "Z2", lying([](ZipMember& m) { m.local.packed_size = 3; }), corrupt},
      {"another_sum", "Z2", lying([](ZipMember& m) { m.local.crc ^= 1; }), corrupt},
      {"encrypted_in_one_header", "Z2", lying([](ZipMember& m) { m.local.flags = 1; }), corrupt},
      {"two_directories", "Z3", two_directories(), corrupt},
      {"fewer_entries_than_stated", "Z3", zip({ZipMember("f", "x")}, {.entries = 1}), corrupt},
      {"more_entries_than_stated", "Z3",
       zip({ZipMember("f", "x"), ZipMember("g", "x")}, {.entries = -1}), corrupt},
      {"directory_of_another_size", "Z3", zip({ZipMember("f", "x")}, {.size = -20}), corrupt},
      {"directory_behind_its_end", "Z3", zip({ZipMember("f", "x")}, {.start = 5000}), corrupt},
      {"gap_before_the_end", "Z3", zip({ZipMember("f", "x")}, {}, {}, "gap"), corrupt},
      {"lost_zip64_record", "Z3", lost_zip64(), corrupt},
      {"split_set", "Z3", with_end_field(zip({ZipMember("f", "x")}), 4, little(3, 2)),
       Errc::unsupported_feature},
      {"65535_entries_in_100_bytes", "Z4", zip({ZipMember("f", "x")}, {.entries = 65533}), corrupt},
      {"4_GiB_in_100_bytes", "Z4",
       lying([](ZipMember& m) { m.central.plain_size = m.local.plain_size = 0xfffffff0; }),
       corrupt},
      {"longer_than_stated", "Z6", lying([](ZipMember& m) {
         m.central.plain_size = m.local.plain_size = 3;
         m.central.packed_size = m.local.packed_size = 3;
       }),
       Errc::checksum_mismatch},
      {"shorter_than_stated", "Z6",
       lying([](ZipMember& m) { m.central.plain_size = m.local.plain_size = 9; }), corrupt},
      {"of_another_sum", "Z6", lying([](ZipMember& m) { m.central.crc = m.local.crc = 7; }),
       Errc::checksum_mismatch},
      {"encrypted", "Z7", lying([](ZipMember& m) { m.central.flags = m.local.flags = 1; }),
       Errc::unsupported_feature},
      {"encrypted_by_aes", "Z7",
       lying([](ZipMember& m) { m.central.method = m.local.method = 99; }),
       Errc::unsupported_feature},
      {"of_an_unknown_method", "Z7",
       lying([](ZipMember& m) { m.central.method = m.local.method = 77; }),
       Errc::unsupported_feature},
      {"extra_field_beyond_its_end", "Z5",
       lying([](ZipMember& m) { m.central.extra = "UT" + little(100, 2) + "x"; }), corrupt},
      {"no_archive_at_all", "Z3", "PK\3\4 and then nothing that makes sense", Errc::unknown_format},
  };
}

}  // namespace braid::archive::built
