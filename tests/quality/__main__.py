"""`make quality`: precision, recall and F1 of the claims over the annotated passages, by language, and of the
alerts over the annotated streams, once with the ledger alone; asserts nothing."""

from services.cli.replay import extracted, given
from services.extractor.lexicon import load_lexicon
from tests.quality.annotated_passages import KINDS, READ, UNREAD
from tests.quality.count_alerts import count_alerts, streams
from tests.quality.count_claims import count_claims
from tests.quality.match_claims import SLOTS

LANGUAGES = ("de", "en")


def main() -> None:
    lexicon = load_lexicon()
    for kind in KINDS:
        for language in LANGUAGES:
            whole, core, detection = count_claims(kind, language, lexicon)
            slots = "  ".join(f"{slot} {core.share(slot):.3f}" for slot in SLOTS)
            print(
                f"{language} {kind:15}  claims F1 {whole.f1:.3f} (precision {whole.precision:.3f}, recall "
                f"{whole.recall:.3f}: {whole.right} right, {whole.wrong} wrong, {whole.missed} missed)  "
                f"actor and destination F1 {core.f1:.3f}  {slots}  "
                f"passages precision {detection.precision:.3f}, recall {detection.recall:.3f}"
            )
    for kind in (READ, UNREAD):
        for stream in streams(kind):
            whole_chain, ledger = (count_alerts(stream, lexicon, source) for source in (extracted, given))
            print(
                f"{stream.stem} {kind}: alerts F1 {whole_chain.f1:.3f} ({whole_chain.right} right, "
                f"{whole_chain.needless} needless, {whole_chain.missed} missed), ledger alone {ledger.f1:.3f}"
            )


if __name__ == "__main__":
    main()
