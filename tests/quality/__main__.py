"""`make quality`: precision, recall and F1 of the claims over the annotated passages, by language; asserts nothing."""

from services.extractor.lexicon import Lexicon, load_lexicon
from tests.quality.annotated_passages import READ, UNREAD, annotated_passages, told_claims
from tests.quality.match_claims import SLOTS, Detection, Tally, same_claim, same_move

LANGUAGES = ("de", "en")


def count(kind: str, language: str, lexicon: Lexicon) -> tuple[Tally, Tally, Detection]:
    """Whole claims, actor and destination alone, passages with a claim."""
    whole, core, detection = Tally(), Tally(), Detection()
    for passage in annotated_passages(kind, language):
        told = told_claims(passage, lexicon)
        whole.add(passage.claims, told, same_claim)
        core.add(passage.claims, told, same_move)
        detection.add(passage.claims, told)
    return whole, core, detection


def main() -> None:
    lexicon = load_lexicon()
    for kind in (READ, UNREAD):
        for language in LANGUAGES:
            whole, core, detection = count(kind, language, lexicon)
            slots = "  ".join(f"{slot} {core.share(slot):.3f}" for slot in SLOTS)
            print(
                f"{language} {kind:6}  claims F1 {whole.f1:.3f} (precision {whole.precision:.3f}, recall "
                f"{whole.recall:.3f}: {whole.right} right, {whole.wrong} wrong, {whole.missed} missed)  "
                f"actor and destination F1 {core.f1:.3f}  {slots}  "
                f"passages precision {detection.precision:.3f}, recall {detection.recall:.3f}"
            )


if __name__ == "__main__":
    main()
