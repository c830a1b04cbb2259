"""Part of step 5: where a clause without a finite verb begins: "after sending …", "without being replaced"."""

from dataclasses import replace

from services.extractor.document import Token
from services.extractor.orthography import Orthography
from services.extractor.steps.finite_verbs import finite_verbs
from services.extractor.steps.segments import Segment
from services.extractor.terms import Match
from services.extractor.vocabulary import FINITE, TermKind, VerbForm

VERB_WITHIN = 3
"""Words at the beginning of a clause without a finite verb that hold its own verb: "After sending", "Having sent"."""
_NOUNS = frozenset({TermKind.CUE, TermKind.EVENT, TermKind.FORCE, TermKind.HEDGE})
_SORTS = frozenset({"time", "ahead", "reason"})
_ENDS = frozenset('.!?,"“”') | {"..."}
_MAY_RESULT = frozenset({TermKind.EVENT, TermKind.CUE, TermKind.HEDGE})


def split_nonfinite(tokens: list[Token], segment: Segment, orthography: Orthography) -> list[Segment]:
    """ "asked for help | after sending 250 soldiers to X", unless a finite verb follows."""
    first = segment.first
    start = _nonfinite_at(tokens, first, segment.last, segment.opener, orthography)
    if start is None or finite_verbs(
        tokens, range(start + VERB_WITHIN, segment.last), start, segment.last, orthography
    ):
        return [segment]
    undone = _is_left_undone(tokens, start)
    if all(token.term(TermKind.COORDINATOR) is not None for token in tokens[first:start]):
        return [replace(segment, gerund=True, undone=undone)]
    return [replace(segment, last=start), Segment(start, segment.last, "+", gerund=True, undone=undone)]


def open_behind_gerund(tokens: list[Token], segments: list[Segment]) -> None:
    """ "After storming X, in Kenya, | soldiers searched the houses": the main clause, whatever its verb; a short
    segment, or one with a relator, still belongs to the gerund."""
    if not segments[0].gerund:
        return
    for number, segment in enumerate(segments[1:], 1):
        short = segment.last - segment.first <= VERB_WITHIN and number + 1 < len(segments)
        if short and _is_office(tokens, segments[number + 1]):
            segment.opens = True  # "Speaking in X, Petra Novak, | spokeswoman for Y, | said …"
            return
        if not short and tokens[segment.first].term(TermKind.RELATOR) is None:
            segment.opens = tokens[segment.first].term(TermKind.SUBORDINATOR) is None
            return


def _is_office(tokens: list[Token], segment: Segment) -> bool:
    return any(token.term(TermKind.ROLE_NOUN) is not None for token in tokens[segment.first : segment.last])


def _nonfinite_at(tokens: list[Token], first: int, last: int, opener: str, orthography: Orthography) -> int | None:
    """The token of the segment [first, last) at which a gerund's clause opens; before it the segment's own words."""
    if orthography.verb_final:
        return None
    if opener in ("", ",") and _is_perfect_gerund(tokens, first, last):
        return first
    if opener == "," and (
        _is_trailing_gerund(tokens, first, last) or _is_trailing_result(tokens, first, last, orthography)
    ):
        return first
    if opener == "" and (
        _is_opening_participle(tokens, first, last) or _is_opening_gerund(tokens, first, last, orthography)
    ):
        return first
    for index in range(first, last - 1):
        if any(_opens_gerund(tokens, match, last, orthography) for match in tokens[index].terms):
            return index
    return None


def _is_left_undone(tokens: list[Token], first: int) -> bool:
    """ "without sending", "rather than send": what does not happen."""
    return tokens[first].leads("lacking")


def _opens_gerund(tokens: list[Token], opener: Match, last: int, orthography: Orthography) -> bool:
    lacking = opener.term.kind is TermKind.RELATOR and "lacking" in opener.term.roles
    if opener.last >= last or not (lacking or _subordinates(opener)):
        return False
    index = opener.last
    if tokens[index].lower.endswith(orthography.adverb_endings) and index + 1 < last:
        index += 1
    token = tokens[index]
    if any(match.term.kind in _NOUNS for match in token.terms) and not _has_object(tokens, index + 1, last):
        return False  # "after fighting in X"
    forms = {reading.form for reading in token.verbs}
    return VerbForm.GERUND in forms or (lacking and VerbForm.INFINITIVE in forms)


