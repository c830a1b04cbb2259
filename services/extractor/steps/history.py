"""Part of step 9: what lies too far back to be a claim, by the years that its sentence names."""

import re

from services.extractor.document import Document, Frame, MentionKind, Sentence
from services.extractor.lexicon import DateWords
from services.extractor.steps.force_counts import is_level
from services.extractor.steps.tenses import STATIC, is_future
from services.extractor.vocabulary import FINITE, TermKind, VerbForm

HISTORY = "too long ago"
HISTORY_YEARS = 5
"""An event that lies more than this before publication is history, no claim (gold guide)."""
SINCE_REACH = 8
"""Words between "since" and its year."""

_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


def is_history(document: Document, sentence: Sentence, frame: Frame, words: DateWords) -> bool:
    if document.published is None or _goes_on(frame) or is_future(frame):
        return False
    years = _years_named(document, sentence, words)
    then = any(document.tokens[k].has(TermKind.TIME, "then") for k in sentence.where(TermKind.TIME))
    if not years and then and sentence.index > 0:  # "… the battle of 1944. In September of that year …"
        years = _years_named(document, document.sentences[sentence.index - 1], words)
    return bool(years) and max(years) < document.published.year - HISTORY_YEARS


def _years_named(document: Document, sentence: Sentence, words: DateWords) -> list[int]:
    years = [
        int(token.form)
        for token in document.tokens[sentence.first : sentence.last]
        if _YEAR.fullmatch(token.form)
        and not _since(document, sentence, token.index)
        and not _counts(document, sentence, token.index, words)
    ]
    today = document.published.year if document.published is not None else 0
    return years + [today - ago for ago in _years_ago(document, sentence, words)]


def _years_ago(document: Document, sentence: Sentence, words: DateWords) -> list[int]:
    """ "eighty-one years ago", "vor 40 Jahren"."""
    found = []
    for number in sentence.mentions:
        if number.kind is not MentionKind.QUANTITY or number.count_min is None:
            continue
        before = " ".join(t.lower for t in document.tokens[sentence.first : number.first])
        behind = " ".join(t.lower for t in document.tokens[number.last : sentence.last])
        if any(
            f" {before}".endswith(f" {a}" if a else "") and f"{behind} ".startswith(f"{b} ") for a, b in words.years_ago
        ):
            found.append(number.count_min)
    return found


def _goes_on(frame: Frame) -> bool:
    """ "train there under a protocol of 1982": told in the present tense, of what lasts."""
    finite = [v.reading for v in frame.clause.verbs if v.reading.form in FINITE]
    perfect = any(v.reading.form is VerbForm.PARTICIPLE for v in frame.clause.verbs) and not any(
        r.verb.copula for r in finite
    )
    present = bool(finite) and all(r.form is VerbForm.PRESENT for r in finite)
    return frame.frame in STATIC and present and not perfect


def _counts(document: Document, sentence: Sentence, index: int, words: DateWords) -> bool:
    """ "1700 von insgesamt 2100 sind da": a number that no word makes a year."""
    around = [m for m in sentence.mentions if index in m]
    if any(m.kind is MentionKind.FORCE for m in around):
        return True
    quantity = next((m for m in around if m.kind is MentionKind.QUANTITY), None)
    if quantity is None or "year" in quantity.features:
        return quantity is not None and is_level(document, index)
    return index == 0 or document.tokens[index - 1].lower not in words.before_year


def _since(document: Document, sentence: Sentence, index: int) -> bool:
    """ "have been there since 1992", "since a short war in the summer of 1992": from then until now."""
    for token in reversed(document.tokens[max(sentence.first, index - SINCE_REACH) : index]):
        if token.has(TermKind.TIME, "since"):
            return True
        if token.verbs or token.form in ",;:":
            return False
    return False
