"""What the documentation says can be set can be set by the charts, and nothing else."""

import json
import re
import tomllib

import pytest
from conftest import CHARTS, ROOT, SETS, of_kind, services

# Set by the charts themselves, or meaningless in a pod; everything else that is documented is some value.
SET_BY_THE_CHART = {
    "servers": "the table of the next",
    "servers.postgres_url": "by variable, from postgres.existingSecret",
    "servers.rabbitmq_url": "by variable, from rabbitmq.existingSecret",
    "servers.redis_url": "by variable, from redis.existingSecret",
    "oidc": "the table of what follows",
}
# Where a table is a value of its own: what is below is named by whoever writes it.
WHOLE = {"services", "fetch.responders", "signatures.identities", "declarations.signed_by", "declarations.signed_by_guarantee", "oidc.labels"}


def documented():
    """The keys in the table of docs/operate/configure.md, also those that share a row."""
    keys = set()
    for line in (ROOT / "docs/operate/configure.md").read_text().split("\n\nWithout a trust directory")[0].splitlines():
        if not line.startswith("| `"):
            continue
        first, *rest = line.split(" | ")
        named = re.findall(r"`([a-z_.*]+)`", first)
        table = named[0].rpartition(".")[0]
        if named == [f"{table}.*"]:
            named = [f"{table}.{key}" for key in re.findall(r"`([a-z_]+)`", rest[-1])]
        keys |= set(named)
    return keys


def flat(table, path=""):
    for key, value in table.items():
        name = f"{path}{key}"
        if isinstance(value, dict) and name not in WHOLE:
            yield from flat(value, f"{name}.")
        else:
            yield name


def configurations(objects):
    return {o["metadata"]["name"]: tomllib.loads(o["data"]["config.toml"]) for o in of_kind(objects, "ConfigMap") if "config.toml" in o["data"]}


def test_every_documented_key_can_be_set_and_no_other_is_written(charts):
    written = {key for name in SETS for table in configurations(charts.render(SETS[name])).values() for key in flat(table)}
    known = documented()
    assert len(known) > 80
    assert written - known == set(), "written, but not documented"
    assert known - written == set(SET_BY_THE_CHART), "documented, but no published set of values writes it"


def test_settings_of_the_schema_are_documented():
    schema = json.loads((CHARTS / "ecustoms/values.schema.json").read_text())
    tables = schema["properties"]["global"]["properties"]["ecustoms"]["properties"]["settings"]["properties"]
    ours = {f"{table}.{re.sub('([A-Z])', lambda m: '_' + m[1].lower(), key)}" for table in tables for key in tables[table]["properties"]}
    assert len(ours) > 35
    assert ours - documented() == set()


def test_the_schemas_say_the_same_of_what_is_shared():
    shared = [json.loads(file.read_text())["properties"]["global"] for file in sorted(CHARTS.glob("*/values.schema.json"))]
    assert len(shared) == 4 and all(one == shared[0] for one in shared)


def paths(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {path for one in value for path in paths(one)}
    return {value} if isinstance(value, str) and value.startswith("/") else set()


@pytest.mark.parametrize("name", SETS)
def test_every_file_that_a_configuration_names_is_mounted(charts, name):
    objects = charts.render(SETS[name])
    configured = configurations(objects)
    for thing in services(objects):
        spec = thing["spec"]["template"]["spec"]
        mounts = {mount["mountPath"]: mount["name"] for mount in spec["containers"][0]["volumeMounts"]}
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        for path in paths(configured[thing["metadata"]["name"]]):
            within = [place for place in mounts if path == place or path.startswith(f"{place}/") or place.startswith(f"{path}/")]
            assert within, f"{name}: {thing['metadata']['name']} has nothing at {path}"
            for place in within:
                items = volumes[mounts[place]].get("secret", {}).get("items")
                assert not items or path.removeprefix(f"{place}/") in {item["path"] for item in items}, path


def test_trust_is_where_something_is_verified_and_the_seal_where_something_is_sealed(charts):
    def who(values, volume):
        return {
            thing["metadata"]["name"].removeprefix("customs-") for thing in services(charts.render(values))
            if any(one["name"] == volume for one in thing["spec"]["template"]["spec"]["volumes"])
        }

    full = SETS["signatures"]
    assert who(full, "trust-timestampers") == who(full, "fetch") == {"gateway", "declarations"}
    assert who(full, "seal") == who(full, "seal-former") == who(full, "seal-device") == {"gateway", "notifications"}
    told = {name.removeprefix("customs-"): set(table) for name, table in configurations(charts.render(full)).items()}
    assert {name for name in told if "fetch" in told[name]} == {"gateway", "declarations"}
    assert {name for name in told if "seal" in told[name]} == {"gateway", "notifications"}
    # Without an authority declarations verifies nothing, and needs nothing for it.
    trust = {"global": {"ecustoms": {"trust": full["global"]["ecustoms"]["trust"]}}}
    assert who(trust, "trust-anchors") == {"gateway"}


def test_the_trust_of_a_service_goes_before_that_of_the_installation(charts):
    values = {"global": {"ecustoms": {"trust": {"anchors": {"configMap": "all"}, "crls": {"configMap": "lists"}}}}, "gateway": {"trust": {"anchors": {"secret": "own"}}}}
    (gateway,) = [thing for thing in services(charts.render(values)) if thing["metadata"]["name"] == "customs-gateway"]
    volumes = {volume["name"]: volume for volume in gateway["spec"]["template"]["spec"]["volumes"]}
    assert volumes["trust-anchors"]["secret"] == {"secretName": "own"}
    assert volumes["trust-crls"]["configMap"] == {"name": "lists"}


def test_a_setting_rolls_only_the_pods_that_read_it(charts):
    def sums(values):
        return {thing["metadata"]["name"].removeprefix("customs-"): thing["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
                for thing in services(charts.render(values))}

    def rolled(**settings):
        after = sums({"global": {"ecustoms": {"settings": settings}}})
        return {name for name in after if after[name] != before[name]}

    before = sums({})
    assert rolled(limits={"requestsMax": 5}) == {"gateway"}
    assert rolled(references={"fourEyes": True}) == {"references"}
    assert rolled(declarations={"country": "KG"}) == {"declarations", "guarantees"}
    assert rolled(signatures={"revocation": "soft"}) == {"gateway"}
