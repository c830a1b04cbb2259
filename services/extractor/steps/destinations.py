"""Part of step 8: where a frame's forces are or go: its own places, the sentence's, those told of before."""

from dataclasses import replace
from itertools import pairwise

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence
from services.extractor.gazetteer_model import EntryKind
from services.extractor.steps.adjuncts import is_beside, is_elsewhere_then
from services.extractor.steps.clause_phrases import in_saying_clause, mentions_in, purposes_of
from services.extractor.steps.discourse import ACROSS, HEADING, LAST_TOLD, NEAR, OTHER_CLAUSE, Discourse, Where
from services.extractor.steps.frame_places import innermost_first, is_where_it_happened
from services.extractor.steps.place_meanings import BORDER, ZONE, beyond_border, country_of, where_is
from services.extractor.steps.places_told import SEVERAL, passed_by
from services.extractor.steps.share_places import is_where_a_share_is
from services.extractor.steps.stages import stage_of
from services.extractor.vocabulary import ATTACKS, Effect, FrameClass, TermKind
from shared.events.statements import Stage

SAME_SENTENCE_REACH = 40
"""How many tokens from the verb a place of another clause may stand: longer "sentences" are captions and lists."""

COUNTRY_CODE = 3
"""Letters of a country's code, by which it is told from a region's."""

REPORTED_FROM = "where the report is from"
STORY = "the story's country"

_POINTING = frozenset({"pronoun", "elided", "part"})


def destination_of(told: Discourse, document: Document, sentence: Sentence, frame: Frame, actor: str | None) -> Where:
    """Where the frame's own places say, else another clause of the sentence, else the last destination."""
    source = frame.clause.source
    told_by = source.code if source is not None and told.is_state(source.code) else None
    told.host = told_by if told_by != actor else None
    if _joined_countries(document, frame):
        return Where(None, explicit=True, because=SEVERAL)
    _lend_country(frame.places)
    pointed = any("there" in place.features for place in frame.places)
    for place in frame.places:
        if pointed and "noun:border" in place.features and place.code is None:
            continue  # "600 are stationed there, most of them near the border"
        if place.role == "near" and place.country == actor and _enters_elsewhere(frame, actor):
            continue  # "überquerten bei X die Grenze nach Syrien"
        if _crosses(frame, place):
            if any(_lies_beyond(place, other, actor) for other in frame.places):
                continue  # "die Grenze nach X überschritten"
            across = beyond_border(told, place, actor)
            if across is not None:
                return _merged(told, Where(across, explicit=True, because=ACROSS), frame.places, actor)
        by_pronoun = frame.force is not None and "pronoun" in frame.force.features
        if "noun:capital" in place.features and by_pronoun and not told.destinations:
            continue  # "they … in the capital" before any claim: of which country, nobody has told
        where = where_is(told, place, actor)
        at_border = where is not None and (where.because == BORDER or "border:area" in place.features)
        if where is not None and at_border and frame.stage is Stage.WITHDRAWN:
            where.country = told.host or where.country  # who tells of it sits on the other side
        if where is not None:
            purpose = [
                m for one in purposes_of(sentence, frame.clause) for m in mentions_in(sentence, one, MentionKind.PLACE)
            ]
            there = [m for m in frame.places if where.place is None or not is_where_it_happened(document, sentence, m)]
            return _merged(told, _merged(told, where, there, actor), purpose, actor)
    host = _mission_host(document, sentence, frame)
    if host is not None:
        return Where(host, explicit=True, because="the mission's country")
    here = told.destinations[-1] if told.destinations and told.destinations[-1].sentence == told.sentence else None
    if here is not None and frame.force is not None and frame.force.features & _POINTING:
        return Where(here.country, here.place, here.key, here.within, False, LAST_TOLD, here.sentence)
    beside = [] if _is_told_again(frame) else _elsewhere(document, sentence, frame)
    then = [m for m in beside if m.head not in frame.clause and _is_then(document, sentence, m)]
    here_too = [m for m in beside if not (told.destinations and m in then)]
    where = _first_told(told, document, sentence, frame, here_too, actor)
    if where is None:
        where = _told_before(told, document, frame, actor)
        if where.country is None and where.place is None:
            where = _first_told(told, document, sentence, frame, then, actor) or where
    return where


def _first_told(
    told: Discourse, document: Document, sentence: Sentence, frame: Frame, places: list[Mention], actor: str | None
) -> Where | None:
    """The first of the places of other clauses that means something."""
    for place in places:
        where = where_is(told, place, actor)
        if where is not None:
            where.because = OTHER_CLAUSE
            return country_of(where) if is_where_a_share_is(document, sentence, place, frame.force) else where
    return None


