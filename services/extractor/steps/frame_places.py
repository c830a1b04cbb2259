"""Part of step 6: where a frame happens, the best place first."""

from services.extractor.document import (
    ATTACKS,
    Clause,
    Document,
    Frame,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    TermKind,
    Token,
)
from services.extractor.gazetteer import Gazetteer
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import belongs_to_speaker, is_attributed, mentions_in
from services.extractor.steps.place_slots import read_slot
from shared.events.statements import Stage, StatementType

LED_REACH = 3
"""Words back to the relator that leads a place, articles between."""
OWNER_REACH = 4
"""Words back from a place to the talks held there, their owner between."""
NEAR_OBJECT = 3
"""How many tokens behind a verb of fighting the attacked place may stand."""
_GOAL_FIRST = frozenset({FrameClass.SEND, FrameClass.GO, FrameClass.GROW, FrameClass.DEPART})
_ORIGIN_FIRST = frozenset({FrameClass.WITHDRAW, FrameClass.LEAVE, FrameClass.SHRINK})
_THROUGH = frozenset({FrameClass.TAKE, FrameClass.BE})
GROUND = frozenset({"noun:site", "noun:town", "noun:region"})
"""Place nouns for what is held, entered and left without being named: "the airport", "die Stadt"."""
_ROLE_ORDER = {
    "goal": ("goal", "at", "near", "across"),
    "at": ("at", "near", "goal", "across"),
    "origin": ("origin", "at", "near"),
}


def places_of(
    document: Document, sentence: Sentence, clause: Clause, frame: Frame, language: Language
) -> list[Mention]:
    first = "goal" if frame.frame in _GOAL_FIRST else "origin" if frame.frame in _ORIGIN_FIRST else "at"
    order: tuple[str, ...] = _ROLE_ORDER[first]
    if frame.frame is FrameClass.DEPART:
        order = ("goal",)
    if frame.stage is Stage.WITHDRAWN:
        order = _ROLE_ORDER["origin"]
    if frame.frame in ATTACKS:
        order = (*order, "origin")  # "hat die Miliz aus Omdurman vertrieben"
        if frame.nominal:
            order = (*order, "against")  # "the attack on X"
    if frame.frame in _THROUGH or frame.stage is Stage.ENGAGED:
        order = (*order, "via")  # "Kontrolle über Omdurman", "streifen durch Gao", "fight their way through Gao"
    candidates = [
        m
        for m in mentions_in(sentence, clause, MentionKind.PLACE)
        if (
            m.role in order
            or (m.role == "for" and frame.frame is FrameClass.SEND and _is_meant(sentence, frame, m))
            or (frame.frame is FrameClass.DEPART and _of_mission(document, m))
            or (frame.frame is FrameClass.GO and _is_passed_water(m))
            or (frame.frame is FrameClass.FIGHT and _is_contested(sentence, frame, m))
        )
        and (
            _is_entered(frame, m, language)
            or not belongs_to_speaker(document, sentence, m)
            or _is_where_victims_are(document, sentence, frame, m)
        )
    ]
    if frame.frame in _GOAL_FIRST and language.orthography.capitalised_nouns:
        candidates = [m for m in candidates if not (_may_be_noun(m) and _hangs_on_noun(document, m))]
    if frame.frame is FrameClass.FIGHT:
        candidates = [m for m in candidates if "noun:side" not in m.features]  # "kämpfen auf russischer Seite"
    if frame.force is not None and "from" not in frame.force.features:
        candidates = [m for m in candidates if not (frame.force.first <= m.first < frame.force.last)]
    elif frame.force is not None and (frame.stage is not Stage.WITHDRAWN or _stands_abroad(frame.force, candidates)):
        candidates = [m for m in candidates if m.role != "origin"]
    return innermost_first(
        sorted(
            candidates,
            key=lambda m: (
                _specificity(m) == 0,
                _is_where_they_decide(sentence, clause, m) or _is_where_they_met(document, sentence, m),
                _rank(order, m.role),
                -_specificity(m),
                m.first,
            ),
        )
    )


def _stands_abroad(force: Mention, places: list[Mention]) -> bool:
    """ "die in Gabun stationierten Soldaten aus Togo": where they are is told, so the other country is their own."""
    return any(m.role == "at" and m.last == force.first for m in places)


def _is_where_they_decide(sentence: Sentence, clause: Clause, place: Mention) -> bool:
    """ "In Berlin verlängerte das Kabinett den Einsatz …": a capital before all else, and a body of the state."""
    seat = place.role == "at" and place.first == clause.first
    inside = [m for m in sentence.mentions if m.kind is MentionKind.SPEAKER and m.head in clause]
    return (
        seat
        and any("voice" in m.features and place.first <= m.first < place.last for m in inside)
        and any(m.code is None and m.features & {"official", "state"} for m in inside)
    )


