#!/usr/bin/env bash
# Builds the Web-Broker pages into `built`, from where the gateway takes them into the program.
#   make.sh build    what `make up` needs; without Node the program is built without pages
#   make.sh check    everything that a change to the pages must pass, and the build
set -euo pipefail
cd "$(dirname "$0")"

fits() { node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'; }
if ! command -v npm >/dev/null || ! fits; then
  echo "pages: Node 20.19 or newer with npm is needed to build the Web-Broker pages" >&2
  [ "${1:-build}" = build ] && exit 0
  exit 1
fi
if ! cmp -s package-lock.json node_modules/.lock; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.lock
fi

case ${1:-build} in
build)
  # Built anew only where something has changed since.
  state=$(find src texts scripts *.* ../../../gql-schema ../../messages/src/catalogue/kinds.tbl -type f -not -path 'src/generated/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if [ "$state" = "$(cat node_modules/.built 2>/dev/null)" ] && [ -e built/index.html.gz ]; then exit 0; fi
  npm run --silent generate
  npm run --silent build
  echo "$state" >node_modules/.built
  ;;
check)
  npm run --silent check
  ;;
*)
  echo "make.sh: build or check" >&2
  exit 2
  ;;
esac
