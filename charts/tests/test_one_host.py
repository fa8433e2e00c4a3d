"""What one host without Kubernetes plays is what the charts say, no less closed."""

import json
import shutil
import subprocess
import sys
import tomllib

import jsonschema
import yaml
from conftest import ROOT, SERVICES
from test_pods import restricted

HERE = ROOT / "deploy/one-host"


def test_the_files_are_what_the_charts_say():
    done = subprocess.run([sys.executable, HERE / "render.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_pods_are_named_as_they_are_called_and_restricted():
    pods = [one for one in yaml.safe_load_all((HERE / "pods.yaml").read_text()) if one["kind"] == "Pod"]
    assert {pod["metadata"]["name"] for pod in pods} == {f"customs-{name}" for name in [*SERVICES, "migrate"]}
    for pod in pods:
        ports = [port for c in pod["spec"]["containers"] for port in c.get("ports", [])]
        # Podman publishes what is named, and asks probes by a program within the container: there is none.
        gateway = pod["metadata"]["name"] == "customs-gateway"
        assert ports == ([{"name": "http", "containerPort": 8080, "hostPort": 8080, "hostIP": "127.0.0.1"}] if gateway else [])
        assert not any(key.endswith("Probe") for c in pod["spec"]["containers"] for key in c)
        for port in ports:
            del port["hostPort"]
        assert restricted(pod["spec"]) == [], pod["metadata"]["name"]


def test_every_folder_of_trust_that_the_charts_have_is_mounted():
    schema = json.loads((ROOT / "charts/ecustoms-service/values.schema.json").read_text())
    folders = set(schema["properties"]["trust"]["properties"])
    assert {"anchors", "timestampers"} <= folders
    pods = [one for one in yaml.safe_load_all((HERE / "pods.yaml").read_text()) if one["metadata"]["name"] == "customs-gateway"]
    (gateway,) = [one["spec"] for one in pods if one["kind"] == "Pod"]
    maps = {v["name"]: v["configMap"]["name"] for v in gateway["volumes"] if v["name"].startswith("trust-")}
    assert maps == {f"trust-{folder}": f"trust-{folder}" for folder in folders}
    compose = yaml.safe_load((HERE / "compose.yaml").read_text())
    volumes = {one for one in compose["services"]["customs-gateway"]["volumes"] if one.startswith("./trust/")}
    assert volumes == {f"./trust/{folder}:/etc/ecustoms/trust/{folder}:ro" for folder in folders}
    page = (ROOT / "docs/operate/one-host.md").read_text()
    made = set(page.split("trust/{")[1].split("}")[0].split(","))
    assert made == folders


def test_compose_is_closed_and_waits_for_the_migration():
    compose = yaml.safe_load((HERE / "compose.yaml").read_text())
    assert set(compose["services"]) == {f"customs-{name}" for name in [*SERVICES, "migrate"]}
    for name, service in compose["services"].items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"] and service["user"] == "65532:65532", name
        assert ("ports" in service) == (name == "customs-gateway")
        if name != "customs-migrate":
            assert service["depends_on"] == {"customs-migrate": {"condition": "service_completed_successfully"}}
            assert service["configs"][0]["source"] in compose["configs"]
    # Nothing secret is written: addresses come from .env, keys from files.
    assert "postgres://" not in str(compose) and set(compose["secrets"]) == {"secret", "token-key.pem"}


TEXT, TRUE, COUNT = {"type": "string", "minLength": 1}, {"const": True}, {"type": "integer"}
TEXTS = {"type": "array", "items": TEXT}
MOUNT = {"type": "object", "required": ["source", "target"], "additionalProperties": False, "properties": {"source": TEXT, "target": TEXT, "uid": TEXT, "mode": COUNT}}
# What the Compose specification says of the keys that are used here, and no other key.
SERVICE = {
    "type": "object", "additionalProperties": False, "required": ["image", "command", "user", "read_only", "mem_limit", "restart"],
    "properties": {
        "image": TEXT, "command": TEXTS, "user": TEXT, "read_only": TRUE, "cap_drop": TEXTS, "security_opt": TEXTS, "tmpfs": TEXTS,
        "mem_limit": {"type": "string", "pattern": "^[0-9]+[kmg]$"}, "restart": {"enum": ["on-failure", "unless-stopped"]},
        "stop_grace_period": {"type": "string", "pattern": "^[0-9]+s$"}, "volumes": {"type": "array", "items": {"type": "string", "pattern": "^\\./[a-z/-]+:/[a-z/-]+:ro$"}},
        "ports": {"type": "array", "items": {"type": "string", "pattern": "^127\\.0\\.0\\.1:[0-9]+:[0-9]+$"}},
        "environment": {"type": "object", "additionalProperties": TEXT},
        "secrets": {"type": "array", "items": MOUNT}, "configs": {"type": "array", "items": MOUNT},
        "depends_on": {"type": "object", "additionalProperties": {"type": "object", "required": ["condition"], "additionalProperties": False, "properties": {"condition": {"const": "service_completed_successfully"}}}},
    },
}
COMPOSE = {
    "type": "object", "additionalProperties": False, "required": ["name", "services"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "configs": {"type": "object", "additionalProperties": {"type": "object", "required": ["content"], "additionalProperties": False, "properties": {"content": TEXT}}},
        "secrets": {"type": "object", "additionalProperties": {"type": "object", "required": ["file"], "additionalProperties": False, "properties": {"file": TEXT}}},
    },
}


def test_compose_is_what_the_specification_says():
    compose = yaml.safe_load((HERE / "compose.yaml").read_text())
    assert [error.message for error in jsonschema.Draft202012Validator(COMPOSE).iter_errors(compose)] == []
    for name, service in compose["services"].items():
        for kind in ("secrets", "configs"):
            assert {mount["source"] for mount in service.get(kind, [])} <= set(compose[kind]), name
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        # What is to be filled in from .env is said; every other dollar is doubled.
        assert all(not value.startswith("${") or ":?" in value for value in service["environment"].values())
    for name, config in compose["configs"].items():
        tomllib.loads(config["content"].replace("$$", "$"))


def test_the_smoke_says_where_it_cannot_be_played(tmp_path):
    (tmp_path / "ecustoms.tar").touch()
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("bash", "dirname"):
        (bare / tool).symlink_to(shutil.which(tool))
    done = subprocess.run([bare / "bash", HERE / "smoke.sh", tmp_path], capture_output=True, text=True, env={"PATH": str(bare)})
    assert done.returncode == 3 and "cannot play pods: podman is missing" in done.stderr, done.stderr
