"""Part of step 9: how many they are of whom the sentence before told, where no verb of the sentence moves them."""

from dataclasses import replace

from services.extractor.document import Document, DraftClaim, MentionKind, Sentence
from services.extractor.steps.discourse import Discourse
from services.extractor.steps.frame_figures import tells_losses
from shared.events.statements import Certainty, Stage


def figure_of_last(document: Document, sentence: Sentence, discourse: Discourse) -> DraftClaim | None:
    """ "A survey team has left for X. The 13 soldiers will inspect the port": the article points back to those told of
    last, and the figure is theirs; not where it tells of dead or wounded."""
    last = discourse.last_claim
    if last is None or last.sentence != sentence.index - 1 or last.stage is Stage.ENGAGED:
        return None
    if last.counted or last.certainty is Certainty.DENIED or tells_losses(document, sentence):
        return None
    force = next(iter(sentence.of_kind(MentionKind.FORCE)), None)
    if force is None or not force.counted or "definite" not in force.features or "vehicle" in force.features:
        return None
    if force.code not in (None, last.actor) or force.additional:
        return None
    return replace(
        last,
        sentence=sentence.index,
        count_min=force.count_min,
        count_max=force.count_max,
        vague=False,
        because=["figure for the last claim"],
    )
