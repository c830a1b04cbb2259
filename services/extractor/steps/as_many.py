"""Part of step 4: figures told by another one: "ebenso viele", "noch einmal so viele", "twice as many"."""

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.vocabulary import TermKind

BASE_REACH = 2
"""How many sentences back the figure may stand that such a word goes by."""
COMPARED_WITHIN = 3
"""Words within which "wie", "as" tells with what else it compares."""


def as_many_at(document: Document, sentence: Sentence, index: int, before: list[Mention]) -> Mention | None:
    """ "Polen schickt 2000 Soldaten. Dort sind schon ebenso viele": so many as were told of last, times what the word
    says; of none told, a vague quantity. `before`: the quantities of the sentence so far."""
    match = document.tokens[index].term(TermKind.MULTIPLE)
    if match is None:
        return None
    base = _base(document, sentence, before)
    if base is None or match.term.value is None or _compares(document.tokens[match.last : sentence.last]):
        return Mention(MentionKind.QUANTITY, index, match.last, index, vague=True, because=(match.term.rule,))
    low, high = (round(n * match.term.value) if n is not None else None for n in (base.count_min, base.count_max))
    return Mention(
        MentionKind.QUANTITY,
        index,
        match.last,
        index,
        count_min=low,
        count_max=high,
        additional=match.term.sort == "further",
        features=frozenset({"words"}),
        because=(match.term.rule,),
    )


def _base(document: Document, sentence: Sentence, before: list[Mention]) -> Mention | None:
    """The figure told last: in the sentence, or of a force in the ones before."""
    here = [m for m in before if not (m.vague or "year" in m.features)]
    near = document.sentences[max(0, sentence.index - BASE_REACH) : sentence.index]
    forces = [m for s in near for m in s.mentions if m.kind is MentionKind.FORCE and m.counted]
    return next(iter(here[-1:] or forces[-1:]), None)


def _compares(behind: list[Token]) -> bool:
    """ "doppelt so viele Soldaten wie im Vorjahr": the figure it goes by is another one."""
    for token in behind[:COMPARED_WITHIN]:
        if not token.form[0].isalnum():
            return False
        if token.term(TermKind.SUBORDINATOR) is not None:
            return True
    return False
