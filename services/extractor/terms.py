"""Words and phrases of one language, looked up by their first token, longest match first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.extractor.document import Effect, EventNoun, TermKind, Token
from services.extractor.gazetteer_model import Entry, EntryKind
from shared.events.statements import StatementType


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the language data. `rule` names file table and first word, for `because`."""

    kind: TermKind
    rule: str
    sort: str | None = None  # finer kind, its values are listed in lexicon_tables.py
    roles: frozenset[str] = frozenset()
    effect: Effect | None = None
    value: float | None = None
    counts: bool = False  # a number before this force noun counts people
    names: bool = False  # a relator that often stands before a bare name of a village
    article: bool = False  # a relator that holds the article: "im", "in der"
    weak: bool = False  # needs more evidence than the word itself
    any_side: bool = False  # fighters of a state or a group alike
    role: bool = False  # a trade of soldiers and civilians alike: a force only beside a military word
    group: bool = False  # fighters of no state: without a name, the last group told of
    compound: bool = False  # also as the last part of a compound
    statement: StatementType | None = None
    event: EventNoun | None = None
    entry: Entry | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    term: Term
    first: int
    last: int

    @property
    def side(self) -> str | None:
        """The state, alliance or group a name stands for: its own, or a leader's."""
        if self.term.kind is TermKind.PERSON:
            return self.term.code
        if self.term.kind in (TermKind.NATION, TermKind.ORGANISATION) and self.term.entry is not None:
            return None if self.term.entry.kind is EntryKind.MEDIUM else self.term.entry.code
        return None


class TermTable:
    """Phrases as tuples of lower-case tokens. Look-up cost is bounded by the phrases that share a first token."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Term]]] = {}

    def add(self, phrase: Sequence[str], term: Term) -> None:
        words = tuple(phrase)
        if words and all((words, term) != known for known in self._by_first.get(words[0], ())):
            self._by_first.setdefault(words[0], []).append((words, term))

    def freeze(self) -> None:
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def __contains__(self, word: str) -> bool:
        return word in self._by_first

    def words(self) -> Iterable[str]:
        return self._by_first

    def terms_of(self, word: str) -> list[Term]:
        """Terms of a single word."""
        return [term for words, term in self._by_first.get(word, ()) if len(words) == 1]

    def matches(self, tokens: Sequence[Token], index: int, last: int) -> list[Match]:
        """All entries that begin at `index` and end before `last`, longest first."""
        entries = self._by_first.get(tokens[index].lower)
        if not entries:
            return []
        found = []
        for words, term in entries:
            end = index + len(words)
            if end <= last and all(tokens[index + k].lower == words[k] for k in range(1, len(words))):
                entry = term.entry
                if entry is None or entry.allows(tokens[index].form):
                    found.append(Match(term, index, end))
        return found
