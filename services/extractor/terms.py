"""Words and phrases of one language, looked up by their first token, longest match first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from services.extractor.document import Token
from services.extractor.gazetteer_model import Entry, EntryKind
from services.extractor.vocabulary import Effect, EventNoun, TermKind
from shared.events.statements import StatementType

ARMED_NAMES = frozenset({EntryKind.FORCES.value, EntryKind.ARMED_GROUP.value, EntryKind.SHIP.value})
"""Sorts of gazetteer entries that name armed actors without a word for forces beside them."""

MIN_COMPOUND_HEAD = 4
"""Letters of a word that may end a compound; shorter ones end half of all words."""


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
    adjective: bool = False  # also an adjective, which is none of its own behind a noun: "base militaire"
    any_side: bool = False  # fighters of a state or a group alike
    role: bool = False  # a trade of soldiers and civilians alike: a force only beside a military word
    group: bool = False  # fighters of no state: without a name, the last group told of
    compound: bool = False  # also as the last part of a compound
    statement: StatementType | None = None
    event: EventNoun | None = None
    entry: Entry | None = None
    code: str | None = None

    @property
    def names_armed(self) -> bool:
        """Whether it stands for armed forces or an armed group."""
        return (self.kind is TermKind.FORCE and not self.role) or self.sort in ARMED_NAMES

    def allows(self, form: str) -> bool:
        """Whether the first word as it is written can begin this entry."""
        return self.entry is None or self.entry.allows(form)


@dataclass(slots=True)
class Match:
    """An entry found at tokens [first, last). No tuple and not frozen: made and asked for every word."""

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


def plain_apostrophe(word: str) -> str:
    """Typewriter for typographic apostrophe: the language data write one of the two."""
    return word.replace("’", "'")


@dataclass(slots=True)
class _Phrases:
    """All entries that begin with one word."""

    alone: list[Term] = field(default_factory=list)
    longer: dict[str, list[tuple[tuple[str, ...], list[Term]]]] = field(default_factory=dict)
    """By the second word: what stands behind it, the longest first."""


class TermTable:
    """Phrases as tuples of lower-case tokens. Look-up cost is bounded by the phrases that share their first two."""

    def __init__(self) -> None:
        self._by_first: dict[str, _Phrases] = {}

    def add(self, phrase: Sequence[str], term: Term) -> None:
        """Makes `phrase` mean `term` too; an entry told twice stays one."""
        if not phrase:
            return
        words = tuple(plain_apostrophe(word) for word in phrase)
        phrases = self._by_first.setdefault(words[0], _Phrases())
        terms = phrases.alone if len(words) == 1 else _terms_behind(phrases.longer, words[1], words[2:])
        if term not in terms:
            terms.append(term)

    def freeze(self) -> None:
        """Call once after the last `add`."""
        for phrases in self._by_first.values():
            for entries in phrases.longer.values():
                entries.sort(key=lambda entry: -len(entry[0]))

    def words(self) -> Iterable[str]:
        """The first words of all phrases."""
        return self._by_first

    def terms_from(self, word: str) -> Iterator[Term]:
        """Terms of all phrases that begin with one of `words()`."""
        phrases = self._by_first[word]
        yield from phrases.alone
        for entries in phrases.longer.values():
            for _, terms in entries:
                yield from terms

    def terms_of(self, word: str) -> Sequence[Term]:
        """Terms of a single word."""
        phrases = self._by_first.get(word)
        return phrases.alone if phrases is not None else ()

    def longest(self, tokens: Sequence[Token], index: int, last: int) -> list[Match]:
        """What the longest phrase that begins at `index` and ends before `last` can mean."""
        phrases = self._by_first.get(tokens[index].lower)
        if phrases is None:
            return []
        form = tokens[index].form
        if phrases.longer and index + 1 < last:
            for rest, terms in phrases.longer.get(tokens[index + 1].lower, ()):
                end = index + 2 + len(rest)
                if end <= last and all(tokens[index + 2 + k].lower == word for k, word in enumerate(rest)):
                    found = [Match(term, index, end) for term in terms if term.allows(form)]
                    if found:
                        return found
        return [Match(one, index, index + 1) for one in phrases.alone if one.entry is None or one.entry.allows(form)]


def _terms_behind(
    longer: dict[str, list[tuple[tuple[str, ...], list[Term]]]], second: str, rest: tuple[str, ...]
) -> list[Term]:
    entries = longer.setdefault(second, [])
    for known, terms in entries:
        if known == rest:
            return terms
    entries.append((rest, []))
    return entries[-1][1]
