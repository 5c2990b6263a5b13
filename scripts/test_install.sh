#!/usr/bin/env bash
# Installs braid, shared and static, and builds a small client against each installation: through
# CMake's find_package and through pkg-config. (test_options.sh has the one by add_subdirectory.)
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

quietly() {
  "$@" >"$work/log" 2>&1 || {
    cat "$work/log"
    echo "failed: $*" >&2
    return 1
  }
}

# The modules' objects are the same in both; only what is linked from them differs.
for shared in ON OFF; do
  prefix=$work/prefix-$shared
  quietly cmake --preset dev -DBUILD_SHARED_LIBS=$shared
  quietly cmake --build build/dev -j"$(nproc)" --target braid braid_manual
  quietly cmake --install build/dev --prefix "$prefix"
  library=$(find "$prefix" -name 'libbraid.*' -printf '%h\n' | head -1)
  export LD_LIBRARY_PATH=$library PKG_CONFIG_PATH=$library/pkgconfig

  mkdir "$work/client-$shared"
  cp tests/install/client.cpp "$work/client-$shared/"
  cp tests/install/client.cmake.in "$work/client-$shared/CMakeLists.txt"
  quietly cmake -G Ninja -S "$work/client-$shared" -B "$work/client-$shared/build" \
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
