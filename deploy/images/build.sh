#!/usr/bin/env bash
# Builds the image without an engine, with buildah: an OCI archive, its digest, and its bill of materials.
#   build.sh [FOLDER]     FOLDER: target/image unless named; the program must have been built (make pages, cargo build --release)
# ECUSTOMS_BINARY names another program. The same program gives the same digest, whenever and however often it is built.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-target/image}
binary=${ECUSTOMS_BINARY:-target/release/ecustoms}
export SOURCE_DATE_EPOCH=0 BUILDAH_ISOLATION=chroot
storage=$(mktemp -d)
trap 'buildah --root "$storage/root" --runroot "$storage/run" rm --all >/dev/null 2>&1 || true; rm -rf "$storage"' EXIT
for tool in buildah skopeo; do
  command -v "$tool" >/dev/null || { echo "image: $tool is missing: deploy/local/install-packages.sh image" >&2; exit 2; }
done
[ -x "$binary" ] || { echo "image: $binary is missing: cargo build --release --bin ecustoms" >&2; exit 2; }

mkdir -p "$out"
deploy/images/stage.sh "$binary" "$out/rootfs"
mv "$out/rootfs.packages" "$out/packages"
version=$("$binary" --version | awk '{print $2}')
run=(buildah --root "$storage/root" --runroot "$storage/run" --storage-driver vfs)
"${run[@]}" bud --quiet --timestamp 0 --identity-label=false --network none --format oci --label "org.opencontainers.image.version=$version" \
  --file deploy/images/Containerfile --tag "localhost/ecustoms:$version" "$out" >/dev/null
rm -f "$out/ecustoms.tar"
"${run[@]}" push --quiet "localhost/ecustoms:$version" "oci-archive:$out/ecustoms.tar:localhost/ecustoms:$version"
skopeo inspect --format '{{.Digest}}' "oci-archive:$out/ecustoms.tar" >"$out/digest"
size=$(du --apparent-size --bytes --summarize "$out/rootfs" | cut -f1)
deploy/images/sbom.py "$out/packages" >"$out/sbom.cdx.json"
echo "image: localhost/ecustoms:$version, $(cat "$out/digest"), $((size / 1048576)) MiB unpacked, $(($(stat -c %s "$out/ecustoms.tar") / 1048576)) MiB packed"
