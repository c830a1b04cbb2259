"""How a language is written: the switches and signs of `orthography.toml`, checked at load."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from services.extractor.word_forms import LanguageDataError


@dataclass(frozen=True, slots=True)
class Orthography:
    """All fields are data of the language; the defaults describe a language without that feature."""

    decimal_mark: str = "."
    thousand_marks: tuple[str, ...] = (",",)
    scale_letters: dict[str, float] = field(default_factory=dict)  # "10k"
    quotes: tuple[tuple[str, str], ...] = (('"', '"'),)
    verb_final: bool = False  # subordinate clauses end with their verb
    joins_particle: bool = False  # a verb's particle is also written as its prefix ("abziehen")
    capitalised_nouns: bool = False
    inverted_subject: bool = False  # verb-second order: the subject may follow the finite verb
    compounds: bool = False  # force nouns also match as last part of a longer word
    compound_links: tuple[str, ...] = ()  # letters between the parts of a compound: "Luftwaffe-n-techniker"
    composes_numbers: bool = False  # "zwölftausend": number words written together
    ordinal_point: bool = False  # "das 1. Bataillon"
    figure_leads: tuple[str, ...] = ()  # words before a number that is no ordinal, though a point follows
    ordinal_endings: tuple[str, ...] = ()  # "the 2nd battalion"
    clitics: tuple[str, ...] = ()  # endings split off as tokens of their own: "'s", "-t-il"
    elisions: tuple[str, ...] = ()  # beginnings split off: "l'"
    possessive: tuple[str, ...] = ()  # tokens that turn the name before them into an owner
    adjectives_follow: bool = False  # adjectives stand behind their noun: "soldats nord-coréens"
    conditional_is_hearsay: bool = False  # the conditional tells what others say: "aurait envoyé"
    infinitive_markers: tuple[str, ...] = ()
    negation_openers: tuple[str, ...] = ()  # stand before the verb where "plus" is to mean "no longer": "n'a plus"
    participle_prefixes: tuple[str, ...] = ()  # how a participle begins, with any particle before the first of them,
    participle_endings: tuple[str, ...] = ()  # and ends: verbs in no list
    gerund_endings: tuple[str, ...] = ()  # of verbs in no list that open a sentence: "Defying Paris, Niger …"
    phrase_adjectives: tuple[
        str, ...
    ] = ()  # stand behind their noun with a phrase of their own: "loyal to the president"
    attribute_endings: tuple[str, ...] = ()  # of participles between article and noun: "in der besetzten Stadt"
    plural_countries: tuple[str, ...] = ()  # whose article looks like that of a goal in the singular: "in den USA"
    adverb_endings: tuple[str, ...] = ()  # words between a copula and its predicate
    people_endings: tuple[str, ...] = ()  # of nations' adjectives that name people behind a number: "450 Nepalese"
    share_words: frozenset[str] = frozenset()  # say of all or most of a force what they are: "all Kenyans"
    share_fillers: frozenset[str] = frozenset()  # small words beside them: "all of them"
    noun_plurals: tuple[str, ...] = ()  # endings that a plural noun shares with a verb's third person
    articles_mark_nouns: bool = False  # what looks like a verb is none after an article ("the march")
    noun_endings: tuple[str, ...] = ()  # a capitalised word that ends so is a noun, no unlisted village
    name_endings: tuple[str, ...] = ()  # a capitalised word that ends so is hardly a noun of this language
    plural_endings: tuple[str, ...] = ()  # finite verbs of a plural subject end so; empty where that does not show
    genitive_endings: tuple[str, ...] = ()  # name endings that turn it into an owner of what follows
    abbreviations: frozenset[str] = frozenset()
    months: tuple[str, ...] = ()
    frequent_words: frozenset[str] = frozenset()  # tell the language of a text
    endings: dict[str, list[str]] = field(default_factory=dict)
    paradigms: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def load_orthography(path: Path) -> Orthography:
    """Raises LanguageDataError naming the key that is unknown or has the wrong type."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LanguageDataError(f"{path}: no valid TOML: {error}") from error
    known = {item.name for item in fields(Orthography)}
    unknown = set(data) - known
    if unknown:
        raise LanguageDataError(f"{path}: unknown key {sorted(unknown)}; known are {sorted(known)}")
    for item in fields(Orthography):
        if item.name in data and item.type in (tuple[str, ...], frozenset[str]):
            data[item.name] = (tuple if item.type == tuple[str, ...] else frozenset)(data[item.name])
    if "quotes" in data:
        data["quotes"] = tuple((opening, closing) for opening, closing in data["quotes"])
    return Orthography(**data)
