"""Reads all language folders and the gazetteer into one Lexicon, checked at load. Nothing happens at import."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from services.extractor.gazetteer import Gazetteer, load_gazetteer
from services.extractor.gazetteer_model import EntryKind, Place
from services.extractor.lexicon_tables import COMMON_KEYS, RELATOR_ROLES, TERM_TABLES, VERB_KEYS, Table
from services.extractor.orthography import Orthography, load_orthography
from services.extractor.steps.gate import Gate, compile_gate
from services.extractor.steps.segment import words_at
from services.extractor.surface_forms import Tokenise
from services.extractor.terms import MIN_COMPOUND_HEAD, Term, TermTable
from services.extractor.vocabulary import ALSO_VERBS, NAMES, Effect, EventNoun, FrameClass, TermKind, Verb, VerbReading
from services.extractor.word_forms import LanguageDataError, expand_word, parse_verb, verb_forms
from shared.events.statements import Stage, StatementType

LANGUAGES_DIR = Path(__file__).parent / "languages"
DATE_UNITS = frozenset({"day", "days", "week", "month", "year"})
GAZETTEER_FILES = frozenset({"nations.toml", "places.toml", "organisations.toml"})
MIN_GATE_NAME = 3
"""Letters of an armed group's name that helps to open the gate, which knows no capitals: "IS" is a verb there."""
_ENTRY_KINDS = {EntryKind.PLACE: TermKind.PLACE, EntryKind.MEDIUM: TermKind.ORGANISATION}
_NATION_KINDS = frozenset({EntryKind.NATION, EntryKind.ADJECTIVE, EntryKind.DEMONYM, EntryKind.METONYM})
_ARMED = frozenset({EntryKind.ARMED_GROUP, EntryKind.FORCES, EntryKind.SHIP})


@dataclass(slots=True)
class Language:
    """Everything the steps know of one language."""

    code: str
    orthography: Orthography
    gazetteer: Gazetteer
    terms: TermTable = field(default_factory=TermTable)
    compounds: dict[str, Term] = field(default_factory=dict)
    compound_tails: dict[str, tuple[str, ...]] = field(default_factory=dict)  # the same by last letters, longest first
    armed_words: frozenset[str] = frozenset()  # first words of all entries that name armed forces or groups
    membership_words: frozenset[str] = frozenset()  # and of those that tell what a country is to others
    ambiguous_words: frozenset[str] = frozenset()  # and of those that may be a surname or a verb
    verbs: dict[str, list[VerbReading]] = field(default_factory=dict)
    military_prefixes: set[str] = field(default_factory=set)  # first parts of compounds for armed forces
    number_parts: dict[str, float] = field(default_factory=dict)
    quote_marks: frozenset[str] = frozenset()
    number_starts: frozenset[str] = frozenset()  # first three letters of all number words
    countries: frozenset[str] = frozenset()
    armed_groups: frozenset[str] = frozenset()
    ships: Mapping[str, str] = field(default_factory=dict)  # words of a warship's name → its country
    only_speak: frozenset[str] = frozenset()  # media and bodies without forces: "OSCE"
    boilerplate: "Boilerplate | None" = None
    dates: "DateWords" = field(default_factory=lambda: DateWords())
    gate_words: list[tuple[str, bool, bool]] = field(default_factory=list)  # word, compound head, strong
    gate_names: set[str] = field(default_factory=set)  # of armed groups
    gate_people: set[str] = field(default_factory=set)  # "men", "pilots": a force only beside a figure

    def place(self, name: str | None, countries: Sequence[str] = ()) -> Place | None:
        """What a name in a place slot means; `countries`, the likeliest first, tell namesakes apart."""
        return self.gazetteer.place(name or "", self.code, countries)


@dataclass(frozen=True, slots=True)
class DateWords:
    """Lower-case words of dates. `phrases`: unit (day, days, week, month, year) and shift from the publication."""

    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    phrases: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    until: frozenset[str] = frozenset()
    since: frozenset[str] = frozenset()
    before_year: frozenset[str] = frozenset()
    years_ago: tuple[tuple[str, str], ...] = ()  # before and behind a number: ("vor", "jahren"), ("", "years ago")


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """`lines`: a line that matches is a notice. `openers`: such a line blanks itself and the teaser line after it."""

    lines: re.Pattern[str] | None
    openers: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    languages: Mapping[str, Language]
    gazetteer: Gazetteer
    gate: Gate


def load_lexicon(languages_dir: Path = LANGUAGES_DIR) -> Lexicon:
    """Raises LanguageDataError naming file, table and entry if data cannot be read or contradict the schema."""
    folders = sorted(path for path in languages_dir.iterdir() if (path / "orthography.toml").is_file())
    if not folders:
        raise LanguageDataError(f"{languages_dir}: no language folder with an orthography.toml")
    tokenisers = {folder.name: _tokeniser(load_orthography(folder / "orthography.toml")) for folder in folders}
    gazetteer = load_gazetteer(languages_dir, [folder.name for folder in folders], tokenisers)
    languages = {folder.name: load_language(folder, gazetteer) for folder in folders}
    words = [word for language in languages.values() for word in language.gate_words]
    names = frozenset(name for language in languages.values() for name in language.gate_names)
    people = frozenset(name for language in languages.values() for name in language.gate_people)
    return Lexicon(languages, gazetteer, compile_gate(words, names, people))


