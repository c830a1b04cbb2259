"""Part of step 8: where a journey leads: from home abroad, home from elsewhere, or on with what was told."""

import math
from dataclasses import replace

from services.extractor.document import Document, DraftClaim, Frame, Mention, MentionKind, Sentence
from services.extractor.steps.clause_phrases import belongs_to_speaker, is_passive, mentions_in, purposes_of
from services.extractor.steps.discourse import ACROSS, NEAR, Discourse, Where
from services.extractor.steps.place_meanings import where_is
from services.extractor.steps.places_told import BY_COUNTRY, BY_NAME
from services.extractor.steps.stages import is_now
from services.extractor.steps.tenses import is_future
from services.extractor.vocabulary import Effect, FrameClass, VerbForm
from shared.events.statements import Stage

PARTICIPLE_WITHIN = 1
"""Words between a force and the place it was at: "soldiers stationed in X"."""

_LEAVES = frozenset({FrameClass.LEAVE, FrameClass.DEPART})
_TRAVELS = frozenset({FrameClass.GO, FrameClass.DEPART, FrameClass.ENTER})
_FLEES = frozenset({FrameClass.WITHDRAW, FrameClass.LEAVE})
_SETS_OUT = frozenset({FrameClass.GO, FrameClass.DEPART})
_ARRIVES = frozenset({FrameClass.GO, FrameClass.ENTER})
_POINTING = frozenset({"pronoun", "elided", "part", "definite", "possessive"})
ON_THE_WAY = "on the way home"
NAMED = (BY_NAME, BY_COUNTRY)


def who_stays(frame: Frame) -> Frame:
    """ "have not left X", "no soldiers have left": who does not go is still there."""
    force = frame.force
    none_leaves = force is not None and "negated" in force.features
    effects = frame.clause.effects
    # "will not be replaced", "left X and will not return" tell of no leaving either way
    back = frame.verb is not None and frame.verb.reading.verb.returns and is_future(frame)
    open_ended = "counterpart" in frame.because or back
    goes = open_ended or frame.stage is not Stage.WITHDRAWN or not (none_leaves or Effect.NEGATE in effects)
    if goes or frame.nominal or Effect.DENY in effects:
        return frame
    if force is not None:
        left = any(place.country == force.country for place in frame.places)  # "is not pulling 300 men from X"
        force = replace(force, features=force.features - ({"negated", "from"} if left else {"negated"}))
    clause = replace(frame.clause, effects=effects - {Effect.NEGATE, Effect.PLAN}, verbs=[])
    kept = frame.sender is not None and force is not None and frame.sender.head not in force
    stays = FrameClass.HAVE if kept else FrameClass.BE
    return replace(frame, frame=stays, stage=Stage.DEPLOYED, force=force, clause=clause, verb=None)


def set_out(sentence: Sentence, frame: Frame, actor: str | None, left: Where) -> Frame | None:
    """ "Croatian soldiers left Zagreb for Kosovo", "flew out of Zagreb to join the mission in Kosovo": the frame of
    where they go; None if they leave another's country."""
    if actor is None or frame.frame not in _LEAVES or left.country != actor:
        return None
    if frame.verb is not None and is_passive(frame.clause, frame.verb):
        return None  # "X, gateway to Y, was abandoned by the army"
    named = [m for m in mentions_in(sentence, frame.clause, MentionKind.PLACE) if m.role in ("goal", "for")]
    aims = [m for one in purposes_of(sentence, frame.clause) for m in mentions_in(sentence, one, MentionKind.PLACE)]
    goals = [place for place in (*named, *aims) if place.name is not None or place.country is not None]
    if not goals:
        return None
    return replace(frame, frame=FrameClass.GO, stage=Stage.DEPLOYED, places=[replace(goals[0], role="goal")])


def is_ship_leaving(frame: Frame) -> bool:
    """ "The carrier has left Toulon": a ship leaves; from a harbour of its own country it withdraws from nowhere."""
    return frame.frame in _LEAVES and frame.force is not None and "vessel" in frame.force.features


