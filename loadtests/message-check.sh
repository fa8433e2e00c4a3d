#!/usr/bin/env bash
# Structure and rules of a declaration of 1, 100 and 1,999 items, beside the schema check of libxml2 (xmllint) on the same files in the same run.
# usage: loadtests/message-check.sh [CC015C.xsd]     (the published schema of phase 6; without it only our own times are told)
set -euo pipefail
cd "$(dirname "$0")/.."
schema=${1:-}
[ -z "$schema" ] || schema=$(realpath "$schema")
exec cargo bench --locked --quiet -p customs-messages --bench check -- "$schema"
