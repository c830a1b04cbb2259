"""Rules and dashboard: read by promtool, and every name in them is one that `/metrics` has."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from shared.ops.metrics import Metrics
from tests.unit.deploy.validators import PROMETHEUS, ROOT, needs_promtool, promtool

RULES = PROMETHEUS / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboards" / "vedette.json"
OPERATIONS = ROOT / "docs" / "operations.md"

FROM_PROMETHEUS = {"job", "instance", "le"}


def rules():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def panels():
    return json.loads(DASHBOARD.read_text())["panels"]


def queries():
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def served_names():
    return {
        metric.name + suffix
        for metric in Metrics().registry.collect()
        for suffix in {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(metric.type, [""])
    }


def served_labels():
    metrics = [value for value in vars(Metrics()).values() if isinstance(value, MetricWrapperBase)]
    return {label for metric in metrics for label in metric._labelnames} | FROM_PROMETHEUS


def unknown_names(expression):
    return set(re.findall(r"\bvedette_\w+", expression)) - served_names()


def unknown_labels(expression):
    grouped = re.findall(r"\bby \(([^)]*)\)", expression)
    used = {label.strip() for labels in grouped for label in labels.split(",")}
    used |= {label for matchers in re.findall(r"\{([^}]*)\}", expression) for label in re.findall(r"(\w+)=", matchers)}
    return used - served_labels()


def as_recording_rules(expressions, folder: Path) -> Path:
    """promtool parses what Grafana would ask, its interval filled in."""
    asked = [expression.replace("$__rate_interval", "1m") for expression in expressions]
    group = {"name": "dashboard", "rules": [{"record": f"panel:{i}", "expr": expr} for i, expr in enumerate(asked)]}
    file = folder / "dashboard.yml"
    file.write_text(yaml.safe_dump({"groups": [group]}))
    return file


@needs_promtool
def test_promtool_accepts_configuration_and_rules_and_every_rule_fires_when_it_should():
    assert promtool("check", "config", str(PROMETHEUS / "prometheus.yml")) == ""
    assert promtool("check", "rules", str(RULES)) == ""
    assert promtool("test", "rules", str(PROMETHEUS / "alerts.test.yml")) == ""


@needs_promtool
@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("max by (step) (", "max by step (", "parse error"),
        ("for: 2m", "for: two minutes", "not a valid duration"),
        ("severity: page", "severity: page, severity: ticket", "duplicate"),
    ],
)
def test_promtool_rejects_broken_rules(tmp_path, right, wrong, complaint):
    text = RULES.read_text()
    assert right in text
    (tmp_path / "alerts.yml").write_text(text.replace(right, wrong, 1))
    said = promtool("check", "rules", str(tmp_path / "alerts.yml"))
    assert complaint in said or "already" in said, said


@needs_promtool
@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("dns_sd_configs", "dns_configs", "dns_configs not found"),
        ("scrape_interval: 15s", "scrape_interval: often", "not a valid duration"),
        ("[alerts.yml]", "[alarms.yml]", "does not point to an existing file"),
    ],
)
def test_promtool_rejects_a_broken_configuration(tmp_path, right, wrong, complaint):
    text = (PROMETHEUS / "prometheus.yml").read_text()
    assert right in text
    (tmp_path / "prometheus.yml").write_text(text.replace(right, wrong, 1))
    (tmp_path / "alerts.yml").write_text(RULES.read_text())
    assert complaint in promtool("check", "config", str(tmp_path / "prometheus.yml"))


@needs_promtool
def test_the_rules_own_tests_notice_a_rule_that_no_longer_fires(tmp_path):
    (tmp_path / "alerts.yml").write_text(RULES.read_text().replace("> 300", "> 3000"))
    (tmp_path / "alerts.test.yml").write_text((PROMETHEUS / "alerts.test.yml").read_text())
    assert "VedetteBehind" in promtool("test", "rules", str(tmp_path / "alerts.test.yml"))


@needs_promtool
def test_promtool_understands_the_dashboards_queries_and_rejects_a_broken_one(tmp_path):
    assert len(queries()) >= 10
    assert promtool("check", "rules", str(as_recording_rules(queries(), tmp_path))) == ""
    assert "parse error" in promtool("check", "rules", str(as_recording_rules([*queries(), "sum by ("], tmp_path)))


@pytest.mark.parametrize("expression", [*queries(), *(rule["expr"] for rule in rules())])
def test_metrics_and_labels_of_rules_and_dashboard_are_served(expression):
    assert unknown_names(expression) == set()
    assert unknown_labels(expression) == set()


def test_a_metric_or_label_that_nobody_serves_is_noticed():
    assert unknown_names("sum(rate(vedette_messages[5m]))") == {"vedette_messages"}
    assert unknown_labels('sum by (queue) (vedette_lag_messages{steps="x"})') == {"queue", "steps"}


def test_the_dashboard_is_one_that_grafana_can_provision():
    document = json.loads(DASHBOARD.read_text())
    source = yaml.safe_load((DASHBOARD.parents[1] / "provisioning" / "datasources" / "prometheus.yml").read_text())
    assert document["uid"] == "vedette"
    assert len({panel["id"] for panel in panels()}) == len(panels())
    for panel in panels():
        assert panel["datasource"]["uid"] == source["datasources"][0]["uid"]
        assert panel["description"]
    for title in ("Lag, by step", "Age of the oldest unprocessed, by step", "Claims by kind", "Deliveries by outcome"):
        assert title in {panel["title"] for panel in panels()}


def test_every_rule_is_tested_and_has_its_section_in_the_operations_guide():
    tests = (PROMETHEUS / "alerts.test.yml").read_text()
    sections = {heading.lower() for heading in re.findall(r"^### (\w+)$", OPERATIONS.read_text(), re.MULTILINE)}
    assert len(rules()) == len({rule["alert"] for rule in rules()})
    for rule in rules():
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (file, anchor) == ("docs/operations.md", rule["alert"].lower())
        assert anchor in sections
        assert re.search(rf"alertname: {rule['alert']}\n\s+exp_alerts:\n", tests), rule["alert"]
