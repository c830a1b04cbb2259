"""Folds place names of several scripts and transliterations to one skeleton, so that unlisted names meet.

Сергеевка, Sergejewka and Sergeyevka give the same skeleton. The skeleton forgets more than any transliteration keeps
(voicing of sibilants, h and ch, glides), so it only serves names that no list knows.
"""

import re
import unicodedata
from functools import lru_cache

# One Latin letter group for each Cyrillic letter (Russian, Ukrainian, Belarusian, Serbian), before the classes below.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "ie", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
    "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia", "ј": "i", "љ": "l", "њ": "n", "ћ": "ch", "ђ": "zh", "џ": "zh",
}  # fmt: skip

# Order matters: longer groups first. Left side: what German, English, French, Spanish or Polish spelling writes;
# right side: the class it falls into.
_CLASSES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"schtsch|shch|szcz", "s"),
        (r"tsch|tch", "h"),
        (r"dsch|dzh|dj", "i"),
        (r"sch|sh|sz|zh|ts|tz|ch(?=tch)", "s"),
        (r"kh|ch|cz|gh|g", "h"),
        (r"ck|q|c(?![eiy])", "k"),
        (r"c", "s"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"rz", "r"),
        (r"ou|oo", "u"),
        (r"ee", "e"),
        (r"[fw]", "v"),
        (r"z", "s"),
        (r"x", "ks"),
        (r"[jy]", "i"),
        (r"(?<=[^aeiou])i+(?=[aeou])|(?<=[aeiou])i+(?=[e])", ""),
        (r"(.)\1+", r"\1"),
        (r"(?<=[aeou])i$", ""),
        (r"i(?=vk|v$)", "o"),
    )
)

_ARABIC_ARTICLE = re.compile(r"[ae][dlnrstz]h?[-‑ ](?=[^\W\d_])", re.IGNORECASE)
"""What stands before the capital of "al-Tanf", "el-Obeid", "ash-Shaddadah"."""


def begins_name(form: str) -> bool:
    """Written like a name: with a capital, if only after an Arabic article. A single letter is none."""
    if form[:1].isupper():
        return len(form) > 1
    article = _ARABIC_ARTICLE.match(form)
    return article is not None and form[article.end()].isupper()


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Case-folded letters and digits without marks, single spaces between words: the key of exact name look-up."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l").replace("Ł", "L"))
    kept = "".join(sign for sign in decomposed if not unicodedata.combining(sign) or sign == "\u0306")
    words = re.findall(r"\w+", unicodedata.normalize("NFC", kept).casefold())
    return " ".join(words)


@lru_cache(maxsize=16_384)
def skeleton(text: str) -> str:
    """The spelling class of a name, equal for the usual transliterations; empty without Latin or Cyrillic letters."""
    folded = plain(text).replace("ё", "е").replace("й", "и")
    latin = "".join(_CYRILLIC.get(sign, sign) for sign in folded)
    latin = re.sub(r"[^a-z0-9]+", "", unicodedata.normalize("NFKD", latin))
    for pattern, replacement in _CLASSES:
        latin = pattern.sub(replacement, latin)
    return latin
