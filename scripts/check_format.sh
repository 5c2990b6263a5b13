#!/usr/bin/env bash
# Fails when a file is not as clang-format would write it; `--fix` rewrites.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run --Werror)
[[ ${1:-} == --fix ]] && mode=(-i)
git ls-files -co --exclude-standard '*.hpp' '*.cpp' | xargs clang-format "${mode[@]}"