def _has_object(tokens: list[Token], index: int, last: int) -> bool:
    """ "after shelling X", "after landing in X": where it goes or whom it strikes stands right behind."""
    if index >= last:
        return False
    behind = tokens[index]
    relates = behind.term(TermKind.RELATOR) is not None and not behind.leads("of")
    moves = relates and tokens[index - 1].term(TermKind.CUE) is None
    return moves or behind.form[0].isupper() or behind.term(TermKind.DETERMINER) is not None


def _subordinates(opener: Match) -> bool:
    return opener.term.kind is TermKind.SUBORDINATOR and (opener.term.sort in _SORTS or opener.term.effect is not None)


def _is_perfect_gerund(tokens: list[Token], first: int, last: int) -> bool:
    """ "Having sent …": the helper opens the segment, the participle stands right behind."""
    helper = any(r.verb.auxiliary and r.form is VerbForm.GERUND for r in tokens[first].verbs)
    return helper and any(token.may_be(VerbForm.PARTICIPLE) for token in tokens[first + 1 : min(first + 3, last)])


def _is_trailing_gerund(tokens: list[Token], first: int, last: int) -> bool:
    """ "…, leaving 200 soldiers in X": what its subject does besides, with an object of its own."""
    verbs = (r.verb for r in tokens[first].verbs if r.form is VerbForm.GERUND)
    gerund = any(verb.frame is not None and not verb.relieves for verb in verbs)
    leads = tokens[first].term(TermKind.RELATOR) or tokens[first].term(TermKind.ATTRIBUTION)
    return gerund and leads is None and first + 1 < last and _has_object(tokens, first + 1, last)


def _is_trailing_result(tokens: list[Token], first: int, last: int, orthography: Orthography) -> bool:
    """ "…, angering Paris.", "…, raising fears of a war in X.": what follows from it, without any force, to the
    next sign."""
    token, closing = tokens[first], tokens[last - 1].form
    if not token.lower.endswith(orthography.gerund_endings) or closing not in _ENDS or last - first < VERB_WITHIN:
        return False
    if any(match.term.kind not in _MAY_RESULT for match in token.terms):
        return False
    words = tokens[first:last]
    return not any(word.term(TermKind.FORCE) or word.may_be(*FINITE) or _counts(tokens, word.index) for word in words)


def _counts(tokens: list[Token], index: int) -> bool:
    """Not "20 years"."""
    unit = index + 1 < len(tokens) and tokens[index + 1].has(TermKind.NOT_PEOPLE, "unit")
    return tokens[index].is_figure and not unit


def _is_opening_participle(tokens: list[Token], first: int, last: int) -> bool:
    """ "Pulled back from X in March, the soldiers …": no object follows, and a comma closes."""
    forms = {reading.form for reading in tokens[first].verbs if reading.verb.frame is not None}
    if VerbForm.PARTICIPLE not in forms or last >= len(tokens) or tokens[last - 1].form != ",":
        return False
    particle = any(reading.verb.particle == tokens[first + 1].lower for reading in tokens[first].verbs)
    behind = tokens[first + 1 + particle]
    return behind.term(TermKind.RELATOR) is not None


def _is_opening_gerund(tokens: list[Token], first: int, last: int, orthography: Orthography) -> bool:
    """ "Leaving X after sixty years, France …", "By leaving X, …", "While leaving X, …", "Defying Paris, …": in no
    list, only right before its object."""
    if tokens[first].leads("by") or tokens[first].term(TermKind.COORDINATOR) is not None:
        first += bool(tokens[first + 1].verbs)
    if (
        last >= len(tokens)
        or tokens[last - 1].form != ","
        or not tokens[first].lower.endswith(orthography.gerund_endings)
    ):
        return False
    if any(match.term.kind is TermKind.EVENT for match in tokens[first].terms):
        return False  # "Fighting in X, on the border, …"
    if tokens[first].verbs:
        relates = tokens[first].term(TermKind.RELATOR) or tokens[first].term(TermKind.ATTRIBUTION)
        return tokens[first].may_be(VerbForm.GERUND) and relates is None
    behind = tokens[first + 1]
    owned = behind.has(TermKind.ANAPHOR, "owner") or behind.term(TermKind.DETERMINER) is not None
    return not tokens[first].terms and (owned or behind.term(TermKind.NATION) is not None)