def homeward(told: Discourse, document: Document, sentence: Sentence, frame: Frame, actor: str | None) -> Frame:
    """ "The German soldiers in Niger landed in Wunstorf", "flew from Iraq to Madrid": who comes to his own country has
    left the other one; who "returned to Mali" is there again."""
    verb = frame.verb
    if not told.is_state(actor):
        return frame
    if frame.frame is FrameClass.SEND and not frame.places and frame.force is not None:
        return _taken_away(told, document, sentence, frame, actor)
    if verb is None:
        return frame
    returns = verb.reading.verb.returns
    if not (frame.frame in _TRAVELS | _FLEES or (frame.frame is FrameClass.SEND and frame.sender is None)):
        return frame
    places = [
        place
        for place in mentions_in(sentence, frame.clause, MentionKind.PLACE)
        if not belongs_to_speaker(document, sentence, place)
    ]
    left = [place for place in places if _is_left(document, place, frame)]
    end = 1 + (frame.head if verb.particle_at is None else max(frame.head, verb.particle_at))
    others = (m for m in places if m not in left and m.role in ("goal", "at"))
    goals = sorted(others, key=lambda m: (m.first != end, m.role != "goal"))
    goal = where_is(told, goals[0], actor) if goals else None
    if goal is None:
        return frame
    foreign = [place for place in left if _lies_abroad(told, place, actor)]
    if goal.country == actor and goal.because in NAMED and (foreign or returns):
        frame = replace(frame, frame=FrameClass.WITHDRAW, stage=Stage.WITHDRAWN, places=foreign)
    elif (
        (goals[0].role == "goal" or verb.reading.verb.copula)  # "are back in X"
        and goal.country != actor
        and not (left or (frame.frame is FrameClass.LEAVE and frame.places))
        and (returns or _is_refuge(told, frame, goals[0], actor))
    ):
        frame = replace(frame, frame=FrameClass.GO, stage=Stage.DEPLOYED, places=goals)
    return frame


def _taken_away(told: Discourse, document: Document, sentence: Sentence, frame: Frame, actor: str | None) -> Frame:
    """ "Kenya has moved its soldiers from X", "the transfer of Kenyan soldiers from X": who takes his own out of
    another's country, and tells of no goal."""
    own = frame.force is not None and "possessive" in frame.force.features and frame.sender is not None
    own = own or frame.nominal
    places = mentions_in(sentence, frame.clause, MentionKind.PLACE)
    left = [m for m in places if m.role == "origin" and not belongs_to_speaker(document, sentence, m)]
    if not own or not left or not _lies_abroad(told, left[0], actor):
        return frame
    return replace(frame, frame=FrameClass.WITHDRAW, stage=Stage.WITHDRAWN, places=left)


def _is_refuge(told: Discourse, frame: Frame, goal: Mention, actor: str | None) -> bool:
    """ "retreated into Chad": soldiers, from their own country to another; who was told to be abroad has left that."""
    soldiers = frame.force is not None and "demonym" not in frame.force.features
    abroad = any(c.actor == actor and c.destination not in (None, actor, goal.country) for c in told.claims)
    return soldiers and not abroad and frame.frame in _FLEES and goal.name is None and goal.country is not None


def _is_left(document: Document, place: Mention, frame: Frame) -> bool:
    """ "from X", or right behind the force: "the soldiers in X", "soldiers stationed in X"."""
    if place.role == "origin":
        return True
    if frame.force is None or place.role not in ("at", "near"):
        return False
    between = document.tokens[frame.force.last : place.first]
    return 0 <= place.first - frame.force.last <= PARTICIPLE_WITHIN and all(
        token.index != frame.head and (not token.verbs or token.may_be(VerbForm.PARTICIPLE, VerbForm.GERUND))
        for token in between
    )


def _lies_abroad(told: Discourse, place: Mention, actor: str | None) -> bool:
    where = where_is(told, place, actor)
    return where is not None and where.country not in (None, actor)


