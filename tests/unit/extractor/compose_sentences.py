"""Texts composed from a language's `constructions/*.toml`: words of a kind times the ways to put the same claim.

A file holds `published` (a date), `[[words.KIND]]` tables and `[[construction]]` tables. A word has forms (text, under
names of the file's choice) and `claim`, the slots it stands for. A construction has a `name`, a `text` with places like
`{verb.past}`, perhaps a `title` with such places, `vary` (kinds: every combination of their words is a text; of the
other kinds the words take turns), and `claim` with slots of its own, which win. In `claim`, "" is a slot that is empty
(TOML knows no null); `silent = true` says that nothing may come out. A word that lacks a form which the text asks for
takes no part.

`{sender2.name}` is the word that follows `{sender.name}` in its list, with no slots of its own: somebody else. A text
with several claims has `claims`, a list of tables: each is one more claim, whose own slots win over the shared ones of
words and `claim`; `words` in it says which kinds lend it their slots (`["sender2", "count"]`), instead of all that have
no digit; `optional = true`, that it may be missing.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

Word = dict[str, Any]
_SENTENCE_HEAD = re.compile(r"(?:^|[.!?] )[a-zà-ÿ]")
_PLACE = re.compile(r"\{(\w+?)(\d?)\.(\w+)\}")


@dataclass(frozen=True)
class Expected:
    """The slots that one claim of a text must have."""

    slots: dict[str, Any]
    optional: bool = False


@dataclass(frozen=True)
class Composed:
    """One text and all claims that it makes."""

    title: str | None
    text: str
    claims: tuple[Expected, ...]

    def __str__(self) -> str:
        return f"{self.title} || {self.text}" if self.title else self.text


@dataclass(frozen=True)
class Construction:
    language: str
    topic: str
    name: str
    published: date
    sentences: tuple[Composed, ...]


def all_constructions(languages: Path) -> Iterator[Construction]:
    for path in sorted(languages.glob("*/constructions/*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        for one in file["construction"]:
            sentences = tuple(_compose(one, file["words"]))
            yield Construction(path.parts[-3], path.stem, one["name"], file["published"], sentences)


def _compose(construction: dict[str, Any], words: dict[str, list[Word]]) -> Iterator[Composed]:
    asked: dict[str, set[str]] = {}
    others: set[tuple[str, str]] = set()
    for kind, digit, form in _PLACE.findall(construction["text"] + construction.get("title", "")):
        asked.setdefault(kind, set()).add(form)
        if digit:
            others.add((kind, digit))
    fitting = {kind: [word for word in words[kind] if forms <= word.keys()] for kind, forms in asked.items()}
    varied = construction.get("vary", [])
    turns = {kind: itertools.cycle(fitting[kind]) for kind in asked if kind not in varied}
    for chosen in itertools.product(*(fitting[kind] for kind in varied)):
        picked = dict(zip(varied, chosen, strict=True)) | {kind: next(turn) for kind, turn in turns.items()}
        for kind, digit in others:
            list_of_kind = fitting[kind]
            at = list_of_kind.index(picked[kind]) + int(digit) - 1
            picked[kind + digit] = list_of_kind[at % len(list_of_kind)]
        yield _sentence(construction, picked)


def _sentence(construction: dict[str, Any], picked: dict[str, Word]) -> Composed:
    forms = {kind: SimpleNamespace(**word) for kind, word in picked.items()}
    title, text = (construction.get(field, "").format(**forms) for field in ("title", "text"))
    claims = () if construction.get("silent") else construction.get("claims", [{}])
    shared = construction.get("claim", {})
    return Composed(_capital(title) or None, _capital(text), tuple(_expected(one, shared, picked) for one in claims))


def _expected(claim: dict[str, Any], shared: dict[str, Any], picked: dict[str, Word]) -> Expected:
    slots: dict[str, Any] = {}
    for kind in claim.get("words", [kind for kind in picked if not kind[-1].isdigit()]):
        slots |= picked[kind].get("claim", {})
    slots |= shared | {slot: value for slot, value in claim.items() if slot not in ("words", "optional")}
    return Expected(
        {slot: None if value == "" else value for slot, value in slots.items()}, claim.get("optional", False)
    )


def _capital(text: str) -> str:
    """The text with a capital letter at the head of each sentence."""
    return _SENTENCE_HEAD.sub(lambda head: head[0].upper(), text)