def _tokeniser(orthography: Orthography) -> Tokenise:
    return lambda text: [word for _, word in words_at(text, orthography)]


def load_language(folder: Path, gazetteer: Gazetteer) -> Language:
    language = Language(folder.name, load_orthography(folder / "orthography.toml"), gazetteer)
    for path in sorted(folder.glob("*.toml")):
        if path.name in GAZETTEER_FILES or path.name == "orthography.toml":
            continue
        for table, content in _read_toml(path).items():
            try:
                _load_table(language, table, content)
            except (LanguageDataError, TypeError, ValueError, KeyError) as error:
                raise LanguageDataError(f"{path}: [{table}]: {error}") from error
    _add_gazetteer(language, _read_toml(folder / "organisations.toml").get("also_words", ()))
    language.terms.freeze()
    for head in sorted(language.compounds, key=len, reverse=True):
        tail = head[-MIN_COMPOUND_HEAD:]
        language.compound_tails[tail] = (*language.compound_tails.get(tail, ()), head)
    language.armed_words = _words_of(language.terms, lambda term: term.names_armed)
    language.membership_words = _words_of(language.terms, _tells_what_country_is)
    language.ambiguous_words = _words_of(language.terms, lambda term: term.kind in NAMES | ALSO_VERBS)
    language.quote_marks = frozenset(mark for pair in language.orthography.quotes for mark in pair)
    language.number_starts = frozenset(word[:3] for word in language.number_parts)
    return language


def _tells_what_country_is(term: Term) -> bool:
    return term.kind is TermKind.MEMBERSHIP or (term.kind is TermKind.ANAPHOR and term.sort in ("country", "neighbour"))


def _words_of(terms: TermTable, sought: Callable[[Term], bool]) -> frozenset[str]:
    return frozenset(word for word in terms.words() if any(map(sought, terms.terms_from(word))))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LanguageDataError(f"{path}: no valid TOML: {error}") from error


def _load_table(language: Language, table: str, content: Any) -> None:
    if table == "verbs":
        for group in content:
            _load_verbs(language, group)
    elif table in ("numbers", "number_parts"):
        _load_numbers(language, table, content)
    elif table == "boilerplate":
        language.boilerplate = Boilerplate(
            _compile_lines(content.get("lines", [])), _compile_lines(content.get("openers", []))
        )
    elif table == "dates":
        language.dates = _load_dates(content)
    elif table in TERM_TABLES:
        for group in content:
            _load_terms(language, table, TERM_TABLES[table], group)
    else:
        known = ", ".join(sorted([*TERM_TABLES, "verbs", "numbers", "number_parts", "boilerplate", "dates"]))
        raise LanguageDataError(f"unknown table; known are {known}")


def _load_dates(content: Mapping[str, Any]) -> DateWords:
    known = {item.name for item in fields(DateWords)}
    if not set(content) <= known:
        raise LanguageDataError(f"unknown key {sorted(set(content) - known)}; known are {sorted(known)}")
    for phrase, (unit, _) in content.get("phrases", {}).items():
        if unit not in DATE_UNITS:
            raise LanguageDataError(f"phrase {phrase!r}: unit {unit!r} is none of {sorted(DATE_UNITS)}")
    return DateWords(
        months=dict(content.get("months", {})),
        weekdays=dict(content.get("weekdays", {})),
        phrases={phrase: (unit, shift) for phrase, (unit, shift) in content.get("phrases", {}).items()},
        until=frozenset(content.get("until", ())),
        since=frozenset(content.get("since", ())),
        before_year=frozenset(content.get("before_year", ())),
        years_ago=tuple((p[0].strip(), p[2].strip()) for p in (w.partition("*") for w in content.get("years_ago", ()))),
    )


def _compile_lines(phrases: list[str]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.IGNORECASE)


def _load_numbers(language: Language, table: str, content: Mapping[str, float]) -> None:
    for word, value in content.items():
        if not isinstance(value, int | float):
            raise LanguageDataError(f"{word!r}: {value!r} is no number")
        language.number_parts[word.lower()] = float(value)
        if table == "numbers":
            language.terms.add([word.lower()], Term(TermKind.NUMBER, f"numbers:{word}", value=float(value)))


