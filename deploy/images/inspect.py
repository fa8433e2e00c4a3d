#!/usr/bin/env python3
"""Looks at an image that build.sh has made: its configuration, its files, its bill of materials (CycloneDX 1.5).

    inspect.py FOLDER     with config.json and inspected.json as check.sh writes them
"""

import json
import pathlib
import re
import stat
import sys

PURL = re.compile(r"^pkg:(cargo|npm|deb)/[^@\s]+@[^\s]+$")
KINDS = {"application", "library"}


def configuration(config, inspected):
    """What is wrong with how a container of the image begins."""
    own = config["config"]
    labels = own.get("Labels") or {}
    wanted = {
        "user": (own.get("User"), "65532:65532"),
        "entrypoint": (own.get("Entrypoint"), ["/usr/bin/ecustoms"]),
        "command": (own.get("Cmd"), ["--help"]),
        "ports": (own.get("ExposedPorts") or {}, {}),
        "volumes": (own.get("Volumes") or {}, {}),
        "created": (config.get("created"), "1970-01-01T00:00:00Z"),
        "layers": (len(config["rootfs"]["diff_ids"]), 1),
        "system": ((config["os"], config["architecture"]), ("linux", "amd64")),
        "title": (labels.get("org.opencontainers.image.title"), "ecustoms"),
        "licences": (labels.get("org.opencontainers.image.licenses"), "Apache-2.0"),
    }
    for what, (found, right) in wanted.items():
        if found != right:
            yield f"{what} is {found!r}, not {right!r}"
    if not re.fullmatch(r"\d+\.\d+\.\d+.*", labels.get("org.opencontainers.image.version", "")):
        yield "the label of the version is missing"
    if "io.buildah.version" in labels:
        yield "the tool that built it is part of it: another one would give another digest"
    if not inspected["Digest"].startswith("sha256:"):
        yield "it has no digest"


def files(root):
    """What is wrong with what lies in the image."""
    for path in sorted(root.rglob("*")):
        mode, name = path.lstat().st_mode, path.relative_to(root)
        if mode & (stat.S_ISUID | stat.S_ISGID):
            yield f"/{name} changes its user"
        if stat.S_ISREG(mode) and mode & 0o222:
            yield f"/{name} can be written to"
        if path.name in {"sh", "bash", "dash", "busybox", "apt", "dpkg"}:
            yield f"/{name} is a tool that nobody needs"
    for name in ("usr/bin/ecustoms", "etc/ssl/certs/ca-certificates.crt", "etc/passwd"):
        if not (root / name).is_file():
            yield f"/{name} is missing"


def bill(sbom, packages):
    """What is wrong with the bill of materials."""
    if (sbom.get("bomFormat"), sbom.get("specVersion"), sbom.get("version")) != ("CycloneDX", "1.5", 1):
        yield "it is no CycloneDX 1.5"
    own = sbom["metadata"]["component"]
    parts = [own, *sbom["components"]]
    refs = [part["bom-ref"] for part in parts]
    if len(set(refs)) != len(refs):
        yield "a part is named twice"
    for part in parts:
        name = f"{part.get('name')} {part.get('version')}"
        if part.get("type") not in KINDS or not part.get("name") or not part.get("version"):
            yield f"{name} lacks type, name or version"
        if not PURL.match(part.get("purl", "")) or part["purl"] != part["bom-ref"]:
            yield f"{name} has no package URL"
        for licence in part.get("licenses") or [{}]:
            if not (licence.get("expression") or licence.get("license", {}).get("id") or licence.get("license", {}).get("name")):
                yield f"{name} names no licence"
        for digest in part.get("hashes", []):
            if {"SHA-256": 64, "SHA-512": 128}.get(digest["alg"]) != len(digest["content"]):
                yield f"{name} has a hash of a wrong length"
    for entry in sbom["dependencies"]:
        for ref in [entry["ref"], *entry["dependsOn"]]:
            if ref not in refs:
                yield f"{ref} is needed and not listed"
    kinds = {kind: sum(ref.startswith(f"pkg:{kind}/") for ref in refs) for kind in ("cargo", "npm", "deb")}
    if kinds["cargo"] < 200 or kinds["npm"] < 8 or kinds["deb"] != len(packages):
        yield f"it lists {kinds}"
    names = {part["name"] for part in parts}
    for name in ("actix-web", "openssl", "sea-orm", "libc6", "ca-certificates"):
        if name not in names:
            yield f"{name} is not listed"


def main():
    folder = pathlib.Path(sys.argv[1])
    read = lambda name: json.loads((folder / name).read_text())
    sbom = read("sbom.cdx.json")
    wrong = [
        *configuration(read("config.json"), read("inspected.json")),
        *files(folder / "rootfs"),
        *bill(sbom, (folder / "packages").read_text().splitlines()),
    ]
    if wrong:
        sys.exit("\n".join(f"image: {what}" for what in wrong))


if __name__ == "__main__":
    main()
