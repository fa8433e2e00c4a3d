#!/usr/bin/env python3
"""Writes the Grafana dashboards from the table below: one line a panel. `--check` only compares."""

import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "charts" / "ecustoms" / "dashboards"

SCALERS = 'horizontalpodautoscaler=~".+-(gateway|declarations|guarantees|references|web-broker|notifications|statistics)"'

RED = [
    ("Requests a second by status", "reqps", [("{{status}}", 'sum by (status) (rate(ecustoms_http_request_duration_seconds_count[$__rate_interval]))')]),
    ("Requests that failed by fault of ours", "percentunit", [("5 min", "ecustoms:http_errors:ratio_rate5m"), ("1 h", "ecustoms:http_errors:ratio_rate1h")]),
    ("How long requests take", "s", [(f"p{q}", f'histogram_quantile(0.{q}, sum by (le) (rate(ecustoms_http_request_duration_seconds_bucket[$__rate_interval])))') for q in (50, 95, 99)]),
    ("Requests that took longer than a second", "percentunit", [("5 min", "ecustoms:http_slow:ratio_rate5m"), ("1 h", "ecustoms:http_slow:ratio_rate1h")]),
    ("Slowest routes (p99)", "s", [("{{method}} {{route}}", 'topk(10, histogram_quantile(0.99, sum by (le, method, route) (rate(ecustoms_http_request_duration_seconds_bucket[$__rate_interval]))))')]),
    ("Use cases a second by service", "reqps", [("{{service}}", 'sum by (service) (label_replace(rate(ecustoms_use_case_duration_seconds_count{use_case=~"$service[.].*"}[$__rate_interval]), "service", "$1", "use_case", "([^.]+)[.].*"))')]),
    ("Use cases that broke", "reqps", [("{{use_case}}", 'sum by (use_case) (rate(ecustoms_use_case_duration_seconds_count{outcome="internal", use_case=~"$service[.].*"}[$__rate_interval])) > 0')]),
    ("Use cases refused, by reason", "reqps", [("{{outcome}}", 'topk(10, sum by (outcome) (rate(ecustoms_use_case_duration_seconds_count{outcome!~"ok|internal", use_case=~"$service[.].*"}[$__rate_interval])))')]),
    ("How long use cases take (p95)", "s", [("{{use_case}}", 'topk(10, histogram_quantile(0.95, sum by (le, use_case) (rate(ecustoms_use_case_duration_seconds_bucket{use_case=~"$service[.].*"}[$__rate_interval]))))')]),
    ("Processes that answer, by role", "short", [("{{role}}", 'sum by (role) (up{job="ecustoms"})'), ("status", 'sum(up{job="ecustoms-status"})')]),
    ("Seen from outside", "short", [("{{step}}", "min by (step) (ecustoms_probe_up)")]),
    ("Pods that autoscalers want, as a share of the most", "percentunit", [("{{horizontalpodautoscaler}}", f"max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_desired_replicas{{{SCALERS}}}) / max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{{{SCALERS}}})")]),
    ("Autoscalers that cannot measure", "short", [("{{horizontalpodautoscaler}}", f'max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_condition{{condition="ScalingActive", status="false", {SCALERS}}})')]),
    ("Processes by version", "short", [("{{role}} {{version}}", "count by (role, version) (ecustoms_build_info)")]),
    ("Processes waiting for their schema", "short", [("{{role}}", "sum by (role) (ecustoms_waiting_for_schema)")]),
]
MESSAGES = [
    ("Messages in the outbox", "short", [("{{service}}", "max by (service) (ecustoms_outbox_waiting)")]),
    ("Age of the oldest message in the outbox", "s", [("{{service}}", "max by (service) (ecustoms_outbox_oldest_seconds)")]),
    ("Messages ready in the queues of the broker", "short", [("{{service}}", "ecustoms:queue_ready:sum")]),
    ("How long the oldest of them has about waited", "s", [("{{service}}", "ecustoms:queue_wait:seconds")]),
    ("Consumers by service", "short", [("{{service}}", 'sum by (service) (label_replace(max by (queue) (rabbitmq_detailed_queue_consumers{queue=~"ecustoms[.].+[.][0-9]+"}), "service", "$1", "queue", "ecustoms[.](.+)[.][0-9]+"))')]),
    ("Messages published a second", "ops", [("{{service}}", "sum by (service) (rate(ecustoms_bus_published_total[$__rate_interval]))")]),
    ("Messages acted on a second", "ops", [("{{service}}", "sum by (service) (rate(ecustoms_bus_received_total[$__rate_interval]))")]),
    ("Age of messages when acted on (p99)", "s", [("{{service}}", "histogram_quantile(0.99, sum by (service, le) (rate(ecustoms_message_age_seconds_bucket[$__rate_interval])))")]),
    ("Dead letters", "short", [("{{service}}", "max by (service) (ecustoms_dead_letters)")]),
    ("Messages parked in an hour", "short", [("{{service}} {{message}}", "sum by (service, message) (increase(ecustoms_bus_parked_total[1h]))"), ("unreadable", "sum(increase(ecustoms_bus_unreadable_total[1h]))")]),
    ("Sagas under way", "short", [("{{service}} {{status}}", "max by (service, status) (ecustoms_sagas)")]),
    ("Commands of sagas sent again in an hour", "short", [("{{service}}", "sum by (service) (increase(ecustoms_saga_reminders_total[1h]))")]),
]
CUSTOMS = [
    ("Signatures a second by verdict", "ops", [("{{verdict}}", "sum by (verdict) (rate(ecustoms_signature_verdicts_total[$__rate_interval]))")]),
    ("Signatures not accepted, by reason", "ops", [("{{reason}}", 'sum by (reason) (rate(ecustoms_signature_verdicts_total{verdict!="accepted"}[$__rate_interval]))')]),
    ("How long verification holds a request up", "s", [("p99 {{way}}", 'histogram_quantile(0.99, sum by (way, le) (rate(ecustoms_signature_duration_seconds_bucket[$__rate_interval])))')]),
    ("Until the next list of revoked certificates is due", "s", [("{{issuer}}", "min by (issuer) (ecustoms_list_ends_seconds) - time()")]),
    ("Fetched in the background, in an hour", "short", [("{{kind}} {{outcome}}", "sum by (kind, outcome) (increase(ecustoms_fetches_total[1h]))")]),
    ("From acceptance to release", "s", [(f"p{q}", f'histogram_quantile(0.{q}, sum by (le) (rate(ecustoms_release_duration_seconds_bucket[1h])))') for q in (50, 90, 99)]),
    ("Movements released in an hour", "short", [("released", "sum(increase(ecustoms_release_duration_seconds_count[1h]))")]),
    ("Guarantees: amounts held, in minor units", "short", [("{{currency}}", "max by (currency) (ecustoms_guarantee_held_minor)")]),
    ("Guarantees: share of the limit that is held", "percentunit", [("{{currency}}", "max by (currency) (ecustoms_guarantee_held_minor) / max by (currency) (ecustoms_guarantee_limit_minor)")]),
]
OPERATOR = [
    ("Operators that lead", "short", [("leaders", "sum(ecustoms_operator_leader)"), ("running", 'sum(up{job="ecustoms-operator"})')]),
    ("Rounds of the operator in an hour", "short", [("{{kind}} {{outcome}}", "sum by (kind, outcome) (increase(ecustoms_operator_rounds_total[1h]))")]),
    ("Trust: ready and with every gateway", "short", [("{{resource}} {{condition}}", 'min by (resource, condition) (ecustoms_operator_condition{kind="TrustAnchor", condition=~"Ready|Distributed"})')]),
    ("Expiring, stale, failed", "short", [("{{kind}} {{resource}} {{condition}}", 'max by (kind, resource, condition) (ecustoms_operator_condition{condition=~"Expiring|Stale|Failed"}) == 1')]),
    ("Reference data imported", "short", [("{{resource}}", 'min by (resource) (ecustoms_operator_condition{kind="ReferenceDataset", condition="Imported"})')]),
    ("Seal: days until its certificate ends", "d", [("days", "(min(ecustoms_seal_ends_seconds) - time()) / 86400"), ("refused", "max(ecustoms_seal_refused)")]),
    ("Archive: how long the oldest evidence has waited", "s", [("waits", "max(ecustoms_archive_oldest_seconds)")]),
    ("Addresses that gave nothing of use", "short", [("{{kind}}", "max by (kind) (ecustoms_fetch_failing)")]),
]
BOARDS = {
    "operator": ("ecustoms: operator, trust, seal", OPERATOR),
    "services": ("ecustoms: services", RED),
    "messages": ("ecustoms: messages and sagas", MESSAGES),
    "customs": ("ecustoms: signatures, releases, guarantees", CUSTOMS),
}
SERVICE = {
    "name": "service", "label": "Service", "type": "custom", "includeAll": True, "allValue": "[^.]+", "multi": False,
    "query": "gateway,declarations,guarantees,references,web-broker,notifications,statistics",
    "current": {"text": "All", "value": "$__all"},
}


