"""Part of step 5: a sentence cut at signs, coordinators and subordinators into segments, and what opens each."""

from dataclasses import replace
from itertools import pairwise

from services.extractor.document import MentionKind, Sentence, Token
from services.extractor.lexicon import Language
from services.extractor.orthography import Orthography
from services.extractor.steps.adjuncts import subordinator_at
from services.extractor.steps.finite_verbs import finite_verbs, is_finite, may_say
from services.extractor.steps.joined_subjects import open_joined_subjects
from services.extractor.steps.nonfinite_clauses import open_behind_gerund, split_nonfinite
from services.extractor.steps.object_relatives import object_relative
from services.extractor.steps.parts_apart import Span, uncut_asides
from services.extractor.steps.purpose_clauses import opens_with_purpose, purpose_at
from services.extractor.steps.relative_pronouns import RELATIVE, is_cleft
from services.extractor.steps.segments import Segment
from services.extractor.terms import Term
from services.extractor.vocabulary import Effect, TermKind, VerbForm

_BREAKS = frozenset(",;:–—()") | {"..."}
_DATES = frozenset({TermKind.TIME, TermKind.NO_PLACE})
_RULED = frozenset({VerbForm.PARTICIPLE, VerbForm.INFINITIVE, VerbForm.GERUND})
_RANGE_SIGNS = frozenset("–—")
_SUBJECT_OPENS = frozenset(
    {TermKind.NATION, TermKind.ORGANISATION, TermKind.DETERMINER, TermKind.FORCE, TermKind.QUANTIFIER}
)
MAX_MEASURE, MIN_VERB = 3, 5
"""Words of "zwei Tage | nachdem"; letters of a word in no list that is taken for a verb."""
MIN_QUOTED_CLAUSE = 4
MIN_CONDITION = 2
"""Words behind "if" that make a clause even where no list knows its verb."""


def cut_segments(tokens: list[Token], sentence: Sentence, apart: list[Span], language: Language) -> list[Segment]:
    """The segments of the sentence in order; none of its words is left out, nor do the signs of what stands apart part
    any."""
    passed = {sign for first, last in apart for sign in (first, last - 1)}
    cuts: list[tuple[int, str]] = [(sentence.first, "")]
    for index in range(sentence.first + 1, sentence.last):
        form = tokens[index - 1].form
        if form in _BREAKS and index - 1 not in passed and not _joins(tokens, sentence, index - 1):
            cuts.append((index, form))
        elif tokens[index].quote != tokens[index - 1].quote and _long_quote(tokens, index, sentence):
            cuts.append((index, '"'))
    segments = []
    for number, (first, opener) in enumerate(cuts):
        last = cuts[number + 1][0] if number + 1 < len(cuts) else sentence.last
        segments.extend(_split_inside(tokens, sentence, first, last, opener, language))
    if not language.orthography.verb_final:
        segments = _open_reported(tokens, segments, language.orthography)
        segments = [part for segment in segments for part in _split_condition(tokens, segment, language.orthography)]
        segments = [part for segment in segments for part in split_nonfinite(tokens, segment, language.orthography)]
        open_behind_gerund(tokens, segments)
        segments[0].is_purpose = opens_with_purpose(tokens, segments[0], language.orthography)
    segments = uncut_asides(segments, apart)
    for segment in segments:
        _describe(tokens, segment, language)
    return open_joined_subjects(tokens, segments, language.orthography.verb_final)


def _joins(tokens: list[Token], sentence: Sentence, index: int) -> bool:
    return _joins_numbers(tokens, index) or _joins_names(sentence, index)


def _joins_names(sentence: Sentence, index: int) -> bool:
    """ "in den Grenzwinkel von Mali, Niger und Benin": a comma within a list of places parts no clauses."""
    return any(m.first < index < m.last - 1 for m in sentence.of_kind(MentionKind.PLACE))


def _joins_numbers(tokens: list[Token], index: int) -> bool:
    """ "300–400 soldiers"."""
    if index == 0 or index + 1 >= len(tokens) or tokens[index].form not in _RANGE_SIGNS:
        return False
    before, after = tokens[index - 1], tokens[index + 1]
    return before.form[-1].isdigit() and after.form[0].isdigit() and before.end == tokens[index].start


