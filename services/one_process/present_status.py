"""The parts of `/status` as one document."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.ops.clock import Clock
from shared.ops.metrics import Metrics


def present_status(metrics: Metrics, documents: Sequence[dict[str, Any]], clock: Clock) -> dict[str, Any]:
    """One status document of those of several services, with ages instead of moments; brings the gauges up to date."""
    merged: dict[str, Any] = {}
    for document in documents:
        for name, value in document.items():
            merged[name] = merged.get(name, {}) | value if isinstance(value, dict) else value
    now = clock()
    oldest: dict[str, datetime | None] = merged.pop("oldest", {})
    ages = {step: max((now - since).total_seconds(), 0.0) for step, since in oldest.items() if since is not None}
    for step, count in merged.get("lag", {}).items():
        metrics.lag.labels(step).set(count)
        metrics.oldest.labels(step).set(ages.get(step, 0.0))
    for group, count in merged.get("dead_letters", {}).items():
        metrics.dead_letters.labels(group).set(count)
    for state, count in merged.get("deliveries", {}).items():
        metrics.deliveries.labels(state).set(count)
    return merged | {"oldest_unprocessed_seconds": round(max(ages.values()), 1) if ages else None}
