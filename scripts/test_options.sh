#!/usr/bin/env bash
# Builds braid as a part of another project, with codecs left out: a client works, and the
# conformance tests of what remains pass: formats that were not built are still recognised, and
# refused by name. Two builds leave out every codec once; the first compiles each file by itself,
# without precompiled headers, and so shows that it includes what it uses.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

# parent <folder>: the other project
parent() {
  mkdir -p "$1"
  cp tests/install/client.cpp "$1/"
  cat >"$1/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(client LANGUAGES C CXX)
add_subdirectory($root braid)
add_executable(client client.cpp)
target_link_libraries(client PRIVATE braid::braid)
EOF
}

# without <folder> <in one go: ON or OFF> <codec>...
without() {
  local folder=build/without-$1 log=build/without-$1.log at_once=$2 option
  shift 2
  local -a off=()
  for option in "$@"; do off+=("-DBRAID_WITH_$option=OFF"); done
  parent "$folder/parent"
  {
    cmake -S "$folder/parent" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
      -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g0" -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DBRAID_WERROR=ON \
      -DBRAID_BUILD_TESTS=ON -DBRAID_PRECOMPILE="$at_once" -DCMAKE_UNITY_BUILD="$at_once" "${off[@]}" &&
      cmake --build "$folder" -j"$(nproc)" --target client conformance_test &&
      "$folder/client" && "$folder/braid/tests/conformance/conformance_test" --gtest_brief=1
  } >"$log" 2>&1 || {
    tail -50 "$log"
    echo "failed without $*" >&2
    exit 1
  }
  echo "without $*: builds within another project, and the rest conforms"
}

without first OFF DEFLATE LZ4 BROTLI
without second ON ISAL ZSTD LZMA BZIP2 HWLOC
