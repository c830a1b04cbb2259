"""Step 9: frames to claims. Slots are resolved, what is no claim is dropped with a reason, copies are merged."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from services.extractor.document import (
    FINITE,
    Clause,
    Document,
    DraftClaim,
    Dropped,
    Effect,
    Frame,
    FrameClass,
    MentionKind,
    Sentence,
    TermKind,
    VerbForm,
)
from services.extractor.gazetteer import Gazetteer
from services.extractor.lexicon import Language
from services.extractor.steps.discourse import GUESSES, Discourse, Where
from shared.events.statements import Certainty, Stage

HISTORY_YEARS = 5
"""An event that lies more than this before publication is history, no claim (gold guide)."""

MAX_DENIAL_DISTANCE = 4
"""How many sentences a denial without an object may stand behind what it denies."""

_NO_CLAIM = {
    Effect.QUESTION: "question",
    Effect.CONDITION: "condition",
    Effect.DEMAND: "demanded, not told",
    Effect.PAST: "history",
    Effect.UNRELATED: "no armed forces",
    Effect.EXERCISE: "exercise",
    Effect.REFUSE: "refusal",
}
_LICENCES = frozenset({Effect.PLAN, Effect.BEGIN, Effect.CLAIM, Effect.CONFIRM, Effect.ANNOUNCE, Effect.DENY})
_MOVES = frozenset(
    {FrameClass.FIGHT, FrameClass.TAKE, FrameClass.GO, FrameClass.ENTER, FrameClass.LEAVE, FrameClass.WITHDRAW}
)
_STATIC = frozenset({FrameClass.BE, FrameClass.HAVE, FrameClass.SEE, FrameClass.FIGHT, FrameClass.TAKE})
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


def draft_claims(document: Document, language: Language, gazetteer: Gazetteer) -> None:
    """Text in reading order, then the title: a headline without source or count joins the text's richer claim."""
    discourse = Discourse(gazetteer, language, document.dateline)
    by_sentence: dict[int, list[Frame]] = {}
    for frame in document.frames:
        by_sentence.setdefault(frame.sentence, []).append(frame)
    codes = Counter(m.code for s in document.sentences for m in s.mentions if m.code in language.countries)
    discourse.main_country = codes.most_common(1)[0][0] if codes else None
    discourse.anywhere = next(
        (m.code for s in document.sentences for m in s.mentions if m.code in language.countries), None
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
            actor, _ = discourse.actor(frame)
            where = discourse.destination(document, sentence, frame, actor)
            if where.explicit:
                discourse.remember(actor, where)


def _draft_sentence(
    document: Document, sentence: Sentence, frames: list[Frame], discourse: Discourse, language: Language
) -> list[DraftClaim]:
    discourse.observe(document, sentence)
    drafts = []
    for frame in _strongest(frames):
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
    """What is denied: an event noun's class, or words for what others say."""
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
    """One frame for each force of a clause: a verb before a noun, a mover before a plain presence."""
    kept: list[Frame] = []
    for frame in sorted(frames, key=lambda f: (f.nominal, f.weak, f.frame in _STATIC, f.head)):
        same = [
            other
            for other in kept
            if (other.clause is frame.clause and (other.force is frame.force or frame.force is None))
            or (frame.frame is FrameClass.COUNT and other.force is frame.force and other.clause.parent is frame.clause)
        ]
        if not same:
            kept.append(frame)
    return sorted(kept, key=lambda f: f.head)


def refusal(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> str | None:
    """Why a frame is no claim whatever its slots; None if it may be one."""
    for effect, reason in _NO_CLAIM.items():
        if effect in frame.clause.effects:
            return reason
    force = frame.force
    if frame.clause.kind == "infinitive" and not frame.clause.effects & _LICENCES:
        return "infinitive that nothing states"
    if force is not None and "person" in force.features and not (force.counted or "negated" in force.features):
        return "a single person"
    if force is None and not (frame.frame in (FrameClass.FIGHT, FrameClass.TAKE) and frame.sender is not None):
        if not (frame.nominal and frame.sender is not None):
            return "no force"
    if force is not None and force.features & {"vehicle"}:
        return "vehicles, no people"
    if force is not None and _is_vague(frame):
        return "vague word for people, vague verb"
    sided_unit = force is not None and "unit" in force.features and force.code is not None
    military = frame.verb is not None and frame.verb.reading.verb.military and force is not None and force.counted
    known = discourse.has_strong_force or sided_unit or military
    if force is not None and "weak" in force.features and not known:
        return "word for people without any force in the article"
    if _is_history(document, sentence):
        return "history"
    if _casualties(document, frame):
        return "casualties"
    if _unrelated(document, sentence, frame):
        return "no armed forces"
    return None


def _is_active(frame: Frame) -> bool:
    """Not "were killed": the verb that the frame stands on is no passive participle."""
    passive = any(v.reading.verb.passive for v in frame.clause.verbs)
    return frame.frame not in (FrameClass.FIGHT, FrameClass.TAKE) or not (
        passive and frame.verb is not None and frame.verb.reading.form is VerbForm.PARTICIPLE
    )


def _is_vague(frame: Frame) -> bool:
    """ "in the presence of members": neither number nor nation, and a verb or noun that says little by itself."""
    force = frame.force
    return (
        force is not None
        and frame.weak
        and "weak" in force.features
        and force.code is None
        and not force.counted
        and not force.vague
        and not force.features & {"possessive", "pronoun", "definite"}
    )


def _is_history(document: Document, sentence: Sentence) -> bool:
    if document.published is None:
        return False
    years = [
        int(token.form)
        for token in document.tokens[sentence.first : sentence.last]
        if _YEAR.fullmatch(token.form)
        and not _since(document, sentence, token.index)
        and not any(m.kind is MentionKind.FORCE and m.first <= token.index < m.last for m in sentence.mentions)
    ]
    return bool(years) and max(years) < document.published.year - HISTORY_YEARS


def _since(document: Document, sentence: Sentence, index: int) -> bool:
    return any(
        match.term.kind is TermKind.TIME and match.term.sort == "since"
        for k in range(max(sentence.first, index - 3), index)
        for match in document.tokens[k].terms
    )


def _casualties(document: Document, frame: Frame) -> bool:
    movers = (FrameClass.SEND, FrameClass.GO, FrameClass.WITHDRAW)
    plain = frame.force is not None and "demonym" not in frame.force.features
    if frame.frame in movers and not frame.nominal and plain:
        return False
    if frame.frame in (FrameClass.FIGHT, FrameClass.TAKE) and not frame.nominal and plain and _is_active(frame):
        return False
    return any(
        match.term.kind is TermKind.NOT_PEOPLE and match.term.sort == "casualty"
        for index in frame.clause.tokens()
        for match in document.tokens[index].terms
    )


def _unrelated(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """Police, fire brigades and teams: beside a weak force noun, or as the force itself."""
    force = frame.force
    for index in range(sentence.first, sentence.last):
        for match in document.tokens[index].terms:
            if match.term.kind is not TermKind.UNRELATED:
                continue
            if match.term.sort == "context":
                return True
            if force is None or "weak" in force.features or force.first - 3 <= index < force.last + 3:
                return True
            if force.code is None and not force.counted and index < force.first and force.features & {"unit"}:
                return True
    return False


def _draft(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> DraftClaim | str:
    if frame.frame is FrameClass.COUNT:
        return _recount(sentence, frame, discourse)
    actor, actor_rule = discourse.actor(frame)
    where = discourse.destination(document, sentence, frame, actor)
    if frame.weak and not where.explicit and not _told_before(frame, where):
        return "weak trigger without a place"
    if where.country is None and where.place is None and where.because != "several countries":
        return "no destination"
    if _passing(frame, where):
        return "people of a nation in passing"
    if actor is None or (actor_rule in GUESSES and actor == where.country):
        return "no actor"
    stage, guessed = stage_of(frame, document)
    certainty = certainty_of(frame, actor, guessed)
    if certainty is None:
        return "denied by the narrator"
    force = frame.force
    source = frame.clause.source
    if _colon_topic(frame, where):
        source = None
        certainty = Certainty.CONFIRMED if certainty is Certainty.CLAIMED else certainty
    discourse.remember(actor, where)
    counted = force is not None and force.counted
    return DraftClaim(
        sentence=sentence.index,
        order=frame.head,
        actor=actor,
        destination=where.country,
        place=where.place,
        place_key=where.key,
        place_within=where.within,
        count_min=force.count_min if force is not None and counted else None,
        count_max=force.count_max if force is not None and counted else None,
        additional=force.additional if force is not None else False,
        stage=stage,
        certainty=certainty,
        source=source,
        vague=not counted
        and (frame.nominal or frame.frame is FrameClass.GROW or (force is not None and "presence" in force.features)),
        because=[*frame.because, actor_rule, where.because],
    )


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
    return (
        where.country is not None
        and frame.force is not None
        and ("weak" not in frame.force.features or frame.force.counted)
        and (
            (
                frame.frame in (FrameClass.SEND, FrameClass.WITHDRAW)
                and bool(frame.clause.effects & {Effect.PLAN, Effect.BEGIN})
            )
            or (
                frame.frame is FrameClass.WITHDRAW
                and bool(frame.force.features & {"pronoun", "definite", "possessive"})
            )
            or (frame.force.counted and frame.frame in (FrameClass.BE, FrameClass.GO, FrameClass.SEND))
            or ("weak" not in frame.force.features and frame.frame in _MOVES and where.sentence >= frame.sentence - 1)
        )
    )


def _recount(sentence: Sentence, frame: Frame, discourse: Discourse) -> DraftClaim | str:
    """A figure for what was claimed before: "sprach von 12.000", "put their number at 500"."""
    last = discourse.claims[-1] if discourse.claims else None
    force = frame.force
    if last is None or force is None or not force.counted:
        return "a figure for nothing told before"
    if force.code is not None and force.code != last.actor:
        return "a figure for other forces"
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


def stage_of(frame: Frame, document: Document) -> tuple[Stage, bool]:
    """Stage by verb class, tense and modality; and whether a modal makes it hearsay ("soll … sein")."""
    if frame.stage is Stage.WITHDRAWN:
        return Stage.WITHDRAWN, _hearsay(frame)
    effects = frame.clause.effects
    hearsay = _hearsay(frame)
    if hearsay:
        return frame.stage, True
    if Effect.BEGIN in effects and Effect.PLAN not in effects:
        return Stage.DEPLOYED if frame.stage is Stage.PLANNED else frame.stage, False
    if Effect.ANNOUNCE in effects and _open_tense(frame):
        return Stage.PLANNED, False
    if _bare_infinitive(frame):
        return Stage.PLANNED, False
    if Effect.PLAN in effects or _future(frame) or _future_time(frame, document):
        return Stage.PLANNED, False
    return frame.stage, False


def _future(frame: Frame) -> bool:
    verbs = [verb.reading for verb in frame.clause.verbs]
    if any(r.verb.modal and r.verb.effect in (Effect.PLAN, Effect.SUSPECT) for r in verbs):
        return True
    future = any(r.verb.future and r.form in FINITE and r.form is not VerbForm.PAST for r in verbs)
    return future and any(
        r.form in (VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE) and (not r.verb.auxiliary or r.verb.passive)
        for r in verbs
    )


def _future_time(frame: Frame, document: Document) -> bool:
    return _open_tense(frame) and any(
        match.term.kind is TermKind.TIME and match.term.sort == "future"
        for index in frame.clause.tokens()
        for match in document.tokens[index].terms
    )


def _bare_infinitive(frame: Frame) -> bool:
    """A headline's "Cuba to send 900 troops": no finite verb, so it lies ahead."""
    verb = frame.verb
    return (
        verb is not None
        and verb.reading.form in (VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE)
        and frame.clause.kind == "main"
        and not any(v.reading.form in FINITE for v in frame.clause.verbs)
    )


def _open_tense(frame: Frame) -> bool:
    """Neither past nor perfect: what the verb tells may still lie ahead."""
    if frame.verb is None:
        return True
    if any(v.reading.form is VerbForm.PARTICIPLE for v in frame.clause.verbs if v.index == frame.verb.index):
        return False
    return frame.verb.reading.form in (
        VerbForm.PRESENT,
        VerbForm.INFINITIVE,
        VerbForm.TO_INFINITIVE,
        VerbForm.SUBJUNCTIVE,
    )


def _hearsay(frame: Frame) -> bool:
    """A modal of hearsay with a state or a finished act: "sollen sich befinden", "soll geschickt haben"."""
    verbs = [verb.reading for verb in frame.clause.verbs]
    if not any(r.verb.modal and r.verb.effect is Effect.SUSPECT for r in verbs):
        return False
    perfect = any(r.form is VerbForm.PARTICIPLE for r in verbs) and any(
        r.verb.auxiliary and not r.verb.future and r.form in (VerbForm.INFINITIVE, VerbForm.PRESENT) for r in verbs
    )
    return perfect or frame.frame in _STATIC


def certainty_of(frame: Frame, actor: str | None, hearsay: bool) -> Certainty | None:
    """None where the narrator himself says that there is no such force: no report of anything."""
    effects = frame.clause.effects
    source = frame.clause.source
    negated = Effect.NEGATE in effects or (frame.force is not None and "negated" in frame.force.features)
    if Effect.DENY in effects:
        return Certainty.DENIED
    if negated:
        return Certainty.DENIED if source is not None and source.code != "MEDIA" else None
    if Effect.SUSPECT in effects or (hearsay and source is None):
        return Certainty.SUSPECTED
    if source is None:
        return Certainty.CLAIMED if Effect.CLAIM in effects else Certainty.CONFIRMED
    if Effect.CONFIRM in effects or source.code == actor:
        return Certainty.CONFIRMED
    return Certainty.CLAIMED


# Merging


def merge(drafts: list[DraftClaim], document: Document) -> list[DraftClaim]:
    """One claim for each distinct report; a poorer copy goes into the richer one."""
    kept: list[DraftClaim] = []
    for draft in drafts:
        title = document.sentences[draft.sentence].field == "title"
        richer = next((other for other in kept if is_copy(draft, other, title)), None)
        if richer is not None:
            document.dropped.append(Dropped(draft.sentence, "+".join(draft.because), "copy of another claim"))
            continue
        poorer = [other for other in kept if is_copy(other, draft, title=False)]
        for other in poorer:
            kept.remove(other)
            document.dropped.append(Dropped(other.sentence, "+".join(other.because), "poorer copy"))
        kept.append(draft)
    return [draft for draft in kept if not (draft.vague and any(_same_story(draft, other) for other in kept))]


def _same_story(vague: DraftClaim, other: DraftClaim) -> bool:
    return (
        other is not vague
        and not other.vague
        and (other.actor, other.destination, other.stage) == (vague.actor, vague.destination, vague.stage)
        and (other.certainty is Certainty.DENIED) == (vague.certainty is Certainty.DENIED)
    )


def is_copy(poor: DraftClaim, rich: DraftClaim, title: bool) -> bool:
    """Whether `poor` says nothing that `rich` does not say. A title may also be vaguer about stage and place."""
    if poor.actor != rich.actor or (poor.additional != rich.additional and not title):
        return False
    if poor.destination != rich.destination and not (title and poor.destination is None):
        return False
    if (
        poor.stage is not rich.stage
        and not _same_move(poor, rich)
        and not (title and {poor.stage, rich.stage} == {Stage.PLANNED, Stage.DEPLOYED})
    ):
        return False
    if (poor.certainty is Certainty.DENIED) != (rich.certainty is Certainty.DENIED):
        return False
    if poor.count_min is not None or poor.count_max is not None:
        if (poor.count_min, poor.count_max) != (rich.count_min, rich.count_max) and not (
            title and {poor.count_min, poor.count_max} & {rich.count_min, rich.count_max} - {None}
        ):
            return False
    if not title and not _same_place(poor, rich):
        return False
    if poor.source is not None and (rich.source is None or poor.source.code != rich.source.code):
        return title and rich.source is None
    return poor.certainty is rich.certainty or (
        poor.source is None
        and poor.certainty is Certainty.CONFIRMED
        and (rich.certainty is not Certainty.SUSPECTED or title)
    )


def _same_move(poor: DraftClaim, rich: DraftClaim) -> bool:
    """ "ist vorgestoßen und liefert sich dort Gefechte": one sentence, one force, the stronger stage."""
    return (
        poor.sentence == rich.sentence
        and poor.stage is Stage.DEPLOYED
        and rich.stage is Stage.ENGAGED
        and poor.count_min is None
        and poor.count_max is None
    )


def _same_place(poor: DraftClaim, rich: DraftClaim) -> bool:
    if poor.place is None:
        return True
    if poor.place_key is not None and poor.place_key == rich.place_key:
        return True
    return poor.place == rich.place or (poor.place_key is not None and poor.place_key in rich.place_within)
