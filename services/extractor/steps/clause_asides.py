"""Part of step 5: clauses put between signs into another one, and what goes on behind them."""

from services.extractor.document import Clause, Token
from services.extractor.orthography import Orthography
from services.extractor.steps.segments import Segment
from services.extractor.vocabulary import FINITE, TermKind, VerbForm, VerbReading

_CLOSERS = {"(": frozenset(")"), "–": frozenset("–—"), "—": frozenset("–—")}
_NONFINITE = frozenset({VerbForm.PARTICIPLE, VerbForm.INFINITIVE})
MAX_ADVERBS = 2
"""Words between the sign and the verb that closes a bracket, where verbs do not stand last: "has, …, already sent"."""


def is_aside(
    tokens: list[Token], main: Clause, complete: bool, segments: list[Segment], number: int, orthography: Orthography
) -> bool:
    """ "300 soldiers, officials in X said, have arrived", "Chile hat – das steht fest – 300 Soldaten verlegt": a clause
    of its own before the main one has all its verbs, or between its verb and what belongs to that."""
    segment = segments[number]
    if not segment.finite or segment.subordinator is not None:
        return False
    if segment.opener in _CLOSERS:
        return any(later.opener in _CLOSERS[segment.opener] for later in segments[number + 1 :])
    after = _behind(segments, number)
    if segment.opener != "," or after is None:
        return False
    says = _only_says(tokens, segment)
    if not complete and _is_apposed(tokens, main) and _opens_with_verb(tokens, segment):
        return False
    if not complete:
        verb_next = _opens_with_verb(tokens, after)
        own_order = not _opens_with_verb(tokens, segment) and not _subordinates(tokens, segment)
        return after.finite and (says or (verb_next and own_order))
    if closes_bracket(tokens, main, after, orthography):
        return True
    unfinished = orthography.verb_final and _ends_with_verb(tokens, main) and not _says(tokens, main)
    return unfinished and not after.finite and says


def closes_bracket(
    tokens: list[Token], main: Clause, segment: Segment, orthography: Orthography, after_clause: bool = False
) -> bool:
    """ "Chile hat, …, 300 Soldaten nach X verlegt", "has, …, sent": the clause ends with its only verb, a helper,
    and the segment has the verb it helps. Behind another clause ("Chile will nach den Worten des Ministers, der …,
    300 Soldaten in X stationieren") or a bracket other words may follow the helper where a verb that comes last opens
    no clause."""
    helpers = [index for index in main.tokens() if tokens[index].verbs]
    pauses = _pauses_after_helper(tokens, main) and (not orthography.verb_final or _names_source(tokens, main))
    ends = _ends_with_verb(tokens, main) or pauses
    contrast = tokens[segment.first].has(TermKind.COORDINATOR, "contrast")  # "will nicht nach X, | sondern nach Y"
    if orthography.verb_final and (after_clause or contrast or segment.opener == ")") and not ends:
        ends = _verb_is_last(tokens, segment)
    if segment.infinitive or segment.opener in (":", ";") or not ends:
        return False
    if not all(_is_finite_helper(tokens[index]) for index in helpers):
        return False
    verbs = [k for k in range(segment.first, segment.last) if tokens[k].verbs and tokens[k].form[0].islower()]
    if any(all(r.form in FINITE or r.verb.modal for r in tokens[k].verbs) for k in verbs):
        return False
    closing = [k for k in verbs if any(r.form in _NONFINITE and not r.verb.says for r in tokens[k].verbs)]
    if not closing or (tokens[segment.first].term(TermKind.COORDINATOR) is not None and not contrast):
        return False
    if orthography.verb_final:
        return closing[-1] == verbs[-1] and not _opens_with_verb(tokens, segment)
    return closing[0] - segment.first <= MAX_ADVERBS


def _verb_is_last(tokens: list[Token], segment: Segment) -> bool:
    """The only verb of the segment is its last word."""
    words = [k for k in range(segment.first, segment.last) if tokens[k].form[0].isalnum()]
    verbs = [k for k in words if tokens[k].verbs and tokens[k].form[0].islower()]
    return len(words) > 1 and verbs == words[-1:]


