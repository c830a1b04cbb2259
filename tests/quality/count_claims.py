"""The passages of one kind and language through the extractor, counted."""

from services.extractor.lexicon import Lexicon
from tests.quality.annotated_passages import annotated_passages, told_claims
from tests.quality.match_claims import Detection, Tally, same_claim, same_move


def count_claims(kind: str, language: str, lexicon: Lexicon) -> tuple[Tally, Tally, Detection]:
    """Whole claims, actor and destination alone, passages with a claim."""
    whole, core, detection = Tally(), Tally(), Detection()
    for passage in annotated_passages(kind, language):
        told = told_claims(passage, lexicon)
        whole.add(passage.claims, told, same_claim)
        core.add(passage.claims, told, same_move)
        detection.add(passage.claims, told)
    return whole, core, detection
