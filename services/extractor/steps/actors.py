"""Part of step 8: whose forces a frame tells of, by the phrase itself or by what was told before."""

from services.extractor.document import Frame, Mention, Speaker
from services.extractor.steps.discourse import NOBODY, Discourse
from services.extractor.steps.gerund_subjects import ANTECEDENT
from services.extractor.steps.guessed_actors import PROVIDES, Found, guessed_actor, is_foreign
from services.extractor.vocabulary import ATTACKS, Effect, FrameClass

_OWNERS = frozenset(
    {
        FrameClass.SEND,
        FrameClass.HAVE,
        FrameClass.GROW,
        FrameClass.SHRINK,
        FrameClass.WITHDRAW,
        FrameClass.FIGHT,
        FrameClass.TAKE,
        FrameClass.LEAVE,
    }
)
HOME_ARMY = "the army of the country"
_OF_ITS_OWN = PROVIDES | {FrameClass.WITHDRAW}


def actor_of(told: Discourse, frame: Frame) -> Found:
    """The actor's code and the rule that found it."""
    for rule_of in (_named, _subject, _told_with, _whose_act, _by_its_word):
        found = rule_of(told, frame)
        if found is not None:
            return found
    actor, rule = guessed_actor(told, frame)
    return (actor if actor not in (frame.accuser, _seen_by(frame)) else None), rule


def _seen_by(frame: Frame) -> str | None:
    """ "Japan's coast guard sighted nine warships": nobody sights his own."""
    body = frame.sender
    return body.code if frame.frame is FrameClass.SEE and body is not None and "state" in body.features else None


def _named(told: Discourse, frame: Frame) -> Found | None:
    """The force's own phrase says whose it is, or that it is nobody's by name."""
    force, sender = frame.force, frame.sender.code if frame.sender is not None else None
    if force is None:
        return None
    if force.code is not None:
        if _contributes(told, frame, force.code):
            return sender, "subject of the clause"
        return force.code, "force names it"
    hosts = not _owned(frame) or told.is_state(sender)
    if is_foreign(force) and frame.frame not in _OF_ITS_OWN and hosts:
        return None, "nobody's by name"  # "Kabul asked for coalition troops to fend them off"
    if "home" in force.features and frame.frame in ATTACKS:
        return _of_the_government(told, frame), "the government's forces"
    return None


def _owned(frame: Frame) -> bool:
    """Whether the subject acts with forces of its own."""
    sided = frame.sender is not None and frame.sender.code is not None
    return frame.frame in _OWNERS and sided and not frame.nominal


def _subject(told: Discourse, frame: Frame) -> Found | None:
    """Who sends, has or makes up the force; before that, whom a pronoun or bare number points at."""
    force, sender = frame.force, frame.sender.code if frame.sender is not None else None
    owned = _owned(frame)
    if force is not None and _are_its_own(told, frame, force):
        return sender, "subject of the clause"
    if force is not None and "elided" in force.features and (meant := _unnamed(told, frame)) is not None:
        return meant  # "Italy knows of no plans. It has 750 in the country."
    if force is not None and force.features & {"pronoun", "elided", "part"}:
        side = _pointed_at(told, frame, force)
        if side is not None:
            return side or None, "points back to the last force"
    unit = frame.frame is FrameClass.BE and frame.sender is not None and "unit" in frame.sender.features
    if unit and sender is not None and force is not None:
        return sender, "the unit they make up"  # "the Ghanaian contingent comprises 90 peacekeepers"
    if owned or (_with_people(force) and sender is not None):
        return sender, "subject of the clause"
    return None


def _unnamed(told: Discourse, frame: Frame) -> Found | None:
    """Who "we" and "it" are that send, have or withdraw."""
    source = frame.clause.source
    if frame.frame not in _OWNERS:
        return None
    if frame.by_speaker and source is not None and source.code and not source.private:
        return source.code, "who speaks of his own"
    return (told.topic, "who was told of") if frame.by_pronoun and told.topic is not None else None


