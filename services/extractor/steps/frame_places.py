"""Part of step 6: where a frame happens, the best place first."""

from services.extractor.document import Clause, Document, Frame, Mention, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import (
    CLITICS,
    belongs_to_speaker,
    in_saying_clause,
    is_attributed,
    is_where_they_meet,
    mentions_in,
)
from services.extractor.steps.object_places import SEAT, is_owned_site
from services.extractor.steps.share_places import is_where_a_share_is
from services.extractor.vocabulary import ATTACKS, SUBJECT_MOVES, FrameClass, TermKind, VerbForm
from shared.events.statements import Stage

OCCASION_REACH = 8
"""Words back from a place to what tells that it is where something happened before."""
NEAR_VERB = 2
"""Words from a verb to the place it leaves, its particle among them."""
_GOAL_FIRST = frozenset({FrameClass.SEND, FrameClass.GO, FrameClass.GROW, FrameClass.DEPART})
_ORIGIN_FIRST = frozenset({FrameClass.WITHDRAW, FrameClass.LEAVE, FrameClass.SHRINK})
_TAKES_PLACE = frozenset({FrameClass.SEND, FrameClass.HAVE, FrameClass.BE, FrameClass.FIGHT})
_NAMES_NOTHING = frozenset({TermKind.RELATOR, TermKind.DETERMINER, TermKind.PLACE_NOUN, TermKind.NATION})
_THROUGH = frozenset({FrameClass.TAKE, FrameClass.BE})
_ROLE_ORDER = {
    "goal": ("goal", "at", "near", "across"),
    "at": ("at", "near", "goal", "across"),
    "origin": ("origin", "at", "near"),
}


def places_of(
    document: Document, sentence: Sentence, clause: Clause, frame: Frame, language: Language
) -> list[Mention]:
    order = _roles_of(frame)
    candidates = [
        m
        for m in mentions_in(sentence, clause, MentionKind.PLACE)
        if _fits_frame(document, frame, m, order)
        and (
            _is_entered(document, frame, m, language)
            or not belongs_to_speaker(document, sentence, m)
            or _is_where_victims_are(document, sentence, frame, m)
            or _is_where_the_force_is(document, sentence, frame, m)
        )
        and not is_where_a_share_is(document, sentence, m, frame.force)
        and not _is_told_in_attribute(document, frame, m)
        and not is_where_they_meet(clause, m.head)
    ]
    lands = [m.last for m in candidates if "country" in m.features and m.name is None]
    candidates = [m for m in candidates if m.country or m.first not in lands]  # "in dem Land | am Horn von Afrika"
    if frame.frame in _GOAL_FIRST and language.orthography.capitalised_nouns:
        candidates = [m for m in candidates if not (_may_be_noun(m) and _hangs_on_noun(document, m))]
    if frame.force is not None and "from" not in frame.force.features:
        candidates = [m for m in candidates if m.first not in frame.force]
    elif frame.force is not None and (frame.stage is not Stage.WITHDRAWN or _stands_abroad(frame.force, candidates)):
        candidates = [m for m in candidates if m.role != "origin"]
    elif frame.force is not None:
        candidates = _without_home(frame, frame.force, candidates)
    return innermost_first(
        sorted(
            candidates,
            key=lambda m: (
                _specificity(m) == 0,
                bool(m.features & {"way", "relative"}),
                frame.nominal and (frame.force is None or m.first != frame.force.last),  # "arrival of 500 men | in X"
                _is_where_they_decide(sentence, clause, m) or is_where_it_happened(document, sentence, m),
                order.index(m.role) if m.role in order else len(order),
                -_specificity(m),
                m.first,
            ),
        )
    )


def _roles_of(frame: Frame) -> tuple[str, ...]:
    """The roles of the places that the frame asks for, the likeliest first."""
    first = "goal" if frame.frame in _GOAL_FIRST else "origin" if frame.frame in _ORIGIN_FIRST else "at"
    order: tuple[str, ...] = _ROLE_ORDER[first]
    if frame.frame is FrameClass.DEPART:
        order = ("goal",)
    if frame.stage is Stage.WITHDRAWN:
        order = _ROLE_ORDER["origin"]
    if frame.frame in ATTACKS:
        order = (*order, "origin", "against")  # "hat die Miliz aus Omdurman vertrieben", "launched an attack on X"
    if frame.frame in _THROUGH or frame.stage is Stage.ENGAGED:
        order = (*order, "via")  # "Kontrolle über Omdurman", "streifen durch Gao", "fight their way through Gao"
    return order


