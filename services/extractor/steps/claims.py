"""Step 9: frames to claims. Slots are resolved, what is no claim is dropped with a reason, copies are merged."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from services.extractor.document import (
    Clause,
    Document,
    DraftClaim,
    Dropped,
    Effect,
    Frame,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    Speaker,
    TermKind,
    VerbForm,
)
from services.extractor.gazetteer import Gazetteer
from services.extractor.lexicon import Language
from services.extractor.steps.actors import GUESSES, actor_of
from services.extractor.steps.dates import Days, resolve_when
from services.extractor.steps.departures import carries_on, homeward, is_homecoming, set_out, who_stays
from services.extractor.steps.destinations import ABOARD, SEVERAL, destination_of
from services.extractor.steps.discourse import NEAR, Discourse, Where
from services.extractor.steps.merging import merge
from services.extractor.steps.refusals import refusal
from services.extractor.steps.stages import STATIC, certainty_of, stage_of
from shared.events.statements import Certainty, Stage

MAX_DENIAL_DISTANCE = 4
"""How many sentences a denial without an object may stand behind what it denies."""

_COUNTED = frozenset(
    {FrameClass.BE, FrameClass.HAVE, FrameClass.GO, FrameClass.SEND, FrameClass.GROW, FrameClass.SHRINK}
)
_MOVES = frozenset(
    {FrameClass.FIGHT, FrameClass.TAKE, FrameClass.GO, FrameClass.ENTER, FrameClass.LEAVE, FrameClass.WITHDRAW}
)


def draft_claims(document: Document, language: Language, gazetteer: Gazetteer) -> None:
    """Text in reading order, then the title: a headline without source or count joins the text's richer claim."""
    discourse = Discourse(gazetteer, language, document.dateline)
    by_sentence: dict[int, list[Frame]] = {}
    for frame in document.frames:
        by_sentence.setdefault(frame.sentence, []).append(frame)
    codes = Counter(m.code for s in document.sentences for m in s.mentions if m.code in language.countries)
    discourse.main_country = codes.most_common(1)[0][0] if codes else None
    discourse.states = frozenset(code for code in codes if code is not None)
    discourse.has_strong_force = any(
        m.kind is MentionKind.FORCE and not m.features & {"weak", "person"}
        for s in document.sentences
        for m in s.mentions
    )
    titles = [sentence for sentence in document.sentences if sentence.field == "title"]
    for sentence in titles:
        discourse.observe(document, sentence)
    discourse.title_actor = next(iter([*discourse.actors[-1:], *discourse.owners[:1]]), None)
    _preview(document, titles, by_sentence, discourse)
    drafts: list[DraftClaim] = []
    for sentence in document.sentences:
        if sentence.field != "title":
            drafts.extend(_draft_sentence(document, sentence, by_sentence.get(sentence.index, []), discourse, language))
    for sentence in titles:
        drafts.extend(_draft_sentence(document, sentence, by_sentence.get(sentence.index, []), discourse, language))
    document.claims = merge(drafts, document)


def _preview(
    document: Document, titles: Iterable[Sentence], by_sentence: dict[int, list[Frame]], discourse: Discourse
) -> None:
    """The title's destination is what the first sentences' "dort" means."""
    for sentence in titles:
        for frame in by_sentence.get(sentence.index, []):
            actor, _ = actor_of(discourse, frame)
            where = destination_of(discourse, document, sentence, frame, actor)
            if where.explicit:
                discourse.remember(actor, where)


def _draft_sentence(
    document: Document, sentence: Sentence, frames: list[Frame], discourse: Discourse, language: Language
) -> list[DraftClaim]:
    discourse.observe(document, sentence)
    drafts = []
    for frame in map(who_stays, _strongest(frames)):
        reason = refusal(document, sentence, frame, discourse)
        if reason is not None:
            document.dropped.append(Dropped(sentence.index, "+".join(frame.because), reason))
            continue
        draft = _draft(document, sentence, frame, discourse)
        if isinstance(draft, str):
            document.dropped.append(Dropped(sentence.index, "+".join(frame.because), draft))
            continue
        drafts.append(draft)
        discourse.claims.append(draft)
        discourse.force_seen = sentence.index
    if not drafts:
        denial = _denial_of_last(document, sentence, discourse)
        if denial is not None:
            drafts.append(denial)
    return drafts


