"""The examples beside the charts: valid where there is a schema, sound where there is none, accepted where they are values."""

import copy
import re
import subprocess

import jsonschema
import kubernetes_validate
import yaml
from conftest import ROOT, SETS, of_kind, pod_specs
from test_pods import restricted
from test_render import VERSIONS, foreign  # noqa: F401 (a fixture)

EXAMPLES = ROOT / "deploy/examples"
CORE = {"v1", "apps/v1", "networking.k8s.io/v1"}
# Whose schemas are not at hand; a test of its own below holds each to what matters.
ELSEWHERE = {"Application", "OCIRepository", "HelmRelease", "SecretStore", "ReferenceGrant", "Cluster", "ScheduledBackup"}


def examples():
    for file in sorted(EXAMPLES.glob("*.yaml")):
        for thing in yaml.safe_load_all(file.read_text()):
            yield file.name, thing


def test_every_example_is_in_the_table():
    told = set(re.findall(r"`([a-z-]+\.yaml)`", (EXAMPLES / "README.md").read_text()))
    assert told == {name for name, _ in examples()}


def test_objects_of_others_are_valid(foreign):  # noqa: F811
    checked = set()
    for name, thing in examples():
        kind = thing.get("kind")
        if kind is None or thing["apiVersion"] in CORE or kind in ELSEWHERE:
            continue
        schema = foreign[(thing["apiVersion"], kind)]
        top = {**schema, "properties": {**schema["properties"], "metadata": {"type": "object"}}}
        errors = list(jsonschema.Draft202012Validator(top).iter_errors(thing))
        assert not errors, f"{name}: {[e.message for e in errors]}"
        checked.add(kind)
    assert checked == {"RabbitmqCluster", "Vhost", "User", "Permission", "Gateway", "Issuer"}


def test_core_objects_are_valid_and_restricted():
    things = [(name, thing) for name, thing in examples() if thing.get("apiVersion") in CORE]
    assert {name for name, _ in things} == {"redis.yaml"}
    for _, thing in things:
        for version in VERSIONS:
            kubernetes_validate.validate(thing, version, strict=True)
    for owner, spec, _ in pod_specs([thing for _, thing in things]):
        assert restricted(spec) == [], owner
        assert all(c["securityContext"]["readOnlyRootFilesystem"] for c in spec["containers"])


def test_redis_lets_the_suite_in_and_nobody_else(charts):
    (policy,) = [thing for name, thing in examples() if name == "redis.yaml" and thing["kind"] == "NetworkPolicy"]
    (rule,) = policy["spec"]["ingress"]
    (peer,) = rule["from"]
    for owner, _, metadata in pod_specs(charts.render({})):
        assert peer["podSelector"]["matchLabels"].items() <= metadata["labels"].items(), owner


def test_the_database_is_kept_twice_backed_up_and_large_enough(charts):
    """CloudNativePG's own schema is not at hand; a field that it does not have would be one that is not named here."""
    things = {thing["kind"]: thing for name, thing in examples() if name == "cloudnative-pg.yaml"}
    assert set(things) == {"Cluster", "ScheduledBackup"}
    assert {thing["apiVersion"] for thing in things.values()} == {"postgresql.cnpg.io/v1"}
    spec = things["Cluster"]["spec"]
    assert set(spec) == {"instances", "bootstrap", "storage", "walStorage", "postgresql", "resources", "backup"}
    assert set(spec["postgresql"]) == {"synchronous", "parameters"}
    assert spec["instances"] >= 3 and spec["postgresql"]["synchronous"] == {"method": "any", "number": 1}
    assert all(isinstance(value, str) for value in spec["postgresql"]["parameters"].values()), "parameters are texts"
    assert set(spec["backup"]["barmanObjectStore"]) == {"destinationPath", "s3Credentials", "wal"}
    national = (ROOT / "docs/operate/kubernetes.md").read_text()
    most = int(re.search(r"values-national.*\| (\d+) at most", national)[1])
    assert int(spec["postgresql"]["parameters"]["max_connections"]) > most
    nightly = things["ScheduledBackup"]["spec"]
    assert len(nightly["schedule"].split()) == 6, "with seconds"
    assert nightly["cluster"] == {"name": things["Cluster"]["metadata"]["name"]}


