#!/usr/bin/env bash
# Installs what the tests need, builds, and runs them.
#
#   scripts/test.sh                all stages
#   scripts/test.sh asan unit      only these
#   scripts/test.sh ^fuzz          all but these
#
# Stages: checks (format, layers, sizes, README), unit, corpus, interop, cli, install, options
# (each codec left out, in another project), asan (built with clang and its thread-safety
# analysis), tsan, fuzz; clang, which is asan without sanitizers, only when named. Warnings are
# errors throughout.
#
# BRAID_IN_ONE_GO=1 compiles a module's files together in every build, which takes half of the time
# and makes each later change cost more: for the gate, whose folders are not used again. The
# options stage still compiles each file by itself.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

all=(checks unit corpus interop cli install options clang asan tsan fuzz)
picked=()
dropped=()
for name in "$@"; do
  stage=${name#^}
  [[ " ${all[*]} " == *" $stage "* ]] || {
    echo "no stage is called '$stage'; there are: ${all[*]}" >&2
    exit 2
  }
  if [[ $name == ^* ]]; then dropped+=("$stage"); else picked+=("$stage"); fi
done
((${#picked[@]})) || picked=("${all[@]/#clang/}")

wanted() {
  [[ " ${picked[*]} " == *" $1 "* && " ${dropped[*]:-} " != *" $1 "* ]]
}

jobs=${BRAID_JOBS:-$(nproc)}
together=()
if [[ ${BRAID_IN_ONE_GO:-} ]]; then together=(-DCMAKE_UNITY_BUILD=ON); fi
need_packages "${build_packages[@]}" "${test_packages[@]}"

# build <preset> [target]: quiet unless it fails
build() {
  local log=build/$1.log
  cmake --preset "$1" "${together[@]}" >"$log" 2>&1 || {
    cat "$log"
    return 1
  }
  cmake --build "build/$1" -j"$jobs" --target "${2:-all}" >"$log" 2>&1 || {
    grep -E "error|FAILED|warning" "$log" | head -50
    return 1
  }
}

# run <preset> <label>: that label's tests, one line each; what fails is shown whole
run() {
  ctest --test-dir "build/$1" -L "$2" -j"$jobs" --output-on-failure --no-tests=error
}

stage() {
  echo
  echo "== $1"
}

mkdir -p build
if wanted checks; then
  stage checks
  need_packages clang-format
  scripts/check_format.sh
  python3 scripts/check_layers.py
  python3 scripts/check_sizes.py
  python3 scripts/check_snippets.py
fi
if wanted unit || wanted corpus || wanted interop || wanted cli; then
  stage "build (dev)"
  build dev
fi
if wanted unit; then
  stage unit
  run dev '^(unit|example)$'
fi
for label in corpus interop cli; do
  if wanted $label; then
    stage $label
    run dev "^$label\$"
  fi
done
if wanted install; then
  stage install
  scripts/test_install.sh
fi
if wanted options; then
  stage options
  scripts/test_options.sh
fi
if wanted clang; then
  stage clang
  need_packages clang
  build clang
  run clang '^unit$'
fi
if wanted asan; then
  stage asan
  need_packages clang libclang-rt-14-dev
  build asan braid_library_tests
  run asan '^(unit|corpus|example)$'
fi
if wanted tsan; then
  stage tsan
  build tsan thread_tests
  run tsan '^threads$'
fi
if wanted fuzz; then
  stage fuzz
  need_packages clang libclang-rt-14-dev
  preset=fuzz
  if wanted asan; then preset=asan; fi  # it holds the same targets
  build $preset braid_library_tests
  BRAID_FUZZ_BUILD=build/$preset scripts/fuzz.sh "${BRAID_FUZZ_SECONDS:-5}"
fi
echo
echo "all picked stages passed"
