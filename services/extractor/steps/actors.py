"""Part of step 8: whose forces a frame tells of, by the phrase itself or by what was told before."""

from services.extractor.document import ATTACKS, Effect, Frame, FrameClass, Mention, Speaker
from services.extractor.steps.discourse import NEAR, NEAR_FORCE, NOBODY, Discourse, before_mentions
from services.extractor.steps.gerund_subjects import ANTECEDENT
from shared.events.statements import StatementType

LAST_FORCE = "last force told of"
"""The rule for a force that says nothing of its side: two of three times right, all others nine of ten."""

GUESSES = ("only nation in sight", "dateline, or the only state named")
"""Rules that find an actor where nothing points at one: never believed of a country's own soil."""

HIS_OWN = "units of who tells of them"
_UNITS = frozenset({"unit", "vessel"})
_POINTED = frozenset({"definite", "possessive", "negated", "pronoun", "group", "any_side"})
"""Forces told of before, or nobody's."""

_IRREGULAR = frozenset({"group", "any_side"})
"""Rebels, fighters, mercenaries: whoever names none of them means no state's and no alliance's."""

_OWNERS = frozenset(
    {
        FrameClass.SEND,
        FrameClass.HAVE,
        FrameClass.GROW,
        FrameClass.SHRINK,
        FrameClass.WITHDRAW,
        FrameClass.FIGHT,
        FrameClass.TAKE,
        FrameClass.JOIN,
        FrameClass.LEAVE,
    }
)


_PROVIDES = frozenset({FrameClass.SEND, FrameClass.HAVE, FrameClass.GROW})
_OF_ITS_OWN = _PROVIDES | {FrameClass.WITHDRAW}


def actor_of(told: Discourse, frame: Frame) -> tuple[str | None, str]:
    """The actor's code and the rule that found it."""
    force, source = frame.force, frame.clause.source
    sender = frame.sender.code if frame.sender is not None else None
    if force is not None and force.code is not None:
        if _contributes(told, frame, force.code):
            return sender, "subject of the clause"
        return force.code, "force names it"
    owned = frame.frame in _OWNERS and sender is not None and not frame.nominal
    hosts = not owned or sender in told.words.countries
    if force is not None and _is_foreign(force) and frame.frame not in _OF_ITS_OWN and hosts:
        return None, "nobody's by name"  # "Kabul asked for coalition troops to fend them off"
    if force is not None and "home" in force.features and frame.frame in ATTACKS:
        return _of_the_government(told, frame), "the government's forces"
    if force is not None and "elided" in force.features and owned:
        return sender, "subject of the clause"
    if force is not None and force.features & {"pronoun", "elided", "part"}:
        meant = _pointed_at(told, frame, force)
        if meant is not None:
            return meant or None, "points back to the last force"
    unit = frame.frame is FrameClass.BE and frame.sender is not None and "unit" in frame.sender.features
    if unit and sender is not None and force is not None:
        return sender, "the unit they make up"  # "the Ghanaian contingent comprises 90 peacekeepers"
    if owned or (_with_people(force) and sender is not None):
        return sender, "subject of the clause"
    if force is not None and force.counted and ANTECEDENT in frame.because:
        count = force.count_min, force.count_max
        last = next((c for c in told.claims[-1:] if c.sentence == frame.sentence), None)
        if last is not None and last.actor and (last.count_min, last.count_max) == count:
            return last.actor, "told of in this sentence"  # "Chile lent Peru a unit of 90 men, who have arrived"
    if force is not None and "several" in force.features:
        return _body_told_of(told), "a force of several members"
    if force is not None and _comes_from(frame, force):
        return force.country, "from that country"
    if frame.nominal and sender is not None:
        return sender, "owner of the event"
    if frame.frame in _PROVIDES and frame.the_country and source is not None:
        other = _other_than_the_speaker(told, frame, source)
        if other is not None:
            return other, "the country told of"
    if frame.frame in _OWNERS and frame.by_speaker and source is not None and source.code and not source.private:
        return source.code, "who speaks of his own"
    if frame.frame in _OWNERS and frame.by_pronoun and told.topic is not None:
        return told.topic, "who was told of"
    if frame.frame in _OWNERS and frame.institution:
        return _nameless(told, frame), "the state of that country"
    if frame.frame in (FrameClass.GO, FrameClass.DEPART) and frame.origin is not None:
        return frame.origin, "comes from there"
    if force is not None and "possessive" in force.features:
        return _owner(told, frame), "possessive"
    if force is not None and "group" in force.features and "definite" in force.features:
        groups = [code for code in told.actors if code not in told.words.countries]
        if groups:
            return groups[-1], "the group told of"
    if force is not None and "institution" in force.features:
        return _commander(told, frame) or _home(told, frame), "the army of the country"
    if force is not None and "home" in force.features:
        return _of_the_government(told, frame), "the government's forces"
    if force is not None and force.mandate is not None:
        return _mandated(told, force, force.mandate), "serves an organisation"
    side = next((place.country for place in frame.places if "noun:side" in place.features and place.country), None)
    if side is not None:
        return side, "on its side"  # "auf indischer Seite stehen 500 Soldaten"
    actor, rule = _guessed(told, frame)
    return (actor if actor != frame.accuser else None), rule


