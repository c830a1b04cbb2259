"""Sentences composed from a language's `constructions/*.toml`: words of a kind times the ways to put the same claim.

A file holds `published` (a date), `[[words.KIND]]` tables and `[[construction]]` tables. A word has forms (text, under
names of the file's choice) and `claim`, the slots it stands for. A construction has a `name`, a `text` with places like
`{verb.past}`, `vary` (kinds: every combination of their words is a sentence; of the other kinds the words take turns),
and `claim` with slots of its own, which win. In `claim`, "" is a slot that is empty (TOML knows no null);
`silent = true` says that nothing may come out. A word that lacks a form which the text asks for takes no part.
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
_PLACE = re.compile(r"\{(\w+)\.(\w+)\}")


@dataclass(frozen=True)
class Composed:
    """One sentence; `claim` are the slots that the only claim of it must have, None where there must be none."""

    words: dict[str, Word]
    text: str
    claim: dict[str, Any] | None


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
    for kind, form in _PLACE.findall(construction["text"]):
        asked.setdefault(kind, set()).add(form)
    fitting = {kind: [word for word in words[kind] if forms <= word.keys()] for kind, forms in asked.items()}
    varied = construction.get("vary", [])
    turns = {kind: itertools.cycle(fitting[kind]) for kind in asked if kind not in varied}
    for chosen in itertools.product(*(fitting[kind] for kind in varied)):
        picked = dict(zip(varied, chosen, strict=True)) | {kind: next(turn) for kind, turn in turns.items()}
        yield _sentence(construction, picked)


def _sentence(construction: dict[str, Any], picked: dict[str, Word]) -> Composed:
    text = construction["text"].format(**{kind: SimpleNamespace(**word) for kind, word in picked.items()})
    claim: dict[str, Any] = {}
    for word in picked.values():
        claim |= word.get("claim", {})
    claim |= construction.get("claim", {})
    expected = (
        None if construction.get("silent") else {slot: None if value == "" else value for slot, value in claim.items()}
    )
    return Composed(picked, text[0].upper() + text[1:], expected)
