"""Part of step 5: where a clause without a finite verb begins: "after sending …", "without being replaced"."""

from services.extractor.document import TermKind, Token, VerbForm
from services.extractor.orthography import Orthography
from services.extractor.terms import Match

_NOUNS = frozenset({TermKind.CUE, TermKind.EVENT, TermKind.FORCE, TermKind.HEDGE})
_SORTS = frozenset({"time", "ahead", "reason"})


def nonfinite_at(tokens: list[Token], first: int, last: int, opener: str, orthography: Orthography) -> int | None:
    """The token of the segment [first, last) at which a gerund's clause opens; before it the segment's own words."""
    if orthography.verb_final:
        return None
    if opener in ("", ",") and _is_perfect_gerund(tokens, first, last):
        return first
    for index in range(first, last - 1):
        if any(_opens_gerund(tokens, match, last, orthography) for match in tokens[index].terms):
            return index
    return None


def is_left_undone(tokens: list[Token], first: int) -> bool:
    """ "without sending", "rather than send": what does not happen."""
    relator = tokens[first].term(TermKind.RELATOR)
    return relator is not None and "lacking" in relator.term.roles


def _opens_gerund(tokens: list[Token], opener: Match, last: int, orthography: Orthography) -> bool:
    lacking = opener.term.kind is TermKind.RELATOR and "lacking" in opener.term.roles
    if opener.last >= last or not (lacking or _subordinates(opener)):
        return False
    index = opener.last
    if tokens[index].lower.endswith(orthography.adverb_endings) and index + 1 < last:
        index += 1
    token = tokens[index]
    if any(match.term.kind in _NOUNS for match in token.terms):
        return False  # "after fighting in X"
    forms = {reading.form for reading in token.verbs}
    return VerbForm.GERUND in forms or (lacking and VerbForm.INFINITIVE in forms)


def _subordinates(opener: Match) -> bool:
    return opener.term.kind is TermKind.SUBORDINATOR and (opener.term.sort in _SORTS or opener.term.effect is not None)


def _is_perfect_gerund(tokens: list[Token], first: int, last: int) -> bool:
    """ "Having sent …": the helper opens the segment, the participle stands right behind."""
    helper = any(r.verb.auxiliary and r.form is VerbForm.GERUND for r in tokens[first].verbs)
    return helper and any(
        r.form is VerbForm.PARTICIPLE for token in tokens[first + 1 : min(first + 3, last)] for r in token.verbs
    )
