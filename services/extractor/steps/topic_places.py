"""Part of step 8: towns and regions that a sentence is about without a place phrase: its topic, the home of those who
saw it."""

from dataclasses import replace

from services.extractor.document import Document, Mention, MentionKind, Sentence
from services.extractor.gazetteer_model import EntryKind, Place, PlaceKind
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import in_saying_clause
from services.extractor.vocabulary import TermKind

MAX_NAME = 60
"""Letters of the longest name looked up; a longer one is no town's, and takes its square in time."""
_LOCALS = (TermKind.NOT_PEOPLE, "person", "target")
_TOPICS = frozenset({PlaceKind.TOWN, PlaceKind.REGION, PlaceKind.BASE})


def topic_place(document: Document, sentence: Sentence, language: Language) -> Mention | None:
    """ "Mora has seen three raids in a week", "Kirkuk changes hands": the name that opens a sentence or title, of a
    place in a country that the article names."""
    first = sentence.first
    if not document.tokens[first].form[0].isupper() or in_saying_clause(sentence, first):
        return None
    listed = _listed(document, first)
    unlisted = None if listed is not None else _unlisted(document, sentence, language)
    place, last = listed or unlisted or (None, first)
    if place is None or place.country not in document.countries or place.kind not in _TOPICS:
        return None
    return _mention(document, sentence, first, place, last)


def _mention(document: Document, sentence: Sentence, first: int, place: Place, last: int) -> Mention:
    return Mention(
        MentionKind.PLACE,
        first,
        last,
        first,
        name=document.words(sentence, first, last),
        key=place.key,
        within=place.within,
        country=place.country,
        role="at",
        because=("named without a relator",),
    )


def _listed(document: Document, first: int) -> tuple[Place, int] | None:
    match = document.tokens[first].term(TermKind.PLACE)
    entry = match.term.entry if match is not None else None
    if match is None or entry is None or entry.kind is not EntryKind.PLACE or entry.place is None:
        return None
    return entry.place, match.last


def _unlisted(document: Document, sentence: Sentence, language: Language) -> tuple[Place, int] | None:
    """A town of the wider list, which alone is no evidence: many are surnames."""
    name = sentence.beginning(MentionKind.SPEAKER, sentence.first)
    if name is None or name.code is not None or "name" not in name.features or not name.name:
        return None
    if len(name.name) > MAX_NAME:
        return None
    found = language.place(name.name, document.countries)
    return (found, name.last) if found is not None else None


def witnessed_place(document: Document, sentence: Sentence) -> Mention | None:
    """ "Residents of Gao said soldiers had entered the town": where people live is where they saw it; not "an analyst
    in Lagos"."""
    for people in sentence.mentions:
        if people.kind is not MentionKind.SPEAKER or not document.tokens[people.head].has(*_LOCALS):
            continue
        for index in range(people.head + 1, people.last):
            home = sentence.beginning(MentionKind.PLACE, index)
            listed = _listed(document, index)
            if home is not None:
                return replace(home, role="at")
            if listed is not None:
                return _mention(document, sentence, index, *listed)
    return None
