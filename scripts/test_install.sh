#!/usr/bin/env bash
# Installs braid, static and shared, and builds a small client against each installation: through
# CMake's find_package, through pkg-config, and through add_subdirectory.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

quietly() {
  "$@" >"$work/log" 2>&1 || {
    cat "$work/log"
    echo "failed: $*" >&2
    return 1
  }
}

for shared in OFF ON; do
  prefix=$work/prefix-$shared
  quietly cmake -S . -B "build/install-$shared" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS=-O0 -DBUILD_SHARED_LIBS=$shared -DBRAID_BUILD_TESTS=OFF \
    -DBRAID_BUILD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX="$prefix" -DBRAID_WERROR=ON
  quietly cmake --build "build/install-$shared" -j"$(nproc)"
  quietly cmake --install "build/install-$shared"
  library=$(find "$prefix" -name 'libbraid.*' -printf '%h\n' | head -1)
  export LD_LIBRARY_PATH=$library PKG_CONFIG_PATH=$library/pkgconfig

  mkdir "$work/client-$shared"
  cp tests/install/client.cpp "$work/client-$shared/"
  cp tests/install/client.cmake.in "$work/client-$shared/CMakeLists.txt"
  quietly cmake -S "$work/client-$shared" -B "$work/client-$shared/build" \
    -DCMAKE_PREFIX_PATH="$prefix"
  quietly cmake --build "$work/client-$shared/build"
  "$work/client-$shared/build/client"

  # shellcheck disable=SC2046
  quietly g++ -std=c++20 tests/install/client.cpp -o "$work/client-pc-$shared" \
    $(pkg-config --cflags --libs braid)
  "$work/client-pc-$shared"
  echo "installed (shared: $shared): find_package and pkg-config clients work"
done

# Only what the public headers mark is exported.
foreign=$(nm -DC --defined-only "$work"/prefix-ON/lib*/libbraid.so "$work"/prefix-ON/lib*/*/libbraid.so \
  2>/dev/null | awk '$2 ~ /[TBDR]/ {$1 = $2 = ""; print}' | grep -v 'braid::' || true)
[[ -z $foreign ]] || {
  echo "exported without being braid's own: $foreign" >&2
  exit 1
}

mkdir "$work/sub"
cp tests/install/client.cpp "$work/sub/"
cat >"$work/sub/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(client LANGUAGES C CXX)
add_subdirectory($root braid)
add_executable(client client.cpp)
target_link_libraries(client PRIVATE braid::braid)
EOF
# Two codecs are enough to show that a parent project can build and switch them.
quietly cmake -S "$work/sub" -B "$work/sub/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
  -DCMAKE_CXX_FLAGS=-O0 -DBRAID_WITH_DEFLATE=OFF -DBRAID_WITH_LZMA=OFF -DBRAID_WITH_BZIP2=OFF \
  -DBRAID_WITH_BROTLI=OFF
quietly cmake --build "$work/sub/build" -j"$(nproc)" --target client
"$work/sub/build/client"
echo "add_subdirectory client works"
