"""Part of step 6: whose decision an infinitive is about: "Berlin's decision to station a brigade"."""

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence, Token
from services.extractor.orthography import Orthography
from services.extractor.terms import Match
from services.extractor.vocabulary import FINITE, TermKind

DECISION = "decision"
"""The sort of nouns that an infinitive goes with: "decision", "plan", "offer"."""
MAX_OWNER = 8
"""Words of the longest owner between noun and infinitive: "of the new government in Ottawa"."""
MAX_NATION = 3
"""Words of the longest nation before a noun: "Central African Republic"."""


def decider(document: Document, sentence: Sentence, frame: Frame, orthography: Orthography) -> Mention | None:
    """The owner of the noun right before the infinitive: "the American plan to send", "the decision by Ottawa to
    send", "die Entscheidung der Regierung in Ottawa, 200 Soldaten zu schicken"."""
    end = _begins_at(document, frame, orthography)
    if end is None:
        return None
    noun = noun_before(document.tokens, sentence.first, end)
    finite = [v.index for v in frame.clause.verbs if v.reading.form in FINITE]
    if noun is None:
        return None
    if finite[:1] == [noun.first] and any(document.tokens[k].term(TermKind.COORDINATOR) for k in frame.clause.tokens()):
        return None  # "Denmark and Norway plan to send"
    voices = [m for m in sentence.mentions if m.kind is MentionKind.SPEAKER and m.code not in (None, "MEDIA")]
    if noun.last < end:
        behind = next((m for m in voices if m.last == end and noun.last <= m.first <= noun.last + 1), None)
        return behind or _adjective(document, end)
    before = next((m for m in voices if m.last == _without_mark(document, noun.first, orthography)), None)
    return before or _adjective(document, noun.first)


def _begins_at(document: Document, frame: Frame, orthography: Orthography) -> int | None:
    """The marker of the infinitive, or the comma before its clause."""
    if frame.verb is None:
        return None
    if frame.clause.kind == "infinitive":
        return frame.clause.first - 1
    marker = frame.verb.index - 1
    return marker if marker > 0 and document.tokens[marker].lower in orthography.infinitive_markers else None


def noun_before(tokens: list[Token], first: int, end: int) -> Match | None:
    """The noun that the infinitive from token `end` goes with: "an offer from Rwanda | to send"; not past a verb,
    "under the agreement Kenya sent soldiers | to help"."""
    for index in range(end - 1, max(first, end - MAX_OWNER) - 1, -1):
        for match in tokens[index].terms:
            if match.term.kind is TermKind.CUE and match.term.sort == DECISION and match.first == index:
                return match
        if tokens[index].may_be(*FINITE):
            return None
    return None


def _without_mark(document: Document, index: int, orthography: Orthography) -> int:
    return index - 1 if document.tokens[index - 1].form in orthography.possessive else index


def _adjective(document: Document, last: int) -> Mention | None:
    """ "the South Korean | plan": the nation whose name ends before token `last`."""
    for first in range(last - 1, max(0, last - 1 - MAX_NATION), -1):
        nation = document.tokens[first].term(TermKind.NATION)
        if nation is not None and nation.side is not None and nation.last == last:
            because = (nation.term.rule,)
            return Mention(MentionKind.SPEAKER, first, last, first, code=nation.side, because=because)
    return None