def ends_main_clause(tokens: list[Token], main: Clause, segment: Segment, orthography: Orthography) -> bool:
    """ "wurden nach X, einer Stadt in Y, | verlegt", "wird Soldaten, | Panzer und Drohnen verlegen": verbs last, at
    most with a place or the rest of a list before, which a clause of its own would have second, though "verlegt" is a
    present form too; behind one whose only verb is a helper."""
    if not orthography.verb_final or segment.opener != ",":
        return False
    words = [tokens[k] for k in range(segment.first, segment.last) if tokens[k].form[0].isalnum()]
    verbs = [bool(word.verbs) and word.form[0].islower() for word in words]
    if True not in verbs or not all(verbs[verbs.index(True) :]):
        return False
    end = verbs.index(True)
    listed = any(word.term(TermKind.COORDINATOR) is not None for word in words[1:end])
    if not (verbs[0] or listed) and words[0].term(TermKind.RELATOR) is None:
        return False
    helpers = [tokens[k] for k in main.tokens() if tokens[k].verbs and tokens[k].form[0].islower()]
    ruled = any(r.verb.modal or r.verb.future for token in helpers for r in token.verbs)
    closing = words[end]
    participle = closing.may_be(VerbForm.PARTICIPLE) or ((ruled or not listed) and closing.may_be(*_NONFINITE))
    return participle and bool(helpers) and all(_is_finite_helper(token) for token in helpers)


def _is_apposed(tokens: list[Token], main: Clause) -> bool:
    """ "Jan Verhoef, Sprecher der Armee, | sagte, …": who somebody is stands between commas, and the verb is theirs."""
    words = [tokens[index] for index in main.tokens()]
    office = any(token.term(TermKind.ROLE_NOUN) for token in words)
    return len(main.pieces) > 1 and office and not any(token.term(TermKind.FORCE) for token in words)


def _behind(segments: list[Segment], number: int) -> Segment | None:
    """The next segment that no subordinator opens, if a comma does."""
    after = next((later for later in segments[number + 1 :] if later.subordinator is None), None)
    return after if after is not None and after.opener == "," else None


def _is_finite_helper(token: Token) -> bool:
    return any(r.form in FINITE and (r.verb.auxiliary or r.verb.modal) for r in token.verbs)


def _ends_with_verb(tokens: list[Token], main: Clause) -> bool:
    """The last word before the sign is a finite verb, which cannot be all."""
    words = [k for k in main.tokens() if tokens[k].form[0].isalnum()]
    return bool(words) and tokens[words[-1]].form[0].islower() and tokens[words[-1]].may_be(*FINITE)


def _names_source(tokens: list[Token], main: Clause) -> bool:
    """ "In X sollen, so der Minister, …": what stands between the commas only tells who says so."""
    verb = max(index for index in main.tokens() if tokens[index].verbs)
    return verb + 2 < main.last and tokens[verb + 2].term(TermKind.ATTRIBUTION) is not None


def _pauses_after_helper(tokens: list[Token], main: Clause) -> bool:
    """ "Chile will, according to its minister, send": the sign stands right behind the only verb."""
    verbs = [index for index in main.tokens() if tokens[index].verbs]
    behind = tokens[verbs[-1] + 1] if verbs else None
    return behind is not None and len(verbs) == 1 and not behind.form[0].isalnum()


def _opens_with_verb(tokens: list[Token], segment: Segment) -> bool:
    return tokens[segment.first].may_be(*FINITE)


def _says(tokens: list[Token], clause: Clause) -> bool:
    return any(r.verb.says or r.verb.effect for index in clause.tokens() for r in tokens[index].verbs)


def _only_says(tokens: list[Token], segment: Segment) -> bool:
    """Not "believes that Kenya, having left, …", nor with helpers only, "sind nach seinen Angaben in X"."""
    inside = [tokens[k].verbs for k in range(segment.first, segment.last)]
    finite = [readings for readings in inside if any(r.form in FINITE for r in readings)]
    if finite and _has_said(inside):
        return not _subordinates(tokens, segment)
    says = [any(r.verb.says for r in readings) for readings in finite]
    return (
        all(said or any(r.verb.auxiliary for r in readings) for said, readings in zip(says, finite, strict=True))
        and (any(says) or not _opens_with_verb(tokens, segment))
        and not _subordinates(tokens, segment)
    )


def _has_said(words: list[tuple[VerbReading, ...]]) -> bool:
    """ "3000 Kämpfer, hat das Ministerium geschätzt, seien in X": helpers, and a participle of saying last."""
    verbs = [readings for readings in words if readings]
    last = any(r.form is VerbForm.PARTICIPLE and r.verb.says for r in verbs[-1])
    return last and all(any(r.verb.auxiliary for r in readings) for readings in verbs[:-1]) and len(verbs) > 1


def _subordinates(tokens: list[Token], segment: Segment) -> bool:
    inside = tokens[segment.first : segment.last]
    return any(token.term(TermKind.SUBORDINATOR) and token.term(TermKind.DETERMINER) is None for token in inside)
