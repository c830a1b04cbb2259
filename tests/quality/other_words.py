"""`make other-words`: cases of the languages put in other words; how often, by form, what is told of them changes.

A test that needs no annotation: a sentence that means the same must tell the same. The forms are data,
`languages/<code>/other_words/<topic>.toml`, a table `[[form]]` each: `name`, `put` (a pattern of the folder's
`patterns.toml`) or a `pattern` of its own, `by` what replaces its first match, `whole` if the whole claim must stay and
not only side, destination, figure and stage, and `at_most`, the share of cases in percent that may change: some forms
do say something else of some cases ("at least a battalion of 300"), some are not yet read rightly.

Prints counts; with names of forms as arguments the sentences too.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import chain
from typing import NamedTuple

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import LANGUAGES_DIR, Lexicon, load_lexicon
from shared.events.statements import Claim
from tests.quality.positive_cases import positive_cases

SHOWN = 30
Teller = Callable[[str | None, str, date, str], tuple[Claim, ...]]


class Form(NamedTuple):
    """What is replaced in a text where it occurs first, and by what."""

    language: str
    topic: str
    name: str
    pattern: str
    replacement: str
    whole: bool
    at_most: float

    def put(self, text: str) -> str:
        return re.sub(self.pattern, self.replacement, text, count=1)


class Change(NamedTuple):
    text: str
    lost: list[str]
    new: list[str]

    def __str__(self) -> str:
        return f"     {self.text}\n       lost {self.lost}\n       new  {self.new}"


class Tried(NamedTuple):
    """One form: how many cases it fits, and those of them that tell something else in it."""

    fitting: int
    changes: list[Change]

    @property
    def share(self) -> float:
        """Of the cases that change, in percent."""
        return 100 * len(self.changes) / self.fitting if self.fitting else 0.0


def all_forms() -> Iterator[Form]:
    for folder in sorted(LANGUAGES_DIR.glob("*/other_words")):
        patterns = tomllib.loads((folder / "patterns.toml").read_text(encoding="utf-8"))["patterns"]
        for path in sorted(folder.glob("*.toml")):
            for form in tomllib.loads(path.read_text(encoding="utf-8")).get("form", ()):
                pattern = form["pattern"] if "pattern" in form else patterns[form["put"]]
                whole, at_most = form.get("whole", False), form.get("at_most", 0)
                yield Form(folder.parent.name, path.stem, form["name"], pattern, form["by"], whole, at_most)


def claims_teller(lexicon: Lexicon) -> Teller:
    """Tells what is claimed in title, text, date of publication and language; each case is read once for all forms."""

    @cache
    def claims(title: str | None, text: str, published: date, language: str) -> tuple[Claim, ...]:
        found = extract_article(ArticleText(title, text, published, language_hint=language), lexicon).statements
        return tuple(chain.from_iterable(statement.claims for statement in found))

    return claims


def try_form(form: Form, claims: Teller) -> Tried:
    cases = [case for case in positive_cases(form.language) if form.put(case[1]) != case[1]]
    changes = (_change(form, title, text, published, claims) for title, text, published in cases)
    return Tried(len(cases), [change for change in changes if change is not None])


def _change(form: Form, title: str | None, text: str, published: date, claims: Teller) -> Change | None:
    other = form.put(text)
    before, after = (_told(form, claims(title, one, published, form.language)) for one in (text, other))
    if before == after:
        return None
    return Change(other, [one for one in before if one not in after], [one for one in after if one not in before])


def _told(form: Form, claims: tuple[Claim, ...]) -> list[str]:
    return [str(claim) for claim in claims] if form.whole else sorted({_slots(claim) for claim in claims})


def _slots(claim: Claim) -> str:
    return f"{claim.actor} > {claim.destination} {claim.count_min}..{claim.count_max} {claim.stage}"


def main() -> None:
    claims = claims_teller(load_lexicon())
    shown = set(sys.argv[1:])
    for form in all_forms():
        tried = try_form(form, claims)
        print(f"{form.language} {len(tried.changes):4} of {tried.fitting:4} changed  {form.topic}: {form.name}")
        for change in tried.changes[: SHOWN if form.name in shown else 0]:
            print(change)


if __name__ == "__main__":
    main()
