"""Who may talk to whom: closed first, then opened along the map that also wires the addresses."""

import json
import re
import tomllib

from conftest import SERVICES, SETS, of_kind, pod_specs


def selected(selector, labels):
    return selector.get("matchLabels", {}).items() <= labels.items()


def components(peers):
    return {p["podSelector"]["matchLabels"]["app.kubernetes.io/component"] for p in peers if "podSelector" in p
            and "app.kubernetes.io/component" in p["podSelector"].get("matchLabels", {})}


def addresses(objects):
    """Who is told the address of whom, read from the configuration files."""
    edges = set()
    for thing in of_kind(objects, "ConfigMap"):
        text = thing["data"].get("config.toml")
        if text:
            caller = thing["metadata"]["name"].removeprefix("customs-")
            edges |= {(caller, callee) for callee in re.findall(r'^[a-z-]+ = "http://customs-([a-z-]+):8080"$', text, re.M)}
    return edges


def test_every_pod_is_closed_before_it_is_opened(charts):
    objects = charts.render({})
    policies = of_kind(objects, "NetworkPolicy")
    closed = [p for p in policies if "ingress" not in p["spec"] and "egress" not in p["spec"]]
    assert len(closed) == 1 and closed[0]["spec"]["policyTypes"] == ["Ingress", "Egress"]
    for owner, _, metadata in pod_specs(objects):
        assert selected(closed[0]["spec"]["podSelector"], metadata["labels"]), owner
        opened = [p for p in policies if p is not closed[0] and selected(p["spec"]["podSelector"], metadata["labels"])]
        assert len(opened) == 1, f"{owner}: {[p['metadata']['name'] for p in opened]}"


def test_the_policies_are_the_edges_of_the_addresses(charts):
    objects = charts.render({})
    policies = {p["metadata"]["name"].removeprefix("customs-"): p["spec"] for p in of_kind(objects, "NetworkPolicy")}
    out, into = set(), set()
    for service in SERVICES:
        for rule in policies[service]["egress"]:
            out |= {(service, callee) for callee in components(rule.get("to", []))}
        for rule in policies[service]["ingress"]:
            if rule["ports"][0]["port"] == "http":
                into |= {(caller, service) for caller in components(rule.get("from", []))}
    wired = addresses(objects)
    assert len(wired) >= 9
    assert out == wired
    assert into == wired


def test_no_service_is_open_to_everybody_but_the_gateway(charts):
    objects = charts.render({})
    for service in SERVICES:
        policy = next(p for p in of_kind(objects, "NetworkPolicy") if p["metadata"]["name"] == f"customs-{service}")
        rule = next(r for r in policy["spec"]["ingress"] if r["ports"][0]["port"] == "http")
        peers = rule.get("from")
        if service == "gateway":
            assert peers is None
        else:
            assert peers is None or peers != [], service
            # A rule without peers would let everybody in.
            assert peers or service in {"never"}, service


def test_clients_can_be_named_and_the_test_still_gets_in(charts):
    objects = charts.render(SETS["national"])
    policy = next(p for p in of_kind(objects, "NetworkPolicy") if p["metadata"]["name"] == "customs-gateway")
    peers = policy["spec"]["ingress"][0]["from"]
    assert len(peers) == 5 and components(peers) == {"test", "status", "import", "replay"}


def test_the_operator_and_its_jobs_get_in_where_clients_and_metrics_are_named(charts):
    """Both charts are installed beside each other; what one lets out the other lets in."""
    def ingress(values, port):
        policy = next(p for p in of_kind(charts.render(values), "NetworkPolicy") if p["metadata"]["name"] == "customs-gateway")
        (rule,) = [rule for rule in policy["spec"]["ingress"] if rule["ports"][0]["port"] == port]
        return rule.get("from")

    def lets_in(peers, labels):
        return peers is None or any(selected(peer["podSelector"], labels) for peer in peers if set(peer) == {"podSelector"})

    values = {"imports": {"keySecret": "k"}, "replays": {"keySecret": "k"}}
    objects = charts.render(values, chart="ecustoms-operator", release="operator")
    (operator,) = [metadata["labels"] for _, _, metadata in pod_specs(objects)]
    told = json.loads(of_kind(objects, "ConfigMap")[0]["data"]["settings.json"])
    jobs = [told[jobs]["template"]["metadata"]["labels"] for jobs in ("imports", "replays")]
    for name in ("default", "national"):
        assert lets_in(ingress(SETS[name], "operations"), operator), name
        assert all(lets_in(ingress(SETS[name], "http"), labels) for labels in jobs), name
    assert not lets_in(ingress(SETS["national"], "http"), operator)
    assert not any(lets_in(ingress(SETS["national"], "operations"), labels) for labels in jobs)


