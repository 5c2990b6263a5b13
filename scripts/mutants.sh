#!/usr/bin/env bash
# Damages files of every tool at hand, and holds braid's verdicts on them against each other and
# against the formats' libraries:
#
#   scripts/mutants.sh [COUNT] [SEED]     100000 mutants from seed 1; stops at the first disagreement
#
# The same seed and files give the same mutants. Builds the preset `dev` where it is not built.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-100000}
seed=${2:-1}
files=build/mutant-files
program=build/dev/tests/robustness/mutants_test
[[ -x $program ]] || { cmake --preset dev && cmake --build build/dev --target mutants_test; }

mkdir -p "$files"
plain=$files/.plain
if [[ ! -e $plain ]]; then
  # Text, code, program text: what people compress.
  { cat README.md src/engine/*.cpp docs/*.md; head -c 200000 "$(command -v bash)"; } >"$plain"
fi

# made_by <extension> <tool> <option>...: one file, where the tool is there
made_by() {
  local extension=$1 name
  shift
  command -v "$1" >/dev/null || return 0
  name=$(tr -d ' /' <<<"$*")
  [[ -e $files/$name.$extension ]] || "$@" <"$plain" >"$files/$name.$extension"
}

# The same of each KiB of a part of it: what is appended to line by line, or packet by packet.
made_in_pieces_by() {
  command -v "$2" >/dev/null || return 0
  made_by "$1" in_pieces "${@:2}"
}
in_pieces() {
  head -c 100K | split -b 1K --filter="$*"
}

for level in 1 6 9; do
  made_by gz gzip -$level
  made_by gz pigz -$level -p2 -b128
  made_by gz libdeflate-gzip -$level
  made_by bz2 bzip2 -$level
  made_by bz2 lbzip2 -$level
  made_by bz2 pbzip2 -c -$level
  made_by xz xz -T1 -$level
  made_by xz xz -T2 --block-size=100KiB -$level
  made_by lz lzip -$level
  made_by lz plzip -B65536 -$level
  made_by zst zstd -q -$level
  made_by zst pzstd -q -c -$level
  made_by lz4 lz4 -q -$level
  made_by lz4 lz4 -q -BD -B4 -$level
  made_by br brotli -c -q $level
done
made_by gz pigz -11 -p2
made_by gz bgzip -c
made_by gz igzip -c
made_by zz pigz -z
made_by lzma xz --format=lzma
made_by xz pixz
made_by xz xz -T2 --check=sha256 --block-size=64KiB
made_by zst zstd -q --no-check -T2 -B100000
made_by lz4 lz4 -q -l
made_in_pieces_by gz gzip
made_in_pieces_by bz2 bzip2
made_in_pieces_by xz xz
made_in_pieces_by xz xz -T2 --block-size=1MiB
made_in_pieces_by lz lzip
made_in_pieces_by zst zstd -q
made_in_pieces_by lz4 lz4 -q
made_in_pieces_by lz4 lz4 -q -BD

BRAID_MUTANT_FILES=$files BRAID_MUTANTS=$count BRAID_MUTANT_SEED=$seed "$program" \
  --gtest_brief=1 --gtest_filter='*judged_alike*'
echo "$count mutants from seed $seed: all verdicts agree"
