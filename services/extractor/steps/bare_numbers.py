"""Forces told by a bare number beside a name or place: "Spain 600, Italy 250", "in Mali 1150", "aus Chile 200"."""

from dataclasses import replace

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence
from services.extractor.gazetteer_model import EntryKind
from services.extractor.steps.clause_phrases import mentions_in
from services.extractor.steps.force_counts import MIN_BARE
from services.extractor.vocabulary import TermKind

_NAMES = frozenset({EntryKind.NATION.value, EntryKind.METONYM.value, EntryKind.ORGANISATION.value})


def numbers_elsewhere(
    document: Document, sentence: Sentence, base: Frame, force: Mention
) -> list[tuple[Mention, Mention]]:
    """ "1,750 serve in Chad and 1,150 in Mali", "in Mali 1150": a number without a noun, beside a place of its own."""
    found = []
    for quantity in sentence.mentions:
        if quantity.kind is not MentionKind.QUANTITY or quantity.first <= force.last or not may_count(quantity):
            continue
        place = next((m for m in base.places if m.first == quantity.last or _leads(document, m, quantity)), None)
        told = any(m.kind is MentionKind.FORCE and m.first < quantity.first < m.last for m in sentence.mentions)
        if place is not None and not told:  # not "on top of the 500 there"
            named = _name_before(document, sentence, quantity)  # "Kenya sends 400 soldiers to X, Uganda 300 to Y"
            found.append((replace(elided_force(quantity), code=named or force.code), place))
    return found


def _leads(document: Document, place: Mention, quantity: Mention) -> bool:
    """ "…, in Mali 1150": joined to what stands before, and no noun behind it."""
    after = document.tokens[quantity.last] if quantity.last < len(document.tokens) else None
    ends = after is None or not after.form[0].isalnum() or after.joins
    return place.last == quantity.first and ends and document.tokens[place.first - 1].joins


def numbers_from(document: Document, sentence: Sentence, base: Frame, force: Mention) -> list[Mention]:
    """ "300 soldiers from Peru and 200 from Chile", "aus Chile 200": a number joined to the first, beside where they
    come from."""
    origins = [m for m in mentions_in(sentence, base.clause, MentionKind.PLACE) if m.role == "origin"]
    sided = "from" in force.features or any(m.first < force.first for m in origins)  # "aus Peru kommen 300 Soldaten"
    found = []
    for origin in (m for m in origins if sided and force.counted and m.first > force.last):
        behind = (m for m in mentions_in(sentence, base.clause, MentionKind.QUANTITY) if _leads(document, origin, m))
        quantity = next(behind, None) or sentence.ending(MentionKind.QUANTITY, origin.first)
        if quantity is None or origin.country is None or not may_count(quantity):
            continue
        if document.tokens[min(quantity.first, origin.first) - 1].joins:
            found.append(replace(elided_force(quantity), code=origin.country))
    return found


def numbers_in_brackets(document: Document, sentence: Sentence, force: Mention) -> list[Mention]:
    """ "soldiers from Canada (1,000), Latvia (90) and Spain (600)": what follows the first number in brackets."""
    found: list[Mention] = []
    tokens, index = document.tokens, force.last
    while force.country is not None and force.counted and index + 4 < sentence.last and tokens[index].form == ")":
        name = tokens[index + 2].term(TermKind.NATION) if tokens[index + 1].joins else None
        number = sentence.beginning(MentionKind.QUANTITY, name.last + 1) if name is not None else None
        if name is None or number is None or tokens[name.last].form != "(" or not may_count(number):
            break
        found.append(replace(elided_force(number), code=name.side))
        index = number.last
    return found


def bare_numbers(document: Document, sentence: Sentence, force: Mention) -> list[Mention]:
    """ "… has 1,700 soldiers in Latvia, Spain 600": a name and, right behind it, a number without a noun."""
    found = []
    for quantity in sentence.mentions:
        if quantity.kind is not MentionKind.QUANTITY or quantity.first <= force.last or not may_count(quantity):
            continue
        named = _name_before(document, sentence, quantity)
        after = document.tokens[quantity.last] if quantity.last < sentence.last else None
        if named is None or (after is not None and after.form[0].isalnum() and not after.joins):
            continue
        found.append(replace(elided_force(quantity), code=named))
    return found


def may_count(quantity: Mention) -> bool:
    """Whether a number without a noun may be one of people: no small one, no vague one, no year."""
    return (quantity.count_min or quantity.count_max or 0) >= MIN_BARE and "year" not in quantity.features


def elided_force(quantity: Mention) -> Mention:
    """The force that such a number stands for."""
    features = frozenset({"people", "elided"})
    return replace(
        quantity, kind=MentionKind.FORCE, head=quantity.first, counted=True, features=features, because=("bare number",)
    )


def _name_before(document: Document, sentence: Sentence, quantity: Mention) -> str | None:
    end = quantity.first
    if document.tokens[end - 1].leads("with"):
        end -= 1  # "Kenya follows with 300, Uganda with 250"
    for first in range(max(sentence.first, end - 4), end):
        token = document.tokens[first]
        relator = document.tokens[first - 1].term(TermKind.RELATOR) if first > sentence.first else None
        for match in token.terms:
            entry = match.term.entry
            if match.last == end and match.term.sort in _NAMES and entry is not None and relator is None:
                return entry.code
    return None
