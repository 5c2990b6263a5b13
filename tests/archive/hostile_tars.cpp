#include "tests/archive/hostile_archives.hpp"
#include "tests/archive/tar_builder.hpp"

namespace braid::archive::built {

namespace {

std::string tar(std::initializer_list<TarEntry> entries) {
  std::string bytes;
  for (const TarEntry& entry : entries) bytes += tar_entry(entry);
  return bytes + tar_end();
}

std::string file(const std::string& name) {
  return tar({{.name = name, .content = "harm"}});
}

std::string pax_file(std::string_view records) {
  return pax(records) + tar_entry({.name = "f", .content = "harm"}) + tar_end();
}

TarEntry symlink(std::string name, std::string target) {
  return {.name = std::move(name), .type = '2', .link = std::move(target)};
}

TarEntry hard_link(std::string name, std::string target) {
  return {.name = std::move(name), .type = '1', .link = std::move(target)};
}

TarEntry folder(std::string name) {
  return {.name = std::move(name), .type = '5', .mode = 0755};
}

std::string deep(int levels) {
  std::string path;
  for (int i = 0; i < levels; ++i) path += "d/";
  return path + "f";
}

std::string sparse(std::string_view map, std::string_view real_size) {
  return pax(pax_record("GNU.sparse.major", "0") + pax_record("GNU.sparse.minor", "1") +
             pax_record("GNU.sparse.name", "s") + pax_record("GNU.sparse.size", real_size) +
             pax_record("GNU.sparse.map", map)) +
         tar_entry({.name = "s", .content = std::string(512, 'x')}) + tar_end();
}

std::string many_holes(int count) {
  std::string map;
  for (int i = 0; i < count; ++i) map += std::to_string(i * 2) + ",0,";
  map += std::to_string(count * 2) + ",512";
  return map;
}

}  // namespace

std::vector<Hostile> hostile_tars() {
  constexpr Errc unsafe = Errc::unsafe_path;
  const std::string nul("a\0b", 3);
  return {
      {"absolute", "A1", file("/braid-harm"), unsafe},
      {"absolute_twice", "A1", file("//braid-harm"), unsafe},
      {"absolute_folder", "A1", tar({folder("/braid-harm/")}), unsafe},
      {"absolute_pax", "A1", pax_file(pax_record("path", "/braid-harm")), unsafe},
      {"absolute_gnu", "A1", gnu_long('L', "/braid-harm") + file("f"), unsafe},
      {"dots", "A2", file("../outside/harm"), unsafe},
      {"dots_inside", "A2", file("a/../../outside/harm"), unsafe},
      {"dots_that_stay", "A2", file("a/../b"), unsafe},
      {"dots_alone", "A2", tar({folder("..")}), unsafe},
      {"dots_at_the_end", "A2", tar({folder("a/..")}), unsafe},
      {"dots_pax", "A2", pax_file(pax_record("path", "../outside/harm")), unsafe},
      {"dots_gnu", "A2", gnu_long('L', "../outside/harm") + file("f"), unsafe},
      {"dots_global_pax", "A2", pax(pax_record("path", "../outside/harm"), 'g') + file("f"),
       unsafe},
      {"through_a_link", "A3",
       tar({folder("real"), symlink("l", "real"), {.name = "l/harm", .content = "x"}}), unsafe},
      {"through_a_link_to_here", "A3", tar({symlink("l", "."), {.name = "l/../../outside/harm"}}),
       unsafe},
      {"through_links_in_a_row", "A3",
       tar({symlink("a", "b"), symlink("b", "../outside"), {.name = "a/harm", .content = "x"}}),
       unsafe},
      {"folder_becomes_a_link", "A3",
       tar({folder("d"), symlink("d", "../outside"), {.name = "d/harm", .content = "x"}}), unsafe},
      {"link_becomes_a_folder", "A3",
       tar({symlink("d", "../outside"), folder("d"), {.name = "d/harm", .content = "x"}}), unsafe},
      {"link_to_root", "A4", tar({symlink("l", "/")}), unsafe},
      {"link_to_passwd", "A4", tar({symlink("l", "/etc/passwd")}), unsafe},
      {"link_out", "A4", tar({symlink("l", "../outside/kept")}), unsafe},
      {"link_out_from_below", "A4", tar({folder("a"), symlink("a/l", "../../outside")}), unsafe},
      {"link_out_by_pax", "A4",
       pax(pax_record("linkpath", "../outside")) + tar({symlink("l", "inside")}), unsafe},
      {"link_out_through_a_link", "A4",
       tar({folder("a"), folder("a/b"), symlink("up", "a/b"), symlink("l", "up/../../../outside")}),
       unsafe},
      {"link_to_nothing", "A4", tar({symlink("l", "")}), unsafe},
      {"hard_link_to_passwd", "A5", tar({hard_link("h", "/etc/passwd")}), unsafe},
      {"hard_link_out", "A5", tar({hard_link("h", "../outside/kept")}), unsafe},
      {"hard_link_to_what_was_there", "A5", tar({hard_link("h", "there")}), unsafe},
      {"hard_link_to_a_link", "A5", tar({symlink("l", "there"), hard_link("h", "l")}), unsafe},
      {"hard_link_through_a_link", "A5",
       tar({folder("d"),
            {.name = "d/f", .content = "x"},
            symlink("l", "d"),
            hard_link("h", "l/f")}),
       unsafe},
      {"mode_through_a_link", "A6",
       tar({symlink("l", "../outside/kept"), {.name = "l", .content = "", .mode = 0777}}), unsafe},
      {"mode_of_a_folder_through_a_link", "A6",
       tar({symlink("l", "../outside"), {.name = "l/", .type = '5', .mode = 0777}}), unsafe},
      {"long_component", "A7", pax_file(pax_record("path", std::string(256, 'n'))), unsafe},
      {"long_path", "A7", pax_file(pax_record("path", std::string(5000, '/') + "x")), unsafe},
      {"long_path_of_names", "A7", pax_file(pax_record("path", deep(3000))), unsafe},
      {"deep_path", "A7", pax_file(pax_record("path", deep(300))), unsafe},
      {"nul_in_a_name", "A8", pax_file(pax_record("path", nul)), Errc::corrupt},
      {"nul_in_a_target", "A8", pax(pax_record("linkpath", nul)) + tar({symlink("l", "t")}),
       Errc::corrupt},
      {"backslashes", "A9", file("..\\..\\harm"), unsafe},
      {"backslashes_inside", "A9", file("a\\..\\..\\harm"), unsafe},
      {"character_device", "A11", tar({{.name = "null", .type = '3'}}), unsafe},
      {"block_device", "A11", tar({{.name = "disk", .type = '4'}}), unsafe},
      {"pipe", "A11", tar({{.name = "pipe", .type = '6'}}), unsafe},
      {"file_over_a_file", "A13", file("there"), Errc::already_exists},
      {"file_over_a_folder", "A13", file("folder"), Errc::already_exists},
      {"folder_over_a_file", "A13", tar({folder("there")}), unsafe},
      {"negative_size", "A15", tar({{.name = "f", .size = "-0000000001"}}), Errc::corrupt},
      {"size_beyond_all", "A15",
       tar({{.name = "f",
             .size = std::string("\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")}}),
       Errc::corrupt},
      {"negative_pax_size", "A15", pax_file(pax_record("size", "-1")), Errc::corrupt},
      {"pax_size_beyond_all", "A15", pax_file(pax_record("size", "99999999999999999999999")),
       Errc::corrupt},
      {"pax_size_without_content", "A16", pax_file(pax_record("size", "4611686018427387904")),
       Errc::truncated},
      {"pax_header_of_100_MB", "A15",
       tar_header({.name = "pax", .type = 'x', .size = octal(100'000'000, 11)}) +
           std::string(4096, '1') + tar_end(),
       Errc::memory_limit},
      {"pax_record_longer_than_its_header", "A15", pax_file("99 path=x\n"), Errc::corrupt},
      {"sparse_map_that_goes_back", "A15", sparse("100,200,50,312", "1000"), Errc::corrupt},
      {"sparse_map_beyond_its_size", "A15", sparse("0,512", "100"), Errc::corrupt},
      {"sparse_map_of_negative_numbers", "A15", sparse("-5,512", "1000"), Errc::corrupt},
      {"sparse_map_beyond_all", "A15", sparse("18446744073709551000,512", "18446744073709551615"),
       Errc::corrupt},
      {"sparse_map_of_too_many_holes", "A15", sparse(many_holes(70'000), "1000000"),
       Errc::unsupported_feature},
      {"header_of_another_sum", "A15", file("f").replace(0, 1, "g") + file("f"),
       Errc::unknown_format},
      {"cut_in_the_content", "A15",
       tar_entry({.name = "f", .content = std::string(600, 'x')}).substr(0, 1000), Errc::truncated},
  };
}

}  // namespace braid::archive::built
