"""Long words of languages that write compounds as one: the last part says what it is, the first part whose it is."""

from services.extractor.document import Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.terms import MIN_COMPOUND_HEAD, Term
from services.extractor.vocabulary import NAMES, TermKind

MIN_COMPOUND_PREFIX = 2
MAX_COMPOUND = 60
"""Letters of the longest compound looked at; longer words are no words."""

_SPEAKING = frozenset({"official", "insider", "local", "witness"})
"""Kinds of persons who can say something."""


def compound_heads(words: set[str], language: Language) -> dict[str, list[Term]]:
    """By the words of a text, what those end in that are compounds: "Panzergrenadierbrigade"."""
    if not language.orthography.compounds:
        return {}
    tails = language.compound_tails
    ending = [word for word in words if word.endswith(tails.get(word[-MIN_COMPOUND_HEAD:], ()))]
    return {word: ends for word in ending if (ends := compound_ends(word, language))}


def compound_ends(word: str, language: Language) -> list[Term]:
    """What the longest listed last part of a lower-case word stands for: a "Nato-Offizier" is a force and speaks, a
    "UN-Experte" speaks only."""
    if len(word) > MAX_COMPOUND:
        return []
    for head in language.compound_tails.get(word[-MIN_COMPOUND_HEAD:], ()):
        cut = len(word) - len(head)
        if cut >= MIN_COMPOUND_PREFIX and word.endswith(head):
            term = language.compounds[head]
            speaks = [other for other in language.terms.terms_of(head) if other.sort in _SPEAKING]
            if not term.role or is_military_prefix(word[:cut], language):
                return [term, *(other for other in speaks if other != term)]
            if speaks:
                return speaks
    return []


def is_military_compound(token: Token, head: Term, language: Language) -> bool:
    """ "Militärärzte", "Marineverband": a vague head behind a military word."""
    word = token.lower
    cuts = range(len(word) - MIN_COMPOUND_HEAD, MIN_COMPOUND_PREFIX - 1, -1)
    return any(language.compounds.get(word[cut:]) is head and is_military_prefix(word[:cut], language) for cut in cuts)


def is_military_prefix(prefix: str, language: Language) -> bool:
    """Whether the first part of a compound names armed forces; the letters that link the parts are left out."""
    word = prefix.rstrip("-‑")
    for candidate in (word, *(word.removesuffix(link) for link in language.orthography.compound_links)):
        if candidate in language.military_prefixes:
            return True
        if any(
            (term.kind is TermKind.FORCE and not term.weak) or term.sort == EntryKind.FORCES.value
            for term in language.terms.terms_of(candidate)
        ):
            return True
    return False


def compound_prefix(token: Token, head: Term, language: Language, kinds: frozenset[TermKind] = NAMES) -> list[Term]:
    """Terms of what stands before the head in a compound: "US-Soldaten", "Bundeswehrsoldaten"."""
    word = token.lower
    for cut in range(len(word) - MIN_COMPOUND_HEAD, MIN_COMPOUND_PREFIX - 1, -1):
        if language.compounds.get(word[cut:]) is not head:
            continue
        prefix = word[:cut].rstrip("-‑")
        for candidate in (prefix, prefix.removesuffix("s"), prefix.split("-")[0]):
            found = [term for term in language.terms.terms_of(candidate) if term.kind in kinds]
            if found:
                return found
    return []
