"""Part of step 6: who is there beside those who move: "will join the 500 already in X", "zu den 500 Mann in X"."""

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.steps.relative_pronouns import is_relative_pronoun
from services.extractor.vocabulary import FrameClass, TermKind

STANDS_WITHIN = 6
"""Words between a force and where it is: "the 500, who according to Kyiv are already in X" has too many."""
_STAND = frozenset({FrameClass.BE, FrameClass.HAVE})


def where_it_stands(document: Document, sentence: Sentence, force: Mention) -> Mention | None:
    """ "the 500 soldiers in X", "the 500 it already has in X", "den 500, die dort sind": where those are that one knows
    of, by their number."""
    numbers = (m for m in sentence.mentions if m.kind is MentionKind.QUANTITY and m.first in force)
    if not force.counted or force.additional or not (any(numbers) and _is_known(document, sentence, force)):
        return None
    index = force.last
    while index < min(sentence.last, force.last + STANDS_WITHIN):
        place = sentence.beginning(MentionKind.PLACE, index)
        if place is not None and place.role is not None:
            return place if place.role in ("at", "near") else None
        if not _leads_on(document.tokens[index]):
            return None
        index += 1
    return None


def _is_known(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "the 500", "its 500"; "Berlin, with 500 soldiers in X, …"."""
    if force.features & {"definite", "possessive"}:
        return True
    before = document.tokens[max(sentence.first, force.first - 2) : force.first]
    led = bool(before) and any("with" in m.term.roles for m in before[-1].terms)
    return led and (len(before) == 1 or before[0].form == ",")


def _leads_on(token: Token) -> bool:
    """ "already", ", die", "who were", "it has", "stationed"."""
    small = token.form == "," or is_relative_pronoun(token) or token.has(TermKind.ANAPHOR, "subject", "force")
    adverb = token.term(TermKind.TIME) is not None or not (token.terms or token.verbs or token.form[0].isupper())
    return small or adverb or any(r.verb.copula or r.verb.frame in _STAND for r in token.verbs)


def where_those_stand(document: Document, sentence: Sentence, force: Mention) -> list[Mention]:
    """ "will send 800 men to reinforce the 500 in X", "1200 kommen zu den 1000, die dort sind": where those are whom
    the force joins."""
    others = (m for m in sentence.mentions if m.kind is MentionKind.FORCE and m.first >= force.last)
    return [place for other in others if (place := where_it_stands(document, sentence, other)) is not None]
