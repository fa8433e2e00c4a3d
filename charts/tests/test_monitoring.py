"""Rules and dashboards: sound, tried, explained, and about metrics that the program has."""

import json
import pathlib
import re
import subprocess
import sys

import pytest
import yaml
from conftest import CHARTS, ROOT, SETS, of_kind

RULES = CHARTS / "ecustoms/rules/ecustoms.yaml"
TESTS = sorted((ROOT / "deploy/monitoring/tests").glob("*.yaml"))
OURS = re.compile(r"\becustoms_[a-z_]+")


def alerts():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"] if "alert" in rule]


def documented():
    """The metrics in docs/operate/telemetry.md; the program's own test holds the page to what it registers."""
    page = (ROOT / "docs/operate/telemetry.md").read_text()
    return set(re.findall(r"^\| `(ecustoms_[a-z_]+)`", page, re.M))


def named(expression):
    return {re.sub(r"_(bucket|count|sum)$", "", name) for name in OURS.findall(expression)}


def promtool(*arguments):
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True)


def test_the_rules_are_sound():
    done = promtool("check", "rules", RULES)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_the_rules_do_what_they_say(file):
    done = promtool("test", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_test_in_which_it_fires():
    fired = set()
    for file in TESTS:
        for test in yaml.safe_load(file.read_text())["tests"]:
            fired |= {t["alertname"] for t in test.get("alert_rule_test", []) if t["exp_alerts"]}
    assert {rule["alert"] for rule in alerts()} - fired == set()


def test_every_alert_has_a_runbook_that_says_what_to_do():
    page = (ROOT / "docs/operate/incidents.md").read_text()
    sections = {m[1]: m[2] for m in re.finditer(r"^## (\S+)\n(.*?)(?=^## |\Z)", page, re.M | re.S)}
    for rule in alerts():
        anchor = rule["annotations"]["runbook_url"].removeprefix("RUNBOOK#")
        assert anchor == rule["alert"].lower()
        text = sections[rule["alert"]]
        assert "**Means.**" in text and "**Do.**" in text, rule["alert"]
    assert set(sections) == {rule["alert"] for rule in alerts()}, "a runbook without an alert"


def test_rules_and_dashboards_are_about_metrics_that_exist():
    known = documented()
    assert len(known) > 10
    used = {name for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"] for name in named(rule["expr"])}
    for file in CHARTS.glob("ecustoms/dashboards/*.json"):
        used |= {name for panel in json.loads(file.read_text())["panels"] for target in panel["targets"] for name in named(target["expr"])}
    assert used - known == set()


def test_the_dashboards_are_what_their_table_says():
    done = subprocess.run([sys.executable, ROOT / "deploy/monitoring/dashboards.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_panel_is_a_sound_query(tmp_path):
    rules, recorded = [], {rule["record"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"] if "record" in rule}
    for file in sorted(CHARTS.glob("ecustoms/dashboards/*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                expression = target["expr"].replace("$__rate_interval", "5m").replace("$service", "[^.]+")
                rules.append({"record": f"probe:{len(rules)}:x", "expr": expression})
                for name in re.findall(r"\becustoms:[a-z0-9_:]+", expression):
                    assert name in recorded, name
    assert len(rules) > 25
    file = pathlib.Path(tmp_path) / "panels.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    done = promtool("check", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_runbooks_are_where_the_values_say(charts):
    rules = of_kind(charts.render({"rules": {"enabled": True, "runbookUrl": "https://wiki.example/incidents"}}), "PrometheusRule")
    urls = [r["annotations"]["runbook_url"] for g in rules[0]["spec"]["groups"] for r in g["rules"] if "alert" in r]
    assert urls and all(url.startswith("https://wiki.example/incidents#ecustoms") for url in urls)
    assert len(of_kind(charts.render(SETS["ha"]), "ServiceMonitor")) == 8
