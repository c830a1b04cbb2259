"""Part of step 4: numbers in digits and words, with their scales: "1,5 Millionen", "ten thousand", "zwölftausend"."""

import re
from dataclasses import dataclass

from services.extractor.document import Sentence, Token
from services.extractor.lexicon import Language
from services.extractor.orthography import Orthography
from services.extractor.vocabulary import TermKind

_DIGITS = re.compile(r"\d[\d.,'’\u00a0\u202f\u2009 ]*$")
_SCALED = re.compile(r"(\d+(?:[.,]\d+)?)([a-z])$")
HUNDRED = 100
MAX_NUMBER_WORD = 48


@dataclass(slots=True)
class Number:
    """At tokens [first, last); `scale` is what its last word multiplies by."""

    value: float
    first: int
    last: int
    scale: float = 1.0
    in_words: bool = False


def parse_digits(form: str, orthography: Orthography) -> float | None:
    """ "10.000" and "1,5" by the language's marks; "10k" by its scale letters; None if it is no plain number."""
    scaled = _SCALED.fullmatch(form.lower())
    if scaled and scaled.group(2) in orthography.scale_letters:
        return float(scaled.group(1).replace(",", ".")) * orthography.scale_letters[scaled.group(2)]
    if not _DIGITS.fullmatch(form):
        return None
    plain = form
    for mark in orthography.thousand_marks:
        plain = re.sub(rf"(?<=\d){re.escape(mark)}(?=\d{{3}}(?!\d))", "", plain)
    plain = plain.replace(orthography.decimal_mark, ".")
    try:
        return float(plain)
    except ValueError:
        return None


def may_compose(word: str, language: Language) -> bool:
    """Whether a number word can begin the word: cheaper than to take it apart."""
    return word[:3] in language.number_starts or word[:2] in language.number_starts


def compose_number(word: str, parts: dict[str, float]) -> float | None:
    """The value of number words written as one: "zwölftausend" = zwölf · tausend, "quatre-vingt-douze". None if a part
    is no number word."""
    if len(word) > MAX_NUMBER_WORD:
        return None
    values: list[float] = []
    rest = word.replace("-", "")
    while rest:
        size = next((size for size in range(min(len(rest), 16), 1, -1) if rest[:size] in parts), 0)
        if not size:
            return None
        values.append(parts[rest[:size]])
        rest = rest[size:]
    return combine(values) if len(values) > 1 else None


def combine(values: list[float]) -> float:
    """Number words in reading order to one value: scales multiply what stands before them, the rest adds up."""
    total = current = 0.0
    for value in values:
        if value >= HUNDRED:
            current = (current or 1.0) * value
            if value > HUNDRED:
                total, current = total + current, 0.0
        else:
            current += value
    return total + current


def number_at(
    tokens: list[Token], index: int, sentence: Sentence, language: Language, joined: bool = True
) -> Number | None:
    """A number in digits or words with its scales: "1,5 Millionen", "ten thousand", "zwölftausend". `joined`: whether a
    coordinator can stand within it, which it cannot behind "between"."""
    if index >= sentence.last:
        return None
    token = tokens[index]
    orthography = language.orthography
    value = parse_digits(token.form, orthography) if token.form[0].isdigit() else None
    if value is not None:
        if _is_ordinal(tokens, index, sentence, orthography):
            return None
        return _scaled(tokens, Number(value, index, index + 1), sentence)
    values: list[float] = []
    cursor = index
    while cursor < sentence.last:
        if values and joined and (linked := _past_link(tokens, cursor, sentence, values, language)):
            cursor = linked
        found = _word_value(tokens[cursor], language)
        if found is None or (not values and found[0] < 1):  # "a day and a half"
            break
        values.append(found[0])
        cursor = found[1]
    if not values:
        return None
    return Number(combine(values), index, cursor, _scale_of(values[-1]), in_words=True)


def _scale_of(value: float) -> float:
    """What the last word of a number lends the first of a range: "six or seven hundred"."""
    return next((scale for scale in (1_000_000.0, 1000.0, 100.0) if value % scale == 0), 1.0)


def _past_link(
    tokens: list[Token], index: int, sentence: Sentence, values: list[float], language: Language
) -> int | None:
    """The token behind what links two words of one number: "four hundred and fifty"."""
    after = _word_value(tokens[index + 1], language) if index + 1 < sentence.last else None
    if after is None or values[-1] < HUNDRED or after[0] >= HUNDRED:
        return None
    links = tokens[index].term(TermKind.COORDINATOR) is not None
    return index + 1 if links and _ends_number(tokens, after[1], sentence, language) else None


def _ends_number(tokens: list[Token], index: int, sentence: Sentence, language: Language) -> bool:
    """Whether no scale follows that would make what stands behind the link a number of its own."""
    following = _word_value(tokens[index], language) if index < sentence.last else None
    return following is None or following[0] < HUNDRED


def _scaled(tokens: list[Token], number: Number, sentence: Sentence) -> Number:
    while number.last < sentence.last and (match := tokens[number.last].term(TermKind.NUMBER)) is not None:
        if match.term.value is None or match.term.value < HUNDRED:
            break
        number.value *= match.term.value
        number.scale *= match.term.value
        number.last = match.last
    return number


def _word_value(token: Token, language: Language) -> tuple[float, int] | None:
    """The value of a number word and the index behind it."""
    match = token.term(TermKind.NUMBER)
    if match is not None and match.term.value is not None:
        return match.term.value, match.last
    hyphenated = "-" in token.lower  # "twenty-five"
    composed = language.orthography.composes_numbers and not token.terms
    if not (hyphenated or composed) or not may_compose(token.lower, language):
        return None
    value = compose_number(token.lower, language.number_parts)
    return (value, token.index + 1) if value is not None else None


def _is_ordinal(tokens: list[Token], index: int, sentence: Sentence, orthography: Orthography) -> bool:
    following = tokens[index + 1] if index + 1 < sentence.last else None
    return (
        orthography.ordinal_point
        and following is not None
        and following.form == "."
        and following.start == tokens[index].end
        and index + 2 < sentence.last
    )