def _fits_frame(document: Document, frame: Frame, place: Mention, order: tuple[str, ...]) -> bool:
    """By its role, or by what the frame's class makes of others."""
    if frame.frame is FrameClass.FIGHT and "noun:side" in place.features:
        return False  # "kämpfen auf russischer Seite"
    if frame.frame is not FrameClass.GO and place.name is None and "way" in place.features:
        return False  # "posted on the road to Poland"
    return (
        (place.role in order and (place.role != "against" or frame.nominal or place.name is not None))
        or (frame.frame is FrameClass.SEND and place.role == "for" and _is_meant(frame, place))
        or (frame.frame is FrameClass.DEPART and _of_mission(document, place))
        or (frame.frame is FrameClass.GO and _is_passed(place))
        or (frame.frame is FrameClass.FIGHT and _is_contested(frame, place))
    )


def _is_told_in_attribute(document: Document, frame: Frame, place: Mention) -> bool:
    """ "schickt 300 in Jordanien ausgebildete Soldaten nach X": between what opens the attribute of the force and a
    participle that sends nobody."""
    force = frame.force
    if force is None or not force.first <= place.last < force.head or place.last == frame.head:
        return False
    participle = document.tokens[place.last]
    moves = any(reading.verb.frame is not None and not reading.verb.helps for reading in participle.verbs)
    return participle.may_be(VerbForm.PARTICIPLE) and not moves


def _stands_abroad(force: Mention, places: list[Mention]) -> bool:
    """ "die in Gabun stationierten Soldaten aus Togo": where they are is told, so the other country is their own."""
    return any(m.role == "at" and m.last == force.first for m in places)


def _without_home(frame: Frame, force: Mention, places: list[Mention]) -> list[Mention]:
    """ "Troops | from Ghana | have pulled out of Mali": with a place to leave right beside the verb, the one behind the
    force is whose they are; not "300 Soldaten aus Haiti abgezogen, trotz aller Warnungen aus Washington"."""
    left = [
        m
        for m in places
        if m.role == "origin"
        and m.first != force.last
        and (m.last == frame.head or (force.last <= frame.head and 0 < m.first - frame.head <= NEAR_VERB))
    ]
    return [m for m in places if m.first != force.last or m.role != "origin"] if left else places


def _is_where_they_decide(sentence: Sentence, clause: Clause, place: Mention) -> bool:
    """ "In Berlin verlängerte das Kabinett den Einsatz …": a capital before all else, and a body of the state."""
    seat = place.role == "at" and place.first == clause.first
    inside = mentions_in(sentence, clause, MentionKind.SPEAKER)
    return (
        seat
        and any("voice" in m.features and m.first in place for m in inside)
        and any(m.code is None and m.features & {"official", "state"} for m in inside)
    )


def is_where_it_happened(document: Document, sentence: Sentence, place: Mention) -> bool:
    """ "to the border after an attack on a bus near X", "nach Unruhen in X": where that was which the move answers."""
    told = False
    inner = sentence.ending(MentionKind.PLACE, place.first)
    if inner is not None and None not in (inner.country, place.country) and inner.country != place.country:
        return False  # "nach einem Halt in X | in Y": only X is where that was
    for token in reversed(document.tokens[max(sentence.first, place.first - OCCASION_REACH) : place.first]):
        if told and token.has(TermKind.CUE, "occasion"):
            return True
        moves = token.event is not None and token.event.frame not in ATTACKS
        lasts = token.has(TermKind.NOT_PEOPLE, "unit")  # "after two years in X"
        word = token.form[0].isalpha() or token.form in CLITICS
        if moves or lasts or not word or token.term(TermKind.FORCE) is not None:
            return False
        small = (m for m in token.terms if m.term.kind in _NAMES_NOTHING and "against" not in m.term.roles)
        told = told or not (token.inside or any(small))
    return False


def innermost_first(places: list[Mention]) -> list[Mention]:
    """ "In der Provinz X … südlich von Y": the town tells more than the region it lies in."""
    inner = next((m for m in places[1:] if _lies_in(m, places[0])), None)
    return [inner, *(m for m in places if m is not inner)] if inner is not None else places


def _lies_in(place: Mention, outer: Mention) -> bool:
    """By the gazetteer's regions, or in the country that `outer` is a part of: "in eastern Kenya … in the town X"; or
    right before its region, "bei X | im Bundesstaat Y"; behind a site of somebody's, "a French base | in Gabon"."""
    if outer.key is not None and outer.key in place.within:
        return True
    if place.first == outer.last and place.role in ("at", "near") and is_owned_site(outer):
        return True
    behind = place.last == outer.first and outer.role == "at" and "noun:region" in outer.features
    if behind and place.name is not None and place.country == outer.country:
        return True
    same = place.country is not None and place.country == outer.country and place.role == outer.role
    return "part" in outer.features and same and place.name is not None


def _is_entered(document: Document, frame: Frame, place: Mention, language: Language) -> bool:
    """ "ist nach Angaben von Bewohnern in den Ort X eingerückt", "sind laut Diplomaten in Mali stationiert", "… in Mali
    im Einsatz": right before the verb that comes last, unless a government sits there."""
    if not language.orthography.verb_final or frame.force is None:
        return False
    if frame.frame is FrameClass.GO or document.tokens[place.last - 1].has(*SEAT):
        return frame.frame is FrameClass.GO and place.last == frame.head
    task = document.tokens[place.last + 1 : frame.clause.last][:1]  # "im | Einsatz"
    busy = frame.frame is FrameClass.BE and any(token.term(TermKind.EVENT) for token in task)
    return busy or (frame.frame in _TAKES_PLACE and place.last == frame.head)


