"""Step 9: frames to claims. Slots are resolved, what is no claim is dropped with a reason, copies are merged."""

from collections.abc import Iterable
from dataclasses import replace

from services.extractor.document import Document, DraftClaim, Dropped, Frame, Mention, MentionKind, Sentence
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.actors import actor_of
from services.extractor.steps.bare_guesses import without_bare_guesses
from services.extractor.steps.clause_phrases import after_relator
from services.extractor.steps.dates import Days, resolve_when
from services.extractor.steps.denials import denial_of_last
from services.extractor.steps.departures import NAMED, carries_on, homeward, on_the_way_home, set_out, who_stays
from services.extractor.steps.destinations import REPORTED_FROM, destination_of, each_attacked
from services.extractor.steps.discourse import Discourse, Where, seats_named, story_country
from services.extractor.steps.figures_told_next import figure_of_last
from services.extractor.steps.focus import IN_PASSING, focus_of
from services.extractor.steps.force_refusals import NO_FORCE, VAGUE_FORCE
from services.extractor.steps.former_levels import without_former
from services.extractor.steps.guessed_actors import GUESSES
from services.extractor.steps.joined_forces import FOUGHT
from services.extractor.steps.merging import merge
from services.extractor.steps.object_places import SEAT
from services.extractor.steps.pointer_refusals import note_refused
from services.extractor.steps.recounts import force_of_the_sentence, recount
from services.extractor.steps.refusals import refusal
from services.extractor.steps.slot_refusals import NO_ACTOR, NO_DESTINATION, Slots, unresolved
from services.extractor.steps.sources_told_next import announcer, name_sources
from services.extractor.steps.stages import certainty_of, has_time, stage_of
from services.extractor.steps.strongest_frames import strongest
from services.extractor.steps.tenses import is_future
from services.extractor.steps.told_before import is_their_task, keep_place, shares_plan, who_asks, who_leaves
from services.extractor.vocabulary import ATTACKS, Effect, FrameClass, TermKind, VerbForm
from shared.events.statements import Certainty, Stage


def draft_claims(document: Document, language: Language) -> None:
    """Text in reading order, then the title: a headline without source or count joins the text's richer claim."""
    discourse = Discourse(language, focus_of(document), document.dateline)
    by_sentence = document.frames_by_sentence()
    discourse.main_country = next(iter(document.countries), None)
    discourse.seats = seats_named(document)
    discourse.story = story_country(document)
    discourse.has_strong_force = any(
        m.kind is MentionKind.FORCE and not m.features & {"weak", "person", "part"}
        for s in document.sentences
        for m in s.mentions
    )
    titles = [sentence for sentence in document.sentences if sentence.field == "title"]
    text = [sentence for sentence in document.sentences if sentence.field != "title"]
    for sentence in titles:
        discourse.observe(document, sentence)
    discourse.title_actor = next(iter([*discourse.actors[-1:], *discourse.owners[:1]]), None)
    _preview(document, titles, by_sentence, discourse)
    drafts: list[DraftClaim] = []
    for sentence in (*text, *titles):
        drafts.extend(_draft_sentence(document, sentence, by_sentence.get(sentence.index, []), discourse))
    document.claims = name_sources(document, without_bare_guesses(merge(drafts, document), document))


def drop_frames(document: Document, language: Language) -> None:
    """What is left to tell where an article tells in passing only: why each frame is no claim."""
    discourse = Discourse(language, focus_of(document))
    for index, frames in document.frames_by_sentence().items():
        for frame in map(who_stays, strongest(frames, document)):
            reason = refusal(document, document.sentences[index], frame, discourse)
            document.dropped.append(Dropped(index, "+".join(frame.because), reason or IN_PASSING))


def _preview(
    document: Document, titles: Iterable[Sentence], by_sentence: dict[int, list[Frame]], discourse: Discourse
) -> None:
    """The title's destination is what the first sentences' "dort" means; a place in a title without one is where the
    text's forces go whose own is not told."""
    for sentence in titles:
        named = {m.country for m in sentence.mentions if m.kind is MentionKind.PLACE and m.role in ("at", "goal")}
        if len(named) == 1:
            discourse.title_country = next(iter(named))
        for frame in by_sentence.get(sentence.index, []):
            actor, _ = actor_of(discourse, frame)
            where = destination_of(discourse, document, sentence, frame, actor)
            if where.explicit:
                discourse.remember(actor, where)
                discourse.title_stage, _ = stage_of(frame, document)


