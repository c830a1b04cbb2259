"""Consume `news.statements.v1`: every article revision goes through the ledger exactly once."""

from collections.abc import Callable

from services.alerts.record_decisions import RecordDecisions
from shared.bus.consumer_loop import Handler, Outcome
from shared.bus.port import Record
from shared.events.envelope import read_attributes, read_data
from shared.events.statements import ArticleStatements
from shared.ops.clock import Clock

GROUP = "alerts"


def consume_statements(recorder: RecordDecisions, clock: Clock, wake_sender: Callable[[], None]) -> Handler:
    """The handler of one statements message."""

    async def handle(record: Record) -> Outcome:
        message_id = read_attributes(record.headers).id
        outcome = await recorder.record(message_id, read_data(ArticleStatements, record.value), clock())
        wake_sender()
        return outcome

    return handle
