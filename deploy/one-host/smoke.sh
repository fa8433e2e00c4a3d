#!/usr/bin/env bash
# Plays pods.yaml on this host: the image as `make image` made it, servers of its own, podman in a store of its own. Asks the gateway
# whether it is ready and serves, looks at every pod, and takes everything away again.
#   smoke.sh [FOLDER]     FOLDER with ecustoms.tar: target/image unless named
# Ends with 3 where this host cannot play containers, and says why.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-target/image}
ready_s=180

fail() { echo "smoke: $*" >&2; exit 1; }
cannot() { echo "smoke: this host cannot play pods: $*" >&2; exit 3; }

[ -e "$out/ecustoms.tar" ] || fail "$out/ecustoms.tar is missing: make image"
for tool in podman runc socat curl openssl; do command -v "$tool" >/dev/null || cannot "$tool is missing (deploy/local/install-packages.sh image)"; done
[ "$(id -u)" -eq 0 ] || cannot "it is played by root"
if [ -z "${ECUSTOMS_SMOKE:-}" ]; then
  ECUSTOMS_SMOKE=1 exec deploy/local/servers.sh run -- "$PWD/deploy/one-host/smoke.sh" "$out"
fi

store=$(mktemp -d)
network=customs-smoke-$$
cat >"$store/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
[network]
network_backend = "netavark"
network_config_dir = "$store/networks"
END
export CONTAINERS_CONF=$store/containers.conf
podman() { command podman --root "$store/root" --runroot "$store/run" --storage-driver vfs "$@"; }
forwards=()
leave() {
  local outcome=$?
  [ "$outcome" -eq 0 ] || podman ps --all --format '{{.Names}} {{.Status}}' >&2 || true
  podman pod rm --all --force --time 5 >/dev/null 2>&1 || true
  podman network rm --force "$network" >/dev/null 2>&1 || true
  [ ${#forwards[@]} -eq 0 ] || kill "${forwards[@]}" 2>/dev/null || true
  rm -rf "$store"
  exit "$outcome"
}
trap leave EXIT

podman network create "$network" >/dev/null 2>"$store/why" || cannot "no network of its own: $(tail -n 1 "$store/why")"
gate=$(podman network inspect "$network" | grep -oE '"gateway": "[^"]+"' | cut -d'"' -f4)
image=$(podman pull --quiet "oci-archive:$out/ecustoms.tar") || fail "the archive cannot be read"
podman run --rm --network "$network" "$image" --version >"$store/version" 2>"$store/why" || cannot "no container starts: $(tail -n 1 "$store/why")"

# The servers are on this host's loopback; the pods reach them at the gate of their network.
through() { # URL: the same address as the pods see it
  local port
  port=$(grep -oE '127\.0\.0\.1:[0-9]+' <<<"$1" | cut -d: -f2)
  socat "TCP-LISTEN:$port,bind=$gate,fork,reuseaddr" "TCP:127.0.0.1:$port" 2>/dev/null &
  forwards+=($!)
  address=${1/127.0.0.1/$gate}
}

# Podman 4.3 reads variables only from a Secret that is a JSON object of Base64, and files as they stand in the YAML.
old=
[[ ! $(command podman --version) =~ \ 4\.[0-3]\. ]] || old=1
secret() { # NAME KEY FILE
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s}\ndata:\n' "$1"
  if [ -n "$old" ]; then printf '  %s: |\n' "$2"; sed 's/^/    /' "$3"; else printf '  %s: %s\n' "$2" "$(base64 --wrap=0 <"$3")"; fi
}

told=$store/told.yaml
: >"$told"
for server in postgres rabbitmq redis; do
  variable=ECUSTOMS_${server^^}_URL
  through "${!variable}"
  printf '%s' "$address" >"$store/url"
  if [ -n "$old" ]; then
    printf '{"url": "%s"}' "$(base64 --wrap=0 <"$store/url")" | podman secret create "ecustoms-$server" - >/dev/null
  else
    secret "ecustoms-$server" url "$store/url" >>"$told"
  fi
done
openssl rand -hex 32 >"$store/secret"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$store/token-key.pem" 2>/dev/null
secret ecustoms-installation secret "$store/secret" >>"$told"
secret ecustoms-token-key token-key.pem "$store/token-key.pem" >>"$told"
for kind in anchors intermediates crls timestampers; do
  printf -- '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: trust-%s}\ndata: {}\n' "$kind" >>"$told"
done
# A port that is free, and an empty working directory, so that nothing named like the image is there to be built.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed "s/hostPort: 8080/hostPort: $port/" deploy/one-host/pods.yaml >"$store/pods.yaml"
{ cat "$told"; echo ---; cat "$store/pods.yaml"; } >"$store/all.yaml"
mkdir "$store/empty"
cd "$store/empty"
began=$SECONDS
podman kube play --network "$network" "$store/all.yaml" >"$store/played" 2>"$store/why" || { cat "$store/why" >&2; fail "the pods cannot be played"; }

until curl --silent --fail --output "$store/ready" "http://127.0.0.1:$port/readyz"; do
  [ $((SECONDS - began)) -lt $ready_s ] || {
    for name in $(podman ps --all --format '{{.Names}}' | grep -v infra); do echo "== $name"; podman logs --tail 5 "$name" 2>&1 || true; done >&2
    fail "the gateway is not ready after $ready_s s"
  }
  sleep 1
done
ready=$((SECONDS - began))
podman run --rm --network "$network" --read-only "$image" probe --url http://customs-gateway:8080 || fail "seen from a client it does not serve"
running=$(podman ps --format '{{.Names}}' | grep -vc infra)
[ "$running" -eq 7 ] || fail "$running of 7 services run"
migrated=$(podman ps --all --filter name=migrate --filter exited=0 --format '{{.Names}}' | wc -l)
[ "$migrated" -eq 1 ] || fail "the migration has not ended well"
echo "smoke ok: $(cat "$store/version") on podman, 7 services ready after $ready s, readiness: $(cat "$store/ready")"
