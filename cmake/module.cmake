# braid_module(<name> SOURCES <file>... [USES <module>...] [LINKS <library>...])
#
# One module of the house: an object library braid_<name>. USES states the arrows of
# ARCHITECTURE.md (scripts/check_layers.py holds the includes against the same table); LINKS names
# third-party libraries, whose headers only this module may include.
set(BRAID_MODULES "" CACHE INTERNAL "")
set(BRAID_LINKS "" CACHE INTERNAL "")

add_library(braid_flags INTERFACE)
target_compile_features(braid_flags INTERFACE cxx_std_20)
target_compile_options(
  braid_flags
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
            $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety> $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>
            $<$<BOOL:${BRAID_WERROR}>:-Werror>
            # Files compiled in one go see each other's private names.
            $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-shadow>)
if(BRAID_SANITIZE)
  list(JOIN BRAID_SANITIZE "," braid_sanitize)
  target_compile_options(braid_flags INTERFACE -fsanitize=${braid_sanitize} -fno-omit-frame-pointer
                                               -fno-sanitize-recover=all)
  target_link_options(braid_flags INTERFACE -fsanitize=${braid_sanitize})
  # Tests do less where everything is ten times slower; compilers have no common word for it.
  string(REGEX REPLACE "[^a-z].*" "" braid_sanitize "${braid_sanitize}")
  string(TOUPPER "BRAID_SANITIZED_${braid_sanitize}" braid_sanitize)
  target_compile_definitions(braid_flags INTERFACE ${braid_sanitize})
endif()

function(braid_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "" "" "SOURCES;USES;LINKS")
  add_library(braid_${name} OBJECT ${module_SOURCES})
  target_include_directories(braid_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include
                                                  ${PROJECT_SOURCE_DIR}/src
                                                  ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(braid_${name} PRIVATE braid_flags ${module_LINKS})
  set_property(TARGET braid_${name} PROPERTY BRAID_USES ${module_USES})
  set_target_properties(
    braid_${name}
    PROPERTIES POSITION_INDEPENDENT_CODE ON
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               CXX_EXTENSIONS OFF)
  braid_precompile(braid_${name} module)
  set(BRAID_MODULES ${BRAID_MODULES} braid_${name} CACHE INTERNAL "")
  set(BRAID_LINKS ${BRAID_LINKS} ${module_LINKS} CACHE INTERNAL "")
endfunction()
