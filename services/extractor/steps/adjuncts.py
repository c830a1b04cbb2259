"""Part of step 5: phrases that tell why, since when or beside what, and no part of what the verb says: "has withdrawn
from X, despite warnings from Y", "with elections in Z a month away"."""

from collections.abc import Iterator

from services.extractor.document import Clause, Document, Mention, MentionKind, Sentence, Token
from services.extractor.orthography import Orthography
from services.extractor.steps.finite_verbs import is_finite
from services.extractor.steps.parts_apart import Span
from services.extractor.vocabulary import FINITE, TermKind, VerbForm

_SIGNS = frozenset(",;:.–—()") | {"..."}
_TOLD = frozenset({MentionKind.FORCE, MentionKind.QUANTITY})
_POINTS = (TermKind.PARTITIVE, TermKind.ANAPHOR, TermKind.FORCE)
CIRCUMSTANCES = frozenset({"time", "ahead", "reason"})
"""Sorts of subordinators whose clause tells when or why."""
MAX_TIME_WORDS = 6
"""Words that open such a clause: "less than two weeks after"."""
MAX_INSERTED = 12
"""Words between the commas of what is put between a helper and its verb."""
MAX_ADVERBS = 2
"""Words between the second comma and the verb: ", … , already sent"."""


def adjuncts(tokens: list[Token], sentence: Sentence, orthography: Orthography) -> list[Span]:
    """Each from the word that opens it to the next sign or clause. Where verbs stand last, a noun may end it, which no
    sign shows: nothing is set apart there."""
    if orthography.verb_final:
        return []
    spans: list[Span] = []
    for index, start in _openings(tokens, sentence):
        if (spans and index < spans[-1][1]) or _tells_what_is_done(tokens[start : sentence.last]):
            continue
        end = _end(tokens, start, sentence.last, orthography)
        if end is not None and (tokens[index].leads("reason") or not _tells_of_forces(tokens, sentence, (start, end))):
            spans.append((index, end))
            for token in tokens[start:end]:
                if _is_told_of_noun(tokens, token.index) or all(r.verb.frame is None for r in token.verbs):
                    token.verbs = ()  # "under a deal signed in X": no verb of the sentence
    return spans


def inserted(tokens: list[Token], sentence: Sentence, orthography: Orthography) -> list[Span]:
    """ "has, after weeks of debate, sent", "in Mali, a country of 20 million people, have": what stands between a
    helper and its verb, or tells what a place is, with both its commas, which part no clauses."""
    if orthography.verb_final:
        return []
    spans = []
    for comma in range(sentence.first + 1, sentence.last - 1):
        if tokens[comma].form != ",":
            continue
        helps = any(r.form in FINITE and (r.verb.auxiliary or r.verb.modal) for r in tokens[comma - 1].verbs)
        apposed = tokens[comma + 1].term(TermKind.DETERMINER) is not None and _ends_place(sentence, comma)
        if not helps and not apposed:
            continue
        inside = range(comma + 1, min(sentence.last, comma + 1 + MAX_INSERTED))
        closing = next((k for k in inside if tokens[k].form in _SIGNS or tokens[k].may_be(*FINITE)), None)
        if closing is None or tokens[closing].form != ",":
            continue
        apposed = apposed and _tells_what_kind(tokens[comma:closing])
        if apposed or (helps and _goes_on(tokens, closing + 1, sentence.last)):
            spans.append((comma, closing + 1))
    return spans


def _tells_what_kind(words: list[Token]) -> bool:
    """ "a country of 20 million people", "a town near the border"; no force, which may be a subject."""
    kind = any(word.term(TermKind.PLACE_NOUN) or word.has(TermKind.ANAPHOR, "country") for word in words)
    return kind and not any(word.term(TermKind.FORCE) for word in words)


def _ends_place(sentence: Sentence, index: int) -> bool:
    return sentence.ending(MentionKind.PLACE, index) is not None


def subordinator_at(tokens: list[Token], first: int, last: int, orthography: Orthography) -> int:
    """Where the word is that makes a clause from token `first` a subordinate one: "two days | after a bomb killed 14",
    "just | as talks began"; `first` if none does."""
    if orthography.verb_final:
        return first
    for index in range(first, min(last, first + MAX_TIME_WORDS)):
        opening = tokens[index].term(TermKind.SUBORDINATOR)
        if opening is not None and opening.term.sort in CIRCUMSTANCES:
            measured = index > first and tokens[index - 1].has(TermKind.NOT_PEOPLE, "unit")
            one = index == first + 2 and tokens[first].term(TermKind.DETERMINER) is not None  # "a week after"
            return index if measured or one or index <= first + 1 else first
        named = index > first and tokens[index].form[0].isupper()
        if tokens[index].verbs or named or not tokens[index].form[0].isalnum():
            return first
    return first


