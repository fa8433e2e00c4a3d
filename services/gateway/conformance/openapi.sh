#!/usr/bin/env bash
# The OpenAPI document: no error in spectral's and redocly's rules.
#   openapi.sh FILE
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: openapi.sh FILE" >&2; exit 2; }
file=$(realpath "$1")
cd "$(dirname "$0")"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
failed=0
node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity error --quiet "$file" || failed=$((failed + 1))
node_modules/.bin/redocly lint --config redocly.yaml --format stylish "$file" || failed=$((failed + 1))
echo "conformance: openapi: $((2 - failed)) of 2 linters passed"
[ "$failed" -eq 0 ]
