"""Values that are wrong are refused with a message that names the place, and often the way out."""

import json
import re

import helm_python as helm
import pytest
import yaml
from conftest import CHARTS, ROOT, SETS, of_kind, services

SHARED = lambda **what: {"global": {"ecustoms": what}}
GATEWAY = lambda **what: {"gateway": what}
REFUSED = [
    ("a value nobody knows", {"replicas": 3}, ["additional properties 'replicas' not allowed"]),
    ("a misspelt value of a service", GATEWAY(replica=3), ["gateway", "'replica' not allowed"]),
    ("a misspelt shared value", SHARED(postgress={}), ["/global/ecustoms", "'postgress' not allowed"]),
    ("replicas as a word", GATEWAY(replicas="three"), ["/replicas", "want integer"]),
    ("fewer than no replicas", GATEWAY(replicas=-1), ["/replicas", "minimum"]),
    ("a floating tag", SHARED(image={"tag": "latest"}), ["/image/tag", "not"]),
    ("a digest cut short", SHARED(image={"digest": "sha256:12ab"}), ["/image/digest", "pattern"]),
    ("an image with a space", SHARED(image={"repository": "my image"}), ["/image/repository"]),
    ("a policy that does not exist", SHARED(image={"pullPolicy": "Sometimes"}), ["/image/pullPolicy", "IfNotPresent"]),
    ("a password instead of a Secret", SHARED(postgres={"password": "secret"}), ["/postgres", "'password' not allowed"]),
    ("a URL instead of the name of a Secret", SHARED(redis={"existingSecret": "redis://x"}), ["/redis/existingSecret"]),
    ("no Secret at all", SHARED(rabbitmq={"existingSecret": ""}), ["/rabbitmq/existingSecret"]),
    ("a port that is none", SHARED(postgres={"port": 70000}), ["/postgres/port", "maximum"]),
    ("no partitions", SHARED(rabbitmq={"partitions": 0}), ["/rabbitmq/partitions", "minimum"]),
    ("an address with a path", SHARED(publicUrl="https://customs.example/app"), ["/publicUrl", "pattern"]),
    ("a setting the program does not have", SHARED(settings={"limits": {"requestMax": 5}}), ["/settings/limits", "'requestMax'"]),
    ("a table of settings it does not have", SHARED(settings={"servers": {}}), ["/settings", "'servers'"]),
    ("a country in small letters", SHARED(settings={"declarations": {"country": "kz"}}), ["/country", "pattern"]),
    ("a negative deadline", SHARED(settings={"declarations": {"presentationS": -5}}), ["/presentationS", "minimum"]),
    ("a label that is no text", SHARED(commonLabels={"a": 1}), ["/commonLabels/a"]),
    ("memory in a unit nobody knows", GATEWAY(resources={"requests": {"cpu": "1", "memory": "1 gigabyte"}}), ["/resources/requests/memory"]),
    ("a variable of the program by the back door", {"statistics": {"extraEnv": [{"name": "ecustoms", "value": "1"}]}}, ["/extraEnv/0/name"]),
    ("a password by the back door", {"statistics": {"extraEnv": [{"name": "ECUSTOMS_POSTGRES_URL", "value": "postgres://u:p@h/d"}]}}, ["statistics: extraEnv must not set ECUSTOMS_POSTGRES_URL", "postgres.existingSecret"]),
    ("a setting by the back door", GATEWAY(extraEnv=[{"name": "ECUSTOMS_TRUSTED_PROXIES", "value": "9"}]), ["gateway: extraEnv must not set ECUSTOMS_TRUSTED_PROXIES", "global.ecustoms"]),
    ("a Secret by the back door", GATEWAY(extraEnv=[{"name": "ECUSTOMS_SECRET_FILE", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}]), ["extraEnv must not set ECUSTOMS_SECRET_FILE"]),
    ("an external seal that nobody uses", {"externalSecrets": {"enabled": True, "store": {"name": "v"}, "secrets": {"seal": {"remoteKey": "a"}}}}, ["externalSecrets.secrets.seal", "seal.existingSecret"]),
    ("files in a code nobody knows", {"externalSecrets": {"others": {"a": {"remoteKey": "a", "decodingStrategy": "Hex"}}}}, ["/externalSecrets/others/a/decodingStrategy"]),
    ("a worker scaled to nothing", {"guarantees": {"keda": {"minReplicas": 0}}}, ["/keda/minReplicas", "minimum"]),
    ("more workers than partitions", {"guarantees": {"keda": {"enabled": True, "maxReplicas": 9}}}, ["keda.maxReplicas (9)", "partitions (4)", "would idle"]),
    ("a queue of a service that has none", {"web-broker": {"keda": {"enabled": True}}}, ["hears none", "use autoscaling"]),
    ("two who scale", {"guarantees": {"keda": {"enabled": True}, "autoscaling": {"enabled": True}}}, ["choose one"]),
    ("a maximum below the minimum", GATEWAY(autoscaling={"enabled": True, "minReplicas": 5, "maxReplicas": 3}), ["maxReplicas (3)", "minReplicas (5)"]),
    ("a percentage beyond all", GATEWAY(autoscaling={"cpuUtilization": 150}), ["/autoscaling/cpuUtilization"]),
    ("no time to drain", GATEWAY(drain={"terminationGraceSeconds": 20}), ["at least 37", "preStopSeconds"]),
    ("a route without a gateway", GATEWAY(httpRoute={"enabled": True, "hostnames": ["a.example"]}), ["/httpRoute/parentRefs", "minItems"]),
    ("a route without a name", GATEWAY(httpRoute={"enabled": True, "parentRefs": [{"name": "g"}]}), ["/httpRoute/hostnames"]),
    ("an Ingress without a host", GATEWAY(ingress={"enabled": True}), ["/ingress/hosts", "minItems"]),
    ("a host with a scheme", GATEWAY(ingress={"enabled": True, "hosts": ["https://a.example"]}), ["/ingress/hosts/0"]),
    ("a certificate by nobody", GATEWAY(certificate={"enabled": True, "dnsNames": ["a.example"]}), ["/certificate/issuerRef", "name"]),
    ("a trust where nothing is verified", {"statistics": {"trust": {"anchors": {"configMap": "a"}}}}, ["statistics: trust.anchors is of no use"]),
    ("shared anchors from two places", SHARED(trust={"anchors": {"configMap": "a", "secret": "b"}}), ["trust.anchors", "not both"]),
    ("a folder of trust that is none", SHARED(trust={"anchor": {}}), ["/trust", "'anchor' not allowed"]),
    ("stamps that nobody could verify", SHARED(archive={"authorityUrl": "https://tsa.example"}), ["needs the authority's certificate", "trust.timestampers"]),
    ("an authority that is no address", SHARED(archive={"authorityUrl": "tsa.example"}), ["/archive/authorityUrl", "pattern"]),
    ("a day that is no instant", SHARED(archive={"renewStampedBefore": "2030-01-01"}), ["/archive/renewStampedBefore", "pattern"]),
    ("a list by FTP", SHARED(fetch={"lists": ["ftp://crl.example/a.crl"]}), ["/fetch/lists/0", "pattern"]),
    ("responders without files", SHARED(fetch={"responders": [{"url": "http://o.example", "issuer": "a.der", "certificates": ["b.der"]}]}), ["fetch.certificates", "which ConfigMap or Secret holds them"]),
    ("a responder for nothing", SHARED(fetch={"responders": [{"url": "http://o.example", "issuer": "a.der", "certificates": []}]}), ["/certificates", "minItems"]),
    ("a file out of its folder", SHARED(fetch={"responders": [{"url": "http://o.example", "issuer": "../a", "certificates": ["b"]}]}), ["/issuer", "pattern"]),
    ("a seal without a key", SHARED(seal={"existingSecret": "s", "keyFile": ""}), ["holds no key", "device.module"]),
    ("a device without its PIN", SHARED(seal={"device": {"module": "/opt/device/p11.so"}}), ["seal.existingSecret", "PIN"]),
    ("a password in the values", SHARED(seal={"password": "a"}), ["/seal", "'password' not allowed"]),
    ("a library on the host", SHARED(seal={"device": {"volume": {"hostPath": {"path": "/"}}}}), ["/seal/device/volume", "'hostPath' not allowed"]),
    ("former seals from two places", SHARED(seal={"existingSecret": "s", "former": {"configMap": "a", "secret": "b"}}), ["seal.former", "not both"]),
    ("a signer that is none", SHARED(settings={"declarations": {"signedBy": {"CC015C": ["boss"]}}}), ["/signedBy/CC015C/0"]),
    ("a message that is none", SHARED(settings={"declarations": {"signedBy": {"IE015": ["head"]}}}), ["/signedBy"]),
    ("a status that nobody checks", SHARED(settings={"signatures": {"revocation": "off"}}), ["/signatures/revocation"]),
    ("a policy that is no number", SHARED(settings={"signatures": {"certificatePolicies": ["qualified"]}}), ["/certificatePolicies/0", "pattern"]),
    ("half a country's numbers", SHARED(settings={"signatures": {"identities": [{"wrongCheckDigit": "refused"}]}}), ["/identities/0", "person"]),
    ("a host with a path", SHARED(authorities=["customs.example/api"]), ["/authorities/0", "pattern"]),
    ("anchors from two places", GATEWAY(trust={"anchors": {"configMap": "a", "secret": "b"}}), ["trust.anchors", "not both"]),
    ("two gateways in a sandbox", {**SHARED(sandbox={"enabled": True}), **GATEWAY(replicas=2)}, ["there is one gateway"]),
    ("hooks before Secrets exist", {"migration": {"useHelmHooks": True}, "externalSecrets": {"enabled": True, "store": {"name": "v"}}}, ["useHelmHooks", "turn externalSecrets off"]),
    ("external secrets from nowhere", {"externalSecrets": {"enabled": True}}, ["externalSecrets.store.name is missing"]),
    ("a secret that nobody needs", {"externalSecrets": {"secrets": {"mysql": {"remoteKey": "a"}}}}, ["'mysql' not allowed"]),
    ("a secret without its place", {"externalSecrets": {"secrets": {"redis": {}}}}, ["remoteKey"]),
    ("a budget that lets everything go", GATEWAY(disruptionBudget={"maxUnavailable": "100%"}), ["/disruptionBudget/maxUnavailable"]),
    ("an interval without a unit", SHARED(serviceMonitor={"interval": "30"}), ["/serviceMonitor/interval"]),
    ("more traces than there are", SHARED(telemetry={"tracesPerThousand": 1001}), ["/telemetry/tracesPerThousand", "maximum"]),
    ("a provider without TLS", SHARED(oidc={"issuer": "http://id.example"}), ["/oidc/issuer", "pattern"]),
    ("a provider that knows nobody", SHARED(oidc={"issuer": "https://id.example"}), ["oidc.clientId is missing"]),
    ("a secret of the client in the values", SHARED(oidc={"clientSecret": "a"}), ["/oidc", "'clientSecret' not allowed"]),
    ("people numbered as firms", SHARED(oidc={"scheme": "kz-bin"}), ["/oidc/scheme"]),
    ("a button in a language that nobody speaks", SHARED(oidc={"labels": {"de": "Amt"}}), ["/oidc/labels", "'de'"]),
    ("runbooks nowhere", {"rules": {"runbookUrl": "incidents.md"}}, ["/rules/runbookUrl"]),
]


