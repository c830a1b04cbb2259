"""Step 1: does the raw text name an armed actor at all? Its words are looked up in those of all languages."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

MIN_WEAK = 2
"""A weak word ("unit", "men") opens the gate only beside another: on ordinary news that halves what passes."""

SHORT = 60
"""Words of a brief or teaser, which names its force once: there one weak word or name opens."""

_WORD = re.compile(r"\w+")
_TAIL = 4
"""Letters by which most words that end in no head are told at once; heads of compounds have no fewer."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Lower-case words that open it: at once (`strong`, compounds that end in `heads`), or beside others (`weak`)."""

    strong: frozenset[str]
    weak: frozenset[str]
    heads: dict[str, tuple[str, ...]]  # by their last letters
    phrases: dict[str, tuple[str, ...]]  # of several words or with signs, as their words, by the longest of these
    strong_phrases: frozenset[str]
    names: frozenset[str]  # weak ones that name armed groups: essays on their names have several, and count as one
    people: frozenset[str]  # "men", "pilots": everyday words that a figure in a brief makes a force


def compile_gate(
    words: Iterable[tuple[str, bool, bool]], names: frozenset[str], people: frozenset[str] = frozenset()
) -> Gate:
    """`words` are (lower-case form, also the last part of a compound, strong); `names` are those of armed groups."""
    strong: set[str] = set()
    weak: set[str] = set()
    words = [*words, *((name, False, False) for name in names)]
    heads: defaultdict[str, set[str]] = defaultdict(set)
    phrases: defaultdict[str, set[str]] = defaultdict(set)
    strong_phrases: set[str] = set()
    for word, head, is_strong in words:
        parts = _WORD.findall(word)
        if parts != [word]:
            phrase = " ".join(parts)
            phrases[max(parts, key=len)].add(phrase)
            if is_strong:
                strong_phrases.add(phrase)
            continue
        (strong if is_strong else weak).add(word)
        if head and is_strong:
            heads[word[-_TAIL:]].add(word)
    return Gate(
        frozenset(strong),
        frozenset(weak),
        {tail: tuple(ending) for tail, ending in heads.items()},
        {word: tuple(sorted(holding)) for word, holding in phrases.items()},
        frozenset(strong_phrases),
        frozenset(" ".join(_WORD.findall(name)) for name in names),
        people,
    )


def passes_gate(gate: Gate, title: str | None, text: str) -> bool:
    """One strong word, or two different weak ones that are not both names; in a brief one, or people in numbers."""
    found = _WORD.findall(f"{title or ''}\n{text}".lower())
    words = set(found)
    if not gate.strong.isdisjoint(words):
        return True
    ending = [word for word in words if word[-_TAIL:] in gate.heads]
    if any(word.endswith(gate.heads[word[-_TAIL:]]) for word in ending):
        return True
    weak = words & gate.weak
    if len(found) <= SHORT:
        return bool(weak or _phrases_in(gate, found, words)) or _numbers_people(gate, found)
    if not _are_enough(gate, weak):
        phrases = _phrases_in(gate, found, words)
        if not gate.strong_phrases.isdisjoint(phrases):
            return True
        for phrase in phrases:
            weak -= set(phrase.split())  # "men and women" are one
            weak.add(phrase)
    return _are_enough(gate, weak)


def _phrases_in(gate: Gate, found: list[str], words: set[str]) -> list[str]:
    listed = [phrase for word in words if word in gate.phrases for phrase in gate.phrases[word]]
    candidates = [phrase for phrase in listed if words.issuperset(phrase.split())]
    if not candidates:
        return []
    running = f" {' '.join(found)} "
    return [phrase for phrase in candidates if f" {phrase} " in running]


def _numbers_people(gate: Gate, found: list[str]) -> bool:
    """ "1.100 Mann", "300 Wagner men": a figure up to two words before."""
    at = [index for index, word in enumerate(found) if word in gate.people]
    return any(word.isdigit() for index in at for word in found[max(0, index - 2) : index])


def _are_enough(gate: Gate, weak: set[str]) -> bool:
    return len(weak) >= MIN_WEAK and not weak <= gate.names
