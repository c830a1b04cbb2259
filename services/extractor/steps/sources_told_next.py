"""Part of step 9: who says what the headline or the first sentence tells in the narrator's voice."""

from dataclasses import replace

from services.extractor.document import Document, DraftClaim, Effect, Sentence, Speaker
from shared.events.statements import Certainty

LEAD = 2
"""Sentences of the text in which the source of a headline is named."""


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
    return any(not any(verb.reading.verb.says for verb in clause.verbs) for clause in told)
