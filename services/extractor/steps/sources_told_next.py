"""Part of step 9: who says what the narrator tells: who decides it, or who is named in the next sentence."""

from dataclasses import replace

from services.extractor.document import ClauseVerb, Document, DraftClaim, Frame, Sentence, Speaker
from services.extractor.vocabulary import Effect, FrameClass
from shared.events.statements import Certainty, Stage

LEAD = 2
"""Sentences of the text in which the source of a headline is named."""
_COMMANDS = frozenset({FrameClass.SEND, FrameClass.WITHDRAW})
_ANNOUNCED = frozenset({Stage.PLANNED, Stage.WITHDRAWN})
_DECIDE = frozenset({"voice", "state", "official", "group"})
"""Speakers who can decide on forces, beside the persons named."""


def announcer(frame: Frame, stage: Stage, actor: str, document: Document) -> Speaker | None:
    """ "Der Präsident ordnete an, …", "Fiji offered 50 troops": who plans, orders or promises his own forces."""
    sender, clause = frame.sender, frame.clause
    if sender is None or sender.name is None or sender.code != actor or clause.kind == "relative":
        return None
    if _commands(frame):
        return Speaker(sender.name, actor)
    ruling = [*clause.verbs, *(clause.parent.verbs if clause.kind == "infinitive" and clause.parent else ())]
    if sender.features >= {"official", "person"}:
        decides = Effect.PLAN in clause.effects or frame.stage is Stage.PLANNED
    else:
        decides = bool(sender.features & _DECIDE) and any(_decides(verb, document) for verb in ruling)
    return Speaker(sender.name, actor) if decides and stage in _ANNOUNCED else None


def _commands(frame: Frame) -> bool:
    """ "Joe Biden schickt 7000 Soldaten", "ordered his force home": a person who moves forces says so; not "Burhans
    Generäle ziehen zusammen"."""
    sender, force = frame.sender, frame.force
    if sender is None or "person" not in sender.features or frame.frame not in _COMMANDS:
        return False
    return force is None or sender.first not in force


def _decides(verb: ClauseVerb, document: Document) -> bool:
    """A verb of planning, promising or wanting, also where it tells of the sending itself: "offered 50 troops"."""
    also = (r for r in document.tokens[verb.index].verbs if r.verb.particle is None and not r.verb.needs)
    return any(r.verb.effect is Effect.PLAN and (r.verb.intends or not r.verb.modal) for r in (verb.reading, *also))


def name_sources(document: Document, claims: list[DraftClaim]) -> list[DraftClaim]:
    """ "Benin sends troops north. The units are in place, the chief of staff said": the lead is his word as well."""
    text = [sentence for sentence in document.sentences if sentence.field == "text"]
    return [_named(document, claim, claims, text) for claim in claims]


def _named(document: Document, claim: DraftClaim, claims: list[DraftClaim], text: list[Sentence]) -> DraftClaim:
    if claim.source is not None or claim.certainty is not Certainty.CONFIRMED:
        return claim
    if document.sentences[claim.sentence].field == "title":
        source = next(filter(None, (_own(sentence, claim) for sentence in text[:LEAD])), None)
        return _told_by(claim, source)
    if not text or claim.sentence != text[0].index or len(text) < 2:
        return claim
    following = text[1]
    if not _reports(following) or any(other.sentence == following.index for other in claims):
        return claim
    return _told_by(claim, _own(following, claim))


def _told_by(claim: DraftClaim, source: Speaker | None) -> DraftClaim:
    return claim if source is None else replace(claim, source=source, because=[*claim.because, "source told next"])


def _own(sentence: Sentence, claim: DraftClaim) -> Speaker | None:
    """Who of the actor's own side speaks in the sentence."""
    told = next((clause for clause in sentence.clauses if clause.source is not None), None)
    if told is None or told.source is None or Effect.DENY in told.effects:
        return None
    return told.source if told.source.code == claim.actor and not told.source.private else None


def _reports(sentence: Sentence) -> bool:
    """ "sprach von einer Räumung" reports nothing: no clause beside the verb of saying."""
    told = (clause for clause in sentence.clauses if clause.source is not None)
    return any(not clause.says for clause in told)
