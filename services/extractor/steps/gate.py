"""Step 1: does the raw text name an armed actor at all? Its words are looked up in those of all languages."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIN_WEAK = 2
"""A weak word ("unit", "men") opens the gate only beside another: on ordinary news that halves what passes."""

_WORD = re.compile(r"\w+")
_TAIL = 4
"""Letters by which most words that end in no head are told at once; heads of compounds have no fewer."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Lower-case words that open it: at once (`strong`, compounds that end in `heads`), or beside others (`weak`)."""

    strong: frozenset[str]
    weak: frozenset[str]
    heads: dict[str, tuple[str, ...]]  # by their last letters
    strong_phrases: re.Pattern[str]  # of several words or with signs
    weak_phrases: re.Pattern[str]
    phrase_words: frozenset[str]  # the first words of phrases
    names: frozenset[str]  # weak ones that name armed groups: essays on their names have several, and count as one


def compile_gate(words: Iterable[tuple[str, bool, bool]], names: frozenset[str]) -> Gate:
    """`words` are (lower-case form, also the last part of a compound, strong); `names` are those of armed groups."""
    strong: set[str] = set()
    weak: set[str] = set()
    words = [*words, *((name, False, False) for name in names)]
    heads: defaultdict[str, set[str]] = defaultdict(set)
    phrases: dict[bool, set[str]] = {True: set(), False: set()}
    for word, head, is_strong in words:
        if _WORD.fullmatch(word) is None:
            phrases[is_strong].add(word)
            continue
        (strong if is_strong else weak).add(word)
        if head and is_strong:
            heads[word[-_TAIL:]].add(word)
    return Gate(
        frozenset(strong),
        frozenset(weak),
        {tail: tuple(ending) for tail, ending in heads.items()},
        re.compile(rf"\b{_trie(phrases[True])}\b"),
        re.compile(rf"\b{_trie(phrases[False])}\b"),
        frozenset(first.group() for word in phrases[True] | phrases[False] if (first := _WORD.search(word))),
        names,
    )


def passes_gate(gate: Gate, title: str | None, text: str) -> bool:
    """One strong word, or two different weak ones that are not both names."""
    lowered = f"{title or ''}\n{text}".lower()
    words = set(_WORD.findall(lowered))
    if not gate.strong.isdisjoint(words):
        return True
    if any(word.endswith(gate.heads[word[-_TAIL:]]) for word in words if word[-_TAIL:] in gate.heads):
        return True
    weak = words & gate.weak
    if not _are_enough(gate, weak) and not gate.phrase_words.isdisjoint(words):
        if gate.strong_phrases.search(lowered):
            return True
        for match in gate.weak_phrases.finditer(lowered):
            weak -= set(_WORD.findall(match[0]))  # "men and women" are one
            weak.add(match[0])
    return _are_enough(gate, weak)


def _are_enough(gate: Gate, weak: set[str]) -> bool:
    return len(weak) >= MIN_WEAK and not weak <= gate.names


def _trie(words: Iterable[str]) -> str:
    """An alternation that shares prefixes, so that a position costs no more than its longest word; of no words, what
    never matches."""
    root: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = root
        for sign in word:
            node = node.setdefault(sign, {})
        node[""] = {}
    return _render(root) if root else "(?!)"


def _render(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    if not node or set(node) == {""}:
        return ""
    ends = "" in node
    branches: Sequence[str] = sorted(
        (re.escape(sign) if sign != " " else r"\s") + _render(child) for sign, child in node.items() if sign
    )
    joined = branches[0] if len(branches) == 1 and not ends else "(?:" + "|".join(branches) + ")"
    return joined + ("?" if ends else "")
