"""Part of step 6: places that no relator leads: who hosts, is helped or is given forces, the ship they are aboard."""

from dataclasses import replace

from services.extractor.document import Clause, ClauseVerb, Document, Frame, Mention, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import (
    NO_SUBJECT,
    after_relator,
    is_guarded,
    is_passive,
    mentions_in,
    purposes_of,
)
from services.extractor.steps.object_places import bare_places
from services.extractor.vocabulary import Effect, FrameClass, TermKind
from shared.events.statements import Stage

RECIPIENT_WITHIN = 1
"""Words between whom something is given and what."""


def host_of(document: Document, frame: Frame, language: Language) -> Mention | None:
    """ "Latvia hosts 2,200 soldiers", "Romania has 900 American soldiers", "Peru's Congress approved 60 marines":
    the state that is the subject, as a place."""
    sender = frame.sender
    if sender is None or frame.verb is None:
        return None
    verb, force = frame.verb.reading.verb, frame.force
    decides = frame.frame is FrameClass.SEND and verb.effect is Effect.PLAN and not verb.says
    has = frame.frame is FrameClass.HAVE and any(r.verb.auxiliary for r in document.tokens[frame.head].verbs)
    guest = force.code if force is not None and force.first > frame.head else None
    foreign = guest not in (None, sender.code) and sender.code in language.countries
    lets_in = foreign and (has or (decides and guest in language.countries))
    if not (verb.hosts or (lets_in and not frame.places)):
        return None
    return Mention(
        MentionKind.PLACE, sender.first, sender.last, sender.head, country=sender.code, role="at", because=("subject",)
    )


def who_is_helped(sentence: Sentence, frame: Frame, language: Language) -> list[Mention]:
    """ "Rwandan advisers will help Benin", "are training the army in X": the country of the object."""
    if frame.verb is None or is_passive(frame.clause, frame.verb):
        return []
    own = frame.force.code if frame.force is not None else None
    return _helped(sentence, frame.clause, frame.verb, own, language.countries)


def _helped(
    sentence: Sentence, clause: Clause, verb: ClauseVerb, own: str | None, countries: frozenset[str]
) -> list[Mention]:
    if not verb.reading.verb.helps:
        return []
    for m in mentions_in(sentence, clause, MentionKind.SPEAKER):
        behind = 0 <= m.first - verb.index - 1 <= 1 and "voice" in m.features
        if m.code in countries - {own} and (behind or "state" in m.features):
            return [Mention(MentionKind.PLACE, m.first, m.last, m.head, country=m.code, role="at", because=("object",))]
    return []


def recipients(document: Document, sentence: Sentence, frame: Frame) -> list[Mention]:
    """ "offered Mozambique another 300 soldiers", "bietet Mosambik 300 Soldaten an": the state between the verb and
    its object that is not the subject."""
    if frame.force is None or frame.sender is None or frame.verb is None or is_passive(frame.clause, frame.verb):
        return []
    return [
        Mention(MentionKind.PLACE, m.first, m.last, m.head, country=m.code, role="goal", because=("recipient",))
        for m in mentions_in(sentence, frame.clause, MentionKind.SPEAKER)
        if m.code not in (None, frame.sender.code)
        and frame.verb.index < m.first
        and m.last <= frame.force.first <= m.last + RECIPIENT_WITHIN
        and document.tokens[m.first - 1].term(TermKind.RELATOR) is None
        and document.tokens[m.first - 1].term(TermKind.COORDINATOR) is None
    ]


def ship_of(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "2,200 marines are aboard the USS X": its flag tells whose they are; "Peru has sent a frigate", not "has sent
    Togo's army a frigate", is at sea itself, if the sentence tells whose it is."""
    ships = [m for m in mentions_in(sentence, frame.clause, MentionKind.FORCE) if "vessel" in m.features]
    own = frame.force.first if frame.force is not None else -1
    under_way = next((m for m in ships if m.first == own), None) if _is_sent(frame) else None
    if under_way is not None and (
        _is_given_away(document, sentence, under_way) or after_relator(document, sentence, under_way, NO_SUBJECT)
    ):
        under_way = None  # "arbeitet am Bau eines Flugzeugträgers"
    boarded = (m for m in ships if m.first != own and after_relator(document, sentence, m, frozenset({"at"})))
    return next(boarded, under_way)


def _is_sent(frame: Frame) -> bool:
    """Whether it tells of somebody's forces under way or there: not "has ordered two patrol boats", nor "works on its
    second carrier"."""
    verb, named = frame.verb, frame.force is not None and frame.force.code is not None
    bought = verb is None or verb.reading.verb.stage is Stage.PLANNED
    moves = frame.frame in (FrameClass.SEND, FrameClass.GO) and (named or frame.sender is not None)
    return not bought and (moves or (named and frame.frame is FrameClass.BE))


def _is_given_away(document: Document, sentence: Sentence, ship: Mention) -> bool:
    """ "has sent 35 warships to the army of X", "hat der Armee 35 Schiffe geschickt": beside whom they are for."""
    before = sentence.ending(MentionKind.FORCE, ship.first)
    led = document.tokens[ship.last].leads("goal") if ship.last < sentence.last else False
    behind = next((m for m in sentence.of_kind(MentionKind.FORCE) if led and 0 < m.first - ship.last <= 2), None)
    return any(other is not None and "institution" in other.features for other in (before, behind))


def aboard(ship: Mention | None) -> list[Mention]:
    """Where no other place is told, a ship is a place at sea."""
    if ship is None:
        return []
    at_sea = frozenset({"on_ship"})
    return [replace(ship, kind=MentionKind.PLACE, role="at", features=at_sea, because=("vessel",))]


def purpose_objects(document: Document, sentence: Sentence, clause: Clause, language: Language) -> list[Mention]:
    """ "sends 3,000 soldiers to encircle X", "to help Benin", "to guard the embassy in X", "fought to oust rebels from
    X": the place that they are to do something to or for."""
    found: list[Mention] = []
    for purpose in purposes_of(sentence, clause):
        if not purpose.verbs:
            continue
        verb = purpose.verbs[0]
        objects = bare_places(document, sentence, purpose, verb.index, True, language)
        places = mentions_in(sentence, purpose, MentionKind.PLACE)
        cleared = [m for m in places if m.role == "origin"]
        objects = [m for m in objects if m.name is not None or m.country]
        guarded = [m for m in places if m.role == "at" and _is_of_building(document, sentence, m)]
        found += objects or guarded or _helped(sentence, purpose, verb, None, language.countries) or cleared
    return found


def _is_of_building(document: Document, sentence: Sentence, place: Mention) -> bool:
    """ "the embassy in X", as an object: where the seat of who might speak stands."""
    seats = (m for m in sentence.of_kind(MentionKind.SPEAKER) if m.first < place.first < m.last)
    return any(is_guarded(document, sentence, seat) for seat in seats)
