"""Part of step 8: what one place phrase means: a name, a border, a part of the country, "there", "the town"."""

from dataclasses import replace

from services.extractor.document import Mention
from services.extractor.gazetteer_model import Place, PlaceKind
from services.extractor.steps.discourse import Discourse, Where
from services.extractor.steps.places_told import (
    BY_COUNTRY,
    SEVERAL,
    country_before,
    is_name,
    last_told,
    named_place,
    of_kind,
    other_country,
    passed_by,
    told_just_now,
)

CENTRE = ".c"
"""The key of a country's middle: "im Zentrum" is the middle of a town as well."""

ABOARD, BORDER, ZONE, HERE = "aboard a ship", "border", "zone of the country told of", "here"
"""Reasons for a destination without country and place, on the own side, for a place that only a noun names, and for
where the report is from."""


def where_is(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """What one place phrase means, here and after what was told; None if nothing."""
    where = _meaning(told, place, actor)
    seat = told.seats.get(where.country or "") if where is not None and where.place is None else None
    if (
        where is None
        or seat is None
        or "noun:capital" not in place.features
        or place.role not in ("at", "goal", None)
        or place.features & {"noun:site"}
    ):
        return where
    return replace(where, place=seat.name, key=seat.key, within=seat.within)  # "in the capital"


def _meaning(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    features = place.features
    if "where" in features:
        return _before(told, place, actor) or _there(told, place, actor)
    if "here" in features and told.dateline is not None:
        there = _there(told, place, actor)
        same = there is not None and there.country == told.dateline
        return there if same else Where(told.dateline, explicit=True, because=HERE)
    if "several" in features and place.name is None:
        return Where(None, explicit=True, because=SEVERAL)
    if "there" in features:
        return _there(told, place, actor)
    if "on_ship" in features:
        return replace(_same_sea(told) or Where(None, explicit=True), because=ABOARD)
    if "off" in features:
        return Where(None, place.name, place.country, place.within, True, "at sea off that country")
    if "compass" in features:
        return _part(told, place, actor)
    if "possessive" in features and features & {"country", "noun:country"}:
        return Where(told.host, explicit=True, because="the speaker's own soil")  # nowhere, if no speaker is known
    if features & {"country", "noun:country"} and place.country is None and place.code is None and place.name is None:
        return _the_country(told, place, actor)
    if "neighbour" in features:
        return _neighbour(told, place, actor)
    if "noun:side" in features:
        return _on_side(told, place, actor)
    if "noun:border" in features and place.name is not None and (place.country is None or place.key is None):
        return _border(told, place, actor)
    if "noun:zone" in features and place.key is None:
        return _zone(told, place, actor)
    if features & {"noun:sea", "noun:coast"}:
        return _at_sea(told, place, actor)
    if place.name is not None:
        where = named_place(told, place, actor)
        return where if is_name(told, place) or not _may_be_noun(told, place) else None
    if place.country is not None:
        return Where(place.country, explicit=True, because=BY_COUNTRY)
    return _common_noun(told, place, actor)


def _the_country(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "the country", "the capital": that of the destination told of last, else another one named."""
    passed = passed_by(told, place, actor, abroad=True)
    last = last_told(told, "the country", country_only=True)
    at_home = last is not None and last.country == actor and told.is_state(actor)
    return (
        (last if not at_home else None)
        or (country_of(passed) if passed is not None else None)
        or last
        or other_country(told, actor, place)
        or country_before(told, place, actor)
    )


def _neighbour(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "im Nachbarland der Ukraine", "in the neighbouring country", as its host or he who speaks of it says: the state
    named last that is neither this one nor the actor's."""
    whose = place.country or told.host
    others = [code for code in reversed(told.nations) if code not in (actor, whose)]
    other = next((code for code in others if whose is None or told.words.gazetteer.adjoin(code, whose)), None)
    return Where(other, explicit=True, because="neighbour") if other else None


def _on_side(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "on the Malian side", "on its side of the river X": the river's name is the place, a border's is not."""
    own = actor if "possessive" in place.features and told.is_state(actor) else None
    country = own or place.country
    if country is None:
        return None
    named = "noun:border" not in place.features
    return Where(country, place.name if named else None, place.key if named else None, place.within, True, "that side")


def _zone(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "the buffer zone", "along the contact line": a place by itself, in the country told of."""
    whose = last_told(told, "", country_only=True) or other_country(told, actor) or country_before(told, place, actor)
    country = place.country or (whose.country if whose is not None else None)
    return Where(country, place.name, explicit=True, because=ZONE) if country else None


def _at_sea(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "vor der Küste", "the coast": off the country told of; a sea or coast with a name is a place of its own."""
    if "noun:coast" in place.features and place.code is None and " " not in (place.name or " "):
        return _same_sea(told) or other_country(told, actor)
    found = told.words.place(place.name, (actor,) if actor else ())
    return Where(None, place.name, found.key if found else None, found.within if found else (), True, "sea")


def _same_sea(told: Discourse) -> Where | None:
    """ "… to the Gulf of Aden. South Korea has a destroyer in the same waters"."""
    last = last_told(told, "the sea told of")
    return last if last is not None and last.country is None and last.place is not None else None


def _common_noun(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "the capital", "das Dorf", "its northern provinces": what was told of before; None if it is no such noun."""
    features = place.features
    if "possessive" in features and features & {"noun:capital", "noun:region", "noun:side"} and told.is_state(actor):
        return Where(actor, explicit=True, because="its own")  # "to its northern provinces"
    if features & {"noun:capital", "noun:country", "noun:region", "noun:town", "noun:site", "definite"}:
        if features & {"noun:capital", "noun:country"}:
            return _the_country(told, place, actor)
        where = (
            of_kind(told, place, actor)
            or told_just_now(told, place)
            or passed_by(told, place, actor, also_later=True)
            or last_told(told, "common noun")
            or (Where(told.host, explicit=True, because="the speaker's own soil") if told.host else None)
        )
        is_town = "noun:region" in features and _is_town(told, where)
        return country_of(where) if where is not None and is_town else where
    return None


def country_of(where: Where) -> Where:
    """Without the place: "on the island" is no town told of before."""
    return replace(where, place=None, key=None, within=()) if where.country is not None else where


def _is_town(told: Discourse, where: Where | None) -> bool:
    if where is None or where.place is None or where.country is None:
        return False
    found = told.words.place(where.place, (where.country,))
    return found is not None and found.kind in (PlaceKind.TOWN, PlaceKind.BASE)


def _part(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "im Osten", "the north of the country": of the country told of, else of the actor's own."""
    of_country = "country" in place.features
    own = Where(actor) if told.is_state(actor) else None
    whose = own if "possessive" in place.features else None
    if of_country and place.role != "origin" and any(code == actor for _, code in told.named_here):
        whose = own
    whose = whose or last_told(told, "")
    if whose is None:
        whose = passed_by(told, place, actor) or (other_country(told, actor) if of_country else None)
    whose = whose or own
    if whose is None:
        return None
    where = Where(whose.country, explicit=True, because="part of the country")
    found = told.words.place(place.name, (where.country,)) if where.country else None
    if found is not None and found.country == where.country and not found.key.endswith(CENTRE):
        where.place, where.key, where.within = place.name, found.key, found.within
    return where


def _may_be_noun(told: Discourse, place: Mention) -> bool:
    """ "in Gruppen", "in Alarm": where nouns have capitals, a word in no list behind the plainest preposition."""
    return told.words.orthography.capitalised_nouns and place.role == "at" and "foreign" not in place.features


def _border(told: Discourse, place: Mention, actor: str | None) -> Where:
    last = told.last_country
    own = actor if told.is_state(actor) else last
    found = told.words.place(place.name, (own,) if own else ())
    if found is not None and found.key.startswith("border:") and own is not None and own not in found.key:
        return _border_abroad(told, place, found)
    country = found.country if found is not None and told.is_state(found.country) else None
    if place.code is not None and country == place.code:
        country = own or country  # forces mass on their own side
    return Where(country or own, place.name, found.key if found else None, found.within if found else (), True, BORDER)


def beyond_border(told: Discourse, border: Mention, actor: str | None) -> str | None:
    """In which country they are who have crossed it: the one that the border's name tells, else one told of."""
    named = next((code for code in (border.code, border.country) if code not in (None, actor)), None)
    if named is not None:
        return named
    last = told.last_country
    if last not in (None, actor):
        return last
    found = told.words.place(border.name, ())
    sides = found.key.removeprefix("border:").split("+") if found is not None else []
    told_of = [told.host, *reversed(told.nations), told.title_country, told.dateline]
    near = [c for c in (*told_of, *sides) if c and c != actor and told.words.gazetteer.adjoin(c, actor or "")]
    return next((code for code in near if code in sides), next(iter(near), None))


def _border_abroad(told: Discourse, place: Mention, found: Place) -> Where:
    """A border that is not the actor's: they are in its owner's country, the only one it is called by ("the Malian
    border"), or in the one told of if that lies there."""
    last = told.last_country
    named = (code for code in (last, told.host) if code is not None)
    there = (told.words.place(place.name, (code,)) for code in named)
    known = found if found.country is not None else next((one for one in there if one and one.country), found)
    sides = known.key.removeprefix("border:").split("+")
    only = sides[0] if len(sides) == 1 and told.is_state(sides[0]) and "list" not in place.features else None
    return Where(known.country or only, place.name, known.key, known.within, True, BORDER)


def _there(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    last = (
        told_just_now(told, place)
        or passed_by(told, place, actor)
        or last_told(told, "there")
        or _border_before(told, actor)
        or country_before(told, place, actor)
    )
    return _on_own_side(told, last, actor)


def _before(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "…, where": the place named last in the same sentence."""
    for sentence, other in reversed(told.passed):
        if sentence == told.sentence and other.last <= place.first:
            return _on_own_side(told, where_is(told, other, actor), actor)
    return None


def _on_own_side(told: Discourse, where: Where | None, actor: str | None) -> Where | None:
    if where is not None and where.key is not None and where.key.startswith("border:") and told.is_state(actor):
        where.country = actor  # each side masses on its own side
    return where


def _border_before(told: Discourse, actor: str | None) -> Where | None:
    """ "… the emergency at the border with X. 800 soldiers serve there"."""
    borders = (other for _, other in reversed(told.passed) if "noun:border" in other.features and other.code)
    border = next(borders, None)
    return _border(told, border, actor) if border is not None else None