def outside(charts, values, service):
    """The ways out of a service that are not to name servers, others of the suite, or servers: ports and peers."""
    policy = next(p for p in of_kind(charts.render(values), "NetworkPolicy") if p["metadata"]["name"] == f"customs-{service}")
    known = {53, 8080, 5432, 5672, 6379, 4318}
    return [([port["port"] for port in rule["ports"]], rule.get("to")) for rule in policy["spec"]["egress"]
            if not {port["port"] for port in rule["ports"]} <= known]


def test_who_verifies_reaches_publishers_and_who_stamps_the_authority(charts):
    full = SETS["signatures"]
    publishers = ([80, 8443], [{"ipBlock": {"cidr": "192.0.2.0/24"}}])
    authority = ([443], [{"ipBlock": {"cidr": "198.51.100.0/24"}}])
    provider = ([443], None)
    assert outside(charts, full, "declarations") == [publishers, authority]
    assert outside(charts, full, "gateway") == [provider, publishers]
    assert all(outside(charts, full, service) == [] for service in ("guarantees", "references", "web-broker", "statistics"))
    # The ways follow from the addresses.
    other = {"global": {"ecustoms": {"trust": {"timestampers": {"configMap": "t"}}, "archive": {"authorityUrl": "http://tsa.example:3161/"}}}}
    assert outside(charts, other, "declarations") == [([3161], None)]
    assert outside(charts, {}, "gateway") == outside(charts, {}, "declarations") == []


def test_the_status_looks_through_the_port_of_its_address(charts):
    values = {"status": {"enabled": True, "url": "https://customs.example:8443"}}
    assert outside(charts, values, "status") == [([8443], None)]


def test_the_gateway_never_reaches_the_database(charts):
    policy = next(p for p in of_kind(charts.render({}), "NetworkPolicy") if p["metadata"]["name"] == "customs-gateway")
    assert 5432 not in {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}


def test_only_webhooks_leave_the_cluster_and_never_to_private_addresses(charts):
    for policy in of_kind(charts.render({}), "NetworkPolicy"):
        blocks = [peer["ipBlock"] for rule in policy["spec"].get("egress", []) for peer in rule.get("to", []) if "ipBlock" in peer]
        assert bool(blocks) == (policy["metadata"]["name"] == "customs-notifications"), policy["metadata"]["name"]
        assert all("169.254.0.0/16" in b["except"] or "fe80::/10" in b["except"] for b in blocks)


def test_servers_can_be_narrowed(charts):
    objects = charts.render(SETS["ingress"])
    policy = next(p for p in of_kind(objects, "NetworkPolicy") if p["metadata"]["name"] == "customs-declarations")
    rules = {rule["ports"][0]["port"]: rule.get("to") for rule in policy["spec"]["egress"]}
    assert rules[5432] == [{"ipBlock": {"cidr": "10.1.0.0/24"}}]
    assert rules[4318], "traces leave by a way of their own"


def test_the_gateway_alone_reaches_the_provider_and_only_where_there_is_one(charts):
    def ports(values, service):
        policies = of_kind(charts.render(values), "NetworkPolicy")
        policy = next(p for p in policies if p["metadata"]["name"] == f"customs-{service}")
        return [rule for rule in policy["spec"]["egress"] if 8443 in {port["port"] for port in rule["ports"]}]

    values = SETS["gateway-api"]
    assert ports(values, "gateway") == [
        {"ports": [{"port": 8443, "protocol": "TCP"}], "to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]}
    ]
    assert all(ports(values, service) == [] for service in SERVICES if service != "gateway")
    assert ports({}, "gateway") == []


def test_the_provider_is_set_at_the_gateway_alone(charts):
    configs = {
        thing["metadata"]["name"]: thing["data"]["config.toml"]
        for thing in of_kind(charts.render(SETS["gateway-api"]), "ConfigMap")
        if "config.toml" in thing["data"]
    }
    assert [name for name, text in configs.items() if "[oidc]" in text] == ["customs-gateway"]
    read = tomllib.loads(configs["customs-gateway"])["oidc"]
    assert read["client_secret_file"] == "/etc/ecustoms/oidc/client-secret"
    assert read["labels"]["en"] == "Sign in by the state's \"ID\""
    assert (read["max_age_s"], read["scopes"]) == (3600, ["profile"])
