"""Every metric of Vedette with its meaning; `/metrics` serves them in the Prometheus text format."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """One per process. Labels never hold URLs, subscribers or anything else without bound."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = Counter(
            "vedette_messages",
            "Messages of the bus by how they ended; dead_lettered should stay 0",
            ["group", "topic", "outcome"],
            registry=self.registry,
        )
        self.checks = Gauge(
            "vedette_check_passed",
            "What /readyz looks at: 1 if it passes. While one does not, lag and ages may be those of before",
            ["check"],
            registry=self.registry,
        )
        self.polls = Counter("vedette_feed_polls", "Polls of feeds by outcome", ["outcome"], registry=self.registry)
        self.articles = Counter(
            "vedette_articles_stored", "Article revisions stored and owed to the bus", registry=self.registry
        )
        self.decisions = Counter(
            "vedette_decisions", "Reports of claims by the ledger's decision", ["kind"], registry=self.registry
        )
        self.attempts = Counter(
            "vedette_delivery_attempts", "Tries to send an alert", ["channel", "outcome"], registry=self.registry
        )
        self.seconds_to_alert = Histogram(
            "vedette_delivery_latency_seconds",
            "From the decision to the receiver's acceptance",
            ["channel"],
            buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
            registry=self.registry,
        )
        self.lag = Gauge(
            "vedette_lag_messages",
            "Work not done yet, by step; growing without end means the step is too slow or stuck",
            ["step"],
            registry=self.registry,
        )
        self.oldest = Gauge(
            "vedette_oldest_unprocessed_seconds",
            "Age of the oldest work not done, by step; this is what readers feel",
            ["step"],
            registry=self.registry,
        )
        self.dead_letters = Gauge(
            "vedette_dead_letters",
            "Messages set aside because their group could not process them; should stay 0",
            ["group"],
            registry=self.registry,
        )
        self.deliveries = Gauge(
            "vedette_deliveries",
            "Deliveries by state; failed ones were given up",
            ["state"],
            registry=self.registry,
        )