def _is_where_they_met(document: Document, sentence: Sentence, place: Mention) -> bool:
    """ "since a conference in X", "nach dem Besuch des Präsidenten in X": where the talks were, with at
    most their owner between."""
    for index in range(place.first - 1, max(sentence.first, place.first - OWNER_REACH) - 1, -1):
        token = document.tokens[index]
        cue = token.term(TermKind.CUE)
        if cue is not None and cue.term.statement is StatementType.CONSULT:
            return True
        owner = token.form[0].isupper() or token.has(TermKind.DETERMINER, "genitive")
        if not owner or token.term(TermKind.RELATOR) is not None:
            return False
    return False


def innermost_first(places: list[Mention]) -> list[Mention]:
    """ "In der Provinz X … südlich von Y": the town tells more than the region it lies in."""
    inner = next((m for m in places[1:] if _lies_in(m, places[0])), None)
    return [inner, *(m for m in places if m is not inner)] if inner is not None else places


def _lies_in(place: Mention, outer: Mention) -> bool:
    """By the gazetteer's regions, or in the country that `outer` is a part of: "in eastern Kenya … in the town X"."""
    if outer.key is not None and outer.key in place.within:
        return True
    same = place.country is not None and place.country == outer.country and place.role == outer.role
    return "part" in outer.features and same and place.name is not None


def _rank(order: tuple[str, ...], role: str | None) -> int:
    return order.index(role) if role in order else len(order)


def _is_entered(frame: Frame, place: Mention, language: Language) -> bool:
    """ "ist nach Angaben von Bewohnern in den Ort X eingerückt": right before the verb that leads there, where the verb
    comes last."""
    return language.orthography.verb_final and frame.frame is FrameClass.GO and place.last == frame.head


def _is_where_victims_are(document: Document, sentence: Sentence, frame: Frame, place: Mention) -> bool:
    """ "killed villagers in X", "Gefechte mit Aufständischen in X": who is fought does not speak."""
    if frame.frame not in ATTACKS:
        return False
    people = [m for m in sentence.mentions if m.kind is MentionKind.SPEAKER and m.first < place.first < m.last]
    return all(m.features & {"witness", "group"} and not is_attributed(document, sentence, m) for m in people)


def _is_meant(sentence: Sentence, frame: Frame, place: Mention) -> bool:
    """ "sagte 500 Soldaten für Somalia zu", "für Gao vorgesehen": a country, or a place that a promise names."""
    named = frame.stage is Stage.PLANNED and not _is_seat(sentence, place)
    return place.country is not None and (place.name is None or named)


def _is_passed_water(place: Mention) -> bool:
    """Ships pass through a strait, which is no country's: there they are. Land that is crossed is no goal."""
    no_water = {"guess", "noun:border"}
    return place.role == "via" and place.country is None and place.code is None and not no_water & place.features


def _is_contested(sentence: Sentence, frame: Frame, place: Mention) -> bool:
    """ "soldiers are fighting for Uvira"; whose side one fights on is a capital or a state, and people of a nation
    battle for all sorts of things."""
    people = frame.force is not None and "demonym" in frame.force.features
    led = place.role == "for" or (place.role == "via" and place.first == frame.head + 1)  # "are fighting over X"
    return led and place.name is not None and not people and not _is_seat(sentence, place)


def _is_seat(sentence: Sentence, place: Mention) -> bool:
    """A capital that stands for its state."""
    return any(m.kind is MentionKind.SPEAKER and place.first <= m.first < place.last for m in sentence.mentions)


def _of_mission(document: Document, place: Mention) -> bool:
    """ "zu ihrem Einsatz im Kosovo aufgebrochen": where the mission is, they go."""
    before = document.tokens[place.first - 1] if place.first > 0 else None
    return (
        place.role == "at"
        and before is not None
        and (before.term(TermKind.EVENT) is not None or before.term(TermKind.FORCE) is not None)
    )


def need_object(frame: Frame) -> None:
    """Where the subject comes first, a state's name alone is no force, and what is seized must be a place."""
    if frame.force is None and not (frame.frame is FrameClass.TAKE and is_known_place(frame)):
        frame.sender = None
    elif frame.force is not None and frame.frame is FrameClass.TAKE and not frame.has_object:
        frame.force = frame.sender = None


def is_known_place(frame: Frame) -> bool:
    """ "Russia captured Toretsk", "pulled out of Uvira": a named town or region makes the state's name its army's."""
    best = frame.places[0] if frame.places else None
    return best is not None and best.name is not None and best.key is not None and not best.key.startswith("x:")


def takes_another(document: Document, frame: Frame) -> bool:
    """ "has withdrawn sixty vehicles from northern Mali": between verb and place stands what is withdrawn."""
    between = document.tokens[frame.head + 1 : frame.places[0].first]
    return any(token.form[0].isdigit() or token.term(TermKind.NUMBER) is not None for token in between)


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


