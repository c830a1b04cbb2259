"""Part of step 8: where a frame's forces are or go: its own places, the sentence's, those told of before."""

from itertools import pairwise

from services.extractor.document import Document, Effect, Frame, FrameClass, Mention, MentionKind, Sentence, TermKind
from services.extractor.gazetteer_model import EntryKind, PlaceKind
from services.extractor.steps.clause_phrases import in_saying_clause
from services.extractor.steps.discourse import Discourse, Where
from shared.events.statements import Stage

SAME_SENTENCE_REACH = 40
"""How many tokens from the verb a place of another clause may stand: longer "sentences" are captions and lists."""

CENTRE = ".c"
"""The key of a country's middle: "im Zentrum" is the middle of a town as well."""

SEVERAL, ABOARD = "several countries", "aboard a ship"
"""Reasons for a destination without country and place."""

_KINDS = {
    "noun:town": (PlaceKind.TOWN, PlaceKind.UNKNOWN),
    "noun:region": (PlaceKind.REGION,),
}
"""What a common noun may point back to."""


def destination_of(told: Discourse, document: Document, sentence: Sentence, frame: Frame, actor: str | None) -> Where:
    """Where the frame's own places say, else another clause of the sentence, else the last destination."""
    source = frame.clause.source
    told_by = source.code if source is not None and source.code in told.words.countries else None
    told.host = told_by if told_by != actor else None
    if _several(told, document, frame):
        return Where(None, explicit=True, because=SEVERAL)
    _lend_country(frame.places)
    for place in frame.places:
        if frame.frame is FrameClass.ENTER and "noun:border" in place.features:
            across = place.code or _told_abroad(told, actor)
            if across not in (None, actor):
                return Where(across, explicit=True, because="across the border")
        where = where_is(told, place, actor)
        if where is not None and where.because == "border" and frame.stage is Stage.WITHDRAWN:
            where.country = told.host or where.country  # who tells of it sits on the other side
        if where is not None:
            return _merged(told, where, frame.places, actor)
    host = _mission_host(document, frame)
    if host is not None:
        return Where(host, explicit=True, because="the mission's country")
    for place in _elsewhere(told, sentence, frame):
        where = where_is(told, place, actor)
        if where is not None:
            where.because = "other clause"
            return where
    if told.host is not None and frame.nominal and Effect.DENY in frame.clause.effects:
        return Where(told.host, explicit=True, because="the denier's own soil")
    more = frame.force is not None and frame.force.additional
    if more and told.passed and not (told.destinations and told.destinations[-1].sentence >= told.sentence - 1):
        latest = Mention(MentionKind.PLACE, frame.head, frame.head, frame.head)
        where = _passed_by(told, latest, actor)
        if where is not None:
            return where
    if told.destinations:
        last = told.destinations[-1]
        if last.country is None:
            return Where(None, last.place, last.key, last.within, False, "last destination told of", last.sentence)
        return Where(last.country, because="last destination told of", sentence=last.sentence)
    return Where(None)


def _told_abroad(told: Discourse, actor: str | None) -> str | None:
    """The last destination, if it is not the actor's own country."""
    last = told.destinations[-1].country if told.destinations else None
    return last if last != actor else None


def _several(told: Discourse, document: Document, frame: Frame) -> bool:
    """ "im Irak, in Jordanien und in Syrien": one force over several countries."""
    named = sorted((m for m in frame.places if m.role == "at" and m.country), key=lambda m: m.first)
    for left, right in pairwise(named):
        between = document.tokens[left.last : right.first]
        joined = len(between) == 1 and (between[0].form == "," or between[0].term(TermKind.COORDINATOR) is not None)
        if joined and left.country != right.country:
            return True
    return False


def _merged(told: Discourse, where: Where, places: list[Mention], actor: str | None) -> Where:
    """Two phrases for one place: the name from one, the country from the other."""
    if where.place is None:
        for other in places:
            named = where_is(told, other, actor) if other.name is not None else None
            if named is not None and named.country == where.country and named.place is not None:
                return named
    return where