def _are_its_own(told: Discourse, frame: Frame, force: Mention) -> bool:
    """ "Peru has 400 there", "Peru followed with 400", "Peru provides 400 of them", "withdrew all 400 of them": a
    figure that leaves out its noun, and a member's part of the force told of."""
    sender = frame.sender
    if "elided" in force.features and _owned(frame):
        return True
    if sender is None or sender.last > min(frame.head, force.first) or not told.is_state(sender.code):
        return False
    gives = "part" in force.features and frame.frame in _OF_ITS_OWN and frame.head < force.first
    return gives or "with" in force.features


def _told_with(told: Discourse, frame: Frame) -> Found | None:
    """What stands with the force: an antecedent, the members of a body, where it comes from, the event's owner."""
    force = frame.force
    if force is not None and force.counted and ANTECEDENT in frame.because:
        count = force.count_min, force.count_max
        last = next((c for c in told.claims[-1:] if c.sentence == frame.sentence), None)
        if last is not None and last.actor and (last.count_min, last.count_max) == count:
            return last.actor, "told of in this sentence"  # "Chile lent Peru a unit of 90 men, who have arrived"
    if force is not None and "several" in force.features:
        return _body_told_of(told), "a force of several members"
    if force is not None and _comes_from(frame, force):
        return force.country, "from that country"
    if frame.nominal and frame.sender is not None and frame.sender.code is not None:
        return frame.sender.code, "owner of the event"
    return None


def _whose_act(told: Discourse, frame: Frame) -> Found | None:
    """A subject without a name: "the country", "we", "it", "the government", who comes from somewhere."""
    source = frame.clause.source
    if frame.frame in PROVIDES and frame.the_country and source is not None:
        other = _other_than_the_speaker(told, frame, source)
        if other is not None:
            return other, "the country told of"
    if (meant := _unnamed(told, frame)) is not None:
        return meant
    if frame.frame in _OWNERS and frame.institution:
        return _nameless(told, frame), "the state of that country"
    if frame.frame in (FrameClass.GO, FrameClass.DEPART) and frame.origin is not None:
        return frame.origin, "comes from there"
    return None


def _by_its_word(told: Discourse, frame: Frame) -> Found | None:
    """A force that points at its side: "its troops", "the militia", "the army", peacekeepers; or the side it is on."""
    force = frame.force
    if force is not None and "possessive" in force.features:
        return _owner(told, frame), "possessive"
    if force is not None and "group" in force.features and "definite" in force.features:
        groups = [code for code in told.actors if not told.is_state(code)]
        if groups:
            return groups[-1], "the group told of"
    if force is not None and "institution" in force.features:
        commander = _commander(told, frame)
        return (commander, "the army of its commander") if commander else (_home(told, frame), HOME_ARMY)
    if force is not None and "home" in force.features:
        return _of_the_government(told, frame), "the government's forces"
    if force is not None and force.mandate is not None:
        return _mandated(told, frame, force, force.mandate), "serves an organisation"
    side = next((place.country for place in frame.places if "noun:side" in place.features and place.country), None)
    return (side, "on its side") if side is not None else None  # "auf indischer Seite stehen 500 Soldaten"


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
    speaker = frame.clause.source.code if frame.clause.source is not None else None
    figure = here is None and "pronoun" not in pointing.features
    if figure and speaker is not None and speaker == told.topic and speaker in told.before:
        return speaker  # who tells of a figure, if the sentences before are about him and his forces
    return here[1] if here is not None else next(iter(told.headed() or told.before[-1:]), None)


def _of_the_government(told: Discourse, frame: Frame) -> str | None:
    return next((place.country for place in frame.places if place.country), None) or _home(told, frame)


def _mandated(told: Discourse, frame: Frame, force: Mention, mandate: str) -> str:
    """Whose "the peacekeepers" are: the force's told of last, the organisation's that the article names, or of another
    state that tells of them ("the Kremlin says 1,960 peacekeepers will be stationed in X"); "GIs" are one state's."""
    if told.is_state(mandate):
        return mandate
    if force.features & {"definite", "possessive"} and not force.counted and told.before:
        return told.before[-1]
    source = frame.clause.source
    speaker = source.code if source is not None and told.is_state(source.code) else None
    sends = speaker is not None and speaker not in {place.country for place in frame.places}
    return _body_told_of(told) or (speaker if sends else None) or mandate


