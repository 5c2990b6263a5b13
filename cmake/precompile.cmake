# braid_precompile(<target> <group>): reads the headers that every file includes once for the whole
# group, whose targets are compiled with the same options. Only where BRAID_PRECOMPILE says so: a
# build without it shows that each file includes what it uses.
set(BRAID_PRECOMPILED
    <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <cstring> <functional>
    <memory> <memory_resource> <mutex> <optional> <span> <stop_token> <string> <string_view>
    <thread> <utility> <vector>)
set(BRAID_PRECOMPILED_test <filesystem> <fstream> <random> <gtest/gtest.h>)

function(braid_precompile target group)
  if(NOT BRAID_PRECOMPILE)
    return()
  endif()
  # GCC 12 warns of what std::string does itself when that comes from a precompiled header.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>)
  get_property(owner GLOBAL PROPERTY BRAID_PRECOMPILED_BY_${group})
  if(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${target} PRIVATE ${BRAID_PRECOMPILED} ${BRAID_PRECOMPILED_${group}})
    set_property(GLOBAL PROPERTY BRAID_PRECOMPILED_BY_${group} ${target})
  endif()
endfunction()
