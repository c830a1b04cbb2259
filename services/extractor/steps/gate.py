"""Step 1: does the raw text name an armed actor at all? One compiled expression over all languages' force words."""

import re
from collections.abc import Iterable, Sequence

MIN_WEAK = 2
"""A weak word ("unit", "men") opens the gate only beside another: on ordinary news that halves what passes."""


def compile_gate(words: Iterable[tuple[str, bool, bool]]) -> re.Pattern[str]:
    """`words` are (lower-case form, also the last part of a compound, strong). Strong matches are group 1."""
    strong: set[str] = set()
    weak: set[str] = set()
    strong_heads: set[str] = set()
    for word, head, is_strong in words:
        (strong_heads if is_strong and head else strong if is_strong else weak).add(word)
    alternatives = [
        f"({_trie(strong_heads)}\\b|\\b{_trie(strong)}\\b)" if strong_heads else f"(\\b{_trie(strong)}\\b)",
        f"\\b{_trie(weak)}\\b" if weak else "(?!)",
    ]
    return re.compile("|".join(alternatives))


def passes_gate(gate: re.Pattern[str], title: str | None, text: str) -> bool:
    """One strong word, or two different weak ones."""
    weak: set[str] = set()
    for field in (title or "", text):
        for match in gate.finditer(field.lower()):
            if match.group(1):
                return True
            weak.add(match.group())
            if len(weak) >= MIN_WEAK:
                return True
    return False


def _trie(words: Iterable[str]) -> str:
    """An alternation that shares prefixes, so that a position costs no more than its longest word."""
    root: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = root
        for sign in word:
            node = node.setdefault(sign, {})
        node[""] = {}
    return _render(root)


def _render(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    if not node or set(node) == {""}:
        return ""
    ends = "" in node
    branches: Sequence[str] = sorted(
        (re.escape(sign) if sign != " " else r"\s") + _render(child) for sign, child in node.items() if sign
    )
    joined = branches[0] if len(branches) == 1 and not ends else "(?:" + "|".join(branches) + ")"
    return joined + ("?" if ends else "")