def _body_told_of(told: Discourse) -> str | None:
    return next((code for code in reversed(told.owners + told.actors) if told.is_body(code)), None)


def _commander(told: Discourse, frame: Frame) -> str | None:
    """ "Uganda's minister instructed the army": the state named before it."""
    position = frame.force.first if frame.force is not None else frame.head
    named = [code for index, code in told.named_here if index < position and told.is_state(code)]
    return named[-1] if named else None


def _nameless(told: Discourse, frame: Frame) -> str | None:
    """Whose "the government" is: the state named before it, the one told of so far, where it happens."""
    opening = next((p.country for p in frame.places if p.first == frame.clause.first and p.role == "at"), None)
    if opening is not None:
        return opening  # "In Mexico the army has sent …"
    here = [code for index, code in told.named_here if index < frame.head and told.is_state(code)]
    hosts = [place.country for place in frame.places if place.country]
    before = [code for code in told.owners_before if told.is_state(code)]
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


def _owner(told: Discourse, frame: Frame) -> str | None:
    """Whose "seine Soldaten" are: who was named before them in the sentence, the last force's side."""
    position = frame.force.first if frame.force is not None else frame.head
    source = frame.clause.source
    ours = frame.force is not None and "ours" in frame.force.features and source is not None and not source.private
    denies = Effect.DENY in frame.clause.effects and source is not None and told.is_state(source.code)
    if source is not None and source.code is not None and (ours or denies):
        return source.code
    near = [code for index, code in told.named_here if index < position]
    near_here = any(index in frame.clause for index, _ in told.named_here)
    known = source is not None and not source.private and source.code in {*told.before, *told.owners_before}
    if source is not None and known and not near_here and _is_his(frame):
        return source.code  # "…, he said, and his brigade stood deep in X"
    if near:
        parent = frame.clause.parent if frame.clause.kind == "relative" else None
        above = [code for index, code in told.named_here if parent and index in parent and not parent.says]
        return near[-1] if near_here else next(iter(above), near[0])  # "said X has sent a general, whose 90 soldiers …"
    if told.speaks_of_own_country and source is not None:
        return source.code
    if told.topic is not None and told.topic not in {place.country for place in frame.places}:
        return told.topic
    owners = told.before or told.owners_before or told.owners
    return owners[-1] if owners else None


def _is_his(frame: Frame) -> bool:
    return frame.force is not None and "his" in frame.force.features


def _home(told: Discourse, frame: Frame) -> str | None:
    states = [code for code in told.actors if told.is_state(code)]
    if states and (not told.destinations or told.destinations[-1].country in (None, states[-1])):
        return states[-1]
    hosts = [where.country for where in told.destinations if where.country]
    if told.actors and told.is_state(told.actors[-1]):
        return told.actors[-1]
    here = [p.country for p in frame.places if p.country and (p.name is not None or p.role != "goal")]
    candidates = [*hosts[-1:], *([told.dateline] if told.dateline else []), *states[-1:], *here]
    return candidates[0] if candidates else None


def _contributes(told: Discourse, frame: Frame, code: str) -> bool:
    """ "Austria provides 270 of the Kfor's soldiers": a member state's part of an alliance's force."""
    sender = frame.sender.code if frame.sender is not None else None
    return told.is_body(code) and told.is_state(sender) and frame.frame in _OF_ITS_OWN


def _comes_from(frame: Frame, force: Mention) -> bool:
    """ "Soldiers from Ghana" are Ghana's, unless that is the country they leave."""
    if "from" not in force.features or force.country is None:
        return False
    left = frame.places[0] if frame.places else None
    elsewhere = left is not None and left.country != force.country and (left.country or left.name) is not None
    return frame.frame not in (FrameClass.WITHDRAW, FrameClass.LEAVE) or elsewhere


def _with_people(force: Mention | None) -> bool:
    return force is not None and "with" in force.features
