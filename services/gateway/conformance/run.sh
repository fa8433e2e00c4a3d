#!/usr/bin/env bash
# Every independent checker against a suite of its own, started here with the demo nation and stopped again.
#   run.sh [BINARY]      target/debug/ecustoms unless said, built first
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
binary=${1:-}
cd "$root"

command -v npm >/dev/null || { echo "conformance: Node 20 with npm is needed" >&2; exit 1; }
if [ -z "$binary" ]; then
  cargo build --quiet --locked --bin ecustoms
  binary=$target/debug/ecustoms
fi
if ! cmp -s "$here/package-lock.json" "$here/node_modules/.lock"; then
  npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund --silent
  cp "$here/package-lock.json" "$here/node_modules/.lock"
fi

mkdir -p "$target/conformance"
log=$target/conformance/suite.log
data=$(mktemp -d)
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
url=http://127.0.0.1:$port
# Checkers ask faster than a client may.
export ECUSTOMS_LIMITS__REQUESTS_MAX=1000000 ECUSTOMS_LIMITS__LOGINS_MAX=100000
"$binary" up --demo --data-dir "$data" --listen "127.0.0.1:$port" </dev/null >"$log" 2>&1 &
suite=$!
trap 'kill "$suite" 2>/dev/null || true; wait "$suite" 2>/dev/null || true; rm -rf -- "$data"' EXIT

answers() { node -e 'fetch(process.argv[1]).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))' "$url/readyz"; }
for ((tries = 0; ; tries++)); do
  if answers; then break; fi
  if [ "$tries" -ge 120 ] || ! kill -0 "$suite" 2>/dev/null; then
    echo "conformance: the suite did not become ready:" >&2
    tail -n 20 "$log" >&2
    exit 1
  fi
  sleep 0.5
done

as() { # LOGIN COMMAND...: with an access token of that person in ECUSTOMS_TOKEN
  local token
  token=$("$binary" demo token --login "$1" --url "$url") || return 1
  shift
  ECUSTOMS_TOKEN=$token "$@"
}
failed=()
check() { # NAME COMMAND...
  local name=$1
  shift
  echo "== $name"
  "$@" || failed+=("$name")
}
check checkers node --test "$here/test/"
check graphql-http node "$here/graphql-http.mjs" "$url/graphql"
check graphql-ws as declarant node "$here/graphql-ws.mjs" "$url/graphql"
check openapi "$here/openapi.sh" docs/openapi.json
check asyncapi node "$here/asyncapi.mjs" docs/asyncapi.json
# The generated requests take longest, so those of two people are sent at a time. What the anonymous and the declarant try
# value by value is tried by chance for the others.
person() { # LOGIN CASES PHASES
  if [ "$1" = nobody ]; then
    "$here/schemathesis.sh" "$url" "$2" "$3"
  else
    as "$1" "$here/schemathesis.sh" "$url" "$2" "$3"
  fi
}
pair() { # LOGIN LOGIN CASES PHASES
  local first=$target/conformance/schemathesis-$1.log second=$target/conformance/schemathesis-$2.log one
  person "$1" "$3" "$4" >"$first" 2>&1 &
  one=$!
  person "$2" "$3" "$4" >"$second" 2>&1 || failed+=("schemathesis as $2")
  wait "$one" || failed+=("schemathesis as $1")
  echo "== schemathesis as $1"
  tail -n 40 "$first"
  echo "== schemathesis as $2"
  tail -n 40 "$second"
}
"$here/schemathesis.sh" --install
pair nobody declarant 2000 examples,coverage,fuzzing,stateful
pair officer-departure administrator 600 fuzzing,stateful
kill -0 "$suite" 2>/dev/null || failed+=("the suite ended")

if [ ${#failed[@]} -gt 0 ]; then
  echo "conformance: FAILED: ${failed[*]}"
  exit 1
fi
echo "conformance: all passed"
