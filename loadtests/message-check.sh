#!/usr/bin/env bash
# Structure and rules of a declaration of 1, 100 and 1,999 items, beside the schema check of libxml2 on the same files in the
# same run; ends with a table of ratios and says of each demand whether it holds (exit status 1 if one does not).
# usage: loadtests/message-check.sh [CC015C.xsd]     (the published schema of phase 6; without it only our own times are told)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then
    exec cargo bench --locked --quiet -p customs-messages --bench check
fi
schema=$(realpath "$1")
library=$(PATH=$PATH:/sbin ldconfig -p | awk '/libxml2\.so/ {print $NF; exit}')
[ -n "$library" ] || { echo "libxml2 is not installed" >&2; exit 2; }
other=$(mktemp)
trap 'rm -f "$other"' EXIT
cc -O2 -o "$other" loadtests/libxml2-check.c "$library"
cargo bench --locked --quiet -p customs-messages --bench check -- "$other" "$schema"