def panel(number, title, unit, queries):
    source = {"type": "prometheus", "uid": "${datasource}"}
    return {
        "id": number + 1, "type": "timeseries", "title": title, "datasource": source,
        "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0, "custom": {"fillOpacity": 10, "showPoints": "never"}}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}},
        "targets": [
            {"refId": chr(65 + i), "datasource": source, "expr": expr, "legendFormat": legend}
            for i, (legend, expr) in enumerate(queries)
        ],
    }


def board(name, title, rows):
    variables = [{"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}]
    if any("$service" in expr for _, _, queries in rows for _, expr in queries):
        variables.append(SERVICE)
    return {
        "uid": f"ecustoms-{name}", "title": title, "tags": ["ecustoms"], "schemaVersion": 39, "editable": False,
        "refresh": "30s", "time": {"from": "now-6h", "to": "now"}, "timezone": "browser",
        "templating": {"list": variables}, "panels": [panel(n, *row) for n, row in enumerate(rows)],
    }


def main():
    check = "--check" in sys.argv
    FOLDER.mkdir(exist_ok=True)
    stale = []
    for name, (title, rows) in BOARDS.items():
        text = json.dumps(board(name, title, rows), indent=1) + "\n"
        file = FOLDER / f"{name}.json"
        if check and (not file.exists() or file.read_text() != text):
            stale.append(file.name)
        elif not check:
            file.write_text(text)
    if stale:
        sys.exit(f"dashboards: {', '.join(stale)} differ from the table; run deploy/monitoring/dashboards.py")


if __name__ == "__main__":
    main()
