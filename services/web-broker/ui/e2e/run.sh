#!/usr/bin/env bash
# Plays the journeys in a browser against suites of their own: everything in one process, and spread on real servers.
#   run.sh [BINARY]      target/debug/ecustoms unless said, built first
# ONLY, the beginning of names of files, plays some of them in one process.
# Screenshots are left in target/pages.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
cd "$root"

mode=embedded
if [ "${1:-}" = --spread ]; then
  mode=spread
  shift
fi
binary=${1:-}
if [ -z "$binary" ]; then
  cargo build --quiet --locked --bin ecustoms
  binary=$target/debug/ecustoms
fi
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}
[ -n "$chromium" ] || { echo "pages: Chromium is needed (deploy/local/install-packages.sh pages)" >&2; exit 1; }

if ! cmp -s "$here/lighthouse/package-lock.json" "$here/lighthouse/node_modules/.lock"; then
  npm ci --prefix "$here/lighthouse" --ignore-scripts --no-audit --no-fund --silent
  cp "$here/lighthouse/package-lock.json" "$here/lighthouse/node_modules/.lock"
fi

data=$(mktemp -d)
running=()
stop() {
  [ -z "${spread:-}" ] || kill "$spread" 2>/dev/null || true
  for one in "${running[@]}"; do kill "$one" 2>/dev/null || true; done
  for one in "${running[@]}"; do wait "$one" 2>/dev/null || true; done
  rm -rf -- "$data"
}
trap stop EXIT
mkdir -p "$target/pages"
log=$target/pages/suite-$mode.log
: >"$log"

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
answers() { node -e 'fetch(process.argv[1]).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))' "http://127.0.0.1:$1/readyz"; }
start() { # PORT ARGUMENTS...: the program, once it is ready
  local port=$1
  shift
  "$binary" "$@" --listen "127.0.0.1:$port" </dev/null >>"$log" 2>&1 &
  running+=($!)
  for ((tries = 0; ; tries++)); do
    if answers "$port"; then return; fi
    if [ "$tries" -ge 240 ] || ! kill -0 "${running[-1]}" 2>/dev/null; then
      echo "pages: the suite did not become ready:" >&2
      tail -n 20 "$log" >&2
      exit 1
    fi
    sleep 0.5
  done
}

export ECUSTOMS_DATA_DIR=$data
[ "$mode" = spread ] || unset ECUSTOMS_POSTGRES_URL ECUSTOMS_RABBITMQ_URL ECUSTOMS_REDIS_URL
export ECUSTOMS_LIMITS__REQUESTS_MAX=1000000 ECUSTOMS_LIMITS__LOGINS_MAX=100000
port=$(free_port)
provider=$(free_port)
echo "a secret of both" >"$data/provider-secret"
export ECUSTOMS_OIDC__ISSUER=http://127.0.0.1:$provider ECUSTOMS_OIDC__CLIENT_ID=customs
export ECUSTOMS_OIDC__CLIENT_SECRET_FILE=$data/provider-secret ECUSTOMS_OIDC__LABELS__EN="Sign in by the state"
node "$here/provider.mjs" "$provider" </dev/null >>"$log" 2>&1 &
running+=($!)
if [ "$mode" = embedded ]; then
  start "$port" up --demo
else
  services=(declarations guarantees references web-broker notifications statistics)
  inside=$(free_port)
  head -c 32 /dev/urandom | base64 >"$data/secret"
  {
    echo "secret_file = \"$data/secret\""
    echo "[services]"
    for one in "${services[@]}"; do echo "$one = \"http://127.0.0.1:$inside\""; done
  } >"$data/config.toml"
  "$binary" --config "$data/config.toml" migrate >>"$log" 2>&1
  start "$inside" --config "$data/config.toml" serve "${services[@]}" --demo
  start "$port" --config "$data/config.toml" serve gateway --demo
fi

echo "== pages, $mode"
export SUITE="http://127.0.0.1:$port" CHROMIUM=$chromium SCREENSHOTS="$target/pages/$mode" BINARY=$binary CONFIG=$data/config.toml
# Where the suite is spread, the journeys are played again, without the looking at pages.
named() { if [ "$mode" = spread ]; then grep -E '/(journey|rejection|procedure|repair|incident|gateway-killed|time-limit)\.'; else grep -v /gateway-killed; fi; }
play() { # FILTER...: the tests that pass it
  local tests
  mapfile -t tests < <(find "$here" -maxdepth 1 -name '*.test.mjs' | sort | named | "$@" | grep -E "/(${ONLY:-})[^/]*$")
  [ ${#tests[@]} -gt 0 ] || return 0
  # A file that fails may leave its browser behind: neither that nor a page that never answers may hold up the rest.
  node --test --test-concurrency=1 --test-force-exit --test-timeout=900000 --test-reporter=tap --test-reporter-destination=stdout \
    "--test-reporter=file://$here/times.mjs" --test-reporter-destination=stdout "${tests[@]}"
}
# The other mode is played at the same time: a browser mostly waits.
spread=
if [ "$mode" = embedded ] && [ -z "${ONLY:-}" ]; then
  deploy/local/servers.sh run -- "$here/run.sh" --spread "$binary" >"$target/pages/spread.log" 2>&1 &
  spread=$!
fi
# One test moves the clock of the suite: it comes last.
outcome=0
play grep -v /time-limit || outcome=1
play grep /time-limit || outcome=1
if [ -n "$spread" ]; then
  wait "$spread" || outcome=1
  cat "$target/pages/spread.log"
fi
exit $outcome
