"""Part of step 4: descriptions before the noun of a force: several adjectives, what a participle takes along."""

from services.extractor.document import Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.words_that_tell import MODIFIES, is_number, moves, tells
from services.extractor.vocabulary import FINITE, TermKind

MAX_WORDS = 12
"""Of what stands between a figure and its noun."""
_DEGREES = frozenset({TermKind.QUANTIFIER, TermKind.MILITARY})
"""What a word before an adjective may be as well: "gut ausgebildet", "schwer bewaffnet"."""


def attributes_before(tokens: list[Token], sentence: Sentence, noun: int, language: Language) -> tuple[int, int] | None:
    """ "300 [junge, unerfahrene] Soldaten", "its [tired, hungry] soldiers", "90 [im Gebirge ausgebildete] Mann"."""
    last = noun
    while last - 1 > sentence.first and tokens[last - 1].has(TermKind.NATION, EntryKind.ADJECTIVE.value):
        last -= 1
    first = last
    while first - 1 > sentence.first and last - first < MAX_WORDS and _is_attribute(tokens, first - 1):
        first -= 1
    several = any(token.joins or token.term(TermKind.TIME) is not None for token in tokens[first:last])
    if first < last and several and not tokens[last - 1].joins and _opens(tokens, first, language):
        return first, last
    return _phrase_before(tokens, sentence, last, language)


def _is_attribute(tokens: list[Token], index: int) -> bool:
    """An adjective or participle of no list, a word of degree before one, or a joint."""
    token = tokens[index]
    if token.joins:
        return True
    if token.inside:
        return token.form.islower()  # "schwer | bewaffnete"
    if not token.form.islower() or not token.form[0].isalpha() or moves(tokens, index, frozenset()):
        return False
    if any(reading.verb.says or reading.verb.effect is not None for reading in token.verbs):
        return False
    behind = tokens[index + 1]
    if token.term(TermKind.TIME) is not None:
        return behind.may_be(*MODIFIES) or behind.inside  # "kürzlich ausgebildete", "erst kürzlich …"
    degree = all(m.term.kind in _DEGREES and m.term.sort in (None, "about") for m in token.terms)
    return (not token.terms or (degree and behind.form.islower())) and (not token.verbs or token.may_be(*MODIFIES))


def _opens(tokens: list[Token], first: int, language: Language) -> bool:
    """Whether what stands before `first` opens a noun phrase: a figure, an article or an owner."""
    before = tokens[first - 1]
    if tokens[first].joins:
        return False
    return (
        is_number(before, language)
        or before.has(TermKind.ANAPHOR, "owner")
        or before.term(TermKind.DETERMINER) is not None
    )


def _phrase_before(tokens: list[Token], sentence: Sentence, last: int, language: Language) -> tuple[int, int] | None:
    """ "300 [mit Drohnen ausgerüstete] Soldaten": a figure, a phrase, and a bent participle or adjective."""
    orthography = language.orthography
    bent = tokens[last - 1]
    if (
        not orthography.verb_final
        or any(m.term.kind is not TermKind.MILITARY for m in bent.terms)
        or not bent.lower.endswith(orthography.attribute_endings)
    ):
        return None
    for first in range(last - 2, max(sentence.first, last - MAX_WORDS), -1):
        token = tokens[first]
        if not token.form[0].isalnum() or (token.may_be(*FINITE) and not token.may_be(*MODIFIES) and not token.terms):
            return None
        opens = token.term(TermKind.RELATOR) or token.term(TermKind.DETERMINER)
        if is_number(tokens[first - 1], language) and opens and not token.has(TermKind.DETERMINER, "genitive"):
            return None if tells(tokens, first, last - 1, language, clause=False) else (first, last)
    return None
