# Installation: the library, its headers, a CMake package, a pkg-config module. The program and its
# manual are installed by src/cli.
include(CMakePackageConfigHelpers)

install(TARGETS braid EXPORT braid-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/braid DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")

set(BRAID_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/braid)
install(EXPORT braid-targets NAMESPACE braid:: DESTINATION ${BRAID_CMAKE_DIR})

# A static library leaves its own dependencies to whoever links it: both packages name them, as
# plain requirements, so that their shared versions do; all but libdeflate's (dependencies.cmake).
get_target_property(braid_type braid TYPE)
if(braid_type STREQUAL "STATIC_LIBRARY")
  set(BRAID_STATIC_MODULES ${BRAID_PKG_MODULES})
  list(JOIN BRAID_PKG_MODULES " " BRAID_PC_REQUIRES)
  if(LIBDEFLATE_ARCHIVE)
    set(BRAID_STATIC_LIBRARIES -l:libdeflate.a)
  endif()
endif()
configure_package_config_file(cmake/braid-config.cmake.in ${PROJECT_BINARY_DIR}/braid-config.cmake
                              INSTALL_DESTINATION ${BRAID_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/braid-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/braid-config.cmake
              ${PROJECT_BINARY_DIR}/braid-config-version.cmake
        DESTINATION ${BRAID_CMAKE_DIR})

# From its own place, so that an installed tree may be moved.
file(RELATIVE_PATH BRAID_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" BRAID_PC_PREFIX "${BRAID_PC_PREFIX}")
configure_file(cmake/braid.pc.in ${PROJECT_BINARY_DIR}/braid.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/braid.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
