"""Every pod that a chart can start: the restricted profile, probes, drain, spread, secrets."""

import re

import pytest
from conftest import SERVICES, SETS, of_kind, pod_specs, services

ALLOWED_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


def restricted(spec):
    """Violations of the restricted Pod Security profile, in its own order."""
    pod = spec.get("securityContext", {})
    found = [f"{key} is set" for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    found += [f"volume {v['name']}" for v in spec.get("volumes", []) if not (set(v) - {"name"}) <= ALLOWED_VOLUMES]
    containers = spec["containers"] + spec.get("initContainers", []) + spec.get("ephemeralContainers", [])
    for container in containers:
        name, own = container["name"], container.get("securityContext", {})
        effective = {**{k: pod.get(k) for k in ("runAsNonRoot", "runAsUser", "seccompProfile")}, **own}
        if own.get("privileged"):
            found.append(f"{name} is privileged")
        if own.get("allowPrivilegeEscalation") is not False:
            found.append(f"{name} may escalate")
        if effective.get("runAsNonRoot") is not True or effective.get("runAsUser") == 0:
            found.append(f"{name} may be root")
        if (effective.get("seccompProfile") or {}).get("type") not in ("RuntimeDefault", "Localhost"):
            found.append(f"{name} has no seccomp profile")
        capabilities = own.get("capabilities", {})
        if "ALL" not in capabilities.get("drop", []) or set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
            found.append(f"{name} has capabilities")
        found += [f"{name} uses a host port" for port in container.get("ports", []) if port.get("hostPort")]
    return found


def test_the_check_of_the_profile_sees_what_is_wrong():
    bad = {"hostNetwork": True, "volumes": [{"name": "v", "hostPath": {"path": "/"}}],
           "containers": [{"name": "c", "ports": [{"hostPort": 1}], "securityContext": {"privileged": True}}]}
    assert len(restricted(bad)) == 8


def test_every_pod_passes_the_restricted_profile(rendered):
    name, objects = rendered
    pods = list(pod_specs(objects))
    assert len(pods) >= 8, f"{name}: {len(pods)} pods"
    for owner, spec, _ in pods:
        assert restricted(spec) == [], f"{name}: {owner}"


def test_every_pod_is_one_user_without_token_and_writes_only_where_it_may(rendered):
    _, objects = rendered
    for owner, spec, _ in pod_specs(objects):
        assert spec["automountServiceAccountToken"] is False, owner
        assert spec["securityContext"]["runAsUser"] == 65532, owner
        for container in spec["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True, owner
            assert "memory" in container["resources"]["limits"], owner
            assert {"cpu", "memory"} <= set(container["resources"]["requests"]), owner
            names = {volume["name"] for volume in spec.get("volumes", [])}
            assert {mount["name"] for mount in container.get("volumeMounts", [])} == names, owner


def test_no_service_links(rendered):
    """A Service named ecustoms-... would put ECUSTOMS_..._PORT into the environment, which the program refuses."""
    _, objects = rendered
    for owner, spec, _ in pod_specs(objects):
        assert spec["enableServiceLinks"] is False, owner


def test_variables_are_known_to_the_program(rendered):
    known = {"ECUSTOMS_POSTGRES_URL", "ECUSTOMS_RABBITMQ_URL", "ECUSTOMS_REDIS_URL", "ECUSTOMS_SECRET_FILE", "ECUSTOMS_TELEMETRY__JSON"}
    _, objects = rendered
    for owner, spec, _ in pod_specs(objects):
        for container in spec["containers"]:
            ours = {v["name"] for v in container.get("env", []) if v["name"].startswith("ECUSTOMS_")}
            assert ours <= known, owner


def test_probes_mean_different_things(rendered):
    _, objects = rendered
    for thing in services(objects):
        container = thing["spec"]["template"]["spec"]["containers"][0]
        paths = {key: container[key]["httpGet"]["path"] for key in ("startupProbe", "readinessProbe", "livenessProbe")}
        assert paths == {"startupProbe": "/startupz", "readinessProbe": "/readyz", "livenessProbe": "/livez"}
        assert {container[key]["httpGet"]["port"] for key in paths} == {"operations"}
        startup = container["startupProbe"]
        assert startup["periodSeconds"] * startup["failureThreshold"] >= 300, "a migration takes its time"
        live, ready = container["livenessProbe"], container["readinessProbe"]
        assert live["periodSeconds"] * live["failureThreshold"] > ready["periodSeconds"] * ready["failureThreshold"]


def test_what_answers_has_all_three_probes(charts, rendered):
    """Also what looks on: startup lets it begin, readiness asks for more than liveness does, liveness is patient."""
    objects = [*rendered[1], *charts.render({}, chart="ecustoms-operator", release="operator")]
    seen = 0
    for thing in of_kind(objects, "Deployment"):
        for container in thing["spec"]["template"]["spec"]["containers"]:
            probes = {key: container[key] for key in ("startupProbe", "readinessProbe", "livenessProbe")}
            assert probes["readinessProbe"]["httpGet"]["path"] != probes["livenessProbe"]["httpGet"]["path"], thing["metadata"]["name"]
            patience = {key: one["periodSeconds"] * one["failureThreshold"] for key, one in probes.items()}
            assert patience["readinessProbe"] < patience["livenessProbe"] and patience["startupProbe"] >= 30
            seen += 1
    assert seen >= 7


def test_every_pod_can_be_given_a_priority_and_a_place(charts):
    place = {"priorityClassName": "customs", "nodeSelector": {"a": "b"}, "tolerations": [{"key": "c", "operator": "Exists"}]}
    objects = charts.render({key: place for key in (*SERVICES, "migration", "test")} | {"status": {"enabled": True, **place}})
    placed = list(pod_specs(objects))
    assert len(placed) == len(SERVICES) + 3
    for owner, spec, _ in placed:
        assert {key: spec[key] for key in place} == place, owner


def test_a_pod_has_time_to_drain(rendered):
    _, objects = rendered
    for thing in services(objects):
        spec = thing["spec"]["template"]["spec"]
        config = next(o for o in of_kind(objects, "ConfigMap") if o["metadata"]["name"] == thing["metadata"]["name"])
        drain = sum(int(n) for n in re.findall(r"^drain\w*_s = (\d+)", config["data"]["config.toml"], re.M))
        stop = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert stop > 0 and spec["terminationGracePeriodSeconds"] >= stop + drain + 10
        assert thing["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}


def test_a_broker_that_is_away_scales_nothing_down(charts):
    scaled = of_kind(charts.render(SETS["national"]), "ScaledObject")
    assert len(scaled) == 3
    for thing in scaled:
        assert thing["spec"]["fallback"] == {"failureThreshold": 4, "behavior": "currentReplicasIfHigher", "replicas": 2}


def test_who_scales_writes_no_replicas(rendered):
    _, objects = rendered
    scaled = {o["spec"]["scaleTargetRef"]["name"] for o in objects if o["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")}
    for thing in services(objects):
        assert ("replicas" in thing["spec"]) != (thing["metadata"]["name"] in scaled), thing["metadata"]["name"]


def test_budget_and_spread_only_where_there_are_several(rendered):
    _, objects = rendered
    budgets = {o["metadata"]["name"]: o["spec"] for o in of_kind(objects, "PodDisruptionBudget")}
    for thing in of_kind(objects, "Deployment"):
        name, spec = thing["metadata"]["name"], thing["spec"]
        several = spec.get("replicas", 2) > 1
        assert (name in budgets) == several, name
        assert ("topologySpreadConstraints" in spec["template"]["spec"]) == several, name
        if several:
            assert budgets[name]["maxUnavailable"] == 1
            assert budgets[name]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_selectors_never_change(charts, rendered):
    """What selects a Deployment's pods is immutable: no value, chart or application version may be in it."""
    name, objects = rendered
    for thing in of_kind(objects, "Deployment"):
        component = thing["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"]
        assert thing["spec"]["selector"]["matchLabels"] == {
            "app.kubernetes.io/name": "ecustoms", "app.kubernetes.io/instance": "customs", "app.kubernetes.io/component": component,
        }, name
        labels = thing["spec"]["template"]["metadata"]["labels"]
        assert thing["spec"]["selector"]["matchLabels"].items() <= labels.items()


def test_no_secret_is_rendered_and_every_reference_is_named_in_the_values(rendered):
    name, objects = rendered
    assert of_kind(objects, "Secret") == []
    expected = {"ecustoms-postgres", "ecustoms-rabbitmq", "ecustoms-redis", "ecustoms-installation", "ecustoms-token-key", "ecustoms-oidc", "trust-crls", "probe-key", "status-key", "ecustoms-seal", "trust-anchors"}
    for owner, spec, _ in pod_specs(objects):
        used = {v["secret"]["secretName"] for v in spec.get("volumes", []) if "secret" in v}
        for container in spec["containers"]:
            used |= {e["valueFrom"]["secretKeyRef"]["name"] for e in container.get("env", []) if "valueFrom" in e}
        assert used <= expected, f"{name}: {owner}"


def test_config_maps_that_are_mounted_exist(rendered):
    _, objects = rendered
    made = {o["metadata"]["name"] for o in of_kind(objects, "ConfigMap")}
    outside = {"trust-anchors", "trust-intermediates", "trust-timestampers", "trust-status", "former-seals"}
    outside |= {f"ecustoms-trust-{kind}" for kind in ("anchors", "intermediates", "crls", "timestampers")}
    for owner, spec, _ in pod_specs(objects):
        used = {v["configMap"]["name"] for v in spec.get("volumes", []) if "configMap" in v}
        assert used <= made | outside, owner


def test_a_changed_configuration_rolls_the_pods(charts):
    def sums(values):
        return {o["metadata"]["name"]: o["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
                for o in of_kind(charts.render(values), "Deployment")}
    before = sums({})
    after = sums({"global": {"ecustoms": {"publicUrl": "https://other.example"}}})
    assert [name for name in before if before[name] != after[name]] == ["customs-gateway"]


@pytest.mark.parametrize("release", ["ecustoms", "a", "customs-of-a-country-with-a-very-long-name-indeed-so"])
def test_names_fit_for_any_release(charts, release):
    objects = charts.render(SETS["ha"], release=release)
    seen = set()
    for thing in objects:
        key = (thing["kind"], thing["metadata"]["name"])
        assert key not in seen and len(key[1]) <= 63, key
        seen.add(key)


def test_every_service_is_there_and_can_be_left_out(charts):
    for service in SERVICES:
        objects = charts.render({service: {"enabled": False}})
        names = {o["metadata"]["name"] for o in of_kind(objects, "Deployment")}
        assert names == {f"customs-{other}" for other in SERVICES if other != service}
