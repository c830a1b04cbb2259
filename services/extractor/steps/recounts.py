"""Part of step 9: figures for what was claimed before, "sprach von 12.000", "put their number at 500"."""

from dataclasses import replace

from services.extractor.document import Document, DraftClaim, Frame, Mention, MentionKind, Sentence, Speaker
from services.extractor.steps.clause_phrases import mentions_in
from services.extractor.steps.discourse import NOBODY, Discourse
from services.extractor.steps.stages import certainty_of, is_now, lies_ahead
from shared.events.statements import Certainty, Stage


def recount(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> DraftClaim | str:
    """A figure for what was claimed before: "sprach von 12.000", "put their number at 500"."""
    last = discourse.last_claim
    force = frame.force
    if last is None or force is None or not force.counted:
        return "a figure for nothing told before"
    home = next((m.country for m in sentence.mentions if m.role == "origin" and m.first == force.last), None)
    others = {force.code, home} - {None, last.actor, last.destination}
    if others or _is_told_of(document, sentence, force) or _counts_fighters(sentence, frame, last, discourse):
        return "a figure for other forces"  # "rechnet mit etwa 200 aus Österreich"
    says = frame.verb is not None and frame.verb.reading.verb.says
    if last.stage is Stage.ENGAGED and ("elided" in force.features or (says and force.code is None)):
        return "a figure for attacks as well"
    certainty = certainty_of(frame, last.actor, hearsay=False)
    planned = frame.stage is Stage.PLANNED or lies_ahead(frame, document)  # "bis 2027 sollen es 4800 sein"
    country_only = any(place.name is None and place.country == last.destination for place in frame.places)
    placed = last.place is not None and not (planned or country_only)
    if certainty is None:
        return "denied by the narrator"
    certainty, source = _who_counts(sentence, frame, certainty, last)
    if last.stage is Stage.WITHDRAWN and says:  # "he put their number at 900": of those who are or were there
        last = replace(last, stage=Stage.DEPLOYED)
    if is_now(frame, document):
        last = replace(last, stage=Stage.DEPLOYED if last.stage is Stage.PLANNED else last.stage)
    return replace(
        last,
        sentence=sentence.index,
        order=frame.head,
        count_min=force.count_min,
        count_max=force.count_max,
        additional=force.additional,
        place=last.place if placed else None,
        place_key=last.place_key if placed else None,
        place_within=last.place_within if placed else (),
        stage=Stage.PLANNED if planned else last.stage,
        certainty=certainty,
        source=source,
        vague=False,
        because=[*frame.because, "figure for the last claim"],
    )


def _is_told_of(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "Spoke of a frigate and 140 marines", "of 400 fighters whom X had brought": the sentence itself tells whose they
    are."""
    goes_on = any(clause.kind == "relative" and clause.first - force.last in (0, 1) for clause in sentence.clauses)
    return force.code is None and (goes_on or document.tokens[force.first - 1].joins)


def _counts_fighters(sentence: Sentence, frame: Frame, last: DraftClaim, discourse: Discourse) -> bool:
    """ "Put the militia at 600 men": not a state's soldiers, of whom the claim before told."""
    groups = (m for m in mentions_in(sentence, frame.clause, MentionKind.FORCE) if "group" in m.features)
    return discourse.is_state(last.actor) and any(group.code is None for group in groups)


def force_of_the_sentence(sentence: Sentence, frame: Frame, discourse: Discourse) -> Mention | None:
    """ "Danish gunners train there; at present it is some 300": the figure counts the force that the sentence named
    before it, where no claim was made of that."""
    force, last = frame.force, discourse.last_claim
    if force is None or not force.counted or force.code is not None or last is None or last.sentence == sentence.index:
        return None
    speaker = frame.clause.source.code if frame.clause.source is not None else None
    named = [code for index, code in discourse.forces_here if index < force.first and index < frame.head]
    if not named or named[-1] in (NOBODY, speaker, last.actor):
        return None
    return replace(force, code=named[-1])


def _who_counts(
    sentence: Sentence, frame: Frame, certainty: Certainty, last: DraftClaim
) -> tuple[Certainty, Speaker | None]:
    """A figure that nobody is said to give is the narrator's; it completes, as doubtful, what was told without one."""
    source = frame.clause.source
    told = any(v.reading.verb.says and v.index != frame.head for c in sentence.clauses for v in c.verbs)
    if source is not None or told:
        return certainty, source
    doubted = last.source is not None or last.certainty is Certainty.SUSPECTED
    if doubted and not last.counted:
        return last.certainty, last.source
    return Certainty.CONFIRMED if certainty is Certainty.CLAIMED else certainty, None