def _draft_sentence(
    document: Document, sentence: Sentence, frames: list[Frame], discourse: Discourse
) -> list[DraftClaim]:
    discourse.observe(document, sentence)
    if not sentence.active:
        return []
    told: list[tuple[DraftClaim, Frame]] = []
    told_of = [one for frame in strongest(frames, document) for one in each_attacked(document, frame)]
    for frame in map(who_stays, told_of):
        reason = refusal(document, sentence, frame, discourse)
        if reason is not None:
            document.dropped.append(Dropped(sentence.index, "+".join(frame.because), reason))
            note_refused(document, frame, reason, discourse)
            if reason in (NO_FORCE, VAGUE_FORCE):
                _note_mission(document, sentence, frame, discourse)
            continue
        draft = _draft(document, sentence, frame, discourse)
        if isinstance(draft, str):
            document.dropped.append(Dropped(sentence.index, "+".join(frame.because), draft))
            continue
        told.append((draft, frame))
        discourse.claims.append(draft)
        discourse.force_seen = sentence.index
    drafts = without_former(told, document)
    asking = who_asks(document, sentence, discourse) if not drafts else None
    if asking is not None:
        discourse.remember(None, Where(asking, because="who asked for them"))
    last = denial_of_last(document, sentence, drafts, discourse)
    if last is None and not drafts:
        last = figure_of_last(document, sentence, discourse)
    return drafts if last is None else [*drafts, last]


