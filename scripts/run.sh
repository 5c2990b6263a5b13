#!/usr/bin/env bash
# Installs what building takes, builds the release preset, and does the main job on real input.
#
#   scripts/run.sh                compress and restore this machine's own files in every format,
#                                 compare every byte, and print a table
#   scripts/run.sh ARGUMENTS...   the built braid with these arguments
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh
need_packages "${build_packages[@]}"

mkdir -p build
{ cmake --preset release && cmake --build build/release -j"$(nproc)"; } >build/release.log 2>&1 || {
  tail -50 build/release.log
  exit 1
}
braid=$PWD/build/release/bin/braid
if (($#)); then
  cd "$OLDPWD"
  exec "$braid" "$@"
fi

# Real input: the headers of this machine as one tar, and its largest programs and libraries; of each
# so much that the slowest format takes half a minute.
most=64M
work=$(mktemp -d "${TMPDIR:-/tmp}/braid-run.XXXXXX")
trap 'rm -rf "$work"' EXIT
{ tar -C / -cf - usr/include 2>/dev/null || true; } | head -c "$most" >"$work/include.tar"
find /usr/lib /usr/bin -type f -readable -size +1M -size -64M -printf '%s %p\n' 2>/dev/null |
  sort -rn | sed -n 1,4p | cut -d' ' -f2- | { xargs -d '\n' cat 2>/dev/null || true; } |
  head -c "$most" >"$work/programs.bin"

now() { date +%s%N; }
formats=$("$braid" --version | sed -n 's/^formats: //p' | tr -d ,)
threads=$(echo | "$braid" -vv -c 2>&1 >/dev/null | sed -n 's/.*threads: \([0-9]*\).*/\1/p')

printf '%-13s %-8s %13s %13s %7s %10s %10s %8s\n' \
  input format bytes packed ratio "pack MB/s" "read MB/s" threads
failed=0
for input in include.tar programs.bin; do
  size=$(stat -c %s "$work/$input")
  for format in $formats; do
    packed=$work/$input.packed
    t0=$(now)
    "$braid" -q -F "$format" -c "$work/$input" >"$packed"
    t1=$(now)
    "$braid" -q -d -F "$format" -c "$packed" >"$work/restored"
    t2=$(now)
    if ! cmp -s "$work/$input" "$work/restored"; then
      echo "$input: $format DOES NOT RESTORE" >&2
      failed=1
    fi
    awk -v input="$input" -v format="$format" -v size="$size" -v packed="$(stat -c %s "$packed")" \
      -v pack=$((t1 - t0)) -v read=$((t2 - t1)) -v threads="${threads:-?}" \
      'BEGIN { printf "%-13s %-8s %13d %13d %6.1f%% %10.1f %10.1f %8s\n", input, format, size, packed,
               100 * packed / size, size * 1e3 / pack, size * 1e3 / read, threads }'
  done
done
((failed)) && exit 1
echo "every byte restored in every format"
