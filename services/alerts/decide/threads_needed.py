"""Which threads of the ledger an article is decided against, so that no others need be loaded."""

from typing import NamedTuple

from services.alerts.decide.reports import thread_id
from services.alerts.decide.state import ArticleRecord, ThreadState
from shared.events.statements import ArticleStatements


class ThreadsNeeded(NamedTuple):
    """Load every thread that one of these names, whole."""

    thread_ids: frozenset[str]
    """The claims' own threads and those of the article's earlier revision."""
    actors: frozenset[str | None]
    """All threads of an actor: a claim leaves the destination open (None: nobody's, it leaves both open)."""
    sides: frozenset[str]
    """All threads to a destination or region: a claim leaves the actor open."""
    actors_to_unknown: frozenset[str]
    """The threads of an actor that leave the destination open: a claim knows it."""
    unknown_to: frozenset[str]
    """The threads to a destination that leave the actor open: a claim knows it."""

    def names(self, thread: ThreadState) -> bool:
        return (
            thread.thread_id in self.thread_ids
            or thread.actor in self.actors
            or bool({thread.destination, thread.region} & self.sides)
            or (thread.destination is None and thread.actor in self.actors_to_unknown)
            or (thread.actor is None and thread.destination in self.unknown_to)
        )


def threads_needed(article: ArticleStatements, recorded: ArticleRecord | None = None) -> ThreadsNeeded:
    """Which threads decide the article whose earlier revision is `recorded`."""
    claims = [claim for statement in article.statements for claim in statement.claims]
    complete = [claim for claim in claims if claim.actor and claim.destination]
    sides = {claim.destination or claim.place_key for claim in claims if claim.actor is None}
    return ThreadsNeeded(
        thread_ids=frozenset(
            (*map(thread_id, claims), *(report.thread_id for report in (recorded.reports if recorded else ())))
        ),
        actors=frozenset(claim.actor for claim in claims if claim.destination is None and claim.actor)
        | ({None} if None in sides else frozenset()),
        sides=frozenset(side for side in sides if side is not None),
        actors_to_unknown=frozenset(claim.actor for claim in complete if claim.actor),
        unknown_to=frozenset(claim.destination for claim in complete if claim.destination),
    )
