"""The operator and its resources: what is installed, what it may do, and what it is told."""

import json
import os

import helm_python as helm
import jsonschema
import kubernetes_validate
import pytest
import yaml
from conftest import CHARTS, GOLDEN, ROOT, SETS, of_kind, pod_specs
from test_pods import restricted
from test_render import FOREIGN, VERSIONS, closed, foreign  # noqa: F401 (a fixture)

OPERATOR_SETS = {"default": {}, "full": yaml.safe_load((CHARTS / "ecustoms-operator/ci/full.yaml").read_text())}
OPERATOR = lambda charts, values=None: charts.render(values or {}, chart="ecustoms-operator", release="operator")
CRDS = lambda charts, values=None: charts.render(values or {}, chart="ecustoms-crds", release="crds")
FULL = OPERATOR_SETS["full"]


@pytest.fixture(scope="session", params=list(OPERATOR_SETS))
def operator(request, charts):
    """The objects of one published set of values."""
    return request.param, OPERATOR(charts, OPERATOR_SETS[request.param])


def settings(objects):
    (config,) = of_kind(objects, "ConfigMap")
    return json.loads(config["data"]["settings.json"])


def golden(file, text):
    if os.environ.get("UPDATE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert file.exists() and file.read_text() == text, f"{file.name} differs; run with UPDATE=1 and read the diff"


def dump(objects):
    ordered = sorted(objects, key=lambda one: (one["kind"], one["metadata"]["name"]))
    return yaml.safe_dump_all(ordered, sort_keys=True, width=120)


@pytest.mark.parametrize("chart", ["ecustoms-crds", "ecustoms-operator"])
@pytest.mark.parametrize("values", [{}, FULL], ids=["default", "full"])
def test_lint_is_strict_and_clean(charts, chart, values):
    values = values if chart == "ecustoms-operator" else {}
    outcome = helm.lint(charts.path(chart), values, strict=True, namespace="ec", with_subcharts=True)
    assert not [m for m in outcome.get("messages", []) if m.get("severity") in ("ERROR", "WARNING", 2, 3)]


@pytest.mark.parametrize("version", VERSIONS)
def test_objects_are_valid(charts, operator, version):
    for thing in [*operator[1], *CRDS(charts)]:
        if thing["apiVersion"].split("/")[0] not in FOREIGN:
            kubernetes_validate.validate(thing, version, strict=True)


def test_objects_of_others_are_valid(charts, foreign):  # noqa: F811
    (monitor,) = of_kind(OPERATOR(charts, FULL), "ServiceMonitor")
    schema = foreign[(monitor["apiVersion"], monitor["kind"])]
    top = {**schema, "properties": {**schema["properties"], "metadata": {"type": "object"}}}
    assert not list(jsonschema.Draft202012Validator(top).iter_errors(monitor))


def test_it_looks_as_it_did(operator):
    """UPDATE=1 writes the snapshots anew. The settings are read by the operator's own test as well."""
    name, objects = operator
    text = settings(objects)
    shown = [one for one in objects if one["kind"] != "ConfigMap"]
    golden(GOLDEN / "operator" / f"{name}.yaml", dump(shown))
    golden(GOLDEN / "operator" / f"{name}.json", json.dumps(text, indent=2, sort_keys=True) + "\n")


def test_the_pod_is_restricted_and_has_its_token_by_projection_only(operator):
    _, objects = operator
    for owner, spec, _ in pod_specs(objects):
        assert restricted(spec) == [], owner
        assert spec["automountServiceAccountToken"] is False and spec["enableServiceLinks"] is False
        tokens = [s for v in spec["volumes"] if "projected" in v for s in v["projected"]["sources"] if "serviceAccountToken" in s]
        assert len(tokens) == 1
        (container,) = spec["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert {v["name"] for v in spec["volumes"]} == {m["name"] for m in container["volumeMounts"]}
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz" != container["livenessProbe"]["httpGet"]["path"]


@pytest.mark.parametrize("jobs", ["imports", "replays"])
def test_a_job_is_restricted_and_has_no_token(charts, jobs):
    template = settings(OPERATOR(charts, FULL))[jobs]["template"]["spec"]
    assert restricted(template) == []
    assert template["automountServiceAccountToken"] is False
    accounts = {one["metadata"]["name"]: one for one in of_kind(OPERATOR(charts, FULL), "ServiceAccount")}
    assert accounts[template["serviceAccountName"]]["automountServiceAccountToken"] is False
    bound = [s["name"] for binding in of_kind(OPERATOR(charts, FULL), "RoleBinding") for s in binding["subjects"]]
    assert template["serviceAccountName"] not in bound
    assert not any("projected" in volume for volume in template["volumes"])


def test_imports_and_replays_have_keys_and_accounts_of_their_own(charts):
    told = settings(OPERATOR(charts, {"imports": {"keySecret": "importer"}, "replays": {"keySecret": "replayer"}}))
    pods = [told[jobs]["template"]["spec"] for jobs in ("imports", "replays")]
    assert [pod["volumes"][0]["secret"]["secretName"] for pod in pods] == ["importer", "replayer"]
    assert pods[0]["serviceAccountName"] != pods[1]["serviceAccountName"]
    assert "replays" not in settings(OPERATOR(charts, {"imports": {"keySecret": "importer"}}))
    assert "imports" not in settings(OPERATOR(charts, {"replays": {"keySecret": "replayer"}}))


def test_a_replay_reaches_the_suite_and_nothing_else(charts):
    def ports(values):
        policies = of_kind(OPERATOR(charts, values), "NetworkPolicy")
        (policy,) = [p for p in policies if p["metadata"]["name"].endswith("-replay")]
        return [port["port"] for rule in policy["spec"]["egress"][1:] for port in rule["ports"]]

    assert ports({"replays": {"keySecret": "k"}}) == [8080]
    assert ports({"replays": {"keySecret": "k", "url": "https://customs.example"}}) == [8080, 443]


def rules(objects):
    (role,) = of_kind(objects, "Role")
    return {
        (group, resource, name, verb)
        for rule in role["rules"] for group in rule["apiGroups"] for resource in rule["resources"]
        for name in rule.get("resourceNames", ["*"]) for verb in rule["verbs"]
    }


OURS = "ecustoms.dev"
RESOURCES = ("deadletterreplays", "referencedatasets", "trustanchors")
LEAST = {
    *((OURS, resource, "*", verb) for resource in RESOURCES for verb in ("get", "list", "watch")),
    *((OURS, f"{resource}/status", "*", "patch") for resource in RESOURCES),
    (OURS, "deadletterreplays", "*", "delete"),
    *(("", "configmaps", "*", verb) for verb in ("get", "list", "watch", "create")),
    *(("", "configmaps", f"ecustoms-trust-{kind}", verb) for kind in ("anchors", "intermediates", "crls", "timestampers") for verb in ("patch", "update")),
    ("", "pods", "*", "list"), ("", "pods", "*", "watch"),
    ("batch", "jobs", "*", "list"), ("batch", "jobs", "*", "watch"),
    ("coordination.k8s.io", "leases", "*", "create"),
    ("coordination.k8s.io", "leases", "operator-operator", "get"), ("coordination.k8s.io", "leases", "operator-operator", "update"),
    ("events.k8s.io", "events", "*", "create"), ("events.k8s.io", "events", "*", "patch"),
}


def test_it_may_do_what_it_does_and_nothing_else(charts):
    """A new right is added here as well, by somebody who has thought about it."""
    assert rules(OPERATOR(charts)) == LEAST
    more = rules(OPERATOR(charts, {"imports": {"keySecret": "importer"}, "trust": {"secrets": ["national-root"]}})) - LEAST
    assert more == {("batch", "jobs", "*", "create"), ("", "secrets", "national-root", "get")}
    assert rules(OPERATOR(charts, {"replays": {"keySecret": "replayer"}})) - LEAST == {("batch", "jobs", "*", "create")}


def test_nothing_of_it_reaches_beyond_its_namespace(operator):
    _, objects = operator
    assert {one["kind"] for one in objects} & {"ClusterRole", "ClusterRoleBinding"} == set()
    for binding in of_kind(objects, "RoleBinding"):
        assert binding["roleRef"]["kind"] == "Role"
        assert [subject["namespace"] for subject in binding["subjects"]] == ["ec"]


def test_the_gateways_are_found_and_reached_where_the_suite_says(charts):
    """The labels by which the operator looks for gateways are those that the suite's chart gives them."""
    objects = OPERATOR(charts, {"edges": {"release": "customs"}})
    wanted = dict(part.split("=") for part in settings(objects)["edges"]["selector"].split(","))
    gateway = next(meta for owner, _, meta in pod_specs(charts.render({})) if owner == "Deployment/customs-gateway")
    assert wanted.items() <= gateway["labels"].items()
    policy = next(p for p in of_kind(objects, "NetworkPolicy") if p["metadata"]["name"].endswith("-operator"))
    ways = [rule for rule in policy["spec"]["egress"] if rule["ports"][0]["port"] == 9090]
    assert [rule["to"][0]["podSelector"]["matchLabels"] for rule in ways] == [wanted]
    service = {o["metadata"]["name"] for o in of_kind(charts.render({}), "Service")}
    told = settings(OPERATOR(charts, {"imports": {"keySecret": "k"}, "replays": {"keySecret": "k"}}))
    for jobs in ("imports", "replays"):
        assert told[jobs]["url"].removeprefix("http://").split(":")[0] in service


def test_the_suite_mounts_what_the_operator_writes(charts):
    prefix = settings(OPERATOR(charts))["trust"]["configMaps"]
    trust = {kind: {"configMap": f"{prefix}-{kind}"} for kind in ("anchors", "intermediates", "crls", "timestampers")}
    gateway = next(spec for owner, spec, _ in pod_specs(charts.render({"gateway": {"trust": trust}})) if owner == "Deployment/customs-gateway")
    mounted = {v["configMap"]["name"] for v in gateway["volumes"] if v["name"].startswith("trust-")}
    written = {n for r in of_kind(OPERATOR(charts), "Role")[0]["rules"] for n in r.get("resourceNames", []) if n.startswith(prefix)}
    assert mounted == written


def test_one_replica_has_no_budget_and_two_have(charts):
    assert of_kind(OPERATOR(charts, {"replicas": 1}), "PodDisruptionBudget") == []
    (budget,) = of_kind(OPERATOR(charts), "PodDisruptionBudget")
    assert budget["spec"]["maxUnavailable"] == 1
    (deployment,) = of_kind(OPERATOR(charts), "Deployment")
    assert deployment["spec"]["replicas"] == 2


def test_every_pod_is_closed(charts):
    objects = OPERATOR(charts, FULL)
    policies = of_kind(objects, "NetworkPolicy")
    labels = [meta["labels"] for _, _, meta in pod_specs(objects)]
    labels += [settings(objects)[jobs]["template"]["metadata"]["labels"] for jobs in ("imports", "replays")]
    for of_pod in labels:
        (policy,) = [p for p in policies if p["spec"]["podSelector"]["matchLabels"].items() <= of_pod.items()]
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]


def definitions(charts):
    return {one["spec"]["names"]["kind"]: one for one in of_kind(CRDS(charts), "CustomResourceDefinition")}


def test_definitions_stay_and_are_what_the_program_says(charts):
    said = {one["metadata"]["name"]: one for one in yaml.safe_load_all((CHARTS / "ecustoms-crds/files/crds.yaml").read_text()) if one}
    rendered = {one["metadata"]["name"]: one for one in definitions(charts).values()}
    assert rendered.keys() == said.keys() and len(said) == 3
    for name, one in rendered.items():
        assert one["spec"] == said[name]["spec"]
        assert one["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert of_kind(CRDS(charts, {"definitions": {"enabled": False}}), "CustomResourceDefinition") == []


def refused(charts, kind, spec):
    schema = closed(definitions(charts)[kind]["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
    schema["properties"] |= {"metadata": {"type": "object"}, "apiVersion": {"type": "string"}, "kind": {"type": "string"}}
    thing = {"apiVersion": f"{OURS}/v1alpha1", "kind": kind, "metadata": {"name": "a"}, "spec": spec}
    errors = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).iter_errors(thing)
    return [f"{error.json_path}: {error.message}" for error in errors]


ANCHOR = {"usage": "ParticipantSignature", "sources": [{"configMapRef": {"name": "a", "key": "b"}}]}
DATASET = {"dataset": "Currencies", "source": {"http": {"url": "https://a.example/x.csv"}}}
REPLAY = {"service": "Guarantees", "reason": "the ledger was locked"}
BAD = [
    ("TrustAnchor", {**ANCHOR, "usage": "Anything"}, "usage"),
    ("TrustAnchor", {**ANCHOR, "sources": []}, "sources"),
    ("TrustAnchor", {**ANCHOR, "sources": [{"configMapRef": {"name": "a"}}]}, "key"),
    ("TrustAnchor", {**ANCHOR, "sources": ANCHOR["sources"] * 17}, "sources"),
    ("TrustAnchor", {**ANCHOR, "constraints": {"minRsaBits": 1024}}, "minRsaBits"),
    ("TrustAnchor", {**ANCHOR, "anchors": []}, "anchors"),
    ("TrustAnchor", {"sources": ANCHOR["sources"]}, "usage"),
    ("ReferenceDataset", {**DATASET, "dataset": "Parties"}, "dataset"),
    ("ReferenceDataset", {**DATASET, "source": {"http": {"url": "http://a.example/x.csv"}}}, "url"),
    ("ReferenceDataset", {**DATASET, "source": {"http": {"url": "https://user@a.example/x.csv"}}}, "url"),
    ("ReferenceDataset", {**DATASET, "source": {"volume": {"claimName": "a", "path": "/x"}}}, "path"),
    ("ReferenceDataset", {**DATASET, "integrity": {"sha256": "ab"}}, "sha256"),
    ("ReferenceDataset", {**DATASET, "activation": {"mode": "Sometimes"}}, "mode"),
    ("ReferenceDataset", {**DATASET, "activation": {"mode": "Manual", "approvedVersion": "latest"}}, "approvedVersion"),
    ("ReferenceDataset", {**DATASET, "staleAfter": "a week"}, "staleAfter"),
    ("ReferenceDataset", {**DATASET, "schedule": "daily"}, "schedule"),
    ("ReferenceDataset", {**DATASET, "timeZone": "Asia/Almaty; true"}, "timeZone"),
    ("ReferenceDataset", {"dataset": "Currencies"}, "source"),
    ("DeadLetterReplay", {"service": "Guarantees"}, "reason"),
    ("DeadLetterReplay", {"reason": REPLAY["reason"]}, "service"),
    ("DeadLetterReplay", {**REPLAY, "service": "Gateway"}, "service"),
    ("DeadLetterReplay", {**REPLAY, "reason": "because"}, "reason"),
    ("DeadLetterReplay", {**REPLAY, "limit": 0}, "limit"),
    ("DeadLetterReplay", {**REPLAY, "limit": 1001}, "limit"),
    ("DeadLetterReplay", {**REPLAY, "queue": "guarantees"}, "queue"),
    ("DeadLetterReplay", {**REPLAY, "ttlSecondsAfterFinished": -1}, "ttlSecondsAfterFinished"),
    ("DeadLetterReplay", {**REPLAY, "selection": {"ids": ["*"]}}, "ids"),
    ("DeadLetterReplay", {**REPLAY, "selection": {"ids": ["0198a000-0000-7000-8000-000000000001"] * 101}}, "ids"),
    ("DeadLetterReplay", {**REPLAY, "selection": {"messages": ["guarantees.*"]}}, "messages"),
    ("DeadLetterReplay", {**REPLAY, "selection": {"kinds": ["Letter"]}}, "kinds"),
    ("DeadLetterReplay", {**REPLAY, "selection": {"reasonContains": ""}}, "reasonContains"),
    ("DeadLetterReplay", {**REPLAY, "selection": {"before": "yesterday"}}, "before"),
    ("DeadLetterReplay", {**REPLAY, "approval": {"mode": "Never"}}, "mode"),
    ("DeadLetterReplay", {**REPLAY, "approval": {"mode": "Manual", "approvedSelection": "all"}}, "approvedSelection"),
]


def test_definitions_take_good_objects(charts):
    assert refused(charts, "TrustAnchor", ANCHOR) == []
    assert refused(charts, "TrustAnchor", {**ANCHOR, "constraints": {"minRsaBits": 3072}, "suspend": True}) == []
    assert refused(charts, "ReferenceDataset", DATASET) == []
    full = {**DATASET, "schedule": "15 6 * * 1-5", "timeZone": "Asia/Almaty", "staleAfter": "1h30m",
            "activation": {"mode": "Manual", "effectiveFrom": "2026-12-01T00:00:00Z", "approvedVersion": "0" * 64}}
    assert refused(charts, "ReferenceDataset", full) == []
    assert refused(charts, "DeadLetterReplay", REPLAY) == []
    full = {**REPLAY, "limit": 100, "suspend": True, "ttlSecondsAfterFinished": 0,
            "selection": {"ids": ["0198a000-0000-7000-8000-000000000001"], "messages": ["guarantees.hold"], "kinds": ["Command", "Reply", "Event"],
                          "reasonContains": "locked", "parkedAfter": "2026-11-30T06:00:00Z", "parkedBefore": "2026-11-30T07:00:00Z"},
            "approval": {"mode": "Manual", "approvedSelection": "0" * 64}}
    assert refused(charts, "DeadLetterReplay", full) == []


@pytest.mark.parametrize("kind, spec, said", BAD, ids=[f"{case[0]}-{case[2]}-{n}" for n, case in enumerate(BAD)])
def test_definitions_refuse_bad_objects(charts, kind, spec, said):
    errors = refused(charts, kind, spec)
    assert any(said in error for error in errors), errors


def test_the_examples_in_the_documentation_are_good(charts):
    page = (ROOT / "docs/operate/operator.md").read_text()
    used = 0
    for block in page.split("```yaml\n")[1:]:
        for thing in yaml.safe_load_all(block.split("```")[0]):
            if thing.get("apiVersion", "").startswith(OURS):
                assert refused(charts, thing["kind"], thing["spec"]) == [], thing
                used += 1
    assert used >= 4


def test_who_edits_does_not_approve(charts):
    objects = CRDS(charts)
    roles = {one["metadata"]["name"]: one for one in of_kind(objects, "ClusterRole")}
    verbs = {name: {verb for rule in role["rules"] for verb in rule["verbs"]} for name, role in roles.items()}
    approvers = {"crds-reference-approver": "referencedatasets", "crds-replay-approver": "deadletterreplays"}
    assert {name for name in verbs if "approve" in verbs[name]} == set(approvers)
    for name, resource in approvers.items():
        assert [rule["resources"] for rule in roles[name]["rules"]] == [[resource]]
        assert not verbs[name] & {"create", "delete", "update"}
        assert not [label for label in roles[name]["metadata"]["labels"] if label.startswith("rbac.authorization.k8s.io/")]
    policies = {one["metadata"]["name"]: one["spec"] for one in of_kind(objects, "ValidatingAdmissionPolicy")}
    bindings = {one["metadata"]["name"]: one["spec"] for one in of_kind(objects, "ValidatingAdmissionPolicyBinding")}
    assert policies.keys() == bindings.keys() == {"crds-reference-approval", "crds-replay-approval"}
    for name, policy in policies.items():
        assert bindings[name] == {"policyName": name, "validationActions": ["Deny"]}
        assert policy["failurePolicy"] == "Fail"
    held = {rule["resources"][0] for policy in policies.values() for rule in policy["matchConstraints"]["resourceRules"]}
    assert held == set(approvers.values())


def test_who_deploys_does_not_replay(charts):
    may = {}
    for role in of_kind(CRDS(charts), "ClusterRole"):
        labels = {key.rsplit("-", 1)[1] for key in role["metadata"]["labels"] if key.startswith("rbac.authorization.k8s.io/aggregate-to-")}
        for rule in role["rules"]:
            for label in labels:
                may.setdefault(label, set()).update((r, v) for r in rule["resources"] for v in rule["verbs"])
    assert ("deadletterreplays", "create") in may["admin"]
    assert {verb for resource, verb in may["edit"] if resource == "deadletterreplays"} == {"get", "list", "watch"}
    assert {verb for resource, verb in may["view"]} == {"get", "list", "watch"}


REFUSED = [
    ("ecustoms-operator", {"replicas": -1}, ["/replicas", "minimum"]),
    ("ecustoms-operator", {"replica": 2}, ["'replica' not allowed"]),
    ("ecustoms-operator", {"lease": {"durationSeconds": 1}}, ["/lease/durationSeconds", "minimum"]),
    ("ecustoms-operator", {"trust": {"configMaps": "Trust"}}, ["/trust/configMaps", "pattern"]),
    ("ecustoms-operator", {"trust": {"secrets": ["*"]}}, ["/trust/secrets/0", "pattern"]),
    ("ecustoms-operator", {"edges": {"release": ""}}, ["/edges/release", "pattern"]),
    ("ecustoms-operator", {"imports": {"password": "secret"}}, ["/imports", "'password' not allowed"]),
    ("ecustoms-operator", {"imports": {"url": "gateway:8080"}}, ["/imports/url", "pattern"]),
    ("ecustoms-operator", {"replays": {"key": "secret"}}, ["/replays", "'key' not allowed"]),
    ("ecustoms-operator", {"replays": {"keySecret": "Not A Name"}}, ["/replays/keySecret", "pattern"]),
    ("ecustoms-operator", {"replays": {"url": "gateway:8080"}}, ["/replays/url", "pattern"]),
    ("ecustoms-operator", {"apiServer": {"ports": []}}, ["/apiServer/ports", "minItems"]),
    ("ecustoms-operator", {"resources": {"limits": {"memory": "much"}}}, ["/resources/limits/memory"]),
    ("ecustoms-operator", {"global": {"ecustoms": {"image": {"tag": "latest"}}}}, ["/image/tag", "not"]),
    ("ecustoms-crds", {"crds": {"enabled": True}}, ["'crds' not allowed"]),
    ("ecustoms-crds", {"approval": {"enabled": "yes"}}, ["/approval/enabled", "want boolean"]),
]


@pytest.mark.parametrize("chart, values, said", REFUSED, ids=[str(case[1]) for case in REFUSED])
def test_wrong_values_are_refused_and_told_where(charts, chart, values, said):
    with pytest.raises(helm.HelmError) as refusal:
        charts.render(values, chart=chart)
    for word in said:
        assert word in str(refusal.value), refusal.value


@pytest.mark.parametrize("chart", ["ecustoms-crds", "ecustoms-operator"])
def test_every_value_is_described_and_has_a_default(chart):
    schema = json.loads((CHARTS / chart / "values.schema.json").read_text())
    values = yaml.safe_load((CHARTS / chart / "values.yaml").read_text())
    assert set(schema["properties"]) - set(values) - {"ecustoms-lib", "enabled"} == set()
    for key, one in schema["properties"].items():
        assert one.get("description"), key


def test_the_shared_section_is_that_of_the_suite(charts):
    """One file of values may be given to both charts: what it says below global is taken by both."""
    assert OPERATOR(charts, {"global": SETS["ha"]["global"]})