def _guessed(told: Discourse, frame: Frame) -> tuple[str | None, str]:
    """Nothing points at a side: the likeliest of those told of, else who speaks, else whoever is named."""
    force = frame.force
    source = frame.clause.source
    if force is not None and _is_foreign(force):
        return None, "nobody's by name"
    if source is not None and _is_accused(told, frame, source):
        return source.code, "who denies it"
    if source is not None and _tells_of_his_own(told, frame, source):
        return source.code, HIS_OWN
    near = _likeliest(told, frame)
    if near is not None:
        return near, LAST_FORCE
    if force is not None and force.features & _IRREGULAR:
        return None, "a group nobody named"
    hosts = {place.country for place in frame.places}
    official = source is not None and source.code in told.words.countries
    if source is not None and official and not set(told.owners_before) - hosts - {source.code}:
        return source.code, GUESSES[0]
    named = told.title_actor or told.topic or told.dateline or (told.owners[-1] if told.owners else None)
    soldiers = force is not None and "people" in force.features and "weak" not in force.features
    if named is not None and force is not None:
        return (None if soldiers and named in told.words.armed_groups else named), GUESSES[0]
    return told.dateline or _only_state(told, frame), GUESSES[1]


def _is_foreign(force: Mention) -> bool:
    """ "Western troops", "coalition soldiers": another country's than that of whoever is named beside them."""
    return "foreign" in force.features and not force.features & {"negated", "group", "home", "from", "possessive"}


def _is_accused(told: Discourse, frame: Frame, source: Speaker) -> bool:
    """ "Serbien wies Vorwürfe des Kosovo zurück, es habe Soldaten verlegt": who denies it is who would have sent."""
    hosts = frame.verb is not None and frame.verb.reading.verb.hosts
    if hosts or source.private or source.code not in told.words.countries:
        return False
    denies = Effect.DENY in frame.clause.effects and frame.frame in _PROVIDES
    return denies and any(code == source.code for _, code in told.named_here)


def _tells_of_his_own(told: Discourse, frame: Frame, source: Speaker) -> bool:
    """ "The ministry said that airborne units had repelled attacks", "admitted that officers had travelled to X": an
    authority that tells of units and names no side means its own, unless it accuses somebody, or the title tells of
    others and they are abroad: then it watches them."""
    force = frame.force
    admitted = Effect.CONFIRM in frame.clause.effects and force is not None and "weak" in force.features
    if force is None or not (force.features & _UNITS or admitted) or force.features & _POINTED:
        return False
    if force.counted and "weak" in force.features:
        return False
    above = frame.clause.parent.verbs if frame.clause.parent is not None else []
    accuses = any(v.reading.verb.statement is StatementType.ACCUSE for v in above)
    abroad = {place.country for place in frame.places if place.country}
    watches = told.title_actor is not None and bool(abroad) and source.code not in {*told.actors, *abroad}
    return not watches and not (source.private or accuses) and told.is_state(source.code)