def _lend_country(places: list[Mention]) -> None:
    """ "in Bulgaria, at X", "das Dorf X in der Region Donezk": an unknown town lies in the country named beside it."""
    country = next((p.country for p in places if p.name is None and p.country and p.role in ("at", "goal")), None)
    for place in places:
        unknown = place.name is not None and place.country is None and (place.key or "x:").startswith("x:")
        if unknown and not place.features & {"noun:border", "noun:coast", "noun:sea", "several", "compass"}:
            behind = next((p.country for p in places if p.first == place.last and p.country), None)
            place.country = behind or country


def _elsewhere(told: Discourse, sentence: Sentence, frame: Frame) -> list[Mention]:
    roles: tuple[str, ...] = ("origin", "at") if frame.stage.value == "withdrawn" else ("goal", "at", "near")
    if frame.frame is FrameClass.DEPART:
        roles = ("goal",)
    found = [
        m
        for m in sentence.mentions
        if not in_saying_clause(sentence, m.head)
        and m.kind is MentionKind.PLACE
        and (m.role in roles or (m.role == "via" and "noun:sea" in m.features))
        and m not in frame.places
        and abs(m.head - frame.head) <= SAME_SENTENCE_REACH
        and not m.features & {"there", "where", "guess"}
        and not any(
            s.kind is MentionKind.SPEAKER and "voice" not in s.features and s.first < m.first < s.last
            for s in sentence.mentions
        )
    ]
    return sorted(found, key=lambda m: roles.index(m.role) if m.role in roles else len(roles))