def _open_reported(tokens: list[Token], segments: list[Segment], orthography: Orthography) -> list[Segment]:
    """ "The UN said | the battalion, with 900 soldiers, | had reached X": a verb without a subject between commas has
    the one that the verb of saying left open."""
    for number, segment in enumerate(segments[2:], 2):
        opens_with_verb = is_finite(tokens, segment.first, segment.first, segment.last, orthography)
        if segment.opener != "," or not opens_with_verb or segments[number - 1].opener != ",":
            continue
        saying = segments[number - 2]
        finite = finite_verbs(tokens, range(saying.first, saying.last), saying.first, saying.last, orthography)
        cut = finite[-1] + 1 if finite else saying.last
        if cut < saying.last - 1 and may_say(tokens, finite[-1]):
            subject = Segment(cut, saying.last, "+", opens=True)
            return [
                *segments[: number - 2],
                Segment(saying.first, cut, saying.opener),
                subject,
                *segments[number - 1 :],
            ]
    return segments


def _long_quote(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    number = tokens[index].quote or tokens[index - 1].quote
    inside = [k for k in range(sentence.first, sentence.last) if tokens[k].quote == number]
    return len(inside) > MIN_QUOTED_CLAUSE and any(tokens[k].verbs for k in inside)


def _split_inside(
    tokens: list[Token], sentence: Sentence, first: int, last: int, opener: str, language: Language
) -> list[Segment]:
    """Cuts at a coordinator or subordinator between two finite verbs, and after a verb of saying."""
    purpose = purpose_at(tokens, first, last, language.orthography)
    if purpose is not None:
        return [
            *_split_inside(tokens, sentence, first, purpose, opener, language),
            *_split_purpose(tokens, sentence, purpose, last, language),
        ]
    verbs = [index for index in range(first, last) if tokens[index].verbs]
    finite = finite_verbs(tokens, verbs, first, last, language.orthography) if len(verbs) > 1 else verbs
    bare = None if language.orthography.verb_final else object_relative(tokens, sentence, first, last, finite)
    if bare is not None:
        begin, end = bare
        rest = _split_inside(tokens, sentence, end, last, "+", language) if end < last else []
        return [Segment(first, begin, opener), Segment(begin, end, "+", bare_relative=True), *rest]
    if len(finite) < 2:
        return [Segment(first, last, opener)]
    relative = None if language.orthography.verb_final else _subject_relative(tokens, first, last, finite)
    if relative is not None:
        start, begin, end = relative
        before = [Segment(first, start, opener)] if start > first else []
        subject = Segment(start, begin, "+" if before else opener, opens=bool(before))
        return [*before, subject, Segment(begin, end, "+"), *_split_inside(tokens, sentence, end, last, "+", language)]
    cuts: list[int] = []
    for left, right in pairwise(finite):
        cut = _cut_between(tokens, left, right, language)
        if cut is not None and first < cut < last and (not cuts or cut > cuts[-1]):
            cuts.append(cut)
    bounds = [first, *cuts, last]
    return [Segment(begin, end, opener if begin == first else "+") for begin, end in pairwise(bounds)]


def _split_purpose(tokens: list[Token], sentence: Sentence, first: int, last: int, language: Language) -> list[Segment]:
    """ "to help the army | as rebels seized X", "to train it | and said that …": what is no purpose any more."""
    finite = finite_verbs(tokens, range(first + 2, last), first, last, language.orthography)
    cut = _cut_between(tokens, first + 1, finite[0], language) if finite else None
    if cut is None or not _links(tokens[cut]):  # "to relieve the soldiers who served in X" tells of those
        return [Segment(first, last, "+", is_purpose=True)]
    return [Segment(first, cut, "+", is_purpose=True), *_split_inside(tokens, sentence, cut, last, "+", language)]


def _is_told_in_gerund(tokens: list[Token], index: int) -> bool:
    """ "was quoted as saying | that X has sent"."""
    return tokens[index].has(TermKind.SUBORDINATOR, "that") and may_say(tokens, index - 1, frozenset({VerbForm.GERUND}))


def _split_condition(tokens: list[Token], segment: Segment, orthography: Orthography) -> list[Segment]:
    """ "said it would send soldiers | if the truce collapsed"."""
    first = segment.first
    supposed = _condition_at(tokens, first, segment.last, orthography)
    if supposed is None or not finite_verbs(tokens, range(first, supposed), first, supposed, orthography):
        return [segment]
    return [replace(segment, last=supposed), Segment(supposed, segment.last, "+")]


def _condition_at(tokens: list[Token], first: int, last: int, orthography: Orthography) -> int | None:
    """ "if the truce collapses": a condition needs no listed verb; "if not", "if needed" are too short for a clause."""
    if orthography.verb_final:
        return None
    for index in range(first, last - MIN_CONDITION):
        opening = tokens[index].term(TermKind.SUBORDINATOR)
        if opening is not None and opening.term.effect is Effect.CONDITION:
            behind = tokens[opening.last : opening.last + MIN_CONDITION]
            words = all(token.form[0].isalnum() for token in behind)
            return index if words and behind[0].term(TermKind.NEGATION) is None else None
    return None


def _subject_relative(tokens: list[Token], first: int, last: int, finite: list[int]) -> tuple[int, int, int] | None:
    """ "The 130 | who served in X | were flown home": where the subject, its relative clause and the verb begin."""
    for index in range(first + 1, last):
        pronoun = tokens[index].term(TermKind.SUBORDINATOR)
        if pronoun is None or pronoun.term.sort not in RELATIVE:
            continue
        before = [k for k in finite if k < index]
        after = [k for k in finite if k > index]
        joined = [k for k in range(before[-1] + 1, index - 1) if _links(tokens[k])] if before else []
        if len(after) < 2 or (not joined and any(not may_say(tokens, k) for k in before[-1:])):
            return None
        inside = tokens[after[0] + 1 : after[1]]
        if any(t.term(TermKind.COORDINATOR) or t.term(TermKind.SUBORDINATOR) for t in inside):
            return None
        begin = joined[-1] if joined else before[-1] + 1 if before else first
        return begin, index, after[1]
    return None


def _links(token: Token) -> bool:
    """ "X has sent 90 men | while the 130 who …", "said | that the 130 who …"."""
    opening = token.term(TermKind.SUBORDINATOR)
    return token.term(TermKind.COORDINATOR) is not None or (opening is not None and opening.term.sort not in RELATIVE)


def _cut_between(tokens: list[Token], left: int, right: int, language: Language) -> int | None:
    opening = _subordinator_between(tokens, left, right) if not language.orthography.verb_final else None
    for index in range((opening or right) - 1, left, -1):
        if tokens[index].term(TermKind.COORDINATOR) is not None and (opening is None or index == opening - 1):
            joins = not language.orthography.verb_final and _joins_what_is_said(tokens, left, index, right)
            return left + 1 if joins else index
    if opening is not None:
        return opening  # "said that Mali and Niger have sent": the coordinator joins nouns
    if language.orthography.verb_final:
        return None
    said = next((k for k in range(right - 1, left - 1, -1) if _says_here(tokens, k, left)), None)
    return said + 1 if said is not None and not _denies_noun(tokens, said, right) else None


def _joins_what_is_said(tokens: list[Token], said: int, joint: int, verb: int) -> bool:
    """ "said | Kenya and Uganda have sent", "said | the frigate and its 150 sailors had sailed": right behind a verb
    that only says begins the subject of what is said."""
    if not any(r.verb.says and r.verb.effect is None and r.verb.statement is None for r in tokens[said].verbs):
        return False
    opens = any(m.term.kind in _SUBJECT_OPENS for m in tokens[said + 1].terms) or tokens[said + 1].is_figure
    return opens and joint > said + 1 and verb - joint > 1 and not tokens[said + 1].verbs


def _denies_noun(tokens: list[Token], said: int, right: int) -> bool:
    """ "rejected | a claim made by X": what is denied is no clause but what others say."""
    if not any(reading.verb.effect is Effect.DENY for reading in tokens[said].verbs):
        return False
    behind = tokens[said + 1 : right + 1]
    return any(token.has(TermKind.CUE, "allegation") or token.term(TermKind.ATTRIBUTION) for token in behind)


def _says_here(tokens: list[Token], index: int, finite: int) -> bool:
    """A verb of saying, finite or ruled by the finite one: "has said | Rwanda has sent"."""
    forms = _RULED if index != finite else None
    return may_say(tokens, index, forms)


def _subordinator_between(tokens: list[Token], left: int, right: int) -> int | None:
    if tokens[right - 1].term(TermKind.COORDINATOR) is not None and right - left > 2:
        return None  # "broke camp before dawn and went": the verbs share their subject
    found = [k for k in range(left + 1, right) if _subordinates_here(tokens, k)]
    return next((k for k in found if _is_told_in_gerund(tokens, k)), next(iter(found), None))


def _subordinates_here(tokens: list[Token], index: int) -> bool:
    """Not "since 2018", "since June": before a date it is a preposition."""
    if tokens[index].term(TermKind.SUBORDINATOR) is None:
        return False
    if index > 0 and any(r.verb.copula or r.verb.auxiliary for r in tokens[index - 1].verbs):
        return False  # "were once based in X"
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    dated = after is not None and (after.form[0].isdigit() or any(m.term.kind in _DATES for m in after.terms))
    return not (dated and tokens[index].has(TermKind.TIME, "since"))


def _describe(tokens: list[Token], segment: Segment, language: Language) -> None:
    first = segment.first
    while first < segment.last - 1 and (
        tokens[first].term(TermKind.COORDINATOR) or not tokens[first].form[0].isalnum()
    ):
        first += 1
    segment.quote = tokens[first].quote
    first = _behind_measure(tokens, first, segment.last)
    if segment.gerund or segment.is_purpose:
        return
    finite = finite_verbs(tokens, range(first, segment.last), segment.first, segment.last, language.orthography)
    segment.finite = bool(finite)
    if segment.bare_relative:
        segment.subordinator, segment.relative = "", True
        return
    opening = tokens[subordinator_at(tokens, first, segment.last, language.orthography)].term(TermKind.SUBORDINATOR)
    after_relator = False
    if (
        opening is None
        and (relator := tokens[first].term(TermKind.RELATOR)) is not None
        and relator.last < segment.last
    ):
        opening = tokens[relator.last].term(TermKind.SUBORDINATOR)
        after_relator = opening is not None
    if opening is not None and not finite and language.orthography.verb_final:
        segment.finite = _ends_with_unlisted_verb(tokens, segment, tokens[opening.first])
    supposed = _condition_at(tokens, first, segment.last, language.orthography) == first
    if opening is not None and (
        supposed
        or (segment.finite and not finite)
        or _subordinates(tokens, segment, finite, opening.term, after_relator, language)
    ):
        segment.subordinator = tokens[opening.first].lower
        segment.effect = opening.term.effect
        segment.relative = opening.term.sort in RELATIVE or is_cleft(tokens, opening)
        segment.adverbial = language.orthography.verb_final and opening.term.sort in ("time", "reason")
    elif opening is not None and opening.term.sort == "purpose" and not segment.finite:
        segment.is_purpose = True
    elif not segment.finite:
        markers = language.orthography.infinitive_markers
        segment.infinitive = any(
            reading.form is VerbForm.TO_INFINITIVE
            or (reading.form is VerbForm.INFINITIVE and index > first and tokens[index - 1].lower in markers)
            for index in range(first, segment.last)
            for reading in tokens[index].verbs
        )


def _behind_measure(tokens: list[Token], first: int, last: int) -> int:
    """ "zwei Tage | nachdem eine Bombe …": where the subordinator stands, if one of time does behind a measure."""
    for index in range(first + 1, min(last, first + MAX_MEASURE + 1)):
        if tokens[index].has(TermKind.SUBORDINATOR, "time") and tokens[index - 1].has(TermKind.NOT_PEOPLE, "unit"):
            return index
    return first


def _subordinates(
    tokens: list[Token], segment: Segment, finite: list[int], opening: Term, after_relator: bool, language: Language
) -> bool:
    """A relative pronoun looks like an article: it opens a clause only after a comma and, where that is the order,
    with the verb at the end. "wie im Januar angekündigt" has a participle only."""
    if not finite:
        return opening.effect is Effect.QUOTE_BACK and _ends_with_participle(tokens, segment)
    if opening.sort not in RELATIVE:
        return not after_relator
    if segment.opener not in (",", "–", "—", "(", "+"):
        return False
    if not language.orthography.verb_final:
        return True
    return finite[-1] >= _last_word(tokens, segment) - 1


def _ends_with_unlisted_verb(tokens: list[Token], segment: Segment, opening: Token) -> bool:
    """ "wo seit 2012 Krieg | herrscht", "bis in X Ruhe | einkehrt": a small word in no list closes what a subordinator
    opens that is no pronoun."""
    last = tokens[_last_word(tokens, segment)]
    small = last.form.isalpha() and last.form.islower() and len(last.form) >= MIN_VERB
    pronoun = opening.has(TermKind.SUBORDINATOR, *RELATIVE) and not opening.has(TermKind.ANAPHOR, "where")
    return (
        segment.opener in (",", "–", "—", "(")
        and not pronoun
        and small
        and not (last.terms or last.inside or last.verbs)
    )


def _ends_with_participle(tokens: list[Token], segment: Segment) -> bool:
    return tokens[_last_word(tokens, segment)].may_be(VerbForm.PARTICIPLE)


def _last_word(tokens: list[Token], segment: Segment) -> int:
    last = segment.last - 1
    while last > segment.first and not tokens[last].form[0].isalnum():
        last -= 1
    return last
