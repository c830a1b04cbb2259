"""Part of step 5: why, at whose wish and against whose a clause's verb does it: "trotz aller Warnungen aus X", "mit
Zustimmung des Parlaments in X". What such a phrase names is neither who acts nor where."""

from services.extractor.document import Mention, MentionKind, Sentence, Token
from services.extractor.orthography import Orthography
from services.extractor.steps.parts_apart import Span
from services.extractor.terms import Match
from services.extractor.vocabulary import FINITE, TermKind

MAX_ADJECTIVES = 4
"""Words between a relator and its noun: "gegen den | erklärten | Willen"."""
OPENING_WORDS = 2
"""Of a phrase that opens a sentence: "auf Bitten | der Regierung in X"."""
_CLOSERS = {",": ",;:–—()", "(": ")", "–": "–—", "—": "–—"}
_HANGS_ON = frozenset({"origin", "of", "against", "with", "via"})
"""Roles of what may go on with such a phrase: "Warnungen | aus X", "Abkommen | mit X", besides "in X"."""
_GOAL = frozenset({"goal"})


def circumstances(tokens: list[Token], sentence: Sentence, apart: list[Span], orthography: Orthography) -> list[Span]:
    """What such phrases name, without their relator, or with the signs around them; where nouns are known by their
    capitals. The last ends where the sentence does only if nothing of it stands behind."""
    if not orthography.capitalised_nouns:
        return []
    found: list[tuple[int, Match, int]] = []
    for index in sentence.where(TermKind.RELATOR):
        relator = tokens[index].term(TermKind.RELATOR)
        noun = _noun(tokens, sentence, relator.last) if relator is not None else None
        if relator is None or noun is None:
            continue
        willed = tokens[noun].has(TermKind.NO_PLACE, "circumstance") and relator.term.roles != _GOAL
        if "reason" in relator.term.roles or willed:
            found.append((index, relator, noun))
    spans: list[Span] = []
    for index, _, _ in found:
        span = _between_signs(tokens, sentence, index)
        if span is not None and not _meets(span, apart + spans):
            spans.append(span)
    for index, relator, noun in found:
        opens = relator.last if index == sentence.first else index  # no verb opens the rest
        span = opens, _end(tokens, sentence, index, noun, spans, orthography.genitive_endings)
        if not _meets(span, apart + spans):
            spans.append(span)
    return spans


def _meets(span: Span, others: list[Span]) -> bool:
    return any(span[0] < last and first < span[1] for first, last in others)


def _noun(tokens: list[Token], sentence: Sentence, index: int) -> int | None:
    """The noun of the phrase that begins at `index`, behind its articles and adjectives: "Frankreichs | Protest"."""
    for k in range(index, min(sentence.last, index + MAX_ADJECTIVES)):
        token = tokens[k]
        if token.form[0].isupper():
            owner = token.term(TermKind.NATION) is not None and k + 1 < sentence.last
            return k + 1 if owner and tokens[k + 1].form[0].isupper() else k
        if not token.form[0].isalpha() or token.term(TermKind.RELATOR) or token.term(TermKind.COORDINATOR):
            return None
    return None


def _between_signs(tokens: list[Token], sentence: Sentence, index: int) -> Span | None:
    """The phrase between two signs, or a sign and the end of the sentence, where nothing else stands."""
    sign = index - 1
    closers = _CLOSERS.get(tokens[sign].form) if sign >= sentence.first else None
    if closers is None:
        return None
    for k in range(index, sentence.last):
        token = tokens[k]
        if token.form in closers and k + 1 < sentence.last:
            return (sign, k + (token.form in ")–—" or (token.form == "," and not tokens[k + 1].may_be(*FINITE))))
        place = sentence.beginning(MentionKind.PLACE, k)
        if (token.form[0].islower() and token.may_be(*FINITE)) or (place is not None and place.role == "goal"):
            return None
    return (index, sentence.last)


def _end(
    tokens: list[Token], sentence: Sentence, index: int, noun: int, others: list[Span], genitives: tuple[str, ...]
) -> int:
    """Where the phrase ends: behind its noun, what that is of, from, with or against."""
    end = noun + 1
    while (further := _goes_on(tokens, sentence, index, end, others, genitives)) is not None:
        end = further
    return end


def _goes_on(
    tokens: list[Token], sentence: Sentence, index: int, end: int, others: list[Span], genitives: tuple[str, ...]
) -> int | None:
    if end >= sentence.last:
        return None
    token, start = tokens[end], end + 1
    if token.form[0].isupper():
        named = token.term(TermKind.NATION) is not None and token.lower.endswith(genitives)
        titled = tokens[end - 1].term(TermKind.ROLE_NOUN) is not None
        return end + 1 if named or titled else None
    if (joined := token.term(TermKind.COORDINATOR)) is not None:
        start, token = joined.last, tokens[min(joined.last, sentence.last - 1)]
    relator = token.term(TermKind.RELATOR)
    if relator is not None:
        leads_on = relator.term.roles & _HANGS_ON or (relator.term.names and relator.term.roles != _GOAL)
        if not leads_on or _is_only_place(tokens, sentence, index, relator, others):
            return None
        start = relator.last
    elif joined is None and not token.has(TermKind.DETERMINER, "genitive"):
        return None
    noun = _noun(tokens, sentence, start)
    return noun + 1 if noun is not None and not _is_told_of(tokens, sentence, noun) else None


def _is_told_of(tokens: list[Token], sentence: Sentence, noun: int) -> bool:
    """ "trotz der Kritik | mit 300 Soldaten", "… | mit dem Abzug begonnen"."""
    return tokens[noun].term(TermKind.EVENT) is not None or any(
        noun in m for m in sentence.of_kind(MentionKind.FORCE) if m.counted
    )


def _is_only_place(tokens: list[Token], sentence: Sentence, index: int, relator: Match, others: list[Span]) -> bool:
    """ "hat trotz der Proteste | in X 300 Soldaten stationiert": where the verb does it, if nothing else tells that up
    to the next sign."""
    if index == sentence.first or sentence.beginning(MentionKind.PLACE, relator.first) is None:
        return False
    end = next((k for k in range(relator.last, sentence.last) if tokens[k].form in _CLOSERS), sentence.last)
    places = (m for m in sentence.of_kind(MentionKind.PLACE) if not _meets((m.first, m.last), others))
    return not any(relator.first < m.first < end or m.last <= index for m in places)


def is_circumstance(sentence: Sentence, mention: Mention) -> bool:
    """ "trotz aller Warnungen aus X": who does nothing himself."""
    clause = sentence.clause_at(mention.head)
    return clause is not None and clause.kind == "circumstance"


def is_behind(sentence: Sentence, mention: Mention) -> bool:
    """ "…, obwohl X davor warnte": named in passing; what opens the sentence may be meant by "the country"."""
    clause = sentence.clause_at(mention.head)
    return clause is not None and clause.adverbial and clause.first > sentence.first + OPENING_WORDS
