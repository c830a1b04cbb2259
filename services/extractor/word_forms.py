"""Expands the short notations of the language data into surface forms.

Soldat|en|in|innen        a stem that is a form itself, and its endings
russisch-|e|er            a stem that is none
mutmaßlich~adjective      a stem with a set of endings named in orthography.toml (`[endings]`)
ziehen/ab = strong zieh zieht zog gezog     a verb: lemma, particle after the slash, paradigm and its parts
nehmen = strong nehm nimmt nahm genomm & kurs    only where one of the words after & stands in the same clause; a
                          compound counts as its last part, *force is any word for armed forces, *place any listed
                          place, *seat a capital, *fight any noun for a fight or an attack, *verb an infinitive or a
                          gerund right behind the verb
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.extractor.vocabulary import VerbForm

Templates = Mapping[str, Sequence[str]]


class LanguageDataError(ValueError):
    """Language data that cannot be read; says which file and entry, and what is expected."""


@dataclass(frozen=True, slots=True)
class VerbNotation:
    lemma: str
    particle: str | None
    paradigm: str
    parts: tuple[str, ...]
    needs: frozenset[str]


def expand_word(notation: str, endings: Mapping[str, Sequence[str]]) -> list[str]:
    """All lower-case surface forms of one word or phrase. Raises LanguageDataError for an unknown set of endings."""
    stem, tilde, name = notation.partition("~")
    if tilde:
        if name not in endings:
            raise LanguageDataError(f"{notation!r}: no set of endings {name!r} in orthography.toml [endings]")
        return [(stem + ending).lower() for ending in endings[name]]
    stem, *tails = notation.split("|")
    if stem.endswith("-") and tails:
        return [(stem[:-1] + tail).lower() for tail in tails]
    return [stem.lower(), *((stem + tail).lower() for tail in tails)]


def parse_verb(notation: str) -> VerbNotation:
    """Reads `lemma/particle = paradigm part part & word`. Raises LanguageDataError if it does not fit."""
    match = re.fullmatch(r"([^/=&]+?)(?:/([^/=&]+?))?\s*=\s*(\w+)((?:\s+[^\s&]+)*)\s*(?:&\s*(.+))?", notation.strip())
    if match is None:
        raise LanguageDataError(f"verb {notation!r}: expected 'lemma/particle = paradigm parts & needed words'")
    lemma, particle, paradigm, parts, needs = match.groups()
    return VerbNotation(lemma, particle, paradigm, tuple(parts.split()), frozenset((needs or "").lower().split()))


def verb_forms(
    verb: VerbNotation, paradigms: Mapping[str, Templates], joins_particle: bool
) -> Iterator[tuple[str, VerbForm, bool]]:
    """Surface forms as (lower-case form, kind, whether the particle is part of it).

    A template holds {0}, {1} … for the parts; one whose part is missing is left out. A template with {particle} is only
    used for verbs that have one. Languages that join particles get every other form in both shapes.
    """
    if verb.paradigm not in paradigms:
        raise LanguageDataError(f"verb {verb.lemma!r}: no paradigm {verb.paradigm!r} in orthography.toml [paradigms]")
    for kind, templates in paradigms[verb.paradigm].items():
        try:
            form_kind = VerbForm(kind)
        except ValueError:
            known = ", ".join(VerbForm)
            raise LanguageDataError(f"paradigm {verb.paradigm!r}: {kind!r} is none of {known}") from None
        for template in templates:
            if max((int(number) for number in re.findall(r"\{(\d)\}", template)), default=-1) >= len(verb.parts):
                continue
            if "{particle}" in template:
                if verb.particle:
                    yield template.format(*verb.parts, particle=verb.particle).lower(), form_kind, True
                continue
            form = template.format(*verb.parts).lower()
            yield form, form_kind, False
            if verb.particle and joins_particle:
                yield verb.particle + form, form_kind, True
