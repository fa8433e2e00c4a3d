"""Rules and dashboards: sound, tried, explained, and about metrics that the program has."""

import json
import pathlib
import re
import subprocess
import sys

import pytest
import yaml
from conftest import CHARTS, ROOT, SERVICES, SETS, of_kind

RULES = sorted((CHARTS / "ecustoms/rules").glob("*.yaml"))
TESTS = sorted((ROOT / "deploy/monitoring/tests").glob("*.yaml"))
OURS = re.compile(r"\becustoms_[a-z_]+")


def rules():
    return [rule for file in RULES for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


def alerts():
    return [rule for rule in rules() if "alert" in rule]


def documented():
    """The metrics in docs/operate/telemetry.md; the program's own test holds the page to what it registers."""
    page = (ROOT / "docs/operate/telemetry.md").read_text()
    return set(re.findall(r"^\| `(ecustoms_[a-z_]+)`", page, re.M))


def named(expression):
    return {re.sub(r"_(bucket|count|sum)$", "", name) for name in OURS.findall(expression)}


def promtool(*arguments):
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True)


def test_the_rules_are_sound():
    done = promtool("check", "rules", *RULES)
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
    used = {name for rule in rules() for name in named(rule["expr"])}
    for file in CHARTS.glob("ecustoms/dashboards/*.json"):
        used |= {name for panel in json.loads(file.read_text())["panels"] for target in panel["targets"] for name in named(target["expr"])}
    assert used - known == set()


def test_every_alert_has_a_panel_with_what_it_is_about():
    """Who is called looks at a dashboard first: one series at least of each alert is drawn there."""
    words = re.compile(r"\b(?:up|(?:ecustoms|rabbitmq_detailed|kube_horizontalpodautoscaler)_[a-z_]+|ecustoms:[a-z_]+)\b")
    drawn = {
        word for file in CHARTS.glob("ecustoms/dashboards/*.json") for panel in json.loads(file.read_text())["panels"]
        for target in panel["targets"] for word in words.findall(target["expr"])
    }
    assert [rule["alert"] for rule in alerts() if not set(words.findall(rule["expr"])) & drawn] == []


def rendered_rules(charts, values):
    (thing,) = of_kind(charts.render({"rules": {"enabled": True}, **values}), "PrometheusRule")
    return {rule.get("alert"): rule for group in thing["spec"]["groups"] for rule in group["rules"]}, thing["spec"]


def test_a_role_that_is_not_installed_is_not_missed(charts, tmp_path):
    every, spec = rendered_rules(charts, {})
    fewer, _ = rendered_rules(charts, {"statistics": {"enabled": False}})
    missed = lambda rules: set(re.findall(r'absent\(up\{job="ecustoms", role="([a-z-]+)"', rules["EcustomsRoleGone"]["expr"]))
    assert missed(every) == set(SERVICES) and missed(fewer) == set(SERVICES) - {"statistics"}
    assert "EcustomsStatusGone" not in every
    assert "EcustomsStatusGone" in rendered_rules(charts, {"status": {"enabled": True}})[0]
    file = pathlib.Path(tmp_path) / "rules.yaml"
    file.write_text(yaml.safe_dump(spec))
    done = promtool("check", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboards_are_what_their_table_says():
    done = subprocess.run([sys.executable, ROOT / "deploy/monitoring/dashboards.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_panel_is_a_sound_query(tmp_path):
    probes, recorded = [], {rule["record"] for rule in rules() if "record" in rule}
    for file in sorted(CHARTS.glob("ecustoms/dashboards/*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                expression = target["expr"].replace("$__rate_interval", "5m").replace("$service", "[^.]+")
                probes.append({"record": f"probe:{len(probes)}:x", "expr": expression})
                for name in re.findall(r"\becustoms:[a-z0-9_:]+", expression):
                    assert name in recorded, name
    assert len(probes) > 35
    file = pathlib.Path(tmp_path) / "panels.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": probes}]}))
    done = promtool("check", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_runbooks_are_where_the_values_say(charts):
    rules = of_kind(charts.render({"rules": {"enabled": True, "runbookUrl": "https://wiki.example/incidents"}}), "PrometheusRule")
    urls = [r["annotations"]["runbook_url"] for g in rules[0]["spec"]["groups"] for r in g["rules"] if "alert" in r]
    assert urls and all(url.startswith("https://wiki.example/incidents#ecustoms") for url in urls)
    assert len(of_kind(charts.render(SETS["ha"]), "ServiceMonitor")) == 8
