#!/usr/bin/env python3
"""Holds the parts from others to deny.toml, without cargo-deny: licences, banned crates, sources; and those of npm.

Rust parts are those that `cargo tree` compiles for the platforms in deny.toml, tests and build scripts included. Of npm what the
pages ship must be under one of the same licences; what only builds or tests them may also be under those of TOOLS.
"""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Weak copyleft: fine for a tool that is run and not shipped.
TOOLS = {"MPL-2.0", "LGPL-3.0-or-later", "CC-BY-4.0", "Python-2.0", "BlueOak-1.0.0"}
# Tools that declare no licence; they check, and are not shipped.
SILENT = {"parse-cache-control 1.0.1", "reserved 0.1.2"}
LOCKS = {
    "services/web-broker/ui/package-lock.json": True,
    "services/web-broker/ui/e2e/lighthouse/package-lock.json": False,
    "services/gateway/conformance/package-lock.json": False,
}


def tokens(text):
    """The words of an SPDX expression; the old form with a slash means either."""
    return re.findall(r"[()]|[^\s()]+", text.replace("/", " OR "))


class Expression:
    """An SPDX expression (version 2.3, annex D): OR binds weaker than AND, WITH tightest."""

    def __init__(self, text):
        self.words, self.text = tokens(text), text

    def allowed(self, allow):
        """Whether the terms can be kept by keeping licences of `allow` alone."""
        found = self.either(allow)
        if self.words:
            raise ValueError(f"{self.text!r} is no expression")
        return found

    def either(self, allow):
        found = self.both(allow)
        while self.words[:1] == ["OR"]:
            self.words.pop(0)
            # Not `found or ...`: the rest must be read in any case.
            found = self.both(allow) or found
        return found

    def both(self, allow):
        found = self.one(allow)
        while self.words[:1] == ["AND"]:
            self.words.pop(0)
            found = self.one(allow) and found
        return found

    def one(self, allow):
        if not self.words or self.words[0] in (")", "AND", "OR", "WITH"):
            raise ValueError(f"{self.text!r} is no expression")
        word = self.words.pop(0)
        if word == "(":
            found = self.either(allow)
            if self.words[:1] != [")"]:
                raise ValueError(f"{self.text!r} is no expression")
            self.words.pop(0)
            return found
        if self.words[:1] == ["WITH"]:
            word = " ".join([word, self.words.pop(0), self.words.pop(0)])
        return word in allow


def refused(name, licence, allow):
    """Why a part under `licence` may not be used, or nothing."""
    if not licence:
        return f"{name} names no licence"
    try:
        return None if Expression(licence).allowed(allow) else f"{name} is under {licence}"
    except (ValueError, IndexError):
        return f"{name}: {licence!r} is no expression"


def parts(rules):
    """Name and version, source (nothing for our own and for crates.io) and licence of every crate that is compiled for a platform."""
    command = ["cargo", "tree", "--locked", "--workspace", "--edges=normal,build,dev", "--prefix=none", "--format={p}\t{l}"]
    command += [f"--target={target}" for target in rules["graph"]["targets"]]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    # A part that was told of before is marked.
    for line in sorted({line.removesuffix(" (*)") for line in text.splitlines()} - {""}):
        part, licence = line.split("\t")
        name, version, *rest = part.split(" ")
        source = " ".join(one for one in rest if one != "(proc-macro)").strip("()")
        yield f"{name} {version.removeprefix('v')}", "" if source.startswith(str(ROOT)) else source, licence


def rust(found, rules):
    allow, banned = set(rules["licenses"]["allow"]), {one["crate"]: one["reason"] for one in rules["bans"]["deny"]}
    for name, source, licence in found:
        yield refused(name, licence, allow)
        if name.split()[0] in banned:
            yield f"{name} is banned: {banned[name.split()[0]]}"
        if source:
            yield f"{name} comes from {source}"


def npm(lock, shipped, allow):
    """Judges the packages of a lock: `shipped` tells whether those that are no tools go into the product."""
    for path, package in lock["packages"].items():
        if not path or package.get("link"):
            continue
        tool = not shipped or package.get("dev") or package.get("devOptional")
        name = f"{path.rpartition('node_modules/')[2]} {package.get('version', '')}"
        if not (tool and name in SILENT):
            yield refused(name, package.get("license"), allow | TOOLS if tool else allow)


def main():
    rules = tomllib.loads((ROOT / "deny.toml").read_text())
    crates = list(parts(rules))
    found, counted = [why for why in rust(crates, rules) if why], 0
    for file, shipped in LOCKS.items():
        lock = json.loads((ROOT / file).read_text())
        judged = npm(lock, shipped, set(rules["licenses"]["allow"]))
        counted += len(lock["packages"]) - 1
        found += [f"{file}: {why}" for why in judged if why]
    if found:
        sys.exit("\n".join(f"licences: {why}" for why in found))
    print(f"licences ok: {len(crates)} crates, {counted} npm packages; no banned crate, no other source")


if __name__ == "__main__":
    main()