def _note_mission(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> None:
    """ "Portugal is ending its mission in X. The soldiers …": where a state acts abroad is where its forces are."""
    actor = frame.sender.code if frame.sender is not None else None
    if not discourse.is_state(actor) or not frame.places or _is_seat(document, frame.places[0]):
        return
    where = destination_of(discourse, document, sentence, frame, actor)
    if where.because in NAMED and where.country not in (None, actor):
        discourse.remember(actor, where)


def _is_seat(document: Document, place: Mention) -> bool:
    """ "what London gives to Kyiv": a capital that something goes to is the state."""
    return place.role == "goal" and document.tokens[place.last - 1].has(*SEAT)


def _draft(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> DraftClaim | str:
    if frame.frame is FrameClass.COUNT and (discourse.claims or not _needs_no_claim(document, sentence, frame)):
        counted = force_of_the_sentence(sentence, frame, discourse)
        if counted is None:
            return recount(document, sentence, frame, discourse)
        frame = replace(frame, force=counted)
    if frame.frame is FrameClass.COUNT:
        frame = replace(frame, frame=FrameClass.BE)  # "sechstausend sollen es sein", where no claim tells of them
    slots = _resolve(document, sentence, frame, discourse)
    actor = slots.actor
    reason = unresolved(document, slots, discourse)
    if reason is not None or actor is None:
        if actor is None and slots.where.because in NAMED:
            discourse.remember(None, slots.where)  # somebody sends forces there: who, later sentences may tell
        return reason or NO_ACTOR
    return _claim(document, sentence, slots, actor, discourse)


def _needs_no_claim(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "Sechstausend sollen es sein", "puts the strength in X at 340 men": a figure of those nobody told of before."""
    if frame.verb is None or frame.force is None:
        return False
    level = frame.force.counted and after_relator(document, sentence, frame.force, frozenset({"at", "goal"}))
    return frame.verb.reading.verb.copula or level


def _resolve(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> Slots:
    """Who goes where; a journey may turn out to lead elsewhere than its verb alone says."""
    actor, rule = actor_of(discourse, frame)
    if rule not in GUESSES:
        frame = homeward(discourse, document, sentence, frame, actor)
    where = destination_of(discourse, document, sentence, frame, actor)
    going = set_out(sentence, frame, actor, where)
    if going is not None:
        frame, where = going, destination_of(discourse, document, sentence, going, actor)
    left = on_the_way_home(discourse, frame, where, actor)
    if left is not None:
        frame, where = replace(frame, frame=FrameClass.WITHDRAW, stage=Stage.WITHDRAWN), left
    going_on = carries_on(discourse, document, frame, where, actor)
    if going_on.frame is not frame.frame and frame.places:
        where = destination_of(discourse, document, sentence, going_on, actor)
    return Slots(going_on, actor, rule, where)


def _claim(document: Document, sentence: Sentence, slots: Slots, actor: str, discourse: Discourse) -> DraftClaim | str:
    where = slots.where
    frame = who_leaves(slots.frame, actor, where, discourse)
    stage, guessed = stage_of(frame, document)
    if stage is Stage.PLANNED and frame.frame in ATTACKS and not where.explicit:
        return "attack planned nowhere"
    if stage is Stage.ENGAGED and where.country is None and frame.places:
        return NO_DESTINATION  # "on all fronts", "along the line": of which country, nobody tells
    if stage is Stage.PLANNED and where.because == REPORTED_FROM:
        return NO_DESTINATION  # plans are often told of in another country than where they lead
    if stage is Stage.DEPLOYED and not where.explicit and shares_plan(frame, actor, where, discourse):
        stage = Stage.PLANNED
    force = frame.force
    counted = force is not None and force.counted
    before = Stage.PLANNED if guessed else Stage.DEPLOYED
    there = guessed and has_time(frame.clause, document, "underway")  # "2000 von ihnen sollen schon im Land sein"
    if (stage is Stage.PLANNED or guessed) and not there and is_their_task(frame, actor, where, discourse, before):
        if not counted:
            return "what those are to do who are there"
        stage, guessed = before, False
    certainty = certainty_of(frame, actor, guessed)
    if certainty is None:
        return "denied by the narrator"
    source = frame.clause.source
    if _colon_topic(document, sentence, frame, where):
        source = None
        certainty = Certainty.CONFIRMED if certainty is Certainty.CLAIMED else certainty
    source = source or announcer(frame, stage, actor, document)
    vague = not counted and _is_vague(frame, where)  # before it takes over a place that it does not name
    keep_place(frame, actor, stage, where, discourse)
    discourse.remember(actor if FOUGHT not in frame.because else None, where)  # "they" are who fights them
    key, within = discourse.words.gazetteer.place_keys(where.place, where.country, discourse.words.code)
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
        additional=_is_more(frame, stage, counted),
        stage=stage,
        certainty=certainty,
        source=source,
        vague=vague,
        when=_when(document, frame, stage, discourse),
        because=[*frame.because, slots.rule, where.because],
    )


def _is_more(frame: Frame, stage: Stage, counted: bool) -> bool:
    """ "Another 300 will come", "has sent more soldiers"; "another 300 are in X" are others than those elsewhere."""
    moves = counted or stage in (Stage.PLANNED, Stage.DEPLOYED)
    there = frame.frame in (FrameClass.BE, FrameClass.HAVE) and stage is Stage.DEPLOYED
    return frame.force is not None and frame.force.additional and moves and not there


def _is_vague(frame: Frame, where: Where) -> bool:
    """A presence, an increase, forces pointed at: without a figure they repeat what else tells of them."""
    if frame.nominal or frame.frame is FrameClass.GROW:
        return True
    features = frame.force.features if frame.force is not None else frozenset()
    return bool(features & {"presence", "pronoun"}) or ("definite" in features and where.place is None)


def _when(document: Document, frame: Frame, stage: Stage, discourse: Discourse) -> Days | None:
    """The date in the frame's own clause; who "will leave in February" is told as withdrawn, and leaves in the next, as
    does who "leaves in February"."""
    tokens = [document.tokens[index] for index in frame.clause.tokens()]
    leaves = stage is Stage.WITHDRAWN and frame.verb is not None and frame.verb.reading.form is VerbForm.PRESENT
    ahead = leaves or stage is Stage.PLANNED or Effect.PLAN in frame.clause.effects or is_future(frame)
    return resolve_when(tokens, document.published, ahead, discourse.words.dates)


def _colon_topic(document: Document, sentence: Sentence, frame: Frame, where: Where) -> bool:
    """ "Südsudan: Uganda schickt …": before the colon stands where it happens, not who says so; in a title what it is
    about, unless it is a seat of government."""
    source = frame.clause.source
    if source is None or "colon" not in frame.clause.because:
        return False
    country = document.tokens[sentence.first].has(TermKind.NATION, EntryKind.NATION.value)
    return source.code == where.country or (sentence.field == "title" and country)
