"""Part of step 9: claims whose side is only guessed, and that nothing else in the article bears out."""

from services.extractor.document import Document, DraftClaim, Dropped, MentionKind
from services.extractor.steps.actors import GUESSES, LAST_FORCE

_GUESSED = frozenset({LAST_FORCE, *GUESSES})


def without_bare_guesses(claims: list[DraftClaim], document: Document) -> list[DraftClaim]:
    """The claims without those that have neither figure nor source, whose sentence does not name their side, and that
    stand alone with side and destination: they were right one time in six, the others every second time."""
    kept = []
    for claim in claims:
        if _is_bare(claim, document) and not any(_same_move(claim, other) for other in claims if other is not claim):
            document.dropped.append(Dropped(claim.sentence, "+".join(claim.because), "a guess that nothing bears out"))
        else:
            kept.append(claim)
    return kept


def _is_bare(claim: DraftClaim, document: Document) -> bool:
    guessed = not _GUESSED.isdisjoint(claim.because)
    told = claim.source is not None or (claim.count_min, claim.count_max) != (None, None)
    return guessed and not told and not _named_near(claim, document)


def _named_near(claim: DraftClaim, document: Document) -> bool:
    """Whether the claim's sentence or the one before names its side."""
    near = document.sentences[max(0, claim.sentence - 1) : claim.sentence + 1]
    mentions = (mention for sentence in near for mention in sentence.mentions)
    return any(mention.code == claim.actor and mention.kind is not MentionKind.PLACE for mention in mentions)


def _same_move(claim: DraftClaim, other: DraftClaim) -> bool:
    return (claim.actor, claim.destination) == (other.actor, other.destination)