def each_attacked(document: Document, frame: Frame) -> list[Frame]:
    """ "bombed targets in Iraq and Syria": who strikes in two countries fights in each."""
    fights = frame.frame in ATTACKS and not (frame.force is not None and frame.force.counted)
    if not fights or stage_of(frame, document)[0] is not Stage.ENGAGED:
        return [frame]
    listed = next((place for place in frame.places if place.name and {"list", "several"} <= place.features), None)
    codes = (listed.key or "").split("+") if listed is not None and "noun:border" not in listed.features else []
    if listed is not None and len(codes) > 1 and all(len(code) == COUNTRY_CODE for code in codes):
        each = [replace(listed, name=None, key=None, country=code, features=frozenset()) for code in codes]
        return [replace(frame, places=[place]) for place in each]
    places = _joined_countries(document, frame)
    both = places and document.tokens[places[1].first - 1].term(TermKind.COORDINATOR) is not None
    return [replace(frame, places=[place]) for place in places] if both else [frame]


def _told_before(told: Discourse, document: Document, frame: Frame, actor: str | None) -> Where:
    """Where no place stands in the sentence: the last destination, else the last place named."""
    if told.host is not None and frame.nominal and Effect.DENY in frame.clause.effects:
        return Where(told.host, explicit=True, because="the denier's own soil")
    before = [where for where in told.destinations if (where.because, where.country) != (HEADING, actor)]
    if before:
        return _last_told(told, frame, actor, before[-1])
    reported = _only_named(told, document, frame, actor) or _reported_from(told, frame, actor)
    return reported if reported.country is not None else _in_the_story(told, frame, actor) or reported


def _last_told(told: Discourse, frame: Frame, actor: str | None, last: Where) -> Where:
    """The destination told of last, unless a later sentence comes back to the country that the article is about; not
    to one named in passing: "40,000 have fled to Uganda. Kenya has sent 300 soldiers to Haiti. Another 200 will go"."""
    if last.country is None:
        return Where(None, last.place, last.key, last.within, False, LAST_TOLD, last.sentence)
    if _is_left_behind(told, frame, actor, last):
        return Where(None)
    elsewhere = told.sentence > last.sentence and told.story not in (None, last.country, actor)
    if elsewhere and not _goes_on(told, frame, actor, last):
        return Where(told.story, because=STORY)
    return Where(last.country, because=LAST_TOLD, sentence=last.sentence)


def _goes_on(told: Discourse, frame: Frame, actor: str | None, last: Where) -> bool:
    """ "300 Danes are to guard the airport. Denmark has sent 80 so far", "… 300 soldiers to Haiti. Another 200 will
    follow": its side, or more of the force, goes on in the next sentence."""
    claim, force, sender = told.last_claim, frame.force, frame.sender
    if force is None or claim is None or told.sentence - last.sentence != 1:
        return False
    own = "elided" in force.features and sender is not None and sender.code == actor
    more = force.additional or ("part" in force.features and frame.clause.kind != "relative")
    return (own or more) and (claim.actor, claim.destination) == (actor, last.country)


def _is_left_behind(told: Discourse, frame: Frame, actor: str | None, last: Where) -> bool:
    """Where nobody can tell any more: of a side told to be elsewhere too, unless so many of its soldiers are sent in
    the next sentence; of forces that just "are" in their own country; of a force without a figure that is not pointed
    at, far behind that destination."""
    force = frame.force
    counted = force is not None and force.counted
    sent_next = counted and frame.frame is FrameClass.SEND and told.sentence - last.sentence == 1
    if not sent_next and any(claim.actor == actor and claim.destination != last.country for claim in told.claims):
        return True
    if frame.frame is FrameClass.BE and last.country == actor:
        return True
    pointed = force is not None and bool(force.features & (_POINTING | {"definite"}))
    return not (counted or pointed) and told.sentence - last.sentence > NEAR


def _only_named(told: Discourse, document: Document, frame: Frame, actor: str | None) -> Where | None:
    """ "… wants to join the mission in X. It will send 300 soldiers": the place abroad that was named last, for a
    counted force that is sent somewhere; "the curfew in X … The army has pulled out": any place for who leaves."""
    if frame.nominal or frame.force is None:
        return None
    sent = frame.frame is FrameClass.SEND and frame.force.counted
    if not (sent or _just_leaves(document, frame, frame.force)):
        return None
    latest = Mention(MentionKind.PLACE, frame.head, frame.head, frame.head)
    return passed_by(told, latest, actor, abroad=sent)


