#!/usr/bin/env python3
"""Writes the bill of materials of the image (CycloneDX 1.5): Rust crates, npm packages of the pages, Debian packages.

    sbom.py [PACKAGES]     PACKAGES: names and versions of Debian packages, as stage.sh writes them

What is listed is what is built in: no dependency of tests, no build script's. The same source gives the same text.
"""

import base64
import json
import pathlib
import re
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


def compiled():
    """Names and versions of the crates of the program: metadata alone also tells of those behind features that nobody turns on."""
    command = ["cargo", "tree", "--locked", "--package=ecustoms", "--edges=normal", "--prefix=none", f"--target={TARGET}", "--format={p}"]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {tuple(line.split(" ")[:2]) for line in text.splitlines() if line}


def built_in(metadata):
    """The ids of the packages that the program is linked from, and who needs whom."""
    there = compiled()
    known = {p["id"] for p in metadata["packages"] if (p["name"], f"v{p['version']}") in there}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    program = next(p["id"] for p in metadata["packages"] if p["name"] == "ecustoms")
    needs, open_ids = {}, [program]
    while open_ids:
        one = open_ids.pop()
        if one in needs:
            continue
        kept = [d["pkg"] for d in nodes[one]["deps"] if d["pkg"] in known and any(kind["kind"] is None for kind in d["dep_kinds"])]
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


# Debian's short names that are also SPDX's in another form; what is neither stays a name.
SPDX = {"GPL-1+": "GPL-1.0-or-later", "GPL-2+": "GPL-2.0-or-later", "GPL-3+": "GPL-3.0-or-later", "LGPL-2.1+": "LGPL-2.1-or-later", "Apache-2.0": "Apache-2.0", "MPL-2.0": "MPL-2.0"}
# Where the copyright file is prose: what it says of the part that is in the image.
PROSE = {"libc6": "LGPL-2.1-or-later", "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1"}


def debian_licences(name):
    """What the copyright file of a Debian package names, in the order of its names."""
    if name in PROSE:
        return [{"expression": PROSE[name]}]
    file = pathlib.Path("/usr/share/doc") / name / "copyright"
    text = file.read_text(errors="replace") if file.exists() else ""
    named = {part for line in re.findall(r"^License: *(.+)$", text, re.M) for part in re.split(r" (?:or|and) ", line.strip())}
    return [{"license": {"id": SPDX[one]} if one in SPDX else {"name": one}} for one in sorted(named)]


def debian(file):
    parts = []
    for line in pathlib.Path(file).read_text().splitlines():
        name, version = line.split("\t")
        purl = f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='')}?arch=amd64"
        parts.append(component("library", name, version, purl, licenses=debian_licences(name)))
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