def _is_where_victims_are(document: Document, sentence: Sentence, frame: Frame, place: Mention) -> bool:
    """ "killed villagers in X", "Gefechte mit Aufständischen in X": who is fought does not speak."""
    if frame.frame not in ATTACKS:
        return False
    people = [m for m in sentence.mentions if m.kind is MentionKind.SPEAKER and m.first < place.first < m.last]
    plain = (m.features & {"witness", "group"} and not is_attributed(document, sentence, m) for m in people)
    return bool(people) and all(plain)


def _is_where_the_force_is(document: Document, sentence: Sentence, frame: Frame, place: Mention) -> bool:
    """ "Seit Montag steht die Armee in X", "liegen Schiffe der US-Marine in der Ostsee": the body that the place stands
    behind is the frame's own force, and says nothing."""
    force = frame.force if frame.frame in SUBJECT_MOVES | {FrameClass.SEND} and not frame.nominal else None
    bodies = [m for m in sentence.mentions if m.kind is MentionKind.SPEAKER and m.first < place.first < m.last]
    return (force is not None and bool(bodies)) and all(
        (body.first == force.last or (body.head in force and "institution" in force.features))
        and not in_saying_clause(sentence, body.head)
        and not is_attributed(document, sentence, body)
        for body in bodies
    )


def _is_meant(frame: Frame, place: Mention) -> bool:
    """ "sagte 500 Soldaten für Somalia zu", "für den Sahel vorgesehen": a country, or a place that a promise names."""
    promised = frame.stage is Stage.PLANNED and "guess" not in place.features
    return (place.country is not None and place.name is None) or (promised and place.key is not None)


def _is_passed(place: Mention) -> bool:
    """Ships pass through a strait, which is no country's: there they are. Land that is crossed is no goal, unless they
    are among its houses: "rolled through the streets of X"."""
    no_water = {"guess", "noun:border"}
    water = place.country is None and place.code is None and not no_water & place.features
    return place.role == "via" and (water or (place.name is not None and "noun:site" in place.features))


def _is_contested(frame: Frame, place: Mention) -> bool:
    """ "soldiers are fighting for Uvira"; people of a nation battle for all sorts of things."""
    people = frame.force is not None and "demonym" in frame.force.features
    led = place.role == "for" or (place.role == "via" and place.first == frame.head + 1)  # "are fighting over X"
    return led and place.name is not None and not people


def _of_mission(document: Document, place: Mention) -> bool:
    """ "zu ihrem Einsatz im Kosovo aufgebrochen": where the mission is, they go."""
    before = document.tokens[place.first - 1] if place.first > 0 else None
    return (
        place.role == "at"
        and before is not None
        and (before.term(TermKind.EVENT) is not None or before.term(TermKind.FORCE) is not None)
    )


def need_object(frame: Frame) -> None:
    """Where the subject comes first, a state's name alone is no force, and what is seized must be a place behind it."""
    if frame.sender is not None:
        frame.places = [place for place in frame.places if frame.sender.head not in place]
    seized = frame.frame is FrameClass.TAKE and is_known_place(frame) and frame.places[0].role != "origin"
    if frame.force is None and not seized:
        frame.sender = None
    elif frame.force is not None and frame.frame is FrameClass.TAKE and not frame.has_object:
        frame.force = frame.sender = None


def is_known_place(frame: Frame) -> bool:
    """ "Russia captured Toretsk", "pulled out of Uvira": a named town or region makes the state's name its army's."""
    best = frame.places[0] if frame.places else None
    return best is not None and best.name is not None and best.is_listed


def takes_another(document: Document, frame: Frame) -> bool:
    """ "has withdrawn sixty vehicles from northern Mali": between verb and place stands what is withdrawn."""
    between = document.tokens[frame.head + 1 : frame.places[0].first]
    return any(token.is_figure for token in between)


def _may_be_noun(place: Mention) -> bool:
    return "guess" in place.features and "foreign" not in place.features


def _hangs_on_noun(document: Document, place: Mention) -> bool:
    """ "Partner in Fernost": the phrase belongs to the noun before it."""
    before = document.tokens[place.first - 1] if place.first > 0 else None
    return before is not None and before.form[0].isupper() and not before.terms


def _specificity(place: Mention) -> int:
    """A name tells more than a country, and a country more than a coast or border without a name."""
    shore = (
        bool(place.features & {"noun:coast", "noun:border"}) and place.code is None and " " not in (place.name or "")
    )
    known = place.country is not None or "named" in place.features
    return 4 * (place.name is not None and not shore) + 2 * known + shore