def where_is(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """What one place phrase means, here and after what was told; None if nothing."""
    features = place.features
    if "where" in features:
        return _before(told, place, actor) or _there(told, place, actor)
    if "there" in features:
        return _there(told, place, actor)
    if "on_ship" in features:
        return Where(None, explicit=True, because=ABOARD)
    if "off" in features:
        return Where(None, place.name, place.country, place.within, True, "at sea off that country")
    if "compass" in features:
        return _part(told, place, actor)
    if "country" in features and place.country is None and place.code is None:
        return (
            _last(told, "the country", country_only=True)
            or _passed_by(told, place, actor, abroad=True)
            or _other_country(told, actor)
            or _country_before(told, actor)
        )
    if {"noun:country", "possessive"} <= features and told.host is not None:
        return Where(told.host, explicit=True, because="the speaker's own soil")
    if "neighbour" in features and place.country is None:
        other = next((code for code in reversed(told.nations) if code != actor), None)
        return Where(other, explicit=True, because="neighbour") if other else None
    if "noun:side" in features:
        return Where(place.country, explicit=True, because="that side") if place.country else None
    if features & {"noun:border"} and place.name is not None:
        return _border(told, place, actor)
    if features & {"noun:sea", "noun:coast"}:
        return _at_sea(told, place, actor)
    if place.name is not None:
        where = _named(told, place, actor)
        return where if _is_name(told, place) or not _may_be_noun(told, place) else None
    if place.country is not None:
        return Where(place.country, explicit=True, because="country named")
    return _common_noun(told, place, actor)


def _at_sea(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "vor der Küste", "the coast": off the country told of; a sea or coast with a name is a place of its own."""
    if "noun:coast" in place.features and place.code is None and " " not in (place.name or " "):
        return _same_sea(told) or _last(told, "coast of the country", country_only=True) or _other_country(told, actor)
    found = told.gazetteer.place(place.name or "", told.words.code, (actor,) if actor else ())
    return Where(None, place.name, found.key if found else None, found.within if found else (), True, "sea")


def _same_sea(told: Discourse) -> Where | None:
    """ "… to the Gulf of Aden. South Korea has a destroyer in the same waters"."""
    last = _last(told, "the sea told of")
    return last if last is not None and last.country is None and last.place is not None else None


def _common_noun(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "the capital", "das Dorf", "its northern provinces": what was told of before; None if it is no such noun."""
    features = place.features
    if "possessive" in features and features & {"noun:capital", "noun:region", "noun:side"} and told.is_state(actor):
        return Where(actor, explicit=True, because="its own")  # "to its northern provinces"
    if features & {"noun:capital", "noun:country", "noun:region", "noun:town", "noun:site", "definite"}:
        if features & {"noun:capital", "noun:country"}:
            return _last(told, "common noun", country_only=True)
        return (
            _of_kind(told, place, actor)
            or _told_just_now(told, place)
            or _passed_by(told, place, actor, also_later=True)
            or _last(told, "common noun")
            or (Where(told.host, explicit=True, because="the speaker's own soil") if told.host else None)
        )
    return None


def _part(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "im Osten", "the north of the country": of the country told of, else of the actor's own."""
    of_country = "country" in place.features
    own = Where(actor) if told.is_state(actor) else None
    whose = own if of_country and any(code == actor for _, code in told.named_here) else None
    whose = whose or _last(told, "")
    if whose is None and of_country:
        whose = _passed_by(told, place, actor) or _other_country(told, actor)
    whose = whose or own
    if whose is None:
        return None
    where = Where(whose.country, explicit=True, because="part of the country")
    found = told.gazetteer.place(place.name or "", told.words.code, (where.country,)) if where.country else None
    if found is not None and found.country == where.country and not found.key.endswith(CENTRE):
        where.place, where.key, where.within = place.name, found.key, found.within
    return where


def _may_be_noun(told: Discourse, place: Mention) -> bool:
    """ "in Gruppen", "in Alarm": where nouns have capitals, a word in no list behind the plainest preposition."""
    return told.words.orthography.capitalised_nouns and place.role == "at"


def _named(told: Discourse, place: Mention, actor: str | None) -> Where:
    key, within, country = place.key, place.within, place.country
    if "several" in place.features:
        return Where(None, place.name, key, within, True, SEVERAL)
    if country is None and (key is None or key.startswith("x:")):
        found = told.gazetteer.place(place.name or "", told.words.code, _context(told, place, actor))
        if found is not None:
            key, within, country = found.key, found.within, found.country
        last = told.destinations[-1].country if told.destinations else None
        country = country or place.code or last or told.host or told.dateline or told.main_country
    return Where(country, place.name, key, within, True, "place named")


def _context(told: Discourse, place: Mention, actor: str | None) -> tuple[str, ...]:
    """In whose country a town without a famous name may lie, likeliest first."""
    last = [where.country for where in reversed(told.destinations[-2:])]
    states = [code for code in (actor, told.host, *reversed(told.nations)) if told.is_state(code)]
    near = [other.country for _, other in reversed(told.passed)]
    found = [code for code in (place.code, *last, *near, told.main_country, *states, told.dateline) if code]
    return tuple(dict.fromkeys(found))


def _border(told: Discourse, place: Mention, actor: str | None) -> Where:
    found = told.gazetteer.place(place.name or "", told.words.code, (actor,) if actor else ())
    own = actor if actor in told.words.countries else None
    country = found.country if found is not None and found.country in told.words.countries else None
    if place.code is not None and country == place.code:
        country = own or country  # forces mass on their own side
    return Where(
        country or own, place.name, found.key if found else None, found.within if found else (), True, "border"
    )


def _there(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    last = (
        _told_just_now(told, place)
        or _passed_by(told, place, actor)
        or _last(told, "there")
        or _border_before(told, actor)
        or _country_before(told, actor)
    )
    return _on_own_side(told, last, actor)


def _before(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "…, where": the place named last in the same sentence."""
    for sentence, other in reversed(told.passed):
        if sentence == told.sentence and other.last <= place.first and not other.features & {"there", "where"}:
            return _on_own_side(told, where_is(told, other, actor), actor)
    return None


def _on_own_side(told: Discourse, where: Where | None, actor: str | None) -> Where | None:
    if where is not None and where.key is not None and where.key.startswith("border:") and told.is_state(actor):
        where.country = actor  # each side masses on its own side
    return where


def _other_country(told: Discourse, actor: str | None) -> Where | None:
    """ "in the country" before any claim: the other state that the sentence names."""
    named = [code for _, code in reversed(told.named_here)]
    found = next((c for c in named if c != actor and c in told.words.countries), None)
    return Where(found, explicit=True, because="the country told of") if found else None


def _border_before(told: Discourse, actor: str | None) -> Where | None:
    """ "… the emergency at the border with X. 800 soldiers serve there"."""
    borders = (other for _, other in reversed(told.passed) if "noun:border" in other.features and other.code)
    border = next(borders, None)
    return _border(told, border, actor) if border is not None else None


def _country_before(told: Discourse, actor: str | None) -> Where | None:
    """ "… visited Togo. … are stationed there": the other state that was named last, if no place abroad was."""
    if any(other.name is not None and other.country != actor for _, other in told.passed):
        return None
    found = next((code for code in reversed(told.nations) if code != actor), None)
    return Where(found, explicit=True, because="the country told of") if found else None


def _told_just_now(told: Discourse, place: Mention) -> Where | None:
    """The destination of a claim in this sentence or the one before, if it has a place and none was named since."""
    last = _last(told, "place just told of")
    if last is None or last.place is None or told.destinations[-1].sentence < told.sentence - 1:
        return None
    since = [i for i, other in _passed(told, place) if other.name is not None]
    return last if not since or told.destinations[-1].sentence >= since[0] else None


def _passed(told: Discourse, place: Mention, also_later: bool = False) -> list[tuple[int, Mention]]:
    """Places named before `place` that it may mean, latest first, with their sentences."""
    return [
        (sentence, other)
        for sentence, other in reversed(told.passed)
        if other.role in ("at", "goal", "near", "for", "against", "via")
        and (other.name is not None or (other.country is not None and other.role != "against"))
        and not other.features & {"compass", "off"}
        and "noun:border" not in other.features
        and _is_name(told, other)
        and (sentence < told.sentence or other.last <= place.first or also_later)
    ]


def _is_name(told: Discourse, place: Mention) -> bool:
    """A capitalised word in no list is a place where the countries told of have a town of that name."""
    if "guess" not in place.features or place.country is not None:
        return True
    found = told.gazetteer.place(place.name or "", told.words.code, _context(told, place, None))
    return found is not None and found.kind is not PlaceKind.UNKNOWN


def _passed_by(
    told: Discourse, place: Mention, actor: str | None, also_later: bool = False, abroad: bool = False
) -> Where | None:
    """The place named last, in this sentence or the ones before, whether or not a claim was made there.

    `also_later`: a common noun may be told before its name, "the hub at X". `abroad`: not in the actor's country."""
    for _, other in _passed(told, place, also_later):
        where = _named(told, other, actor) if other.name is not None else Where(other.country, explicit=True)
        if abroad and where.country == actor:
            continue
        if where.country is not None or where.because == "sea":
            where.because = "place told of"
            return where
    return None


def _of_kind(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "the town", "die Provinz": the place of that kind named last."""
    wanted = {kind for feature, kinds in _KINDS.items() if feature in place.features for kind in kinds}
    for _, other in _passed(told, place):
        found = told.gazetteer.place(other.name, told.words.code, _context(told, other, actor)) if other.name else None
        if found is not None and found.kind in wanted:
            where = _named(told, other, actor)
            where.because = "place of that kind told of"
            return where
    return None


def _last(told: Discourse, because: str, country_only: bool = False) -> Where | None:
    if not told.destinations:
        return None
    last = told.destinations[-1]
    if country_only:
        land = last.key if last.key in told.words.countries else None  # of what lies off its coast
        return Where(last.country or land, explicit=True, because=because)
    return Where(last.country, last.place, last.key, last.within, True, because)


def _mission_host(document: Document, frame: Frame) -> str | None:
    """ "340 Soldaten bei Unifil", "die Blauhelme der Monusco": the country of the mission that the clause names."""
    for index in frame.clause.tokens():
        for match in document.tokens[index].terms:
            place = match.term.entry.place if match.term.entry is not None else None
            if match.term.sort == EntryKind.FORCES.value and place is not None:
                return place.country
    return None
