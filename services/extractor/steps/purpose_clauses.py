"""Part of step 5: where a clause of purpose begins: "sent soldiers to X | to help the army"."""

from services.extractor.document import Token
from services.extractor.orthography import Orthography
from services.extractor.steps.deciders import noun_before
from services.extractor.steps.finite_verbs import finite_verbs, joined_infinitive
from services.extractor.steps.nonfinite_clauses import VERB_WITHIN
from services.extractor.steps.segments import Segment
from services.extractor.steps.words_needed import NEXT_VERB
from services.extractor.vocabulary import Effect, TermKind, VerbForm


def opens_with_purpose(tokens: list[Token], segment: Segment, orthography: Orthography) -> bool:
    """ "To reinforce the garrison of X, | Kenya has sent 900 soldiers": an infinitive in front, and a comma closes."""
    first = segment.first
    if segment.opener or segment.last - first < VERB_WITHIN or tokens[segment.last - 1].form != ",":
        return False
    marked = tokens[first].lower in orthography.infinitive_markers and tokens[first + 1].may_be(VerbForm.INFINITIVE)
    return marked and not finite_verbs(tokens, range(first + 2, segment.last), first, segment.last, orthography)


def purpose_at(tokens: list[Token], first: int, last: int, orthography: Orthography) -> int | None:
    """Where a clause of purpose begins: "sent soldiers to X | to help the army". An infinitive right behind a verb, or
    behind a verb that rules others ("ordered troops to go"), belongs to that verb."""
    if orthography.verb_final:
        return None
    for index in range(first + 1, last - 1):
        token = tokens[index]
        if (
            token.lower not in orthography.infinitive_markers
            or token.inside
            or _behind_verb(tokens, index, orthography)
            or _behind_subject(tokens, first, index)
            or noun_before(tokens, first, index) is not None
            or _goes_on(tokens, first, index, orthography)
        ):
            continue
        if not tokens[index + 1].may_be(VerbForm.INFINITIVE):
            continue
        before = [k for k in range(first, index) if any(not r.verb.auxiliary for r in tokens[k].verbs)]
        if not before:
            if _is_predicate(tokens, first, index - 1, orthography):
                return index
            continue
        verbs = [r.verb for r in tokens[before[-1]].verbs if NEXT_VERB not in r.verb.needs]
        if any(verb.frame for verb in verbs) and not any(verb.effect or verb.says for verb in verbs):
            return index
    return None


def _behind_subject(tokens: list[Token], first: int, index: int) -> bool:
    """ "opened the way for 90 soldiers to go": they are to do it."""
    if tokens[index - 1].term(TermKind.FORCE) is None and not tokens[index - 1].inside:
        return False
    for token in reversed(tokens[first:index]):
        if any(match.term.kind is TermKind.CUE and match.term.effect is Effect.PLAN for match in token.terms):
            return True  # "the way for"
        if token.term(TermKind.RELATOR) is not None or token.verbs:
            return token.leads("for")
    return False


def _behind_verb(tokens: list[Token], index: int, orthography: Orthography) -> bool:
    """ "want to go", "are eventually to be sent"."""
    before = tokens[index - 1]
    adverb = before.term(TermKind.TIME) is not None or before.lower.endswith(orthography.adverb_endings)
    return bool(before.verbs) or (adverb and index > 1 and any(r.verb.copula for r in tokens[index - 2].verbs))


def _goes_on(tokens: list[Token], first: int, index: int, orthography: Orthography) -> bool:
    """ "wants to close its embassy and to send soldiers": ruled by what rules the first infinitive."""
    joined = tokens[index - 1].term(TermKind.COORDINATOR) is not None
    return joined and joined_infinitive(tokens, first, index, orthography)


def _is_predicate(tokens: list[Token], first: int, index: int, orthography: Orthography) -> bool:
    """ "are not adequate to hold the town": a word in no list behind a copula, or the quoted rest of such a clause."""
    word = tokens[index]
    if word.terms or word.inside or not word.form.islower() or word.lower.endswith(orthography.adverb_endings):
        return False
    before = [reading for k in range(first, index) for reading in tokens[k].verbs]
    return not before