def _just_leaves(document: Document, frame: Frame, force: Mention) -> bool:
    """Not "flew them out", "called back to X", "they left"."""
    tokens = [document.tokens[k] for k in frame.clause.tokens()]
    elsewhere = frame.sender is not None or frame.places or force.features & _POINTING
    moves_others = any(token.has(TermKind.ANAPHOR, "object") for token in tokens)
    return frame.frame in (FrameClass.WITHDRAW, FrameClass.LEAVE) and not (elsewhere or moves_others)


def _reported_from(told: Discourse, frame: Frame, actor: str | None) -> Where:
    """Foreign forces of which nothing tells where they are: in the country of the title's places; who arrives, in that
    of the dateline. A sea or region named may be meant; of people or a bare number nobody says that they are there."""
    nobody = frame.force is None or (
        frame.frame is FrameClass.BE and bool(frame.force.features & (_POINTING | {"demonym"}))
    )
    areas = any(
        place.country is None and not (place.key or "x:").startswith(("x:", "border:")) for _, place in told.passed
    )
    if nobody or areas:
        return Where(None)
    if told.title_country not in (None, actor):
        return Where(told.title_country, because="the title's place")
    here = told.dateline if frame.frame is FrameClass.GO and told.dateline != actor else None
    return Where(here, because=REPORTED_FROM)


def _in_the_story(told: Discourse, frame: Frame, actor: str | None) -> Where | None:
    """ "The 1,500 soldiers will go home": a number of soldiers, or a side's who are sent or go, of whom nothing
    tells where, are in the country that the article is about; in their own only a number of them who are sent or go."""
    force = frame.force
    if force is None or "weak" in force.features or told.story is None:
        return None
    home = told.story == actor
    moves = frame.frame in (FrameClass.SEND, FrameClass.GO) and not frame.nominal
    if (home and not moves) or not (force.counted or (moves and not home and force.code is not None)):
        return None
    if force.features & _POINTING and frame.frame is FrameClass.SEND and frame.sender is None:
        return None  # "who had hoped to fly in a jury of 20"
    return Where(told.story, because=STORY)


def _crosses(frame: Frame, place: Mention) -> bool:
    """ "crossed the border", "are beyond the border": there and no longer on their own side, where they "patrol" it."""
    stays = frame.verb is not None and frame.verb.reading.verb.task and place.code is not None
    enters = frame.frame is FrameClass.ENTER and not stays
    return "noun:border" in place.features and (place.role == "across" or enters)


def _enters_elsewhere(frame: Frame, actor: str | None) -> bool:
    """Whether a border is crossed and another country named as the goal."""
    crosses = any(_crosses(frame, place) for place in frame.places)
    return crosses and any(p.role == "goal" and p.country not in (None, actor) for p in frame.places)


def _lies_beyond(border: Mention, place: Mention, actor: str | None) -> bool:
    """ "crossed the border into X", "in eastern Chad RSF fighters have crossed the border"; not "auf malischem Boden
    die Grenze nach Niger überschritten"."""
    at = place.role in ("at", "near") and place.country != actor and "noun:border" not in place.features
    return place.country is not None and ((at and border.code in (None, actor)) or place.role == "goal")


def _joined_countries(document: Document, frame: Frame) -> tuple[Mention, ...]:
    """ "im Irak, in Jordanien und in Syrien", "in den Irak und nach Syrien": one force over several countries."""
    countries = [m for m in frame.places if m.role in ("at", "goal") and m.country and "noun:border" not in m.features]
    named = sorted(countries, key=lambda m: m.first)
    for left, right in pairwise(named):
        between = document.tokens[left.last : right.first]
        joined = len(between) == 1 and between[0].joins
        if joined and left.country != right.country:
            return left, right
    return ()


def _merged(told: Discourse, where: Where, places: list[Mention], actor: str | None) -> Where:
    """Two phrases for one place: the name from one, the country from the other. A name tells more than a border, and
    more than the zone that it is near."""
    for other in places:
        if other.name is None or not (where.place is None or _yields(where, other)):
            continue
        named = where_is(told, other, actor)
        if named is None or named.place is None or named.because in (BORDER, ZONE):
            continue
        if where.because == ACROSS and "guess" in other.features and other.country is None:
            named = replace(named, country=where.country, because=ACROSS)  # "bei X die Grenze überquert"
        if named.country == where.country:
            return named
    return where


