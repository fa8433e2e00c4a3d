#!/usr/bin/env bash
# Generated requests against a running server, from its own OpenAPI document.
#   schemathesis.sh URL [CASES [PHASES]]     CASES in all, 2000 unless said; ECUSTOMS_TOKEN is sent as a bearer token
#   schemathesis.sh --install                only makes the checker ready
# With a token, the operations that end its session are left out: nothing behind them would be reached.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: schemathesis.sh URL [CASES [PHASES]]" >&2; exit 2; }
url=${1%/}
cases=${2:-2000}
phases=${3:-examples,coverage,fuzzing,stateful}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
venv=$root/target/conformance/schemathesis
version=4.32.5

if [ "$("$venv/bin/pip" show schemathesis 2>/dev/null | sed -n 's/^Version: //p')" != "$version" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet "schemathesis==$version"
fi
[ "$url" != --install ] || exit 0

# One run of several at a time has its own files.
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
document=$work/openapi.json
"$venv/bin/python" - "$url/openapi.json" "$document" <<'PYTHON'
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=30) as answer, open(sys.argv[2], "wb") as file:
    file.write(answer.read())
PYTHON
operations=$("$venv/bin/python" -c '
import json, sys
methods = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
print(sum(len(methods & set(item)) for item in json.load(open(sys.argv[1]))["paths"].values()))' "$document")
[ "$operations" -gt 0 ] || { echo "schemathesis: no operation in $url/openapi.json" >&2; exit 1; }

# The seed is fixed so that a failure is the change's and not the day's; ECUSTOMS_SEED draws others.
arguments=(--config-file "$here/schemathesis.toml" run "$document" --url "$url" --workers 1 --phases "$phases"
  --max-examples $((cases / operations + 1)) --seed "${ECUSTOMS_SEED:-20260101}" --generation-database none
  --request-timeout 10 --continue-on-failure --no-color --suppress-health-check all)
if [ -n "${ECUSTOMS_TOKEN:-}" ]; then
  arguments+=(--header "Authorization: Bearer $ECUSTOMS_TOKEN")
  arguments+=(--exclude-operation-id closeSession --exclude-operation-id renewSession)
fi
cd "$work"
if "$venv/bin/schemathesis" "${arguments[@]}"; then
  echo "conformance: schemathesis: passed, $operations operations"
else
  echo "conformance: schemathesis: failed, $operations operations"
  exit 1
fi
