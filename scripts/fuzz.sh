#!/usr/bin/env bash
# Runs every fuzz target for some seconds: scripts/fuzz.sh [SECONDS] [TARGET...]
# Seeds come from the corpus folder where there is one (BRAID_CORPUS), and grow in build/fuzz-corpus.
# The targets are those of the preset `fuzz`, or of another build that BRAID_FUZZ_BUILD names.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10}
shift || true
programs=${BRAID_FUZZ_BUILD:-build/fuzz}/fuzz
corpus=${BRAID_CORPUS:-../shared/corpus}
targets=("$@")
((${#targets[@]})) || mapfile -t targets < <(cd "$programs" && ls fuzz_* | grep -v '\.')

fuzz_one() {
  local target=$1 format=${1##*_} folder=build/fuzz-corpus/$1
  mkdir -p "$folder"
  local -a seeds=("$folder")
  [[ $target != *round_trip* && -d $corpus/$format ]] && seeds+=("$corpus/$format")
  "$programs/$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 \
    -max_len=65536 -seed=1 -print_final_stats=1 -artifact_prefix="build/fuzz-corpus/$target-" \
    "${seeds[@]}" >"build/fuzz-corpus/$target.log" 2>&1 || {
    tail -40 "build/fuzz-corpus/$target.log"
    echo "$target: FOUND SOMETHING (build/fuzz-corpus/$target-*)" >&2
    return 1
  }
  echo "$target: $(grep -o 'number_of_executed_units: [0-9]*' "build/fuzz-corpus/$target.log")"
}

mkdir -p build/fuzz-corpus
export -f fuzz_one
export seconds corpus programs
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -euo pipefail -c 'fuzz_one {}'