def _load_verbs(language: Language, group: Mapping[str, Any]) -> None:
    unknown = set(group) - VERB_KEYS
    if unknown:
        raise LanguageDataError(f"unknown key {sorted(unknown)}; known are {sorted(VERB_KEYS)}")
    options = {key: value for key, value in group.items() if key not in ("words", "gate")}
    for key, kind in (
        ("frame", FrameClass),
        ("stage", Stage),
        ("present_stage", Stage),
        ("progressive_stage", Stage),
        ("effect", Effect),
        ("statement", StatementType),
    ):
        if key in options:
            options[key] = kind(options[key])
    for notation in group["words"]:
        parsed = parse_verb(notation)
        verb = Verb(parsed.lemma, parsed.particle, parsed.needs, **options)
        orthography = language.orthography
        for form, form_kind, joined in verb_forms(parsed, orthography.paradigms, orthography.joins_particle):
            readings = language.verbs.setdefault(form, [])
            if "gate" in group and not parsed.needs and joined == bool(parsed.particle):
                language.gate_words.append((form, False, group["gate"] == "strong"))
            reading = VerbReading(verb, form_kind, joined)
            if reading not in readings:
                readings.append(reading)


def _load_terms(language: Language, table: str, schema: Table, group: Mapping[str, Any]) -> None:
    unknown = set(group) - schema.keys - COMMON_KEYS
    if unknown:
        raise LanguageDataError(f"unknown key {sorted(unknown)}; known are {sorted(schema.keys | COMMON_KEYS)}")
    if group.get("sort") is not None and group["sort"] not in schema.sorts:
        raise LanguageDataError(f"sort {group['sort']!r} is none of {sorted(schema.sorts)}")
    if not set(group.get("roles", ())) <= RELATOR_ROLES:
        raise LanguageDataError(f"roles {group['roles']!r}: each must be one of {sorted(RELATOR_ROLES)}")
    for notation in group["words"]:
        term = _term(table, schema.kind, notation, group)
        for phrase in expand_word(notation, language.orthography.endings):
            if schema.kind is TermKind.MILITARY and group.get("compound"):
                language.military_prefixes.add(phrase)
                continue
            clitic = phrase in language.orthography.clitics
            words = [phrase] if clitic else [word for _, word in words_at(phrase, language.orthography)]
            language.terms.add(words, term)
            if group.get("compound") and len(words) == 1:
                if len(phrase) < MIN_COMPOUND_HEAD:
                    raise LanguageDataError(f"{phrase!r} is too short to end compounds: {MIN_COMPOUND_HEAD} letters")
                language.compounds.setdefault(phrase, term)
            gate = group.get("gate", "strong" if schema.kind is TermKind.FORCE else "none")
            if gate == "none" and group.get("counts"):
                language.gate_people.add(phrase)
            if gate != "none":
                language.gate_words.append((phrase, bool(group.get("compound")), gate == "strong"))


def _term(table: str, kind: TermKind, notation: str, group: Mapping[str, Any]) -> Term:
    event = None
    if kind is TermKind.EVENT:
        event = EventNoun(
            FrameClass(group["frame"]),
            Stage(group["stage"]),
            bool(group.get("holds_force", False)),
            bool(group.get("needs_force", True)),
            bool(group.get("mutual", False)),
        )
    return Term(
        kind=kind,
        rule=f"{table}:{notation.split('|')[0].split('~')[0].rstrip('-')}",
        sort=group.get("sort"),
        roles=frozenset(group.get("roles", ())),
        effect=Effect(group["effect"]) if "effect" in group else None,
        value=group.get("value"),
        counts=bool(group.get("counts", False)),
        names=bool(group.get("names", False)),
        article=bool(group.get("article", False)),
        weak=bool(group.get("weak", False)),
        adjective=bool(group.get("adjective", False)),
        any_side=bool(group.get("any_side", False)),
        role=bool(group.get("role", False)),
        group=bool(group.get("group", False)),
        compound=bool(group.get("compound", False)),
        statement=StatementType(group["statement"]) if "statement" in group else None,
        event=event,
        code=group.get("code"),
    )


def _add_gazetteer(language: Language, also_words: Collection[str]) -> None:
    """A name that people bear too ("Wagner"), or that is a word too ("INS"), does not help to open the gate alone."""
    countries: set[str] = set()
    groups: set[str] = set()
    voices: set[str] = set()
    for words, entry in language.gazetteer.surface_table(language.code).items():
        if entry.kind in _NATION_KINDS and entry.code is not None:
            countries.add(entry.code)
        if entry.kind is EntryKind.ARMED_GROUP and entry.code is not None:
            groups.add(entry.code)
        if entry.kind in (EntryKind.AGENCY, EntryKind.MEDIUM) and entry.code is not None:
            voices.add(entry.code)
        for meaning in (entry, entry.capitalised):
            if meaning is not None:
                kind = TermKind.NATION if meaning.kind in _NATION_KINDS else TermKind.ORGANISATION
                kind = _ENTRY_KINDS.get(meaning.kind, kind)
                language.terms.add(
                    words, Term(kind, f"gazetteer:{meaning.kind}", sort=meaning.kind.value, entry=meaning)
                )
        name = " ".join(words)
        if EntryKind.DEMONYM in (entry.kind, entry.capitalised and entry.capitalised.kind):
            language.gate_people.add(name)
        if entry.kind in _ARMED and len(name) >= MIN_GATE_NAME and name not in also_words:
            language.gate_names.add(name)
    language.countries = frozenset(countries)
    language.armed_groups = frozenset(groups)
    language.ships = language.gazetteer.ships
    language.only_speak = frozenset(voices - countries)
