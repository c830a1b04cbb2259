"""Reads a place slot that is more than a name: the border with X, the north of X, X and Y, the province of X."""

import re
from dataclasses import dataclass

from services.extractor.gazetteer_data import Direction, PlaceWords

_WORD = re.compile(r"[\w'’‘.]+|[-–,/]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """`form`: name, border, coast, direction, list or common. `direction`: n, ne, …, c. `names`: the names inside,
    none where the phrase leaves them to the context ("the border", "the north of the country")."""

    form: str
    names: tuple[str, ...] = ()
    direction: str | None = None
    names_both_sides: bool = False  # "the Armenian-Iranian border", "the border between X and Y"
    owner_first: bool = False  # one side's name stands before the border, the other behind: "Poland's border with X"


def words_of(name: str, elisions: frozenset[str] = frozenset()) -> list[str]:
    """The words of a name; `elisions` are cut off: "l'est" is two."""
    found: list[str] = []
    for word in _WORD.findall(name):
        head, mark, rest = word.replace("’", "'").partition("'")
        if mark and rest and (head + mark).lower() in elisions:
            found += [head + mark, rest]
        else:
            found.append(word)
    return found


def read_phrase(name: str, words: PlaceWords) -> Phrase:
    """The shape of a place slot by the language's words; `form` is name where no word of the language says else."""
    if name.isalpha() and _is_plain(name.lower(), words):
        return Phrase("name", (name,))
    found = _with_hyphens(words_of(name, words.elisions), words)
    tokens = [token for token in found if token.lower() not in words.articles]
    lowered = [token.lower() for token in tokens]
    joined = _split_at_joiners(tokens, words)
    if any(_ends_like(token, words.borders) for token in lowered):
        names = _names_beside(tokens, words, words.borders)
        directions = [code for part in names if (code := _bare_direction(part, words)) is not None]
        names = tuple(part for part in names if _bare_direction(part, words) is None)
        several, begins, ends = len(names) > 1, *(_ends_like(lowered[at], words.borders) for at in (0, -1))
        both = several and (ends or not words.between.isdisjoint(lowered))
        follows = begins and len(tokens) > 1 and lowered[1] not in words.links  # "Grenze Kenias zu Somalia"
        owned = several and not (ends or directions) and (follows or not begins)
        return Phrase("border", names, next(iter(directions), None), both or owned, owned)
    if len(joined) > 1:
        return Phrase("list", tuple(" ".join(part) for part in joined))
    if any(_ends_like(token, words.coasts) for token in lowered):
        return Phrase("coast", _names_beside(tokens, words, words.coasts))
    direction = _direction(tokens, words)
    if direction is not None:
        return direction
    kept = [token for token in tokens if token.lower() not in words.region_words and token.lower() not in words.links]
    if not kept or all(token.lower() in words.no_places for token in kept):
        return Phrase("common")
    return Phrase("name", (_join(kept),))


def _is_plain(word: str, words: PlaceWords) -> bool:
    """A single word that says nothing of borders, coasts or directions: most names."""
    if word in words.meaning or word[:2] in words.direction_starts:
        return False
    return not word.endswith((*words.borders, *words.coasts))


def _with_hyphens(tokens: list[str], words: PlaceWords) -> list[str]:
    """ "north-west" is one word."""
    kept: list[str] = []
    for token in tokens:
        if len(kept) > 1 and kept[-1] == "-" and _bare_direction(f"{kept[-2]}-{token}", words) is not None:
            kept[-2:] = [f"{kept[-2]}-{token}"]
        else:
            kept.append(token)
    return kept


def _join(tokens: list[str]) -> str:
    return " ".join(tokens).replace(" - ", "-").replace(" – ", "–")


def _ends_like(token: str, heads: tuple[str, ...]) -> bool:
    return token.endswith(heads) and any(
        token == head or (len(token) > len(head) + 1 and token.endswith(head)) for head in heads
    )


def _split_at_joiners(tokens: list[str], words: PlaceWords) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.lower() in words.joiners or token in {",", "/"}:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _names_beside(tokens: list[str], words: PlaceWords, heads: tuple[str, ...]) -> tuple[str, ...]:
    """Names around a head noun, also those written together with it by hyphens or as a compound."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        lowered = token.lower()
        head = next((head for head in heads if lowered.endswith(head) and lowered != head), None)
        if lowered in heads or lowered in words.joiners or token in {"-", "–", ",", "/"} or lowered in words.links:
            parts.append([])
        elif head is not None:
            parts.extend([[token[: len(token) - len(head)]], []])
        elif lowered in words.own_country or lowered in words.region_words:
            continue
        else:
            parts[-1].append(token)
    return tuple(" ".join(part) for part in parts if part)


def _direction(tokens: list[str], words: PlaceWords) -> Phrase | None:
    """A direction that opens the phrase ("the north of X"), or ends it as a noun ("X's north")."""
    if words.direction_starts.isdisjoint(token.lower()[:2] for token in tokens):
        return None
    skipped = words.links | words.region_words
    opening = next((index for index, token in enumerate(tokens) if token.lower() not in skipped), 0)
    candidates = [index for index, token in enumerate(tokens) if index <= opening or index == len(tokens) - 1]
    for index in candidates:
        code = _bare_direction(tokens[index], words)
        if code is None or (index > opening and not _is_noun(tokens[index], code, words)):
            continue
        return Phrase("direction", _base([*tokens[:index], *tokens[index + 1 :]], words), code)
    return _compound_direction(tokens[0], words) if len(tokens) == 1 else None


def _is_noun(token: str, code: str, words: PlaceWords) -> bool:
    return token.lower() in words.directions[code].nouns


def _compound_direction(token: str, words: PlaceWords) -> Phrase | None:
    """ "Nordsyrien": the longest direction that the word begins with."""
    lowered = token.lower()
    if lowered[:2] not in words.direction_starts:
        return None
    prefixes = ((prefix, code) for code, direction in words.directions.items() for prefix in direction.compounds)
    for prefix, code in sorted(prefixes, key=lambda pair: -len(pair[0])):
        if lowered.startswith(prefix) and len(lowered) > len(prefix) + 3:
            base = token[len(prefix) :].lstrip("-")
            return Phrase("direction", (base[:1].upper() + base[1:],), code)
    return None


def direction_of(word: str, words: PlaceWords) -> str | None:
    """The direction that an adjective says: n of "northern"."""
    lowered = word.lower()
    if lowered[:2] not in words.direction_starts:
        return None
    return next((code for code, one in words.directions.items() if _is_adjective(lowered, one)), None)


def _bare_direction(part: str, words: PlaceWords) -> str | None:
    """The direction that a word says by itself: the "Ost" of "Ostgrenze", the "eastern" of "eastern border"."""
    lowered = part.lower()
    if lowered[:2] not in words.direction_starts:
        return None
    for code, direction in words.directions.items():
        if lowered in direction.compounds or lowered in direction.nouns or _is_adjective(lowered, direction):
            return code
    return None


def _is_adjective(token: str, direction: Direction) -> bool:
    return token in direction.adjectives or token.startswith(direction.adjective_stems)


def _base(rest: list[str], words: PlaceWords) -> tuple[str, ...]:
    """What the direction belongs to; nothing where it is "the country" or a common noun."""
    skipped = words.links | words.region_words | words.own_country | words.no_places
    kept = [token for token in rest if token.lower() not in skipped]
    return (_join(kept),) if kept else ()
