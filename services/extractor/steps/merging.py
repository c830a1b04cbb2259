"""Part of step 9: one claim for each distinct report; a poorer copy goes into the richer one."""

from services.extractor.document import Document, DraftClaim, Dropped
from services.extractor.steps.told_before import LEAVES
from shared.events.statements import Certainty, Stage


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
    if _is_way_home(poor, rich) or _has_left(poor, rich):
        return True
    if poor.actor != rich.actor or not (poor.additional == rich.additional or title or _sums_up(rich, poor)):
        return False
    if poor.destination != rich.destination and not (title and poor.destination is None):
        return False
    if not _stage_fits(poor, rich, title):
        return False
    if (poor.certainty is Certainty.DENIED) != (rich.certainty is Certainty.DENIED):
        return False
    if not _same_count(poor, rich, title):
        return False
    if not title and not (_same_place(poor, rich) or _leaves_once(poor, rich)):
        return False
    if poor.source is not None and (rich.source is None or poor.source.code != rich.source.code):
        return title and rich.source is None
    return (
        poor.certainty is rich.certainty
        or _is_task(poor, rich)
        or (
            poor.source is None
            and poor.certainty is Certainty.CONFIRMED
            and (rich.certainty is not Certainty.SUSPECTED or title)
        )
    )


def _sums_up(rich: DraftClaim, poor: DraftClaim) -> bool:
    """ "… has sent more soldiers to X. Three thousand are there now": the next sentence tells how many there are."""
    return poor.additional and not poor.counted and rich.counted and rich.sentence == poor.sentence + 1


def _stage_fits(poor: DraftClaim, rich: DraftClaim, title: bool) -> bool:
    """The same stage; a title leaves open what becomes of a deployment."""
    stages = {poor.stage, rich.stage}
    open_ended = title and Stage.DEPLOYED in stages and Stage.WITHDRAWN not in stages
    return len(stages) == 1 or open_ended or _same_move(poor, rich)


def _is_task(poor: DraftClaim, rich: DraftClaim) -> bool:
    """ "Die 300 Soldaten, die nach X verlegt wurden, sollen den Hafen sichern": what those are to do who are there."""
    told = rich.certainty is Certainty.CONFIRMED and rich.source is poor.source is None
    return poor.sentence == rich.sentence and poor.certainty is Certainty.SUSPECTED and told


def _is_way_home(poor: DraftClaim, rich: DraftClaim) -> bool:
    """ "pulled them out of X and flew them home": where those go who leave is no deployment of their own."""
    return (
        poor.sentence == rich.sentence
        and poor.actor == rich.actor == poor.destination
        and poor.stage in (Stage.DEPLOYED, Stage.PLANNED)
        and rich.stage is Stage.WITHDRAWN
        and rich.destination != poor.destination
        and (poor.count_min, poor.count_max) in ((None, None), (rich.count_min, rich.count_max))
    )


def _has_left(poor: DraftClaim, rich: DraftClaim) -> bool:
    """ "The 40 soldiers who arrived in X in May left on Sunday", "40 soldiers were in X; they have been flown out":
    those who have left are there no more; "ordered 40 soldiers to X, where they have arrived": those have come."""
    those = LEAVES in rich.because
    left = (poor.stage, rich.stage) == (Stage.DEPLOYED, Stage.WITHDRAWN)
    before = those or (left and any(rule.startswith("relative") for rule in poor.because))
    counts = [(claim.count_min, claim.count_max) for claim in (poor, rich)]
    return (
        before
        and poor.sentence == rich.sentence
        and (poor.actor, poor.destination) == (rich.actor, rich.destination)
        and (left or (poor.stage, rich.stage) == (Stage.PLANNED, Stage.DEPLOYED))
        and counts[0] == counts[1] != (None, None)
    )


def _leaves_once(poor: DraftClaim, rich: DraftClaim) -> bool:
    """ "pulled its 800 soldiers out of the west, abandoning X": one sentence, one withdrawal."""
    return poor.sentence == rich.sentence and poor.stage is rich.stage is Stage.WITHDRAWN


def _same_count(poor: DraftClaim, rich: DraftClaim, title: bool) -> bool:
    """No figure, or the same bounds; a title may leave one bound out."""
    mine, other = {poor.count_min, poor.count_max}, {rich.count_min, rich.count_max}
    same = (poor.count_min, poor.count_max) == (rich.count_min, rich.count_max)
    return mine == {None} or same or (title and bool(mine & other - {None}))


def _same_move(poor: DraftClaim, rich: DraftClaim) -> bool:
    """ "ist vorgestoßen und liefert sich dort Gefechte": one sentence, one force, the stronger stage."""
    return poor.sentence == rich.sentence and poor.stage is Stage.DEPLOYED and rich.stage is Stage.ENGAGED


def _same_place(poor: DraftClaim, rich: DraftClaim) -> bool:
    if poor.place is None:
        return True
    if poor.place_key is not None and poor.place_key == rich.place_key:
        return True
    return poor.place == rich.place or (poor.place_key is not None and poor.place_key in rich.place_within)
