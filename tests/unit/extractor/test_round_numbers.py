"""German writes 2000 without a mark, as it writes years: in every case with a figure, 2000 is told as 2300 is."""

import json
import re
from datetime import date
from typing import Any

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import LANGUAGES_DIR, Lexicon
from shared.events.statements import Claim

_FIGURE = re.compile(r"(?<![\d.,-])\d{2,3}(?![\d.,]?\d|[-%])")


def sentences_with_a_place_for_a_figure() -> list[tuple[str, date]]:
    """Texts of the positive cases with the figure of one of their claims cut out."""
    found = []
    for line in (LANGUAGES_DIR / "de" / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case: dict[str, Any] = json.loads(line)
        counts = {str(claim.get(end)) for claim in case["claims"] for end in ("count_min", "count_max")}
        for match in _FIGURE.finditer(case["text"]):
            if match.group() in counts and case["text"].count(match.group()) == 1:
                text = f"{case['text'][: match.start()]}{{}}{case['text'][match.end() :]}"
                found.append((text, date.fromisoformat(case.get("published", "2025-05-14"))))
    return found


def told(text: str, published: date, lexicon: Lexicon) -> list[Claim]:
    statements = extract_article(ArticleText(None, text, published, language_hint="de"), lexicon).statements
    return [claim for statement in statements for claim in statement.claims]


def test_two_thousand_is_a_number_of_people(lexicon: Lexicon) -> None:
    texts = sentences_with_a_place_for_a_figure()
    assert len(texts) > 200
    differ = []
    for text, published in texts:
        round_one, other = (told(text.format(figure), published, lexicon) for figure in ("2000", "2300"))
        ends = {2300: 2000}
        if round_one != [
            claim.model_copy(
                update={
                    "count_min": ends.get(claim.count_min or 0, claim.count_min),
                    "count_max": ends.get(claim.count_max or 0, claim.count_max),
                }
            )
            for claim in other
        ]:
            differ.append(text.format("2000"))
    assert not differ
