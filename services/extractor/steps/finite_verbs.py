"""Part of step 5: which verb form is the finite one: what could be a participle or an infinitive mostly is."""

from collections.abc import Sequence

from services.extractor.document import Token
from services.extractor.orthography import Orthography
from services.extractor.steps.clause_verbs import describes_in_infinitive, is_allegation
from services.extractor.steps.verb_readings import is_done_by_force
from services.extractor.steps.words_needed import NOUN_KINDS
from services.extractor.vocabulary import FINITE, FrameClass, TermKind, VerbForm

REDUCED_REACH = 14
"""Within how many tokens behind a participle the sentence's own verb must come."""

_PLACES = frozenset({FrameClass.SEND, FrameClass.BE})


def finite_verbs(
    tokens: list[Token], among: Sequence[int], first: int, last: int, orthography: Orthography
) -> list[int]:
    """The finite verbs among the tokens of a segment [first, last)."""
    return [index for index in among if tokens[index].verbs and is_finite(tokens, index, first, last, orthography)]


def is_finite(tokens: list[Token], index: int, first: int, last: int, orthography: Orthography) -> bool:
    """Whether the verb form at `index` is the finite verb; a form that could be an infinitive or participle is not
    where an auxiliary of the segment already is finite: before it, or, where verbs stand last, behind it."""
    readings = tokens[index].verbs
    if not readings or (index > first and tokens[index].form[0].isupper()):
        return False
    finite = [reading for reading in readings if reading.form in FINITE]
    if not finite or is_allegation(tokens, index, orthography):
        return False
    noun = any(m.term.kind in NOUN_KINDS for m in tokens[index].terms)
    noun = noun and not (orthography.articles_mark_nouns and is_done_by_force(tokens, index, orthography.noun_plurals))
    if noun and not any(r.verb.auxiliary or r.verb.modal for r in readings):
        return False
    if index > first and tokens[index - 1].lower in orthography.infinitive_markers:
        return False
    if index - 2 >= first and _behind_perfect(tokens, index, orthography):
        return False
    if _goes_on_in_infinitive(tokens, index, first, orthography):
        return False
    if tokens[index].may_be(VerbForm.PARTICIPLE) and describes_in_infinitive(tokens, index, last, orthography):
        return False
    if len(finite) == len(readings) or _goes_on_saying(tokens, index, first, last):
        return True
    if orthography.inverted_subject and index > first and tokens[index - 1].term(TermKind.COORDINATOR) is not None:
        return index + 1 < last and tokens[index + 1].form[0].isalnum()  # "… und stehen jetzt in Haiti"
    if _is_reduced_relative(tokens, index, first, last, orthography) or _is_inserted(tokens, index, first):
        return False
    modal = any(r.verb.modal for r in readings)
    if orthography.verb_final:
        among: Sequence[int] = range(max(first, index - 25), min(last, index + 25))
    else:  # "was unclear whether Iran had": what stands before the subordinator rules nothing behind it
        opened = (k for k in range(index - 1, first, -1) if tokens[k].term(TermKind.SUBORDINATOR) is not None)
        among = range(max(next(opened, first), index - 25), index)
        among = [other for other in among if not _has_its_participle(tokens, other, index)]
    return not any(other != index and tokens[other].verbs and _rules(tokens[other], modal) for other in among)


def _has_its_participle(tokens: list[Token], helper: int, index: int) -> bool:
    """ "units that had entered X | have left": a second helper behind the first one's participle is finite as well."""
    if not any(r.verb.auxiliary and not r.verb.modal for r in tokens[index].verbs):
        return False
    between = tokens[helper + 1 : index]
    return any(t.may_be(VerbForm.PARTICIPLE) and not any(r.verb.auxiliary for r in t.verbs) for t in between)


def _is_done_by(tokens: list[Token], index: int, last: int) -> bool:
    """ "soldiers backed by drones and artillery stormed X": an agent behind it, and the real verb behind that."""
    return tokens[index + 1].leads("by") and any(
        tokens[k].may_be(*FINITE) and tokens[k - 1].term(TermKind.COORDINATOR) is None for k in range(index + 2, last)
    )


def _behind_perfect(tokens: list[Token], index: int, orthography: Orthography) -> bool:
    """ "claims not to have sent": behind the helper of an infinitive."""
    marked = tokens[index - 2].lower in orthography.infinitive_markers
    return marked and any(r.verb.auxiliary and r.form is VerbForm.INFINITIVE for r in tokens[index - 1].verbs)


