"""What the image is made of, as far as it can be told without building it."""

import importlib.util
import re

import pytest
from conftest import ROOT

IMAGES = ROOT / "deploy/images"


def script(name):
    spec = importlib.util.spec_from_file_location(name, IMAGES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


licences, inspect = script("licences"), script("inspect")
ALLOW = {"MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"}


@pytest.mark.parametrize("text, allowed", [
    ("MIT", True), ("GPL-3.0", False), ("MIT OR GPL-3.0", True), ("GPL-3.0 OR MIT", True), ("MIT AND GPL-3.0", False),
    ("(MIT OR GPL-3.0) AND Unicode-3.0", True), ("(MIT OR Apache-2.0) AND GPL-3.0", False), ("MIT OR Apache-2.0 AND GPL-3.0", True),
    ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", True), ("GPL-2.0 WITH Classpath-exception-2.0", False), ("MIT/GPL-3.0", True),
    ("Apache-2.0 / MIT", True), ("mit", False),
])
def test_an_expression_of_licences_is_read(text, allowed):
    assert licences.Expression(text).allowed(ALLOW) is allowed


@pytest.mark.parametrize("text", ["MIT OR", "(MIT", "MIT Apache-2.0", "MIT)", "AND MIT", "SEE LICENSE IN FILE"])
def test_what_is_no_expression_is_refused(text):
    assert licences.refused("a 1", text, ALLOW) == f"a 1: {text!r} is no expression"


def test_who_says_nothing_is_refused():
    assert licences.refused("a 1", None, ALLOW) == licences.refused("a 1", "", ALLOW) == "a 1 names no licence"


def test_crates_are_held_to_licences_bans_and_sources():
    rules = {"licenses": {"allow": sorted(ALLOW)}, "bans": {"deny": [{"crate": "ring", "reason": "OpenSSL"}]}}
    parts = [("good 1", "", "MIT"), ("ring 1", "", "MIT"), ("copyleft 1", "", "GPL-3.0"), ("forked 1", "https://git.example/forked", "MIT")]
    found = [why for why in licences.rust(parts, rules) if why]
    assert found == ["ring 1 is banned: OpenSSL", "copyleft 1 is under GPL-3.0", "forked 1 comes from https://git.example/forked"]


def test_what_is_shipped_is_held_to_more_than_tools_are():
    lock = {"packages": {"": {}, "node_modules/a": {"version": "1", "license": "MPL-2.0"}, "node_modules/b": {"version": "1", "license": "MPL-2.0", "dev": True}}}
    assert [why for why in licences.npm(lock, True, ALLOW) if why] == ["a 1 is under MPL-2.0"]
    assert [why for why in licences.npm(lock, False, ALLOW) if why] == []


def test_what_is_wrong_with_an_image_is_seen():
    config = {"os": "linux", "architecture": "amd64", "created": "now", "rootfs": {"diff_ids": []}, "config": {"User": "0", "Entrypoint": ["sh"], "Labels": {"io.buildah.version": "1"}}}
    assert len(list(inspect.configuration(config, {"Digest": ""}))) == 10
    part = {"type": "library", "bom-ref": "a", "name": "a", "version": ""}
    sbom = {"metadata": {"component": part}, "components": [part], "dependencies": [{"ref": "a", "dependsOn": ["b"]}]}
    assert len(list(inspect.bill(sbom, []))) > 10


def test_both_ways_of_building_end_alike():
    """What is set after the files are in is the same, whoever builds."""
    def end(name):
        text = (IMAGES / name).read_text().split("\nFROM scratch\n")[1]
        return [line for line in text.splitlines() if not line.startswith("COPY")]

    assert end("Dockerfile") == end("Containerfile")
    assert "USER 65532:65532" in end("Dockerfile")


def test_the_docker_file_is_given_the_source_alone():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", "target", "**/node_modules", ".data"} <= set(ignored)
    stages = re.findall(r"^FROM (\S+)", (IMAGES / "Dockerfile").read_text(), re.M)
    assert stages == ["${NODE_IMAGE}", "${RUST_IMAGE}", "scratch"], "base images can be named by digest"


def test_licences_are_checked_always():
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^STAGES := .*\bdeny\b", makefile, re.M) and "\t@deploy/images/licences.py" in makefile
