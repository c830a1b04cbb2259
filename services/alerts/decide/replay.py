"""A ledger in memory, as `vedette replay` feeds it one article after the other."""

from services.alerts.decide.decide_article import Decision, LedgerSettings, decide_article
from services.alerts.decide.state import LedgerState
from shared.events.statements import ArticleStatements


class Ledger:
    """Starts empty. It grows with its claims, and with the articles that told them."""

    def __init__(self, settings: LedgerSettings | None = None) -> None:
        self.state = LedgerState()
        self._settings = settings or LedgerSettings()

    def decide(self, article: ArticleStatements) -> tuple[Decision, ...]:
        """The decisions in text order; none for a revision not above the last one decided."""
        outcome = decide_article(self.state, article, self._settings)
        if outcome is None:
            return ()
        if not outcome.record.reports and outcome.record.revision == 1:
            # An article that claims nothing need not be remembered: told again, it claims nothing again.
            del self.state.articles[outcome.record.article_id]
        return outcome.decisions