def carries_on(told: Discourse, document: Document, frame: Frame, where: Where, actor: str | None) -> Frame:
    """ "… is withdrawing 500 soldiers. The others will follow", "… will send 800. The first leave in March": a journey
    without a goal goes on with the last one, or with the title's."""
    last = told.last_claim
    if last is not None and frame.clause.kind == "relative" and last.sentence == frame.sentence:
        return frame if is_now(frame, document) else _of_the_same(frame, last, actor)
    stage = _stage_told(told, frame, actor)
    left = frame.places and all(_is_left(document, place, frame) for place in frame.places)  # "those in X will follow"
    if frame.frame in _SETS_OUT and stage is Stage.WITHDRAWN and (left or not (where.explicit or frame.places)):
        return replace(frame, frame=FrameClass.WITHDRAW, stage=Stage.WITHDRAWN)
    if where.explicit or frame.places:
        return frame
    sets_out = frame.frame is FrameClass.LEAVE or (frame.frame is FrameClass.WITHDRAW and frame.weak)
    if sets_out and stage is Stage.PLANNED:  # "They leave in March", "They have flown out"
        gone = frame.verb is not None and frame.verb.reading.form in (VerbForm.PAST, VerbForm.PARTICIPLE)
        return replace(frame, frame=FrameClass.GO, stage=Stage.DEPLOYED if gone else stage)
    if (
        frame.frame is FrameClass.LEAVE
        and stage is Stage.DEPLOYED
        and frame.force is not None
        and frame.force.additional
    ):
        return replace(frame, frame=FrameClass.GO, stage=Stage.DEPLOYED)  # "has sent 300. Another 80 left on Monday"
    return frame


def _stage_told(told: Discourse, frame: Frame, actor: str | None) -> Stage | None:
    """What was last said of the actor's forces."""
    if not told.claims:
        return told.title_stage if actor == told.title_actor else None
    last = told.claims[-1]
    return last.stage if last.actor == actor and frame.sentence - last.sentence <= NEAR else None


def _of_the_same(frame: Frame, last: DraftClaim, actor: str | None) -> Frame:
    """ "will send 50 soldiers, who travel on Tuesday": what those do who are yet to be sent lies ahead as well."""
    present = frame.form is VerbForm.PRESENT
    if frame.force is not None and (frame.force.count_min or 0) > (last.count_max or last.count_min or math.inf):
        return frame  # "will send 50 soldiers to X, where it has 300": more than those
    if present and last.actor == actor and last.stage is Stage.PLANNED and frame.stage is Stage.DEPLOYED:
        return replace(frame, stage=Stage.PLANNED)
    return frame


def on_the_way_home(told: Discourse, frame: Frame, where: Where, actor: str | None) -> Where | None:
    """ "… is withdrawing its soldiers from X. The first 200 crossed into Y", "… were flown home from Z": a stage of the
    journey that was just told of, in a third country, or how many came home; what they leave is still X."""
    last = told.last_claim
    told_of = last is not None and last.stage is Stage.WITHDRAWN and last.actor == actor
    if last is None or not told_of or frame.sentence - last.sentence > NEAR:
        return None
    force = frame.force
    left = Where(last.destination, last.place, last.place_key, last.place_within, True, ON_THE_WAY)
    named = where.because in NAMED and _has_come_home(frame, actor, where, last)
    if named and not last.counted and force is not None and force.counted:
        return left  # not "its 900 soldiers, the first 150 of whom landed in Luanda"
    if frame.sentence == last.sentence and ON_THE_WAY not in last.because:
        return None  # "who leave X in June, will move to Y": a new task
    theirs = force is not None and force.code is None and bool(force.counted or force.features & _POINTING)
    third = where.explicit and where.country is not None and where.country not in (actor, last.destination)
    third = third or where.because == ACROSS  # "the first 700 crossed the border": out of it
    return left if theirs and third and frame.frame in _TRAVELS | _FLEES and not frame.nominal else None


def _has_come_home(frame: Frame, actor: str | None, where: Where, last: DraftClaim) -> bool:
    """ "… The last 40 landed in Oslo", "…; 40 of them are in Oslo already"."""
    flown = frame.frame is FrameClass.SEND and frame.sender is None
    arrives = flown or frame.frame in _ARRIVES or frame.frame is FrameClass.BE
    arrives = arrives or (frame.verb is not None and frame.verb.reading.verb.hosts)  # "were welcomed in Oslo"
    return arrives and last.actor == actor == where.country != last.destination


def is_homecoming(told: Discourse, frame: Frame, actor: str | None, where: Where) -> bool:
    """ "… is withdrawing its soldiers from X, the first of whom arrived in Luanda": told already; "returned to their
    barracks in Luanda", "the Angolans have arrived in Angola": nothing tells from where."""
    if frame.verb is not None and frame.verb.reading.verb.returns and actor == where.country:
        return True
    if frame.frame in _ARRIVES and actor == where.country and where.because == BY_COUNTRY:
        return True
    last = told.last_claim
    near = last is not None and last.stage is Stage.WITHDRAWN and frame.sentence - last.sentence <= 1
    return last is not None and near and _has_come_home(frame, actor, where, last)
