"""Part of step 4: which number counts a force: before it, before its whole, of the people a unit has."""

from services.extractor.document import Document, Mention, MentionKind, Sentence, TermKind, VerbForm
from services.extractor.gazetteer_model import EntryKind

MAX_ATTRIBUTE = 8
"""Words that may stand between a number and the participle before its noun."""
_CARRIERS = frozenset({"unit", "vessel", "aircraft"})


def quantity_ending(sentence: Sentence, index: int) -> Mention | None:
    """The quantity whose last token stands right before `index`."""
    for mention in sentence.mentions:
        if mention.kind is MentionKind.QUANTITY and mention.last == index:
            return mention
    return None


def take_count(mention: Mention, quantity: Mention) -> None:
    mention.count_min, mention.count_max = quantity.count_min, quantity.count_max
    mention.vague = quantity.vague
    mention.additional = mention.additional or quantity.additional
    mention.counted = not quantity.vague
    mention.features |= quantity.features & {"total"}


def is_date(document: Document, sentence: Sentence, quantity: Mention) -> bool:
    """ "In 1944 British soldiers": a year behind a relator counts nobody."""
    if "year" not in quantity.features or quantity.first <= sentence.first:
        return False
    return document.tokens[quantity.first - 1].term(TermKind.RELATOR) is not None


def part_before(document: Document, sentence: Sentence, index: int) -> Mention | None:
    """A number before "of": of so many, the ones that are meant."""
    if index - 1 <= sentence.first:
        return None
    relator = document.tokens[index - 1].term(TermKind.RELATOR)
    part = quantity_ending(sentence, index - 1) if relator is not None and "of" in relator.term.roles else None
    return part if part is not None and "year" not in part.features else None


def count_part(document: Document, sentence: Sentence, mention: Mention) -> None:
    """ "600 of its soldiers", "600 seiner Soldaten": the number stands before what tells whose they are."""
    if mention.counted or mention.vague:
        return
    start = mention.first
    relator = document.tokens[start - 1].term(TermKind.RELATOR) if start > sentence.first else None
    if relator is not None and "of" in relator.term.roles:
        start -= 1
    elif not mention.features & {"possessive", "definite"}:
        return
    counted = quantity_ending(sentence, start)
    if counted is not None and not is_date(document, sentence, counted):
        take_count(mention, counted)
        mention.first = counted.first


def count_before_attribute(document: Document, sentence: Sentence, mention: Mention, index: int, counts: bool) -> None:
    """ "die 1300 im Kongo eingesetzten Soldaten": the number stands before what the participle takes with it."""
    tokens = document.tokens
    attributes = [k for k in range(index, mention.head) if tokens[k].verbs]
    if not attributes or not any(r.form in (VerbForm.PARTICIPLE, VerbForm.GERUND) for r in tokens[attributes[0]].verbs):
        return
    for k in range(index - 1, max(sentence.first, index - MAX_ATTRIBUTE) - 1, -1):
        counted = quantity_ending(sentence, k + 1)
        if counted is not None and not is_date(document, sentence, counted):
            if counts or counted.vague:
                take_count(mention, counted)
            return
        if not tokens[k].form[0].isalnum() or tokens[k].verbs:
            return


def count_people_aboard(document: Document, sentence: Sentence, mention: Mention) -> None:
    """ "ein Bataillon mit 850 Soldaten", "a frigate with 240 sailors"."""
    tokens = document.tokens
    if mention.last >= sentence.last or not mention.features & _CARRIERS:
        return
    index = mention.last
    while index < sentence.last - 1 and tokens[index].quote:
        index += 1  # „Andrea Doria“
    relator = tokens[index].term(TermKind.RELATOR)
    if relator is not None and "origin" in relator.term.roles and "from" in mention.features:
        index = next((m.last for t in tokens[relator.last : relator.last + 2] for m in t.terms if m.side), index)
        relator = tokens[index].term(TermKind.RELATOR) if index < sentence.last else None
    if relator is not None and "with" in relator.term.roles:
        count_people_inside(document, sentence, mention, relator.last)


def count_people_inside(document: Document, sentence: Sentence, mention: Mention, index: int) -> bool:
    """ "ein Vorauskommando aus 50 Belgiern", "a contingent of 300 soldiers": whom the unit consists of."""
    inside = next((m for m in sentence.mentions if m.kind is MentionKind.QUANTITY and m.first == index), None)
    if inside is None or inside.last >= sentence.last or mention.counted:
        return False
    for match in document.tokens[inside.last].terms:
        demonym = match.term.sort == EntryKind.DEMONYM.value
        if demonym or (match.term.kind is TermKind.FORCE and match.term.counts):
            take_count(mention, inside)
            mention.last = match.last
            mention.code = mention.code or match.side
            return True
    return False
