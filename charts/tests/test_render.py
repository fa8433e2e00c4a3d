"""Every published set of values: lints, renders, is valid for two versions of Kubernetes, and looks as it did."""

import json
import os

import helm_python as helm
import jsonschema
import kubernetes_validate
import pytest
import yaml
from conftest import CHARTS, CORPUS, GOLDEN, SETS, of_kind

VERSIONS = ["1.34", "1.37"]
FOREIGN = {
    "monitoring.coreos.com", "keda.sh", "cert-manager.io", "external-secrets.io", "gateway.networking.k8s.io",
    "ecustoms.dev",
}


@pytest.mark.parametrize("name", SETS)
def test_lint_is_strict_and_clean(charts, name):
    outcome = helm.lint(charts.path("ecustoms"), SETS[name], strict=True, namespace="ec", with_subcharts=True)
    grave = [m for m in outcome.get("messages", []) if m.get("severity") in ("ERROR", "WARNING", 2, 3)]
    assert not grave, grave


@pytest.mark.parametrize("version", VERSIONS)
def test_core_objects_are_valid(rendered, version):
    name, objects = rendered
    checked = 0
    for thing in objects:
        if thing["apiVersion"].split("/")[0] in FOREIGN:
            continue
        kubernetes_validate.validate(thing, version, strict=True)
        checked += 1
    assert checked >= 25, f"{name}: only {checked} objects"


def foreign_schemas():
    schemas = {}
    for file in sorted(CORPUS.glob("*.yaml")):
        if file.name == "SOURCE.md":
            continue
        for crd in yaml.safe_load_all(file.read_text()):
            for version in crd["spec"]["versions"]:
                key = (f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"])
                schemas[key] = closed(version["schema"]["openAPIV3Schema"])
    return schemas


def closed(schema):
    """The schema with unknown fields refused, as an API server does with strict field validation."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(value) if key not in ("enum", "required", "default") else value for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        schema.setdefault("additionalProperties", False)
    if schema.pop("x-kubernetes-int-or-string", False):
        schema["anyOf"] = [{"type": "integer"}, {"type": "string"}]
        schema.pop("type", None)
    return schema


@pytest.fixture(scope="session")
def foreign():
    if not CORPUS.is_dir():
        pytest.skip(f"skipped: the schemas of others' resources are not at {CORPUS}")
    return foreign_schemas()


def test_objects_of_others_are_valid(rendered, foreign):
    name, objects = rendered
    for thing in objects:
        group = thing["apiVersion"].split("/")[0]
        if group not in FOREIGN or group == "ecustoms.dev":
            continue
        schema = foreign[(thing["apiVersion"], thing["kind"])]
        top = dict(schema)
        top.setdefault("properties", {})
        top["properties"] = {**top["properties"], "metadata": {"type": "object"}}
        errors = list(jsonschema.Draft202012Validator(top).iter_errors(thing))
        assert not errors, f"{name}: {thing['kind']}/{thing['metadata']['name']}: {[e.message for e in errors]}"


def test_the_national_set_uses_objects_of_others(charts):
    kinds = {thing["kind"] for thing in charts.render(SETS["national"])}
    assert {"ScaledObject", "TriggerAuthentication", "ServiceMonitor", "PrometheusRule", "HorizontalPodAutoscaler"} <= kinds


def test_it_looks_as_it_did(rendered):
    """UPDATE=1 writes the snapshots anew; the diff is read in the review."""
    name, objects = rendered
    shown = yaml.safe_dump_all(
        [shorten(thing) for thing in sorted(objects, key=lambda o: (o["kind"], o["metadata"]["name"]))],
        sort_keys=True, width=120,
    )
    file = GOLDEN / f"{name}.yaml"
    if os.environ.get("UPDATE"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(shown)
    assert file.exists(), f"{file.name} is missing; run with UPDATE=1 and read what it writes"
    assert file.read_text() == shown, f"{file.name} differs; run with UPDATE=1 and read the diff"


def shorten(thing):
    """Dashboards and rules have their own tests; here it counts that they are there."""
    thing = json.loads(json.dumps(thing))
    if "dashboard-" in thing["metadata"]["name"]:
        thing["data"] = {key: "..." for key in thing["data"]}
    if thing["kind"] == "PrometheusRule":
        thing["spec"] = {"groups": [group["name"] for group in thing["spec"]["groups"]]}
    return thing


def test_configurations_look_as_they_did(rendered):
    """The same files are read by the program's own test, so that no chart writes a key that it would refuse."""
    name, objects = rendered
    folder = GOLDEN / "config"
    for thing in of_kind(objects, "ConfigMap"):
        text = thing["data"].get("config.toml")
        if text is None:
            continue
        file = folder / f"{name}-{thing['metadata']['name'].removeprefix('customs-')}.toml"
        if os.environ.get("UPDATE"):
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        assert file.exists() and file.read_text() == text, f"{file.name} differs; run with UPDATE=1"


def test_every_chart_has_the_same_version():
    charts = [yaml.safe_load(file.read_text()) for file in CHARTS.glob("*/Chart.yaml")]
    assert len({chart["version"] for chart in charts}) == 1
    for chart in charts:
        for needed in chart.get("dependencies", []):
            assert needed["version"] == charts[0]["version"], chart["name"]
