"""Part of step 8: whose forces they are that nothing in their phrase or clause tells of."""

from services.extractor.document import Frame, Mention, Speaker
from services.extractor.steps.discourse import NEAR, NEAR_FORCE, NOBODY, Discourse
from services.extractor.vocabulary import Effect, FrameClass
from shared.events.statements import StatementType

LAST_FORCE = "last force told of"
"""The rule for a force that says nothing of its side: two of three times right, all others nine of ten."""

GUESSES = ("only nation in sight", "dateline, or the only state named")
"""Rules that find an actor where nothing points at one: never believed of a country's own soil."""

HIS_OWN = "units of who tells of them"
PROVIDES = frozenset({FrameClass.SEND, FrameClass.HAVE, FrameClass.GROW})
_UNITS = frozenset({"unit", "vessel"})
_POINTED = frozenset({"definite", "possessive", "negated", "pronoun", "group", "any_side"})
"""Forces told of before, or nobody's."""
_IRREGULAR = frozenset({"group", "any_side"})
"""Rebels, fighters, mercenaries: whoever names none of them means no state's and no alliance's."""

Found = tuple[str | None, str]
"""An actor's code and the rule that found it."""


def guessed_actor(told: Discourse, frame: Frame) -> Found:
    """Nothing points at a side: the likeliest of those told of, else who speaks, else whoever is named."""
    force = frame.force
    source = frame.clause.source
    if force is not None and is_foreign(force):
        return None, "nobody's by name"
    if source is not None and _is_accused(told, frame, source):
        return source.code, "who denies it"
    if source is not None and (_tells_of_his_own(told, frame, source) or _answers(told, frame, source)):
        return source.code, HIS_OWN
    near = _likeliest(told, frame)
    if near is not None:
        return near, LAST_FORCE
    if force is not None and force.features & _IRREGULAR:
        return None, "a group nobody named"
    hosts = {place.country for place in frame.places}
    official = source is not None and told.is_state(source.code)
    others = set(told.owners_before) - hosts - told.words.armed_groups
    if source is not None and official and told.title_actor is None:
        others &= {*told.before}  # "India votes in May. 300 soldiers were moved to X, the Chilean ministry said"
    if source is not None and official and not others - {source.code}:
        return source.code, GUESSES[0]
    named = told.title_actor or told.topic or told.dateline or (told.owners[-1] if told.owners else None)
    soldiers = force is not None and "people" in force.features and "weak" not in force.features
    if named is not None and force is not None:
        return (None if soldiers and named in told.words.armed_groups else named), GUESSES[0]
    return told.dateline or _only_state(told, frame), GUESSES[1]


def is_foreign(force: Mention) -> bool:
    """ "Western troops", "coalition soldiers": another country's than that of whoever is named beside them."""
    return "foreign" in force.features and not force.features & {"negated", "group", "home", "from", "possessive"}


def _is_accused(told: Discourse, frame: Frame, source: Speaker) -> bool:
    """ "Serbien wies Vorwürfe des Kosovo zurück, es habe Soldaten verlegt": who denies it is who would have sent."""
    hosts = frame.verb is not None and frame.verb.reading.verb.hosts
    if hosts or source.private or not told.is_state(source.code):
        return False
    denies = Effect.DENY in frame.clause.effects and frame.frame in PROVIDES
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
    return not (source.private or accuses or _watches(told, frame, source)) and told.is_state(source.code)


def _watches(told: Discourse, frame: Frame, source: Speaker) -> bool:
    """Whether the title tells of others, and the speaker is none of those told of and not where they are."""
    abroad = {place.country for place in frame.places if place.country}
    return told.title_actor is not None and bool(abroad) and source.code not in {*told.actors, *abroad}


def _answers(told: Discourse, frame: Frame, source: Speaker) -> bool:
    """ "Chinese ships have passed X. Japan's minister said 50 men were to be stationed on Y": a state that opens a
    sentence, in a country where others were told of, with so many at a place of their own, tells of its own."""
    force, last = frame.force, told.last_claim
    if force is None or not force.counted or force.features & (_POINTED | {"elided", "part"}) or last is None:
        return False
    first = next((code for index, code in told.named_here if index < force.first), None)
    opens = first == source.code or (first is None and frame.frame is FrameClass.SEND)  # "… were sent, its staff said"
    here = any(place.name is not None and place.country == last.destination for place in frame.places)
    return opens and here and not (source.private or _watches(told, frame, source)) and told.is_state(source.code)


def _only_state(told: Discourse, frame: Frame) -> str | None:
    """The one state that this sentence and the one before name besides the place's own, if not behind a border only."""
    here, before = told.states_named(), told.states_before
    others = {*here, *before} - {place.country for place in frame.places}
    only = next(iter(others)) if len(others) == 1 else None
    return None if only is not None and here.get(only, True) and before.get(only, True) else only


def _likeliest(told: Discourse, frame: Frame) -> str | None:
    """For a force without a side: who was named before it in the sentence, the last claim's actor, the last force.
    The country it goes to or is in is the least likely, unless it comes home ("the 25 airmen are back in X")."""
    returns = frame.verb is not None and frame.verb.reading.verb.returns
    hosts = {place.country for place in frame.places if place.country and not returns}
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
