"""Which news agency an article is from, as its outlet, author, dateline or last line credits it. Pure.

Only what is nothing but a credit counts: an agency named within a sentence may be anybody's source.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

AGENCIES = Path(__file__).with_name("agencies.toml")

LONGEST_CREDIT = 60
_DATELINE = re.compile(rf"[^()\n]{{0,80}}\(([^()\n]{{2,{LONGEST_CREDIT}}})\)\s*[-–—.:]")
_LAST_LINE = re.compile(rf"(?:^|\(|©|\b(?:Quelle|Source)\s*:)\s*([^()\n]{{2,{LONGEST_CREDIT}}})\)?\s*$")
_BETWEEN = re.compile(r"[,;/|&+()]|\b(?:and|und|et|with|mit|avec)\b", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:(?:by|von|par|from)\s|(?:quelle|source)\s*:|©)\s*", re.IGNORECASE)


class Agencies:
    """The news agencies by all the names they are credited by. `names`: for each agency's code its names."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._codes = {name.casefold(): code for code, known in names.items() for name in known}

    def credited(self, outlet: str | None, author: str | None, text: str) -> str | None:
        """The code of the agency that an article is from, None if none is credited. Of several the one named first."""
        return next(self._named([outlet or "", author or ""]), None) or self.credited_in(text)

    def credited_in(self, text: str) -> str | None:
        """ "KYIV, Nov 3 (Reuters) - …", "Berlin (dpa) – …", or "(AFP)" and "Quelle: dpa" at the end."""
        first = _DATELINE.match(text.lstrip())
        last = _LAST_LINE.search(text.rstrip().rpartition("\n")[2][-2 * LONGEST_CREDIT :])
        return next(self._named(credit[1] for credit in (first, last) if credit), None)

    def _named(self, credits: Iterable[str]) -> Iterator[str]:
        """Of "dpa/AFP", "Jane Doe, Reuters" and "desk@example.org (AFP)" the agencies."""
        for credit in credits:
            for part in _BETWEEN.split(credit):
                code = self._codes.get(_BEFORE.sub("", part.strip()).casefold())
                if code:
                    yield code


def load_agencies() -> Agencies:
    return Agencies(tomllib.loads(AGENCIES.read_text(encoding="utf-8")))
