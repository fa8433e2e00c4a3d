"""What one host without Kubernetes plays is what the charts say, no less closed."""

import json
import subprocess
import sys

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
        assert [p["hostPort"] for p in ports if "hostPort" in p] == ([8080] if pod["metadata"]["name"] == "customs-gateway" else [])
        for port in ports:
            port.pop("hostPort", None)
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