@pytest.mark.parametrize("what, values, said", REFUSED, ids=[case[0] for case in REFUSED])
def test_it_is_refused_and_told_where(charts, what, values, said):
    with pytest.raises(helm.HelmError) as refusal:
        charts.render(values)
    for word in said:
        assert word in str(refusal.value), f"{what}: {refusal.value}"


def test_there_are_enough_of_them():
    assert len(REFUSED) >= 25


def test_global_values_of_others_and_enabled_are_let_through(charts):
    assert charts.render({"global": {"somebodyElse": {"x": 1}}, "gateway": {"enabled": True}})


@pytest.mark.parametrize("chart", ["ecustoms", "ecustoms-service"])
def test_every_value_is_described_and_has_a_default_that_passes(chart):
    schema = json.loads((CHARTS / chart / "values.schema.json").read_text())
    bare = []

    def walk(node, path):
        for key, one in node.get("properties", {}).items():
            if not one.get("description"):
                bare.append(f"{path}/{key}")
            walk(one, f"{path}/{key}")
    walk({"properties": {k: v for k, v in schema["properties"].items()}}, "")
    assert not bare, bare
    values = yaml.safe_load((CHARTS / chart / "values.yaml").read_text())
    missing = set(schema["properties"]) - set(values) - {"global", "ecustoms-lib"}
    assert not missing, f"values.yaml says nothing of {missing}"