def _yields(where: Where, other: Mention) -> bool:
    return where.because == BORDER or (where.because == ZONE and other.role == "near")


def _lend_country(places: list[Mention]) -> None:
    """ "in Bulgaria, at X", "das Dorf X in der Region Donezk": an unknown town lies in the country named beside it."""
    for place in places:
        unknown = place.name is not None and place.country is None and not place.is_listed
        if unknown and not place.features & {"noun:border", "noun:coast", "noun:sea", "several", "compass"}:
            place.country = next((p.country for p in places if p.country), None)


def _is_told_again(frame: Frame) -> bool:
    """ "the troops" without a figure: told of before, with their place, unless it is a place that they hold."""
    force = frame.force
    again = force is not None and "definite" in force.features and not (force.counted or force.vague)
    return again and frame.frame is not FrameClass.HAVE


def _of_others(document: Document, frame: Frame) -> list[Mention]:
    """ "… are flown in, and 130 more wait in X", "Canada sends 200, and 75 Britons are in the south": the places of
    another force with a figure or a side of its own, in the same sentence."""
    others = [f for f in document.frames if f.sentence == frame.sentence and f.head != frame.head and f.force]
    return [
        place
        for other in others
        for place in other.places
        if other.force is not None
        and frame.force is not None
        and other.force.first != frame.force.first
        and other.force.counted
    ]


def _is_attacked(document: Document, place: Mention) -> bool:
    """ "nach dem Angriff auf X rief Y die Reserve ab": who is attacked is not where the others are."""
    event = document.tokens[place.first - 1].event if place.first > 0 else None
    return event is not None and event.frame in ATTACKS


def _is_of_its_other(document: Document, sentence: Sentence, frame: Frame, place: Mention) -> bool:
    """ "The United States, whose marines train in X, will send 60 soldiers": where others of the same side are."""
    inside = next((c for c in sentence.clauses if c is not frame.clause and place.first in c), None)
    if inside is None or not document.tokens[inside.first].has(TermKind.SUBORDINATOR, "relative_owner"):
        return False
    they = any(document.tokens[k].has(TermKind.ANAPHOR, "subject") for k in inside.tokens())
    return not they and bool(mentions_in(sentence, inside, MentionKind.FORCE))


def _is_then(document: Document, sentence: Sentence, place: Mention) -> bool:
    """ "…, trotz aller Warnungen aus X", "…, zwei Tage nachdem in X eine Bombe …": why or when, and not where to."""
    clause = sentence.clause_at(place.head)
    return clause is not None and (clause.adverbial or is_elsewhere_then(document, sentence, place))


def _elsewhere(document: Document, sentence: Sentence, frame: Frame) -> list[Mention]:
    roles: tuple[str, ...] = ("origin", "at") if frame.stage.value == "withdrawn" else ("goal", "at", "near")
    if frame.frame is FrameClass.DEPART:
        roles = ("goal",)
    others = _of_others(document, frame)
    found = [
        m
        for m in sentence.mentions
        if not in_saying_clause(sentence, m.head)
        and m.kind is MentionKind.PLACE
        and m.role in roles
        and m not in frame.places
        and m not in others
        and not _is_attacked(document, m)
        and not is_beside(document, sentence, m)
        and not _is_of_its_other(document, sentence, frame, m)
        and abs(m.head - frame.head) <= SAME_SENTENCE_REACH
        and not m.features & {"there", "where", "guess", "noun:side"}
        and not any(
            s.kind is MentionKind.SPEAKER and "voice" not in s.features and s.first < m.first < s.last
            for s in sentence.mentions
        )
    ]
    named = {m.first for m in found if m.name is not None and "noun:border" not in m.features}
    # "um den Flughafen | in X zu sichern": the name right behind tells more than "the airport"
    found.sort(key=lambda m: (m.name is None and m.last in named, roles.index(m.role or "")))
    return innermost_first(found) if found else found


def _mission_host(document: Document, sentence: Sentence, frame: Frame) -> str | None:
    """ "340 Soldaten bei Unifil", "were sent | to join Unifil": the country of the mission that the clause names."""
    for clause in (frame.clause, *purposes_of(sentence, frame.clause)):
        for index in clause.tokens():
            for match in document.tokens[index].terms:
                place = match.term.entry.place if match.term.entry is not None else None
                if match.term.sort == EntryKind.FORCES.value and place is not None:
                    return place.country
    return None
