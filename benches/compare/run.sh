#!/usr/bin/env bash
# iocpack and its peers on the same texts, in one run.
#
#   benches/compare/run.sh [FILE…]
#
# Builds what is compared, runs it in turns, and writes the tables to
# benches/record/<date>-<cpu>.md. FILEs are texts of your own beside the
# generated ones. Peers in Python and JavaScript are installed into a folder
# that is removed at the end; a peer that cannot be had is named as such.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cpu=$(lscpu 2>/dev/null | sed -n 's/^Model name: *//p' | head -n 1)
cpu=${cpu:-unknown}
# Machines of several generations may have one name.
family=$(lscpu 2>/dev/null | sed -n 's/^CPU family: *//p' | head -n 1)
cpu="$cpu${family:+ family $family}"
slug=$(printf '%s' "$cpu" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9-')
record="$root/benches/record/$(date +%Y-%m-%d)-$slug.md"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"

echo "building" >&2
cargo build --release --locked --manifest-path "$here/Cargo.toml" >&2
cargo build --release --locked --features cli --manifest-path "$root/Cargo.toml" >&2
compare="$CARGO_TARGET_DIR/release/iocpack-compare"
iocpack="$CARGO_TARGET_DIR/release/iocpack"

# The best of five runs of a command that reads $1, in seconds.
best() {
  local input=$1 best='' time start
  shift
  for _ in 1 2 3 4 5; do
    start=$(date +%s%N)
    timeout 60 "$@" "$input" >"$work/out" 2>"$work/err" || {
      # 1 is "nothing found" for all of them.
      [ $? -le 1 ] || { printf 'failed or over 60'; return; }
    }
    time=$(($(date +%s%N) - start))
    if [ -z "$best" ] || [ "$time" -lt "$best" ]; then best=$time; fi
  done
  awk -v t="$best" 'BEGIN { printf "%.3f", t / 1e9 }'
}

whole_processes() {
  local input=$1 size seconds tool
  size=$(wc -c <"$input")
  "$compare" --pattern >"$work/pattern"
  # The flag is of Rust's engine.
  sed 's/(?-u)//' "$work/pattern" >"$work/pcre"
  printf '| tool | seconds | MB/s | lines |\n|---|---|---|---|\n'
  for tool in 'iocpack scan' 'iocpack scan --all' rg grep; do
    case $tool in
      iocpack*) set -- "$iocpack" ${tool#iocpack } ;;
      rg) set -- rg -o --no-line-number --no-filename -f "$work/pattern" ;;
      grep) set -- env LC_ALL=C grep -oP -f "$work/pcre" ;;
    esac
    if [ "$1" != env ] && ! command -v "$1" >/dev/null; then
      printf '| %s | not installed | | |\n' "$tool"
      continue
    fi
    seconds=$(best "$input" "$@")
    awk -v tool="$tool" -v t="$seconds" -v n="$size" -v l="$(wc -l <"$work/out")" \
      'BEGIN { printf "| %s | %s | %s | %d |\n", tool, t, (t > 0 ? int(n / t / 1e6) : ""), l }'
  done
}

# Peers that need an interpreter: a small part of a text, and twice of it, so
# that what grows faster than the text is seen.
interpreted() {
  local input=$1
  if python3 -m venv "$work/venv" &&
    "$work/venv/bin/pip" install -q ioc-finder iocextract iocsearcher \
      "setuptools<80" >"$work/pip.log" 2>&1; then
    "$work/venv/bin/python" "$here/peers.py" "$input"
  else
    printf '| Python peers | could not be installed | | |\n'
  fi
  if command -v npm >/dev/null &&
    (cd "$work" && npm install --silent ioc-extractor >"$work/npm.log" 2>&1); then
    (cd "$work" && cp "$here/peers.mjs" . && node peers.mjs "$input")
  else
    printf '| npm peers | could not be installed | | |\n'
  fi
}

{
  printf '# %s, %s\n\n' "$(date +%Y-%m-%d)" "$cpu"
  printf 'Written by `benches/compare/run.sh`. %s cores, load %s, %s.\n\n' \
    "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" "$(rustc --version)"
  printf 'Revision %s.\n\n' "$(git -C "$root" rev-parse --short HEAD)"
  printf '## In one process, one thread\n\n'
  printf 'MB/s, ratio to the alternation in the same run, hits. A tool that\n'
  printf 'finds other things has other hits: linkify knows neither addresses\n'
  printf 'nor hashes, the alternation asks for no suffix and no context.\n\n'
  printf 'The alternation is asked for how many matches there are, which takes\n'
  printf 'no look at where each starts; `spans` is the same pattern asked for\n'
  printf 'every match, as all others are. `counted` is the call that the\n'
  printf 'alternation is asked with: the matches are found, typed and judged,\n'
  printf 'and none is handed over.\n\n'
  printf 'Each runs for 50 ms, and the run after that counts; the best of\n'
  printf 'seven.\n\n'
  "$compare" "$@" >"$work/tables"
  sed '/^$/,$d' "$work/tables"
  printf '\n## Two threads\n\n'
  printf 'MB/s over the halves of each text, read again until 64 MB are:\n'
  printf 'to start a thread takes as long as some hundred kilobytes. The control\n'
  printf 'is a loop without memory, run the same way: what the second core is\n'
  printf 'worth.\n\n'
  sed '1,/^$/d' "$work/tables"
  # A text of 64 MB for whole processes.
  "$compare" --text 'server log' >"$work/log.txt"
  for _ in 1 2 3; do cat "$work/log.txt" "$work/log.txt" >"$work/more"; mv "$work/more" "$work/log.txt"; done
  printf '\n## Whole processes, server log, %s bytes\n\n' "$(wc -c <"$work/log.txt")"
  whole_processes "$work/log.txt"
  for file; do
    cp "$file" "$work/text"
    while [ "$(wc -c <"$work/text")" -lt 50000000 ]; do
      cat "$work/text" "$work/text" >"$work/more"
      mv "$work/more" "$work/text"
    done
    printf '\n## Whole processes, %s repeated, %s bytes\n\n' \
      "$(basename "$file")" "$(wc -c <"$work/text")"
    whole_processes "$work/text"
  done
  printf '\n## Interpreted peers\n\n'
  printf 'Seconds for the first bytes of the generated report, and for twice\n'
  printf 'as many; at most 60 seconds each.\n\n'
  "$compare" --text prose >"$work/prose.txt"
  printf '| tool | bytes | seconds | for twice | hits |\n|---|---|---|---|---|\n'
  interpreted "$work/prose.txt"
} >"$work/record.md"
mv "$work/record.md" "$record"
echo "$record" >&2
