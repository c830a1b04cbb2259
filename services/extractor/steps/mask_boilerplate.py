"""Step 2: blanks teasers, embed and consent notices and newsletter boxes. Whole lines only; offsets stay true."""

import re
from collections.abc import Iterator

from services.extractor.lexicon import Boilerplate

MAX_TEASER_WORDS = 18
MAX_NOTICE = 400
"""Characters of a line of notices; a longer one is text that happens to hold such a word."""

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_FINAL = re.compile(r"[.!?…:][\"'“”»«)\]]*\s*$")


def boilerplate_spans(text: str, boilerplate: Boilerplate | None) -> list[tuple[int, int]]:
    """Spans of the lines to leave out.

    A line that matches `openers` ("read also") takes the next line with it if that looks like a teaser: short, no full
    stop, and no continuation of the article's text.
    """
    if boilerplate is None:
        return []
    return list(_spans(text, boilerplate))


def _spans(text: str, boilerplate: Boilerplate) -> Iterator[tuple[int, int]]:
    teaser_follows = False
    for match in _LINE.finditer(text):
        line = match.group().strip()
        if not line:
            continue
        if boilerplate.openers is not None and len(line) < 60 and boilerplate.openers.match(line):
            teaser_follows = True
            yield match.span()
        elif _is_notice(line, boilerplate) or (teaser_follows and _is_teaser(line)):
            teaser_follows = False
            yield match.span()
        else:
            teaser_follows = False


def _is_notice(line: str, boilerplate: Boilerplate) -> bool:
    return boilerplate.lines is not None and len(line) <= MAX_NOTICE and boilerplate.lines.search(line) is not None


def _is_teaser(line: str) -> bool:
    return len(line.split()) <= MAX_TEASER_WORDS and not _FINAL.search(line)