def _goes_on_in_infinitive(tokens: list[Token], index: int, first: int, orthography: Orthography) -> bool:
    """ "wants to close its embassy and send": right behind a coordinator, what an infinitive before it rules as well;
    not "want to help and say that …"."""
    if index - 1 <= first or tokens[index - 1].term(TermKind.COORDINATOR) is None:
        return False
    readings = tokens[index].verbs
    if not tokens[index].may_be(VerbForm.INFINITIVE) or any(r.verb.says or r.verb.auxiliary for r in readings):
        return False
    return joined_infinitive(tokens, first, index, orthography)


def joined_infinitive(tokens: list[Token], first: int, index: int, orthography: Orthography) -> bool:
    """Whether an infinitive with its marker stands between `first` and `index` in the same clause."""
    for k in range(index - 2, first, -1):
        if tokens[k].term(TermKind.SUBORDINATOR) is not None:
            return False
        if tokens[k].lower in orthography.infinitive_markers and tokens[k + 1].may_be(VerbForm.INFINITIVE):
            return True
    return False


def _goes_on_saying(tokens: list[Token], index: int, first: int, last: int) -> bool:
    """ "said Chad had sent 90 men and added that …": between a coordinator and "that"."""
    if not first < index < last - 1 or tokens[index - 1].term(TermKind.COORDINATOR) is None:
        return False
    return tokens[index + 1].has(TermKind.SUBORDINATOR, "that") and any(r.verb.says for r in tokens[index].verbs)


def _is_inserted(tokens: list[Token], index: int, first: int) -> bool:
    """ "troops, backed by helicopters, retook X", "soldiers, based in X until now, will move": a participle right
    behind a comma, and its agent, or behind a force, with the real verb behind the next comma."""
    if index != first or index < 2 or tokens[index - 1].form != "," or index + 1 >= len(tokens):
        return False
    if not tokens[index].may_be(VerbForm.PARTICIPLE):
        return False
    if tokens[index + 1].leads("by"):
        return True
    force = tokens[index - 2].term(TermKind.FORCE) is not None or tokens[index - 2].inside
    moved = any(r.form is VerbForm.PARTICIPLE and r.verb.frame in _PLACES for r in tokens[index].verbs)
    if not (force and moved) or tokens[index + 1].term(TermKind.RELATOR) is None:
        return False
    reach = range(index + 2, min(index + REDUCED_REACH, len(tokens) - 1))
    closing = next((k for k in reach if not tokens[k].form[0].isalnum()), None)
    return closing is not None and tokens[closing].form == "," and tokens[closing + 1].may_be(*FINITE)


def _rules(token: Token, over_modal: bool) -> bool:
    """Whether this auxiliary or modal is finite; over a modal form only one that can be nothing else."""
    helpers = [r for r in token.verbs if r.form in FINITE and (r.verb.auxiliary or r.verb.modal)]
    return bool(helpers) and (not over_modal or all(r.form in FINITE for r in token.verbs))


def _is_reduced_relative(tokens: list[Token], index: int, first: int, last: int, orthography: Orthography) -> bool:
    """ "soldiers based at X will move to Y": a participle right behind its noun and before a relator, with the real
    verb still to come; of a subordinate clause, before it ends ("if soldiers departed from X, others would …")."""
    if orthography.verb_final or index == 0 or index + 1 >= len(tokens):
        return False
    if tokens[index - 1].term(TermKind.FORCE) is None and not tokens[index - 1].inside:
        return False
    behind = index + 1 + any(r.verb.particle == tokens[index + 1].lower for r in tokens[index].verbs)
    relates = any(token.term(TermKind.RELATOR) is not None for token in tokens[index + 1 : behind + 1])
    if not relates or not any(
        reading.form is VerbForm.PARTICIPLE and not reading.verb.says for reading in tokens[index].verbs
    ):
        return False
    if _is_done_by(tokens, index, last):
        return True
    end = last if tokens[first].term(TermKind.SUBORDINATOR) is not None else len(tokens)
    for token in tokens[index + 2 : min(index + REDUCED_REACH, end)]:
        if token.form in (".", ";") or token.term(TermKind.COORDINATOR) or token.term(TermKind.SUBORDINATOR):
            return False
        if any((r.verb.auxiliary or r.verb.modal) and r.form in FINITE for r in token.verbs):
            return True
    return False


def may_say(tokens: list[Token], index: int, forms: frozenset[VerbForm] | None = None) -> bool:
    """Whether the verb may be one of saying, with the particle that follows: "went on", not "went home"."""
    following = tokens[index + 1].lower if index + 1 < len(tokens) else None
    readings = [r for r in tokens[index].verbs if r.verb.particle in (None, following)]
    joined = [r for r in readings if r.verb.particle is not None]
    return any(r.verb.says and (forms is None or r.form in forms) for r in joined or readings)
