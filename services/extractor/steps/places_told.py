"""Part of step 8: what a name or a vague place phrase points back to: destinations and places told of before."""

from services.extractor.document import Mention
from services.extractor.gazetteer_model import PlaceKind
from services.extractor.steps.discourse import Discourse, Where

SEVERAL, BY_NAME, BY_COUNTRY = "several countries", "place named", "country named"
"""Reasons for the destination that a name gives."""

_KINDS = {
    "noun:town": (PlaceKind.TOWN, PlaceKind.UNKNOWN),
    "noun:region": (PlaceKind.REGION, PlaceKind.PART),
}
"""What a common noun may point back to."""


def named_place(told: Discourse, place: Mention, actor: str | None) -> Where:
    """The place that a name means; one in no list is looked for where it most likely lies."""
    key, within, country = place.key, place.within, place.country
    if "several" in place.features:
        return Where(None, place.name, key, within, True, SEVERAL)
    if country is None and not place.is_listed:
        found = told.words.place(place.name, likely_countries(told, place, actor))
        if found is not None:
            key, within, country = found.key, found.within, found.country
        last = told.last_country
        near = actor if _answers_neighbour(told, actor) else last
        country = country or place.code or near or told.host or told.dateline or told.main_country
    return Where(country, place.name, key, within, True, BY_NAME)


def _answers_neighbour(told: Discourse, actor: str | None) -> bool:
    """ "X has moved 2,000 soldiers to its border. Y has sent a battalion to Z": each on its own side, unless the
    report is about X."""
    last = told.last_claim
    if last is None or last.actor is None or actor is None or last.actor == actor or not told.is_state(actor):
        return False
    about = last.actor in (told.dateline, told.title_country, told.host)
    return last.actor == last.destination and not about and told.words.gazetteer.adjoin(last.actor, actor)


def likely_countries(told: Discourse, place: Mention, actor: str | None) -> tuple[str, ...]:
    """In whose country a town without a famous name may lie, likeliest first."""
    last = [where.country for where in reversed(told.destinations[-2:])]
    states = [code for code in (actor, told.host, *reversed(told.nations)) if told.is_state(code)]
    near = [other.country for _, other in reversed(told.passed)]
    found = [code for code in (place.code, *last, *near, told.main_country, *states, told.dateline) if code]
    return tuple(dict.fromkeys(found))


def last_told(told: Discourse, because: str, country_only: bool = False) -> Where | None:
    """The destination told of last, or only its country."""
    if not told.destinations:
        return None
    last = told.destinations[-1]
    if country_only:
        land = last.key if told.is_state(last.key) else None  # of what lies off its coast
        return Where(last.country or land, explicit=True, because=because)
    return Where(last.country, last.place, last.key, last.within, True, because)


def other_country(told: Discourse, actor: str | None, place: Mention | None = None) -> Where | None:
    """ "in the country" before any claim: the other state that the sentence names, before the phrase if that is
    given."""
    named = [code for index, code in reversed(told.named_here) if place is None or index < place.first]
    found = next((c for c in named if c != actor and told.is_state(c)), None)
    return Where(found, explicit=True, because="the country told of") if found else None


def country_before(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "… visited Togo. … are stationed there": the other state that was named last, if no place abroad was."""
    if any(other.name is not None and other.country != actor for _, other in told.passed):
        return None
    later = {code for index, code in told.named_here if index > place.first} - set(told.owners_before)
    found = next((code for code in reversed(told.nations) if code != actor and code not in later), None)
    return Where(found, explicit=True, because="the country told of") if found else None


def told_just_now(told: Discourse, place: Mention) -> Where | None:
    """The destination of a claim in this sentence or the one before, if it has a place and none was named since."""
    last = last_told(told, "place just told of")
    if last is None or last.place is None or told.destinations[-1].sentence < told.sentence - 1:
        return None
    since = [i for i, other in passed_places(told, place) if other.name is not None]
    return last if not since or told.destinations[-1].sentence >= since[0] else None


def passed_places(told: Discourse, place: Mention, also_later: bool = False) -> list[tuple[int, Mention]]:
    """Places named before `place` that it may mean, latest first, with their sentences."""
    return [
        (sentence, other)
        for sentence, other in reversed(told.passed)
        if other.role in ("at", "goal", "near", "for", "against", "via")
        and (other.name is not None or (other.country is not None and other.role != "against"))
        and not other.features & {"compass", "off", "noun:border", "noun:coast", "noun:side"}
        and is_name(told, other)
        and (sentence < told.sentence or other.last <= place.first or also_later)
    ]


def is_name(told: Discourse, place: Mention) -> bool:
    """A capitalised word in no list is a place where the countries told of have a town of that name."""
    if "guess" not in place.features or place.country is not None:
        return True
    found = told.words.place(place.name, likely_countries(told, place, None))
    return found is not None and found.kind is not PlaceKind.UNKNOWN


def passed_by(
    told: Discourse, place: Mention, actor: str | None, also_later: bool = False, abroad: bool = False
) -> Where | None:
    """The place named last, in this sentence or the ones before, whether or not a claim was made there.

    `also_later`: a common noun may be told before its name, "the hub at X". `abroad`: not in the actor's country."""
    for _, other in passed_places(told, place, also_later):
        where = named_place(told, other, actor) if other.name is not None else Where(other.country, explicit=True)
        if abroad and where.country == actor:
            continue
        if where.country is not None:
            where.because = "place told of"
            return where
    return None


def of_kind(told: Discourse, place: Mention, actor: str | None) -> Where | None:
    """ "the town", "die Provinz": the place of that kind named last."""
    wanted = {kind for feature, kinds in _KINDS.items() if feature in place.features for kind in kinds}
    for _, other in passed_places(told, place):
        found = told.words.place(other.name, likely_countries(told, other, actor)) if other.name else None
        if found is not None and found.kind in wanted:
            where = named_place(told, other, actor)
            where.because = "place of that kind told of"
            return where
    return None
