#!/usr/bin/env python3
"""Writes the bill of materials of the image (CycloneDX 1.5): Rust crates, npm packages of the pages, Debian packages.

    sbom.py [PACKAGES]     PACKAGES: names and versions of Debian packages, as stage.sh writes them

What is listed is what is built in: no dependency of tests, no build script's. The same source gives the same text.
"""

import base64
import json
import pathlib
import subprocess
import sys
import tomllib
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = "x86_64-unknown-linux-gnu"


def licences(text):
    """An SPDX expression; the old form with a slash means either."""
    return [{"expression": text.replace("/", " OR ")}] if text else []


def component(kind, name, version, purl, **more):
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl, **{k: v for k, v in more.items() if v}}


def built_in(metadata):
    """The ids of the packages that the program is linked from, and who needs whom."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    program = next(p["id"] for p in metadata["packages"] if p["name"] == "ecustoms")
    needs, open_ids = {}, [program]
    while open_ids:
        one = open_ids.pop()
        if one in needs:
            continue
        kept = [d["pkg"] for d in nodes[one]["deps"] if any(kind["kind"] is None for kind in d["dep_kinds"])]
        needs[one] = kept
        open_ids += kept
    return program, needs


def crates():
    command = ["cargo", "metadata", "--format-version=1", "--locked", f"--filter-platform={TARGET}"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    sums = {(p["name"], p["version"]): p.get("checksum") for p in locked}
    program, needs = built_in(metadata)
    refs, parts = {}, []
    for package in metadata["packages"]:
        if package["id"] not in needs:
            continue
        name, version = package["name"], package["version"]
        purl = f"pkg:cargo/{name}@{version}"
        refs[package["id"]] = purl
        digest = sums.get((name, version))
        hashes = [{"alg": "SHA-256", "content": digest}] if digest else []
        kind = "application" if package["id"] == program else "library"
        parts.append(component(kind, name, version, purl, licenses=licences(package["license"]), hashes=hashes))
    tree = [{"ref": refs[one], "dependsOn": sorted({refs[other] for other in others})} for one, others in needs.items()]
    return refs[program], parts, tree


def npm():
    """The packages that the pages ship; what only builds or tests them is left out."""
    lock = ROOT / "services/web-broker/ui/package-lock.json"
    if not lock.exists():
        return []
    parts = []
    for path, package in json.loads(lock.read_text())["packages"].items():
        if not path or package.get("dev") or package.get("devOptional") or package.get("link"):
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{urllib.parse.quote(name, safe='/')}@{package['version']}"
        algorithm, _, digest = package.get("integrity", "").partition("-")
        hashes = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}] if algorithm == "sha512" else []
        parts.append(component("library", name, package["version"], purl, licenses=licences(package.get("license")), hashes=hashes))
    return list({part["purl"]: part for part in parts}.values())


def debian(file):
    parts = []
    for line in pathlib.Path(file).read_text().splitlines():
        name, version = line.split("\t")
        purl = f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='')}?arch=amd64"
        parts.append(component("library", name, version, purl))
    return parts


def bill(packages):
    program, parts, tree = crates()
    own = next(part for part in parts if part["bom-ref"] == program)
    others = [part for part in parts if part is not own] + npm() + (debian(packages) if packages else [])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": own},
        "components": sorted(others, key=lambda part: part["purl"]),
        "dependencies": sorted(tree, key=lambda entry: entry["ref"]),
    }


if __name__ == "__main__":
    print(json.dumps(bill(sys.argv[1] if len(sys.argv) > 1 else None), indent=1))