def bare_places(
    document: Document,
    sentence: Sentence,
    clause: Clause,
    verb_at: int,
    fights: bool,
    language: Language,
    gazetteer: Gazetteer,
) -> list[Mention]:
    """Places that stand as object, without a relator: "verlassen die Provinz X", "seize the town of Y".

    A country before the verb is its subject."""
    taken = [m for m in sentence.mentions if m.kind in (MentionKind.PLACE, MentionKind.FORCE)]
    found: list[Mention] = []
    for index in clause.tokens():
        token = document.tokens[index]
        if token.inside or any(m.first <= index < m.last for m in (*taken, *found)):
            continue
        named = any(m.term.kind in (TermKind.PLACE, TermKind.PLACE_NOUN, TermKind.NATION) for m in token.terms)
        named = named or token.has(TermKind.ANAPHOR, "country", "neighbour")
        if not named and not (index == verb_at + 1 and _is_unlisted_name(token, language)):
            continue
        if _is_led(document, sentence, index):
            continue
        slot = read_slot(document, sentence, index, None, index, language, gazetteer)
        if slot is None:
            continue
        nouns = slot.features & GROUND
        unnamed = bool(nouns) and not language.orthography.capitalised_nouns and 0 < slot.first - verb_at <= NEAR_OBJECT
        told = bool(slot.features & {"noun:capital", "country"})
        if slot.name is not None or told or slot.country is not None or unnamed:
            found.append(slot)
    if fights:
        found = [m for m in found if m.first - verb_at <= NEAR_OBJECT]
    with_name = [m for m in found if m.name is not None]
    if language.orthography.inverted_subject:
        force = _who_is_told_of(sentence, clause)
        foreign = [
            m
            for m in found
            if m.features
            or (
                force is not None
                and m.country not in (None, force.code)
                and (
                    force.code is not None
                    or (force.last <= m.first and (force.counted or "possessive" in force.features))
                )
            )
        ]
        return with_name or foreign
    return with_name or [m for m in found if m.features or m.first > verb_at]


def holds_unnamed(document: Document, frame: Frame, language: Language) -> bool:
    """ "guard the airport", "halten die Stadt besetzt": a place noun as the object, which was told of before."""
    tokens, anywhere = document.tokens, language.orthography.inverted_subject
    for index in frame.clause.tokens():
        noun = tokens[index].term(TermKind.PLACE_NOUN)
        if (
            noun is None
            or f"noun:{noun.term.sort}" not in GROUND
            or not (anywhere or 0 < index - frame.head <= NEAR_OBJECT)
        ):
            continue
        start = index
        while start > 0 and tokens[start - 1].form[0].islower() and not tokens[start - 1].terms:
            start -= 1
        led = start > 1 and tokens[start - 2].term(TermKind.RELATOR) is not None
        if start > 0 and tokens[start - 1].term(TermKind.DETERMINER) is not None and not led:
            return True
    return False


def _who_is_told_of(sentence: Sentence, clause: Clause) -> Mention | None:
    """The clause's own force, or the one before a relative clause: "150 Soldaten, die die Elfenbeinküste verlassen"."""
    forces = [m for m in sentence.mentions if m.kind is MentionKind.FORCE]
    before = [m for m in forces if m.last <= clause.first and clause.kind == "relative"]
    return next((m for m in forces if m.head in clause), next(reversed(before), None))


def place_noun_behind(document: Document, sentence: Sentence, verb_at: int) -> bool:
    """ "recaptured the palace": a place without a name as the verb's object."""
    for token in document.tokens[verb_at + 1 : min(sentence.last, verb_at + 5)]:
        if token.term(TermKind.PLACE_NOUN) is not None:
            return True
        relator = token.term(TermKind.RELATOR)
        if not token.form[0].isalnum() or (relator is not None and "of" not in relator.term.roles):
            return False
    return False


def _is_led(document: Document, sentence: Sentence, index: int) -> bool:
    """Whether a relator or attribution leads the noun phrase: "Seite an Seite mit Belarus", "selon Minsk"."""
    tokens = document.tokens
    k = index - 1
    for _ in range(LED_REACH):
        while k > sentence.first and tokens[k].inside:
            k -= 1  # the longer entry that ends here: "d'après", "close to"
        if k < sentence.first:
            return False
        relator = tokens[k].term(TermKind.RELATOR)
        if relator is not None:
            return "of" not in relator.term.roles
        if tokens[k].term(TermKind.ATTRIBUTION) is not None:
            return True
        if tokens[k].term(TermKind.DETERMINER) is None:
            return False
        k -= 1
    return False


def _is_unlisted_name(token: Token, language: Language) -> bool:
    """ "have stormed Nyala": only where a capital letter means a name."""
    return not language.orthography.capitalised_nouns and token.form[0].isupper() and not token.terms