def _denial_of_last(document: Document, sentence: Sentence, discourse: Discourse) -> DraftClaim | None:
    """ "Moskau wies die Vorwürfe zurück": the actor or the host denies what was claimed last."""
    for clause in sentence.clauses:
        source = clause.source
        if Effect.DENY not in clause.effects or source is None or source.code is None:
            continue
        event = _allegation(document, clause)
        last = discourse.claim_about(source.code, sentence.index - MAX_DENIAL_DISTANCE, event)
        if event is None or last is None:
            continue
        return replace(
            last,
            sentence=sentence.index,
            order=clause.first,
            count_min=None,
            count_max=None,
            additional=False,
            certainty=Certainty.DENIED,
            source=source,
            because=["denial of the last claim"],
        )
    return None


def _specified(document: Document, index: int) -> bool:
    """ "Berichte über eine Meuterei": the allegation is named, and it is another one."""
    relator = document.tokens[index].term(TermKind.RELATOR) if index < len(document.tokens) else None
    return relator is not None and bool(relator.term.roles & {"via", "of"})


def _allegation(document: Document, clause: Clause) -> FrameClass | str | None:
    """What is denied: an event noun's class, words for what others say, "it" at the clause's end, nothing at all."""
    verbs = {index for verb in clause.verbs for index in (verb.index, verb.particle_at)}
    words = [t for k in clause.tokens() if k not in verbs and (t := document.tokens[k]).form[0].isalnum()]
    alone = clause.source is not None and " ".join(t.form for t in words) == clause.source.name
    pointing = [*words[-1:], *(document.tokens[v.index + 1] for v in clause.verbs if v.index + 1 in clause)]
    if alone or any(token.has(TermKind.ANAPHOR, "demonstrative", "subject") for token in pointing):
        return "allegation"
    for index in clause.tokens():
        for match in document.tokens[index].terms:
            if match.term.kind is TermKind.EVENT and match.term.event is not None:
                return match.term.event.frame
            if (
                match.term.kind is TermKind.CUE
                and match.term.sort == "allegation"
                and not _specified(document, match.last)
            ):
                return "allegation"
    return None


def _strongest(frames: list[Frame]) -> list[Frame]:
    """One frame for each force of a clause: a verb before a noun, a mover before a plain presence; a verb that says
    something of a force only beside a place comes last where it has none."""
    kept: list[Frame] = []
    for frame in sorted(frames, key=lambda f: (f.weak and not f.places, f.nominal, f.weak, f.frame in STATIC, f.head)):
        same = [
            other
            for other in kept
            if (
                other.clause is frame.clause
                and (frame.force is None or _is_same(other.force, frame.force))
                and not _is_other_sender(other, frame)
            )
            or (frame.frame is FrameClass.COUNT and other.force is frame.force and other.clause.parent is frame.clause)
        ]
        if not same:
            kept.append(frame)
    return sorted(kept, key=lambda f: f.head)


def _is_other_sender(one: Frame, other: Frame) -> bool:
    """ "Gabon and Angola will each send 200 soldiers": the same verb and words, another side."""
    if one.sender is None or other.sender is None:
        return False
    return one.head == other.head and one.sender.code != other.sender.code


def _is_same(one: Mention | None, other: Mention) -> bool:
    """Whether both are the same words: each frame has its own mention of a bare number."""
    return one is not None and (one.first, one.last) == (other.first, other.last)


