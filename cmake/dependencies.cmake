# Third-party libraries, as imported targets. Each is linked only by the module that names it.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

# braid_find(<TARGET> <pkg-config module>): makes PkgConfig::<TARGET>; the module's name goes into
# braid.pc and the CMake package so that static consumers find it too.
set(BRAID_PKG_MODULES "")
macro(braid_find target module)
  pkg_check_modules(${target} REQUIRED IMPORTED_TARGET ${module})
  list(APPEND BRAID_PKG_MODULES ${module})
endmacro()

braid_find(XXHASH libxxhash)
if(BRAID_WITH_DEFLATE)
  braid_find(ZLIB zlib)
  braid_find(LIBDEFLATE libdeflate)
  # Compiled for any address, libdeflate 1.14 keeps the candidate of its match search in memory: the
  # archive takes 20 % less time at level 6, 45 % less at level 9, and gives the same bytes.
  if(BRAID_STATIC_LIBDEFLATE)
    find_library(LIBDEFLATE_ARCHIVE libdeflate.a HINTS ${LIBDEFLATE_LIBDIR})
    mark_as_advanced(LIBDEFLATE_ARCHIVE)
    if(LIBDEFLATE_ARCHIVE)
      list(REMOVE_ITEM BRAID_PKG_MODULES libdeflate)
      set_target_properties(
        PkgConfig::LIBDEFLATE PROPERTIES INTERFACE_LINK_LIBRARIES ${LIBDEFLATE_ARCHIVE}
                                         INTERFACE_LINK_OPTIONS LINKER:--exclude-libs,libdeflate.a)
    else()
      message(STATUS "braid: libdeflate.a not found; its shared object is slower to compress")
    endif()
  endif()
  if(BRAID_WITH_ISAL)
    pkg_check_modules(ISAL IMPORTED_TARGET libisal)
    if(NOT ISAL_FOUND)
      message(STATUS "braid: ISA-L not found; the fast deflate levels use libdeflate and zlib")
    else()
      list(APPEND BRAID_PKG_MODULES libisal)
    endif()
  endif()
endif()
if(BRAID_WITH_ZSTD)
  braid_find(ZSTD libzstd)
endif()
if(BRAID_WITH_LZ4)
  braid_find(LZ4 liblz4)
endif()
if(BRAID_WITH_LZMA)
  braid_find(LZMA liblzma)
endif()
if(BRAID_WITH_BROTLI)
  braid_find(BROTLI "libbrotlienc;libbrotlidec")
  # Built for x86-64, xxHash can choose the widest instructions of the CPU at run time.
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_LIBRARIES PkgConfig::XXHASH)
  check_cxx_source_compiles(
    "#include <xxhash.h>
#include <xxh_x86dispatch.h>
int main(int count, char** words) { return static_cast<int>(XXH3_64bits(words, count)); }"
    BRAID_XXHASH_DISPATCHES)
  unset(CMAKE_REQUIRED_LIBRARIES)
endif()
if(BRAID_WITH_BZIP2)
  braid_find(DIVSUFSORT libdivsufsort)
  if(BRAID_BUILD_TESTS)
    find_package(BZip2 REQUIRED)  # only to compare with; Debian ships no .pc file for it
  endif()
endif()
if(BRAID_WITH_HWLOC)
  pkg_check_modules(HWLOC IMPORTED_TARGET hwloc)
  if(HWLOC_FOUND)
    list(APPEND BRAID_PKG_MODULES hwloc)
  endif()
endif()