def _pointed_at(told: Discourse, frame: Frame, pointing: Mention) -> str | None:
    """Whose "sie", "3000 von ihnen" or a bare number are: the side that this sentence told of last, else the last
    force of those before."""
    named = [(index, code) for index, code in told.forces_here if index < frame.clause.first]
    claimed = [
        (claim.order, claim.actor)
        for claim in told.claims
        if claim.sentence == frame.sentence and claim.order < pointing.first and claim.actor is not None
    ]
    here = max([*named, *claimed], default=None)
    if here is None and told.nobody_before and "pronoun" in pointing.features:
        return NOBODY  # "Several militias rule X. They …"
    return here[1] if here is not None else next(iter(told.headed() or told.before[-1:]), None)


def _of_the_government(told: Discourse, frame: Frame) -> str | None:
    return next((place.country for place in frame.places if place.country), None) or _home(told, frame)


def _mandated(told: Discourse, force: Mention, mandate: str) -> str:
    """Whose "the peacekeepers" are: the force's told of last, or the organisation's that the article names."""
    if force.features & {"definite", "possessive"} and not force.counted and told.before:
        return told.before[-1]
    return _body_told_of(told) or mandate


def _body_told_of(told: Discourse) -> str | None:
    no_bodies = told.words.countries | told.words.armed_groups
    return next((code for code in reversed(told.owners + told.actors) if code not in no_bodies), None)


def _only_state(told: Discourse, frame: Frame) -> str | None:
    """The one state that this sentence and the one before name besides the place's own."""
    here = {mention.code for mention in before_mentions(told.last_read) if mention.code in told.words.countries}
    others = here.union(told.states_before) - {place.country for place in frame.places}
    return next(iter(others)) if len(others) == 1 else None


def _commander(told: Discourse, frame: Frame) -> str | None:
    """ "Uganda's minister instructed the army": the state named before it, if it does not just tell of another's."""
    position = frame.force.first if frame.force is not None else frame.head
    named = [code for index, code in told.named_here if index < position and code in told.words.countries]
    return named[-1] if named and frame.clause.source is None else None


def _nameless(told: Discourse, frame: Frame) -> str | None:
    """Whose "the government" is: the state named before it, the one told of so far, where it happens."""
    opening = next((p.country for p in frame.places if p.first == frame.clause.first and p.role == "at"), None)
    if opening is not None:
        return opening  # "In Mexico the army has sent …"
    here = [code for index, code in told.named_here if index < frame.head and code in told.words.countries]
    hosts = [place.country for place in frame.places if place.country]
    before = [code for code in told.owners_before if code in told.words.countries]
    if here or (before and not set(hosts) & {*before, told.dateline}):
        return (here or before)[-1]
    if not before and told.dateline not in (None, *hosts):
        return told.dateline  # "Bern (nak) – Das Ministerium schickt …"
    own = [place.country for place in frame.places if place.country and place.name is not None]
    return next(iter([*(h for h in hosts if h in before), *own]), None) or _home(told, frame) or told.dateline


def _other_than_the_speaker(told: Discourse, frame: Frame, source: Speaker) -> str | None:
    """Whose country a speaker means by "the country": his own would be "our country", "his country"."""
    hosts = {place.country for place in frame.places}
    last = next((code for code in reversed(told.nations) if code not in hosts), None)
    return last if last != source.code else None


def _likeliest(told: Discourse, frame: Frame) -> str | None:
    """For a force without a side: who was named before it in the sentence, the last claim's actor, the last force.
    The country it goes to or is in is the least likely."""
    hosts = {place.country for place in frame.places if place.country}
    position = frame.force.first if frame.force is not None else frame.head
    speaker = frame.clause.source
    here = [
        code
        for index, code in reversed(told.named_here)
        if index < position
        and (speaker is None or code != speaker.code or not _is_speaker(told.names_here[index], speaker))
    ]
    recent = [claim.actor for claim in told.claims[-1:] if frame.sentence - claim.sentence <= NEAR and claim.actor]
    forces = [code for index, code in reversed(told.forces_here) if index < position and code is not NOBODY]
    later = {code for index, code in told.forces_here if index >= position} - {*told.before, *forces}
    earlier = [code for code in reversed(told.actors) if code not in later]
    speaking = _of_his_own(told, speaker, hosts)
    others = [*here, *recent, *earlier]
    if frame.force is not None and frame.force.features & _IRREGULAR:
        near = told.claims[-1:] if set(told.actors) == set(recent) - hosts else []
        only = [claim.actor for claim in near if claim.actor and frame.sentence - claim.sentence <= NEAR_FORCE]
        return _irregulars_side(told, frame.force, [*forces, *speaking, *others], only)
    if frame.force is not None and "weak" not in frame.force.features:
        forces, others = ([code for code in part if code not in told.words.armed_groups] for part in (forces, others))
    candidates = [code for code in [*forces, *speaking, *told.headed(), *others] if code != frame.accuser]
    abroad = next((code for code in candidates if code not in hosts), None)
    return abroad or next((code for code in candidates if code in told.actors), None)


