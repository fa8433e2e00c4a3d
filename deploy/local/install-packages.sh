#!/usr/bin/env bash
# Installs the Debian packages that building and testing need, or says which are missing.
#   install-packages.sh [build] [servers] [checks] [charts] [pages] [image]     groups; all of them when none is named
#   build    compiler, pkg-config and the OpenSSL headers
#   servers  PostgreSQL, RabbitMQ and Redis, for the distributed mode
#   charts   promtool, for alerts and dashboards
#   pages    Chromium and fonts, for the journeys through the pages
#   image    what builds, inspects and runs the image without an engine
#   checks   xmllint, a Python that can make virtual environments, a software device for keys, and pdftotext, for the conformance checks
set -euo pipefail

declare -A group=(
  [build]="build-essential pkg-config libssl-dev ca-certificates git"
  [servers]="postgresql rabbitmq-server redis-server procps util-linux"
  [checks]="libxml2-utils python3-venv softhsm2 poppler-utils zbar-tools"
  [charts]="prometheus python3-venv"
  [pages]="chromium fonts-noto-core"
  [image]="buildah skopeo podman runc catatonit netavark aardvark-dns socat"
)

wanted=()
for name in "${@:-build servers checks charts pages image}"; do
  for one in $name; do
    [ -n "${group[$one]:-}" ] || { echo "install-packages: no group '$one' (build, servers, checks, charts, pages, image)" >&2; exit 2; }
    read -ra packages <<<"${group[$one]}"
    wanted+=("${packages[@]}")
  done
done

if ! command -v dpkg-query >/dev/null; then
  echo "install-packages: this is not a Debian machine; please provide what these packages hold: ${wanted[*]}" >&2
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "install-packages: missing Debian packages. Please run:" >&2
  echo "  sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

# The packages would start system-wide servers on the well-known ports; ours are private, so none is wanted.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

echo "install-packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null