def is_beside(document: Document, sentence: Sentence, place: Mention) -> bool:
    """Whether the place stands in such a phrase."""
    clause = sentence.clause_at(place.head)
    return clause is not None and _is_adjunct(document.tokens, clause)


def is_elsewhere_then(document: Document, sentence: Sentence, place: Mention) -> bool:
    """ "Another 500 will follow, two days after a bomb killed 14 people in X": where something else happens."""
    clause = sentence.clause_at(place.head)
    return clause is not None and tells_when(document.tokens, clause)


def tells_when(tokens: list[Token], clause: Clause) -> bool:
    """A clause of time or reason."""
    if clause.kind != "sub":
        return False
    opening = next((term for k in clause.tokens() if (term := tokens[k].term(TermKind.SUBORDINATOR))), None)
    return opening is not None and opening.term.sort in CIRCUMSTANCES


def _is_adjunct(tokens: list[Token], clause: Clause) -> bool:
    result = clause.kind == "gerund" and not clause.verbs  # "…, angering Paris"
    return result or (clause.kind == "apart" and tokens[clause.first].term(TermKind.PARTITIVE) is None)


def _openings(tokens: list[Token], sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The token that opens each phrase, and the first behind its opening words."""
    for index in sentence.where(TermKind.RELATOR, TermKind.TIME):
        relator, time = tokens[index].term(TermKind.RELATOR), tokens[index].term(TermKind.TIME)
        opens = index == sentence.first or tokens[index - 1].form == ","
        if relator is not None and ("reason" in relator.term.roles or (opens and "circumstance" in relator.term.roles)):
            yield index, relator.last
        elif time is not None and time.term.sort == "since" and _opens_noun(tokens[time.last : sentence.last]):
            yield index, time.last


def _tells_what_is_done(behind: list[Token]) -> bool:
    """ "despite having deployed 900 troops to X": a clause of its own."""
    readings = behind[0].verbs if behind else ()
    return any(r.form is VerbForm.GERUND and (r.verb.auxiliary or r.verb.frame is not None) for r in readings)


def _opens_noun(behind: list[Token]) -> bool:
    """ "since a coup in X", not "since June"."""
    return bool(behind) and behind[0].term(TermKind.DETERMINER) is not None


def _end(tokens: list[Token], first: int, last: int, orthography: Orthography) -> int | None:
    """None where a verb comes before any sign: "amid fears in X Chad sent …" does not show where the phrase ends."""
    for index in range(first, last):
        token = tokens[index]
        if token.form in _SIGNS:
            return index if index > first else None
        if token.term(TermKind.SUBORDINATOR) is not None and index > first:
            return index
        if index > first and is_finite(tokens, index, first, last, orthography) and not _is_told_of_noun(tokens, index):
            return None
    return last


def _is_told_of_noun(tokens: list[Token], index: int) -> bool:
    """ "a deal | signed in X": a participle behind a noun, and before a relator."""
    before, behind = tokens[index - 1], tokens[index + 1 : index + 2]
    noun = before.form.isalpha() and before.form.islower() and before.term(TermKind.FORCE) is None
    led = bool(behind) and (behind[0].term(TermKind.RELATOR) is not None or behind[0].term(TermKind.TIME) is not None)
    return noun and led and tokens[index].may_be(VerbForm.PARTICIPLE)


def _tells_of_forces(tokens: list[Token], sentence: Sentence, span: Span) -> bool:
    """ "with 900 soldiers in X", "with most of them in X"."""
    words = tokens[span[0] : span[1]]
    told = any(m.kind in _TOLD and m.head in range(*span) and "year" not in m.features for m in sentence.mentions)
    base = any(token.has(TermKind.PLACE_NOUN, "site") for token in words)  # "with a base in X"
    return told or base or any(token.term(kind) is not None for token in words for kind in _POINTS)


def _goes_on(tokens: list[Token], first: int, last: int) -> bool:
    """The verb that the helper rules stands right behind the second comma."""
    behind = tokens[first : min(last, first + MAX_ADVERBS + 1)]
    return any(token.may_be(VerbForm.PARTICIPLE, VerbForm.INFINITIVE, VerbForm.GERUND) for token in behind)