def _draft(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> DraftClaim | str:
    if frame.frame is FrameClass.COUNT:
        return _recount(sentence, frame, discourse)
    actor, actor_rule = actor_of(discourse, frame)
    if actor_rule not in GUESSES:
        frame = homeward(discourse, document, sentence, frame, actor)
    where = destination_of(discourse, document, sentence, frame, actor)
    going = set_out(sentence, frame, actor, where)
    goal = destination_of(discourse, document, sentence, going, actor) if going is not None else where
    if going is not None and goal.country != actor:
        frame, where = going, goal
    frame = carries_on(discourse, frame, where, actor)
    if frame.weak and not where.explicit and not _told_before(frame, where):
        return "weak trigger without a place"
    if where.country is None and where.place is None and where.because not in (SEVERAL, ABOARD):
        return "no destination"
    if _passing(frame, where):
        return "people of a nation in passing"
    if actor is None or (actor_rule in GUESSES and actor == where.country and where.because != "border"):
        return "no actor"
    if actor in discourse.words.countries and _is_group_of(frame, actor) and actor != where.country:
        return "fighters of no state abroad"
    if is_homecoming(discourse, frame, actor, where):
        return "homecoming of what was withdrawn"
    stage, guessed = stage_of(frame, document)
    if stage is Stage.DEPLOYED and not where.explicit and _shares_plan(frame, actor, where, discourse):
        stage = Stage.PLANNED
    certainty = certainty_of(frame, actor, guessed)
    if certainty is None:
        return "denied by the narrator"
    force = frame.force
    source = frame.clause.source
    if _colon_topic(frame, where):
        source = None
        certainty = Certainty.CONFIRMED if certainty is Certainty.CLAIMED else certainty
    if source is None and stage is Stage.PLANNED and _announces(frame, actor):
        source = Speaker(frame.sender.name or "", actor) if frame.sender is not None else None
    _keep_place(frame, actor, where, discourse)
    discourse.remember(actor, where)
    key, within = discourse.gazetteer.place_keys(where.place, where.country, discourse.words.code)
    counted = force is not None and force.counted
    return DraftClaim(
        sentence=sentence.index,
        order=frame.head,
        actor=actor,
        destination=where.country,
        place=where.place,
        place_key=key,
        place_within=within,
        count_min=force.count_min if force is not None and counted else None,
        count_max=force.count_max if force is not None and counted else None,
        additional=force.additional if force is not None else False,
        stage=stage,
        certainty=certainty,
        source=source,
        vague=not counted
        and (
            frame.nominal
            or frame.frame is FrameClass.GROW
            or (force is not None and bool(force.features & {"presence", "pronoun"}))
            or (force is not None and "definite" in force.features and where.place is None)
        ),
        when=_when(document, frame, stage, discourse),
        because=[*frame.because, actor_rule, where.because],
    )


def _is_group_of(frame: Frame, actor: str) -> bool:
    """ "Iraqi militias in Syria": where they come from, not whose they are."""
    return frame.force is not None and "group" in frame.force.features and frame.force.code == actor


def _announces(frame: Frame, actor: str) -> bool:
    """ "Der Präsident ordnete an, …": an official who plans, orders or promises his own state's forces says so."""
    sender = frame.sender
    rules = Effect.PLAN in frame.clause.effects or frame.stage is Stage.PLANNED
    official = sender is not None and sender.code == actor and {"official", "person"} <= sender.features
    return rules and official and frame.clause.kind != "relative"


def _shares_plan(frame: Frame, actor: str, where: Where, discourse: Discourse) -> bool:
    """ "Gabon and Angola are sending soldiers to X. Gabon contributes 300": in the present, part of what is planned."""
    verb = frame.verb.reading if frame.verb is not None else None
    if verb is None or verb.form is not VerbForm.PRESENT or frame.frame is not FrameClass.SEND:
        return False
    return any(
        claim.stage is Stage.PLANNED
        and (claim.actor, claim.destination) == (actor, where.country)
        and frame.sentence - claim.sentence <= NEAR
        for claim in discourse.claims
    )


def _keep_place(frame: Frame, actor: str | None, where: Where, discourse: Discourse) -> None:
    """ "… liefen in den Hafen X ein. An Bord waren 480 Seeleute": the figure for what was just told without one."""
    last = discourse.claims[-1] if discourse.claims else None
    force = frame.force
    if last is None or force is None or not force.counted or where.because != "last destination told of":
        return
    near = 0 <= frame.sentence - last.sentence <= 1 and last.count_min is None and last.count_max is None
    if near and (last.actor, last.destination) == (actor, where.country) and where.place is None:
        where.place = last.place


def _when(document: Document, frame: Frame, stage: Stage, discourse: Discourse) -> Days | None:
    """The date in the frame's own clause."""
    tokens = [document.tokens[index] for index in frame.clause.tokens()]
    return resolve_when(tokens, document.published, stage is Stage.PLANNED, discourse.words.dates)


def _passing(frame: Frame, where: Where) -> bool:
    """A nation's people without a number are a force only where the clause itself places them."""
    force = frame.force
    return (
        force is not None
        and "demonym" in force.features
        and not force.counted
        and (not where.explicit or where.because == "other clause")
    )


def _colon_topic(frame: Frame, where: Where) -> bool:
    """ "Südsudan: Uganda schickt …": before the colon stands where it happens, not who says so."""
    source = frame.clause.source
    return source is not None and "colon" in frame.clause.because and source.code == where.country


def _told_before(frame: Frame, where: Where) -> bool:
    """A planned or begun movement of a plain force may leave its destination to the sentences before."""
    ends = frame.frame is FrameClass.WITHDRAW and frame.force is not None and "definite" in frame.force.features
    if ends or frame.force is None:
        return (where.country or where.place) is not None  # "the mission ends in June", "Burundi has left"
    return (
        (where.country or where.place) is not None
        and frame.force is not None
        and ("weak" not in frame.force.features or frame.force.counted)
        and (
            (
                frame.frame in (FrameClass.SEND, FrameClass.WITHDRAW)
                and (bool(frame.clause.effects & {Effect.PLAN, Effect.BEGIN}) or frame.stage is Stage.PLANNED)
            )
            or (
                frame.frame in (FrameClass.WITHDRAW, FrameClass.LEAVE)
                and bool(frame.force.features & {"pronoun", "definite", "possessive"})
            )
            or (frame.force.counted and frame.frame in _COUNTED)
            or (
                "weak" not in frame.force.features
                and "possessive" in frame.force.features
                and frame.frame in _COUNTED
                and where.sentence >= frame.sentence - 2
            )
            or ("weak" not in frame.force.features and frame.frame in _MOVES and where.sentence >= frame.sentence - 1)
            or _names_its_side(frame, where)
        )
    )


def _names_its_side(frame: Frame, where: Where) -> bool:
    """ "Russian instructors arrived in April": a force with its country, soon after its destination was told."""
    return (
        frame.force is not None
        and frame.force.code is not None
        and not frame.nominal
        and frame.frame in (FrameClass.BE, FrameClass.GO, FrameClass.SEND)
        and 0 <= frame.sentence - where.sentence <= NEAR
    )


def _recount(sentence: Sentence, frame: Frame, discourse: Discourse) -> DraftClaim | str:
    """A figure for what was claimed before: "sprach von 12.000", "put their number at 500"."""
    last = discourse.claims[-1] if discourse.claims else None
    force = frame.force
    if last is None or force is None or not force.counted:
        return "a figure for nothing told before"
    if force.code is not None and force.code != last.actor:
        return "a figure for other forces"
    if "elided" in force.features and last.stage is Stage.ENGAGED:
        return "a figure for attacks as well"
    certainty = certainty_of(frame, last.actor, hearsay=False)
    planned = frame.stage is Stage.PLANNED
    if certainty is None:
        return "denied by the narrator"
    return replace(
        last,
        sentence=sentence.index,
        order=frame.head,
        count_min=force.count_min,
        count_max=force.count_max,
        additional=force.additional,
        place=None if planned else last.place,
        place_key=None if planned else last.place_key,
        place_within=() if planned else last.place_within,
        stage=Stage.PLANNED if planned else last.stage,
        certainty=certainty,
        source=frame.clause.source,
        vague=False,
        because=[*frame.because, "figure for the last claim"],
    )
