#!/usr/bin/env bash
# Gives every parser octets that nobody would send: run.sh [seconds for each parser] [folder of published samples]
#
# Stops at the first crash, hang (10 s), forgery or want of more than 1 GiB, and leaves the octets in target/fuzz/found.
# Needs a C++ compiler beside Rust. FUZZ_PARSERS="cms jws" runs only these.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-120}
samples=${2:-none}
home=$PWD/target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
mkdir -p "$home/found"

flags="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
flags+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
CARGO_TARGET_DIR=$home/build RUSTFLAGS="$flags" cargo build --quiet --release --locked --target "$host" \
  --manifest-path services/fuzz/Cargo.toml
fuzz=$home/build/$host/release/customs-fuzz

# CPU time of the children that have ended, in clock ticks: user and system.
spent() { awk '{ print $16 + $17 }' /proc/$$/stat; }

export FUZZ_HOME=$home/home
[ -d "$FUZZ_HOME/samples" ] || FUZZ_SEED=$samples "$fuzz" >/dev/null
built=$(spent)
parsers=${FUZZ_PARSERS:-$(ls "$FUZZ_HOME/samples")}
for parser in $parsers; do
  mkdir -p "$home/corpus/$parser"
  log=$home/$parser.log
  if ! FUZZ_PARSER=$parser "$fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=512 \
    -max_len=32768 -use_value_profile=1 -print_final_stats=1 -artifact_prefix="$home/found/$parser-" \
    "$home/corpus/$parser" "$FUZZ_HOME/samples/$parser" >"$log" 2>&1; then
    tail -n 40 "$log"
    echo "fuzz: $parser FAILED; the octets are in target/fuzz/found"
    exit 1
  fi
  stat() { sed -n "s/^stat::$1: *//p" "$log"; }
  reached=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1)
  printf 'fuzz: %-16s %10s inputs, %s, %s MiB at most\n' "$parser" "$(stat number_of_executed_units)" "$reached" "$(stat peak_rss_mb)"
done
seconds=$((($(spent) - built) / $(getconf CLK_TCK)))
echo "fuzz: nothing found in $((seconds / 60)) min $((seconds % 60)) s of CPU time of the parsers"