def _irregulars_side(told: Discourse, force: Mention, sides: list[str], only: list[str]) -> str | None:
    """Of "the rebels", "900 fighters" without a name: the armed group told of, else named at all; a state's if its
    forces abroad are the only ones told of: "A first unit has reached X. It numbers 900 fighters"."""
    groups = [code for code in sides if code in told.words.armed_groups]
    groups = groups or [code for code in reversed(told.owners) if code in told.words.armed_groups]
    if "any_side" in force.features:
        return next(iter(groups or (only if force.counted else [])), None)
    pointed = bool(force.features & {"definite", "possessive", "pronoun", "part"})
    return groups[0] if groups and (pointed or len(set(groups)) == 1) else None


def _of_his_own(told: Discourse, speaker: Speaker | None, hosts: set[str]) -> list[str]:
    """ "… crossed the river, the army added": whose forces were told of need not say that these are his."""
    if speaker is None or speaker.code is None:
        return []
    where: set[str | None] = {*hosts} or {place.country for place in told.destinations[-1:]}
    known = speaker.code in told.before or (speaker.code in told.actors and speaker.code not in where)
    return [speaker.code] if known else []


def _is_speaker(name: str, speaker: Speaker) -> bool:
    return name in speaker.name


def _owner(told: Discourse, frame: Frame) -> str | None:
    """Whose "seine Soldaten" are: who was named before them in the sentence, the last force's side."""
    position = frame.force.first if frame.force is not None else frame.head
    source = frame.clause.source
    if Effect.DENY in frame.clause.effects and source is not None and source.code in told.words.countries:
        return source.code
    near = [code for index, code in told.named_here if index < position]
    near_here = any(index in frame.clause for index, _ in told.named_here)
    known = source is not None and not source.private and source.code in {*told.before, *told.owners_before}
    if source is not None and known and not near_here and _is_his(frame):
        return source.code  # "…, he said, and his brigade stood deep in X"
    if near:
        return near[-1] if near_here else near[0]
    if told.speaks_of_own_country and source is not None:
        return source.code
    if told.topic is not None and told.topic not in {place.country for place in frame.places}:
        return told.topic
    owners = told.before or told.owners_before or told.owners
    return owners[-1] if owners else None


def _is_his(frame: Frame) -> bool:
    return frame.force is not None and "his" in frame.force.features


def _home(told: Discourse, frame: Frame) -> str | None:
    states = [code for code in told.actors if code in told.words.countries]
    if states and (not told.destinations or told.destinations[-1].country in (None, states[-1])):
        return states[-1]
    hosts = [where.country for where in told.destinations if where.country]
    if told.actors and told.actors[-1] in told.words.countries:
        return told.actors[-1]
    here = [p.country for p in frame.places if p.country and (p.name is not None or p.role != "goal")]
    candidates = [*hosts[-1:], *([told.dateline] if told.dateline else []), *states[-1:], *here]
    return candidates[0] if candidates else None


def _contributes(told: Discourse, frame: Frame, code: str) -> bool:
    """ "Austria provides 270 of the Kfor's soldiers": a member state's part of an alliance's force."""
    sender = frame.sender.code if frame.sender is not None else None
    bodies = code not in told.words.countries | told.words.armed_groups
    return bodies and sender in told.words.countries and frame.frame in _OF_ITS_OWN


def _comes_from(frame: Frame, force: Mention) -> bool:
    """ "Soldiers from Ghana" are Ghana's, unless that is the country they leave."""
    if "from" not in force.features or force.country is None:
        return False
    left = frame.places[0] if frame.places else None
    elsewhere = left is not None and left.country != force.country and (left.country or left.name) is not None
    return frame.frame not in (FrameClass.WITHDRAW, FrameClass.LEAVE) or elsewhere


def _with_people(force: Mention | None) -> bool:
    return force is not None and "with" in force.features