def test_defaults_of_the_library_are_those_of_the_umbrella(charts):
    """A service that is rendered alone, and the values.yaml that people read, must not say different things."""
    text = (CHARTS / "ecustoms-lib/templates/_defaults.tpl").read_text()
    block = text.split('{{- define "ecustoms-lib.defaults" -}}')[1].split("{{- end -}}")[0]
    values = yaml.safe_load((CHARTS / "ecustoms/values.yaml").read_text())
    assert yaml.safe_load(block) == values["global"]["ecustoms"]


def test_a_service_can_be_rendered_alone(charts):
    objects = charts.render({}, chart="ecustoms-service")
    assert {"Deployment", "Service", "ConfigMap", "NetworkPolicy", "ServiceAccount"} == {o["kind"] for o in objects}


def quantity(text):
    text = str(text)
    if text.endswith("m"):
        return int(text[:-1]) / 1000
    units = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024}
    return int(text[:-2]) * units[text[-2:]] if text[-2:] in units else float(text)


@pytest.mark.parametrize("name", ["minimal", "ha", "national"])
def test_the_table_of_sizes_is_what_is_rendered(charts, name):
    """CPU and memory of the least number of pods, connections of the greatest."""
    objects = charts.render(SETS[name])
    least, most = {}, {}
    for thing in objects:
        target = thing.get("spec", {}).get("scaleTargetRef", {}).get("name") if isinstance(thing.get("spec"), dict) else None
        if target:
            spec = thing["spec"]
            least[target] = spec.get("minReplicas", spec.get("minReplicaCount"))
            most[target] = spec.get("maxReplicas", spec.get("maxReplicaCount"))
    cpu = memory = connections = 0
    for thing in services(objects):
        owner = thing["metadata"]["name"]
        pods = least.get(owner, thing["spec"].get("replicas"))
        requests = thing["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]
        cpu += pods * quantity(requests["cpu"])
        memory += pods * quantity(requests["memory"])
        if owner != "customs-gateway":
            config = next(o for o in of_kind(objects, "ConfigMap") if o["metadata"]["name"] == owner)["data"]["config.toml"]
            connections += most.get(owner, pods) * int(re.search(r"connections_max = (\d+)", config)[1])
    row = next(line for line in (ROOT / "docs/operate/kubernetes.md").read_text().splitlines() if f"values-{name}.yaml`" in line)
    assert f"| {cpu:g} CPU, {memory:g} MiB | {connections} at most |" in row, (cpu, memory, connections)
