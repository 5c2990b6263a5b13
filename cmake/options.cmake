# Everything a person may switch. Only the library is built when braid is part of another project.
option(BUILD_SHARED_LIBS "Build libbraid as a shared library" OFF)
option(BRAID_BUILD_CLI "Build the braid program" ${PROJECT_IS_TOP_LEVEL})
option(BRAID_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(BRAID_BUILD_EXAMPLES "Build the examples, which are tests too" ${PROJECT_IS_TOP_LEVEL})
option(BRAID_BUILD_FUZZ "Build the fuzz targets (clang only)" OFF)
option(BRAID_BUILD_BENCH "Build the benchmarks" OFF)
option(BRAID_PRECOMPILE "Read standard headers once a build (continuous integration)" OFF)
option(BRAID_WERROR "Treat warnings as errors (continuous integration)" OFF)

# Codecs. A format whose library is left out is still recognised and refused by name.
option(BRAID_WITH_DEFLATE "gzip, zlib and raw deflate, on libdeflate and zlib" ON)
option(BRAID_STATIC_LIBDEFLATE "Link libdeflate's archive, which compresses faster than its shared object" ON)
option(BRAID_WITH_ISAL "ISA-L for the fast deflate levels and for inflating" ON)
option(BRAID_WITH_ZSTD "zstd" ON)
option(BRAID_WITH_LZ4 "lz4" ON)
option(BRAID_WITH_LZMA "xz and lzma, on liblzma" ON)
option(BRAID_WITH_BZIP2 "bzip2" ON)
option(BRAID_WITH_BROTLI "brotli" ON)
option(BRAID_WITH_HWLOC "NUMA placement through hwloc" ON)

set(BRAID_SANITIZE "" CACHE STRING "Sanitizers for every target: address;undefined or thread")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
