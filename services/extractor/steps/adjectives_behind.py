"""Part of step 4, for languages whose adjectives follow their noun: "soldats nord-coréens supplémentaires"."""

from services.extractor.document import Mention, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.terms import Match
from services.extractor.vocabulary import TermKind, VerbForm

_LEADS_NOUN = (
    TermKind.DETERMINER,
    TermKind.NUMBER,
    TermKind.QUANTIFIER,
    TermKind.VAGUE,
    TermKind.RELATOR,
    TermKind.ANAPHOR,
    TermKind.NEGATION,
    TermKind.COORDINATOR,
    TermKind.ATTRIBUTION,
    TermKind.PARTITIVE,
    TermKind.NATION,
)


def nation_adjective(token: Token) -> Match | None:
    return next((match for match in token.terms if match.term.sort == EntryKind.ADJECTIVE.value), None)


def take_adjectives_behind(tokens: list[Token], sentence: Sentence, mention: Mention) -> None:
    """Takes in the adjectives right behind the noun; the nation's tells whose the force is."""
    cursor = mention.last
    while cursor < sentence.last:
        token = tokens[cursor]
        nation = nation_adjective(token)
        more = token.term(TermKind.QUANTIFIER)
        kind = token.term(TermKind.FORCE)
        if nation is not None and nation.term.entry is not None:
            mention.code = mention.code or nation.term.entry.code
            cursor = mention.last = nation.last
        elif more is not None and more.term.sort == "further" and more.term.entry is None:
            mention.additional = True
            cursor = mention.last = more.last
        elif kind is not None and kind.term.adjective:
            if kind.term.group:
                mention.features |= {"group"}
            cursor = mention.last = kind.last
        elif (word := token.term(TermKind.MILITARY)) is not None:
            mention.features -= {"weak", "role"}  # "éléments aéroportés"
            cursor = mention.last = word.last
        elif _is_plain(token) and cursor + 1 < sentence.last and nation_adjective(tokens[cursor + 1]) is not None:
            cursor += 1  # "troupes mécanisées russes"
        else:
            return


def describes_before_owner(tokens: list[Token], index: int) -> bool:
    """Whether an adjective or participle in no list stands between a noun and its "of"."""
    token = tokens[index]
    participle = all(reading.form is VerbForm.PARTICIPLE for reading in token.verbs)
    if not _is_plain(token) or not participle or index + 1 >= len(tokens):
        return False
    behind = tokens[index + 1]
    return behind.leads("of") or nation_adjective(behind) is not None


def _is_plain(token: Token) -> bool:
    return token.form.isalpha() and token.form.islower() and not token.terms


def is_adjective_here(tokens: list[Token], sentence: Sentence, match: Match) -> bool:
    """Whether a word that is noun and adjective is the adjective of the noun before it: "une base militaire"."""
    if not match.term.adjective or match.first == sentence.first:
        return False
    before = tokens[match.first - 1]
    if not before.form.isalpha():
        return before.inside and not any(
            m.last == match.first and _leads(m) for k in range(1, 5) for m in _at(tokens, match.first - k)
        )
    return not any(_leads(m) for m in before.terms)


def _leads(match: Match) -> bool:
    return match.term.kind in _LEADS_NOUN


def _at(tokens: list[Token], index: int) -> tuple[Match, ...]:
    return tokens[index].terms if index >= 0 else ()
