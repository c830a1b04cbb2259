"""Step 3: language, blocks, tokens, sentences and quotations. One pass each, no backtracking."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from services.extractor.document import BlockKind, Document, FieldName, Sentence, Token
from services.extractor.orthography import Orthography
from services.extractor.terms import plain_apostrophe

MAX_SENTENCE_TOKENS = 160
"""A longer run of words is no sentence; it is cut, so that no step meets an unbounded one."""

LAST_DAY = 31
"""A higher number before a point is no day of a month."""
MAX_HEADING_WORDS = 14

LANGUAGE_CHARACTERS = 12_000
"""Some 2,000 words; what comes behind them changes the language of no article."""

_WORD = re.compile(
    r"\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+(?:[.,]\d+)?(?!\w)"  # 10.000  10 000  1,234.5
    r"|\d{1,2}:\d{2}(?!\w)"  # a time: 10:55
    r"|\d+(?:[.,]\d+)?(?!\w)"
    r"|[^\W\d_]\.(?:[^\W\d_]\.)+(?:-\w+)*"  # U.S.  z.B.
    r"|\w+(?:[-‑'’]\w+)*"
    r"|\.\.\.|\++|--+|\S"
)
_TERMINATORS = frozenset(".!?…") | {"...", "++", "+++"}
_CLOSERS = frozenset("\"'“”»«’)]")
_APOSTROPHES = ("'", "’")
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")


def words_at(text: str, orthography: Orthography, start: int = 0) -> Iterator[tuple[int, str]]:
    """The tokens of `text` with their offsets, clitics and elisions split off."""
    if not (orthography.clitics or orthography.elisions):
        return ((start + match.start(), match.group()) for match in _WORD.finditer(text))
    return _parts_at(text, orthography, start)


def _parts_at(text: str, orthography: Orthography, start: int) -> Iterator[tuple[int, str]]:
    done = 0
    for match in _WORD.finditer(text):
        first, last = match.span()
        if first < done:
            continue
        if orthography.elisions and text[last : last + 1] in _APOSTROPHES:  # an elision before a sign: d'«Azov»
            elided = plain_apostrophe(text[first : last + 1].lower())
            last += elided in orthography.elisions
        done = last
        word = text[first:last]
        if not word.isalnum() and len(word) > 1 and ("'" in word or "’" in word or "-" in word):
            lowered = plain_apostrophe(word.lower())
            for elision in orthography.elisions:
                if lowered.startswith(elision) and len(word) > len(elision):
                    yield start + first, word[: len(elision)]
                    first += len(elision)
                    break
            for clitic in orthography.clitics:
                if lowered.endswith(clitic) and last - len(clitic) > first:
                    yield start + first, text[first : last - len(clitic)]
                    first = last - len(clitic)
                    break
            word = text[first:last]
        yield start + first, word


def detect_language(text: str, hint: str | None, languages: dict[str, frozenset[str]]) -> str | None:
    """The language whose frequent words are most common at the beginning; the hint breaks a tie.

    None if hardly any word is known: then no claim is better than one read with the wrong words.
    """
    words = text[:LANGUAGE_CHARACTERS].lower().split()
    if not words:
        return None
    scores = {code: sum(map(frequent.__contains__, words)) for code, frequent in languages.items()}
    best = max(scores, key=lambda code: (scores[code], code == hint))
    if scores[best] >= max(1, len(words) * 0.06):
        return best
    return hint if len(words) < 12 and hint in languages else None


def segment(document: Document, mask: Sequence[tuple[int, int]], orthography: Orthography) -> None:
    """Fills tokens and sentences of title and text, leaving out what `mask` blanks."""
    block = 0
    for name in ("title", "text"):
        field: FieldName = "title" if name == "title" else "text"
        text = document.field_text(field)
        for line in _LINE.finditer(text):
            if not line.group().strip():
                continue
            block += 1
            if field == "text" and _masked(line.start(), line.end(), mask):
                continue
            _segment_line(document, field, block, line.group(), line.start(), orthography)


def _as_dash(line: str, at: int, form: str) -> str:
    """ "left X - the last of them": hyphens between blanks are a typewriter's dash; at the head of a line, a bullet."""
    spaced = form.startswith("-") and 0 < at < len(line) - len(form)
    return "–" if spaced and line[at - 1].isspace() and line[at + len(form)].isspace() else form