def test_the_gateway_serves_the_name_and_the_certificate_of_the_route(charts):
    things = {thing.get("kind", "values"): thing for name, thing in examples() if name.startswith("gateway-api")}
    objects = charts.render(things["values"], namespace="customs")
    (route,), (certificate,) = of_kind(objects, "HTTPRoute"), of_kind(objects, "Certificate")
    gateway, grant = things["Gateway"], things["ReferenceGrant"]
    (listener,) = gateway["spec"]["listeners"]
    (parent,) = route["spec"]["parentRefs"]
    assert (parent["name"], parent["namespace"], parent["sectionName"]) == (*(gateway["metadata"][key] for key in ("name", "namespace")), listener["name"])
    assert route["spec"]["hostnames"] == certificate["spec"]["dnsNames"] == [listener["hostname"]]
    (used,) = listener["tls"]["certificateRefs"]
    assert used["name"] == certificate["spec"]["secretName"] == grant["spec"]["to"][0]["name"]
    (issuer,) = [thing for name, thing in examples() if name == "cert-manager.yaml"]
    assert certificate["spec"]["issuerRef"]["name"] == issuer["metadata"]["name"]


def test_every_secret_of_the_suite_comes_from_the_store(charts):
    things = {thing.get("kind", "values"): thing for name, thing in examples() if name.startswith("external-secrets")}
    objects = charts.render(things["values"])
    made = {thing["spec"]["target"]["name"] for thing in of_kind(objects, "ExternalSecret")}
    used = set()
    for _, spec, _ in pod_specs(objects):
        used |= {v["secret"]["secretName"] for v in spec.get("volumes", []) if "secret" in v}
        used |= {e["valueFrom"]["secretKeyRef"]["name"] for c in spec["containers"] for e in c.get("env", []) if "valueFrom" in e}
    assert used <= made
    assert made - used == {"ecustoms-rabbitmq-management", "reference-importer", "dead-letter-replayer"}
    assert {thing["spec"]["secretStoreRef"]["name"] for thing in of_kind(objects, "ExternalSecret")} == {things["SecretStore"]["metadata"]["name"]}


def test_values_in_the_examples_are_accepted(charts):
    used = set()
    for name, thing in examples():
        values = thing.get("spec", {}).get("values") or thing.get("spec", {}).get("source", {}).get("helm", {}).get("valuesObject")
        if "global" in thing:
            values = thing
        if values:
            assert charts.render(values), name
            used.add(name)
    assert used == {"argo-cd.yaml", "external-secrets-values.yaml", "flux.yaml", "gateway-api-values.yaml", "managed.yaml"}


COLLECTOR = yaml.safe_load((ROOT / "deploy/monitoring/collector.yaml").read_text())


def test_the_collector_is_whole():
    """Every part that a pipeline names is there, and none is there that no pipeline names."""
    service = COLLECTOR["service"]
    assert set(service["pipelines"]) == {"traces", "metrics", "logs"}
    for kind in ("receivers", "processors", "exporters"):
        named = {part for pipeline in service["pipelines"].values() for part in pipeline[kind]}
        assert named == set(COLLECTOR[kind]), kind
    assert set(service["extensions"]) == set(COLLECTOR["extensions"])
    for name, pipeline in service["pipelines"].items():
        assert pipeline["processors"][0] == "memory_limiter" and pipeline["processors"][-1] == "batch", name
    # The way in is the one that the charts open.
    assert COLLECTOR["receivers"]["otlp"]["protocols"]["http"]["endpoint"].endswith(":4318")
    assert "http://otel-collector.monitoring:4318" == SETS["ingress"]["global"]["ecustoms"]["telemetry"]["otlpEndpoint"]


def test_prometheus_reads_what_the_collector_scrapes(tmp_path):
    file = tmp_path / "prometheus.yaml"
    config = copy.deepcopy(COLLECTOR["receivers"]["prometheus"]["config"])
    for job in config["scrape_configs"]:
        # Debian's promtool is built without this kind of discovery.
        for found in job.pop("kubernetes_sd_configs", []):
            assert set(found) <= {"role", "namespaces", "selectors"} and found["role"] == "pod"
    text = yaml.safe_dump(config)
    file.write_text(re.sub(r"\$\{env:([A-Z_]+)\}", lambda name: name[1].lower().replace("_", "-"), text))
    done = subprocess.run(["promtool", "check", "config", "--syntax-only", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_collector_labels_what_alerts_ask_for(charts):
    """The ports and labels by which it finds processes are those of the pods."""
    jobs = {job["job_name"]: job for job in COLLECTOR["receivers"]["prometheus"]["config"]["scrape_configs"]}
    assert set(jobs) == {"ecustoms", "ecustoms-status", "rabbitmq"}
    keep = next(rule for rule in jobs["ecustoms"]["relabel_configs"] if rule.get("action") == "keep")
    for owner, spec, metadata in pod_specs(of_kind(charts.render({}), "Deployment")):
        assert metadata["labels"]["app.kubernetes.io/name"] == "ecustoms"
        assert keep["regex"] in {port["name"] for port in spec["containers"][0]["ports"]}, owner
    families = set(jobs["rabbitmq"]["params"]["family"])
    assert families == {"queue_coarse_metrics", "queue_consumer_count"}
    assert all(family in (ROOT / "docs/operate/telemetry.md").read_text() for family in families)
