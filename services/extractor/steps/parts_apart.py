"""Part of step 5: what is put in between signs: who some of a force are ("300 soldiers, among them 20 women, have
arrived"), a figure that is not theirs, what a place is; and how such a part is kept out of the clause around it."""

from itertools import takewhile

from services.extractor.document import Clause, MentionKind, Sentence, Token
from services.extractor.orthography import Orthography
from services.extractor.steps.segments import Segment
from services.extractor.steps.whose_told import closes, nation_at, past_words
from services.extractor.terms import Match
from services.extractor.vocabulary import FINITE, TermKind

MAX_WORDS = 10
"""Of such an aside; a longer one tells of something else."""
_CLOSERS = {",": ",", "(": ")", "–": "–", "—": "—"}

Span = tuple[int, int]
"""Tokens [first, last), the two signs among them."""


def parts_apart(tokens: list[Token], sentence: Sentence, orthography: Orthography) -> list[Span]:
    """The asides that tell who some of a number of forces before them are; not those of a side, "among them 20 Danes",
    who are told of as well, nor the last words of a sentence, nor what a relative clause goes on to tell of."""
    spans = []
    for index in sentence.where(TermKind.PARTITIVE):
        force = sentence.ending(MentionKind.FORCE, index - 1)
        closer = _CLOSERS.get(tokens[index - 1].form) if force is not None and force.counted else None
        partitive = tokens[index].term(TermKind.PARTITIVE)
        end = _end(tokens, partitive, sentence.last, closer) if closer is not None and partitive is not None else None
        if end is not None and tokens[end].term(TermKind.SUBORDINATOR) is None:
            spans.append((index - 1, end))
    origins = [s for s in _origins(tokens, sentence, orthography) if s[0] not in {first for first, _ in spans}]
    return spans + _other_figures(tokens, sentence) + origins


def _origins(tokens: list[Token], sentence: Sentence, orthography: Orthography) -> list[Span]:
    """ "die 300 Soldaten, alle aus Chile, sind …": whose all or most of them are."""
    spans = []
    for force in sentence.of_kind(MentionKind.FORCE):
        sign = force.last
        closer = _CLOSERS.get(tokens[sign].form) if sign < sentence.last - 1 else None
        before = takewhile(lambda token: token.form[0].isalnum(), reversed(tokens[sentence.first : force.first]))
        if any(t.may_be(*FINITE) and not any(r.verb.auxiliary or r.verb.modal for r in t.verbs) for t in before):
            continue  # "In X stehen 850 Soldaten, alle aus Ghana, zwei Tage nachdem …"
        first, told = past_words(tokens, sign + 1, sentence.last, orthography)
        nation = nation_at(tokens, first, sentence.last) if told else None
        if (
            closer is not None
            and nation is not None
            and nation[1] < sentence.last - 1
            and closes(tokens, nation[1], sentence.last, (closer,))
        ):
            spans.append((sign, nation[1] + 1))
    return spans


def place_appositions(tokens: list[Token], sentence: Sentence) -> list[Span]:
    """ "nach Mali, einem Land mit 20 Millionen Einwohnern, verlegt": what a place is, that names no other and no verb:
    where the verb comes last it would be parted from its clause."""
    spans = []
    for place in sentence.of_kind(MentionKind.PLACE):
        sign = place.last
        if sign + 1 >= sentence.last or tokens[sign].form != "," or not tokens[sign + 1].term(TermKind.DETERMINER):
            continue
        end = _end_of_apposition(tokens, sign + 1, sentence.last)
        goes_on = end is not None and tokens[end].term(TermKind.SUBORDINATOR) is not None  # "…, ein Schritt, den X"
        if end is not None and not goes_on and sentence.beginning(MentionKind.FORCE, sign + 1) is None:
            spans.append((sign, end))
    return spans


def _end_of_apposition(tokens: list[Token], first: int, last: int) -> int | None:
    for k in range(first, min(last - 1, first + MAX_WORDS)):
        token = tokens[k]
        if token.form == ",":
            return k + 1
        verb = token.form[0].islower() and token.may_be(*FINITE)
        joined = token.term(TermKind.NATION) and tokens[k - 1].term(TermKind.DETERMINER)  # "in Mali, | dem Niger und"
        if verb or joined or not token.form[0].isalnum() or token.term(TermKind.FORCE):
            return None
    return None


def _other_figures(tokens: list[Token], sentence: Sentence) -> list[Span]:
    """ "900 soldiers, not 400 as first reported, to X", "the battalion, once 3,000 strong, is in X"."""
    spans = []
    denied = [k for k in sentence.where(TermKind.NEGATION) if tokens[k].has(TermKind.NEGATION, "particle")]
    former = [k for k in sentence.where(TermKind.TIME) if tokens[k].has(TermKind.TIME, "former")]
    for index in denied + former:
        opened = index > sentence.first and tokens[index - 1].form in _CLOSERS
        if not (opened and index + 1 < sentence.last and tokens[index + 1].is_figure):
            continue
        closer = _CLOSERS[tokens[index - 1].form]
        inside = range(index, min(sentence.last - 1, index + MAX_WORDS))
        end = next((k + 1 for k in inside if tokens[k].form == closer), None)
        before = (sentence.ending(kind, index - 1) for kind in (MentionKind.FORCE, MentionKind.PLACE))
        if end is not None and any(before):
            spans.append((index - 1, end))
    return spans


def _end(tokens: list[Token], partitive: Match, last: int, closer: str) -> int | None:
    uncounted = partitive.term.sort == "vague"  # "some of them Danes"
    for k in range(partitive.last, min(last - 1, partitive.first + MAX_WORDS)):
        token = tokens[k]
        if token.form == closer:
            return k + 1
        verb = token.form[0].islower() and token.may_be(*FINITE)
        named = token.term(TermKind.NATION) or token.term(TermKind.ORGANISATION)
        if verb or not token.form[0].isalnum() or (named and not uncounted):
            return None
    return None


def uncut_asides(segments: list[Segment], spans: list[Span]) -> list[Segment]:
    """No segment begins within what stands apart: "900 soldiers, not 400 | as first reported, to X"."""
    found: list[Segment] = []
    for segment in segments:
        if any(first < segment.first < last for first, last in spans):
            found[-1].last = segment.last
        else:
            found.append(segment)
    return found


def set_apart(clauses: list[Clause], spans: list[Span], kind: str) -> list[Clause]:
    """The clauses without those asides, and each aside as a clause of its own, which has no verb."""
    for first, last in spans:
        around = next(clause for clause in clauses if first in clause or first == clause.last)
        pieces = [part for piece in around.pieces for part in _without(piece, first, last)]
        if not pieces:
            continue
        around.pieces = pieces
        aside = Clause(len(clauses), kind, [(first, last)], parent=around, because=[f"clause:{kind}"])
        aside.adverbial = kind == "circumstance"
        clauses.append(aside)
    return clauses


def _without(piece: Span, first: int, last: int) -> list[Span]:
    if not piece[0] <= first < piece[1]:
        return [piece]
    return [part for part in ((piece[0], first), (last, piece[1])) if part[0] < part[1]]