def _masked(start: int, end: int, mask: Sequence[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in mask)


def _segment_line(
    document: Document, field: FieldName, block: int, line: str, start: int, orthography: Orthography
) -> None:
    tokens = document.tokens
    first = len(tokens)
    tokens += [
        Token(index, at, at + len(form), _as_dash(line, at - start, form), plain_apostrophe(form.lower()))
        for index, (at, form) in enumerate(words_at(line, orthography, start), first)
    ]
    last = len(tokens)
    _mark_quotes(tokens, first, last, orthography)
    kind = _block_kind(tokens, field, first, last)
    for begin, stop in _sentence_bounds(tokens, first, last, orthography):
        document.sentences.append(
            Sentence(
                index=len(document.sentences),
                field=field,
                block=block,
                kind=kind,
                first=begin,
                last=stop,
                start=tokens[begin].start,
                end=tokens[stop - 1].end,
                is_question=any(tokens[k].form == "?" for k in range(max(begin, stop - 3), stop)),
            )
        )


def _block_kind(tokens: Sequence[Token], field: FieldName, first: int, last: int) -> BlockKind:
    if field == "title":
        return BlockKind.TITLE
    if last - first <= MAX_HEADING_WORDS and not any(
        t.form in _TERMINATORS for t in tokens[max(first, last - 2) : last]
    ):
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _mark_quotes(tokens: Sequence[Token], first: int, last: int, orthography: Orthography) -> None:
    """Numbers the tokens between quotation marks. An unclosed quotation ends with its line."""
    closers: dict[str, set[str]] = {}
    for opening, closing in orthography.quotes:
        closers.setdefault(opening, set()).add(closing)
    number, waiting = 0, set[str]()
    for index in range(first, last):
        form = tokens[index].form
        if waiting:
            tokens[index].quote = number
            if form in waiting:
                waiting = set()
        elif form in closers:
            number = index + 1
            tokens[index].quote = number
            waiting = closers[form]


def _sentence_bounds(
    tokens: Sequence[Token], first: int, last: int, orthography: Orthography
) -> Iterator[tuple[int, int]]:
    begin = stop = first
    for index in [index for index in range(first, last) if tokens[index].form in _TERMINATORS]:
        if index < stop or not _ends_sentence(tokens, index, first, last, orthography):
            continue
        cuts = range(begin, index + 1, MAX_SENTENCE_TOKENS)
        yield from pairwise(cuts)
        begin, stop = cuts[-1], index + 1
        while stop < last and tokens[stop].form in _TERMINATORS:
            stop += 1
        while stop < last and _closes(tokens, stop):
            stop += 1
        if stop - begin >= MAX_SENTENCE_TOKENS or not _continues(tokens, stop, last):
            yield begin, stop
            begin = stop
    cuts = range(begin, last + 1, MAX_SENTENCE_TOKENS)
    yield from pairwise(cuts)
    if cuts[-1] < last:
        yield cuts[-1], last


def _closes(tokens: Sequence[Token], index: int) -> bool:
    """A closing sign right behind the full stop, or behind the space that some languages put before it."""
    before, token = tokens[index - 1], tokens[index]
    same_quotation = token.quote != 0 and token.quote == before.quote
    return token.form in _CLOSERS and (token.start == before.end or same_quotation)


def _continues(tokens: Sequence[Token], index: int, last: int) -> bool:
    """After a closed quotation the sentence goes on: „Wir gehen!“, sagte er."""
    goes_on = index < last and (tokens[index].form in ",;:–—-" or tokens[index].form[0].islower())
    return goes_on and not _is_credit(tokens, index, last)


def _is_credit(tokens: Sequence[Token], index: int, last: int) -> bool:
    """ "… liegt bei 900. dpa": who sent the text, in small letters behind its last full stop."""
    return index == last - 1 and tokens[index].form.islower() and tokens[index].start > tokens[index - 1].end


def _ends_sentence(tokens: Sequence[Token], index: int, first: int, last: int, orthography: Orthography) -> bool:
    if tokens[index].form != ".":
        return True
    if index + 1 >= last:
        return True
    before = tokens[index - 1] if index > first else None
    after = tokens[index + 1]
    if before is None:
        return False
    adjacent = before.end == tokens[index].start
    if adjacent and before.lower in orthography.abbreviations:
        return False
    if _is_credit(tokens, index + 1, last):
        return True
    if adjacent and len(before.form) == 1 and before.form.isalpha():
        return after.lower in orthography.frequent_words
    if adjacent and orthography.ordinal_point and before.form.isdecimal() and len(before.form) <= 3:
        figure = int(before.form) > LAST_DAY and index - 2 >= first and _leads_figure(tokens[index - 2], orthography)
        return figure or not _is_ordinal(after, orthography)
    return not (after.form[0].islower() or (after.start == tokens[index].end and after.form[0].isalnum()))


def _leads_figure(token: Token, orthography: Orthography) -> bool:
    """ "von 1000 auf | 300. Fachleute …", "Gabun stellt 300, Angola | 500. Das …": an ordinal has an article or an
    adjective before it."""
    named = token.form[0].isupper() and token.lower not in orthography.frequent_words
    return named or token.lower in orthography.figure_leads


def _is_ordinal(after: Token, orthography: Orthography) -> bool:
    """ "1. Bataillon", "19. jh": a month, a small letter or any noun that is no frequent sentence opener."""
    lowered = after.lower
    return lowered in orthography.months or after.form[0].islower() or lowered not in orthography.frequent_words
