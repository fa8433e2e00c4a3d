#!/usr/bin/env bash
# Builds the image twice and holds it to what is promised of it: the same digest, who it runs as, what is in it, its size, that it
# runs with nothing to write to, its bill of materials.
#   check.sh [FOLDER]     FOLDER: target/image unless named; ECUSTOMS_BINARY as in build.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-target/image}
packed_max_mib=60
unpacked_max_mib=128

fail() { echo "image: $*" >&2; exit 1; }

deploy/images/build.sh "$out" | tee "$out.told"
deploy/images/build.sh "$out/again" >/dev/null
digest=$(cat "$out/digest")
[ "$digest" = "$(cat "$out/again/digest")" ] || fail "built twice, two digests: $digest and $(cat "$out/again/digest")"
cmp "$out/sbom.cdx.json" "$out/again/sbom.cdx.json" || fail "built twice, two bills of materials"
rm -rf "$out/again" "$out.told"

archive=oci-archive:$out/ecustoms.tar
skopeo inspect --config "$archive" >"$out/config.json"
skopeo inspect "$archive" >"$out/inspected.json"
packed=$(stat -c %s "$out/ecustoms.tar")
unpacked=$(du --apparent-size --bytes --summarize "$out/rootfs" | cut -f1)
[ "$packed" -lt $((packed_max_mib * 1048576)) ] || fail "packed it is $((packed / 1048576)) MiB, more than $packed_max_mib"
[ "$unpacked" -lt $((unpacked_max_mib * 1048576)) ] || fail "unpacked it is $((unpacked / 1048576)) MiB, more than $unpacked_max_mib"
deploy/images/inspect.py "$out"

# A store of its own; cgroups and limits as any host has them.
store=$(mktemp -d)
trap 'podman rmi --all --force >/dev/null 2>&1 || true; rm -rf "$store"' EXIT
runtime=$(command -v runc || command -v crun || true)
[ -n "$runtime" ] && command -v podman >/dev/null || fail "podman or a runtime is missing: deploy/local/install-packages.sh image"
cat >"$store/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "$runtime"
cgroup_manager = "cgroupfs"
events_logger = "none"
END
export CONTAINERS_CONF=$store/containers.conf
podman() { command podman --root "$store/root" --runroot "$store/run" --storage-driver vfs "$@"; }
image=$(podman pull --quiet "$archive")
run=(podman run --rm --read-only --read-only-tmpfs=false --network none --cap-drop all --security-opt no-new-privileges)
version=$("${run[@]}" "$image" --version) || fail "it does not run here"
[ "$version" = "$("${ECUSTOMS_BINARY:-target/release/ecustoms}" --version)" ] || fail "it says $version"
for role in up serve migrate probe operator; do
  "${run[@]}" "$image" "$role" --help | grep -q "^Usage: ecustoms $role" || fail "$role does not tell how it is used"
done
# A process that cannot write to its root, and has no servers, says so and ends; it does not crash.
refusal=$("${run[@]}" "$image" serve gateway 2>&1) && fail "it serves without servers"
grep -q ECUSTOMS_POSTGRES_URL <<<"$refusal" || fail "without servers it says: $refusal"
echo "image ok: $digest twice, $((unpacked / 1048576)) MiB unpacked, $((packed / 1048576)) MiB packed; runs read-only as 65532"
