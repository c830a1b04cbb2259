"""Expands a language's names into the forms that stand in texts, and gives each form its meaning."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from services.extractor.fold_names import plain
from services.extractor.gazetteer_data import Endings, LanguageNames, NationNames, World
from services.extractor.gazetteer_model import Capitals, Entry, EntryKind, Place, PlaceKind

Tokenise = Callable[[str], Sequence[str]]
SurfaceTable = dict[tuple[str, ...], Entry]

_PRECEDENCE = {kind: rank for rank, kind in enumerate(EntryKind)}


def inflected(name: str, endings: Endings) -> Iterator[str]:
    """All forms of a name by the longest ending that fits; the rules replace the ending."""
    for ending, replacements in endings:
        if name.endswith(ending):
            stem = name[: len(name) - len(ending)]
            yield from (stem + replacement for replacement in replacements)
            return
    yield name


def spellings(name: str) -> Iterator[str]:
    """The name, with ss for ß, with either apostrophe, and without foreign marks."""
    yield name
    if "ß" in name:
        yield name.replace("ß", "ss")
    if "'" in name:
        yield name.replace("'", "’")
        yield name.replace("'", "‘")
    if not name.isascii():
        bare = plain(name)
        if (
            len(bare) > 4
            and bare.replace(" ", "").isascii()
            and " " not in name
            and "-" not in name
            and "'" not in name
        ):
            yield bare.capitalize()


def capitals_of(form: str) -> Capitals:
    """Short acronyms must stand in capitals: "US" is not "us"."""
    letters = [sign for sign in form if sign.isalpha()]
    if letters and len(letters) <= 5 and all(sign.isupper() for sign in letters):
        return Capitals.ALL
    return Capitals.INITIAL if form[:1].isupper() else Capitals.ANY


def build_surface_table(
    names: LanguageNames, world: World, places: Mapping[str, Place], tokenise: Tokenise
) -> SurfaceTable:
    """Lower-cased token tuples → entry. `places`: all listed places of this language by surface name."""
    table: SurfaceTable = {}
    for form, entry in _all_entries(names, world, places):
        key = tuple(token.lower() for token in tokenise(form))
        if not key:
            continue
        table[key] = _more_likely(table.get(key), entry)
    return table


def _more_likely(known: Entry | None, entry: Entry) -> Entry:
    if known is None:
        return entry
    first, second = sorted((known, entry), key=lambda one: _PRECEDENCE[one.kind])
    small = first.kind is EntryKind.ADJECTIVE and first.capitals in (Capitals.ANY, Capitals.SMALL)
    if small and second.kind is EntryKind.DEMONYM:  # "russes" and "Russes"
        return replace(first, capitals=Capitals.SMALL, capitalised=second)
    if small and first.capitalised is not None and second.kind is EntryKind.ADJECTIVE:
        return first
    capitals = first.capitals
    if first.code == second.code and first.kind == second.kind:
        capitals = min(first.capitals, second.capitals, key=list(Capitals).index)
    return Entry(first.kind, first.code, first.place or second.place, capitals)


def _all_entries(names: LanguageNames, world: World, places: Mapping[str, Place]) -> Iterator[tuple[str, Entry]]:
    for code, nation in names.nations.items():
        yield from _nation_entries(code, nation, names)
    for code, forms in names.organisations.items():
        kind = EntryKind(world.organisations[code])
        yield from _entries(forms, names.name_endings, kind, code)
    for code, forms in names.missions.items():
        for form in _forms(forms, names.name_endings):
            host = world.mission_hosts.get(form.upper())
            place = Place(form, host, host, (), PlaceKind.COUNTRY) if host else None
            yield form, Entry(EntryKind.FORCES, code, place, capitals_of(form))
    for code, prefixes in world.ship_prefixes.items():
        yield from _entries(prefixes, names.name_endings, EntryKind.SHIP, code)
    yield from _entries(names.media, names.name_endings, EntryKind.MEDIUM, "MEDIA")
    # Written as it stands a name is meant before another one's genitive is: Tartus, and Tartu's.
    for endings in ((("", ("",)),), names.name_endings):
        for name, place in places.items():
            for form in _forms((name,), endings):
                yield form, Entry(EntryKind.PLACE, place.country, place, capitals_of(form))


def _nation_entries(code: str, nation: NationNames, names: LanguageNames) -> Iterator[tuple[str, Entry]]:
    yield from _entries(nation.names, names.name_endings, EntryKind.NATION, code)
    for form in _forms(nation.adjectives, names.adjective_endings):
        capitals = Capitals.INITIAL if names.adjective_capitals else Capitals.ANY
        yield form, Entry(EntryKind.ADJECTIVE, code, None, capitals)
    yield from _entries(nation.demonyms, names.demonym_endings, EntryKind.DEMONYM, code)
    yield from _entries(nation.metonyms, names.name_endings, EntryKind.METONYM, code)
    yield from _entries(nation.forces, names.name_endings, EntryKind.FORCES, code)
    yield from _entries(nation.agencies, names.name_endings, EntryKind.AGENCY, code)


def _entries(forms: Iterable[str], endings: Endings, kind: EntryKind, code: str) -> Iterator[tuple[str, Entry]]:
    for form in _forms(forms, endings):
        yield form, Entry(kind, code, None, capitals_of(form))


def _forms(names: Iterable[str], endings: Endings) -> Iterator[str]:
    for name in names:
        for spelling in spellings(name):
            # An acronym takes no ending: the genitive of AU would be the country AUS.
            yield from (spelling,) if capitals_of(spelling) is Capitals.ALL else inflected(spelling, endings)
