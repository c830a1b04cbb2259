"""Noun phrases of armed forces: "3000 weitere nordkoreanische Soldaten", "seine Truppen", "the army", "700 of them"."""

import re
from dataclasses import replace

from services.extractor.compounds import compound_head, is_military_compound
from services.extractor.document import Document, Mention, MentionKind, Sentence, TermKind, Token, VerbForm
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.adjectives_behind import is_adjective_here, take_adjectives_behind
from services.extractor.steps.force_attributes import take_attributes
from services.extractor.steps.force_counts import (
    count_apposition,
    count_part,
    count_people_aboard,
    ends_phrase,
    quantity_beginning,
    quantity_ending,
    take_count,
)
from services.extractor.steps.force_owners import compound_code, names_armed_owner, take_owner_behind
from services.extractor.steps.verb_readings import is_done_by_force
from services.extractor.terms import ARMED_NAMES, Match, Term

OWNED_WITHIN = 4
"""Words behind an owner within which the noun stands that tells what is his."""
_DESIGNATION = re.compile(r"[A-Z][A-Za-z]*-?\d+[A-Z]?")
_HEADS = (TermKind.FORCE, TermKind.ORGANISATION, TermKind.PARTITIVE, TermKind.NATION)


def find_forces(document: Document, sentence: Sentence, language: Language) -> list[Mention]:
    """Force mentions in text order; a quantity that counts the force is taken into it."""
    found: list[Mention] = []
    taken = sentence.first
    for index in sentence.where(*_HEADS):
        if index < taken:
            continue
        mention = _force_at(document, sentence, index, language)
        if mention is not None:
            if _owns(document, sentence, mention, language):
                mention.features |= {"owner"}
            if found and _beside(document, found[-1], mention):
                mention.code = mention.code or found[-1].code
                _join_people(found[-1], mention)
            if found and found[-1].code is None and language.orthography.adjectives_follow:
                found[-1].code = mention.code if _beside(document, found[-1], mention) else None
            if found and _same_in_brackets(document, found[-1], mention):
                found[-1].last = mention.last
            elif found and _is_its_name(document, found[-1], mention):
                _take_name(document, sentence, found[-1], mention)
            elif found and (
                _is_its_strength(document, found[-1], mention)
                or _is_its_crew(document, found[-1], mention)
                or _are_all_of_them(document, found[-1], mention)
            ):
                _take_strength(found[-1], mention)
            elif found and _consists_of(document, found[-1], mention):
                _take_people(found[-1], mention)
            else:
                parts = _counted_before(document, sentence, mention)
                found = [m for m in found if not parts or m.last <= parts[0].first]
                found.extend([*parts, mention])
            taken = mention.last
    return found


def _counted_before(document: Document, sentence: Sentence, mention: Mention) -> list[Mention]:
    """ "1,000 French, 300 Belgian and 60 Dutch soldiers": a number with a nation's adjective each, one noun."""
    parts: list[Mention] = []
    tokens, index = document.tokens, mention.first
    own = quantity_beginning(sentence, mention.first) is not None
    while own and mention.code is not None and index - 2 > sentence.first:
        joint = tokens[index - 1]
        if joint.form != "," and joint.term(TermKind.COORDINATOR) is None:
            break
        adjective = next(
            (m for k in (index - 2, index - 3) for m in tokens[k].terms if _is_nations(m, index - 1)), None
        )
        number = quantity_ending(sentence, adjective.first) if adjective is not None else None
        if adjective is None or number is None:
            break
        part = replace(mention, code=adjective.side, first=number.first, last=index - 1, head=adjective.first)
        take_count(part, number)
        parts.insert(0, part)
        index = number.first
    return parts


def _is_nations(match: Match, end: int) -> bool:
    return match.last == end and match.term.sort == EntryKind.ADJECTIVE.value and match.side is not None


def _is_its_name(document: Document, vessel: Mention, named: Mention) -> bool:
    """ "the destroyer HMS Diamond", „der Zerstörer «USS Cole»“."""
    between = document.tokens[vessel.last : named.first]
    return {"vessel", "named"} <= named.features and "vessel" in vessel.features and all(t.quote for t in between)


def _take_name(document: Document, sentence: Sentence, vessel: Mention, named: Mention) -> None:
    vessel.code = vessel.code or named.code
    vessel.last = named.last
    vessel.features -= {"weak"}
    _take_crew(document, sentence, vessel)
    if not vessel.counted and named.counted:
        take_count(vessel, named)


def _take_crew(document: Document, sentence: Sentence, vessel: Mention) -> None:
    count_people_aboard(document, sentence, vessel)
    count_apposition(document, sentence, vessel)


def _owns(document: Document, sentence: Sentence, mention: Mention, language: Language) -> bool:
    """ "the soldiers' families", "the army's new chief": something of theirs is told of, unless it is what they do."""
    possessive = language.orthography.possessive
    if mention.last >= sentence.last or document.tokens[mention.last].form not in possessive:
        return False
    owned = document.tokens[mention.last + 1 : min(sentence.last, mention.last + OWNED_WITHIN)]
    return all(token.term(TermKind.EVENT) is None for token in owned)


def _is_its_strength(document: Document, unit: Mention, people: Mention) -> bool:
    """ "a battlegroup of 800 soldiers": the number is the unit's."""
    if unit.counted or not people.counted or people.first != unit.last + 1 or "unit" not in unit.features:
        return False
    relator = document.tokens[unit.last].term(TermKind.RELATOR)
    return relator is not None and "of" in relator.term.roles and people.code in (None, unit.code)


def _consists_of(document: Document, unit: Mention, people: Mention) -> bool:
    """ "a convoy of Burundian soldiers", "Kolonnen mit Soldaten aus Rumänien": whose the vague unit is."""
    relator = document.tokens[unit.last].term(TermKind.RELATOR)
    if relator is None or not relator.term.roles & {"with", "of"} or relator.last != people.first:
        return False
    told = unit.counted or unit.vague or unit.code is not None
    named = people.code is not None or people.country is not None
    return {"unit", "weak"} <= unit.features and not told and named and "weak" not in people.features


def _take_people(unit: Mention, people: Mention) -> None:
    unit.code, unit.country, unit.last = people.code, people.country, people.last
    unit.features = (unit.features - {"weak"}) | (people.features & {"from", "several"})


def _is_its_crew(document: Document, vessel: Mention, crew: Mention) -> bool:
    """ "the frigate X and its crew of 150": the people are the ship's."""
    owned = crew.counted and "possessive" in crew.features
    return owned and "vessel" in vessel.features and not vessel.counted and _beside(document, vessel, crew)


def _are_all_of_them(document: Document, people: Mention, part: Mention) -> bool:
    """ "the militants, about 300 of them, have dug in": their number, told behind a comma."""
    apart = part.first == people.last + 1 and document.tokens[people.last].form == ","
    return apart and {"part", "people"} <= part.features and part.counted and not people.counted


def _take_strength(unit: Mention, people: Mention) -> None:
    unit.count_min, unit.count_max, unit.counted = people.count_min, people.count_max, True
    unit.additional = unit.additional or people.additional
    unit.last = people.last


def _beside(document: Document, first: Mention, second: Mention) -> bool:
    """ "israelische Panzer und Infanterie": the adjective holds for both."""
    return second.first - first.last == 1 and document.tokens[first.last].term(TermKind.COORDINATOR) is not None


def _join_people(first: Mention, second: Mention) -> None:
    """ "700 paratroopers and 300 engineers", "900 Turks and hundreds of mercenaries": numbers of people beside soldiers
    are soldiers too; a nation's people only beside another nation's or beside fighters for hire."""
    for people, other in ((second, first), (first, second)):
        counted = people.counted and {"people", "weak"} <= people.features
        plain = "people" in other.features and "weak" not in other.features and (other.counted or other.vague)
        hired = "any_side" in other.features or other.code not in (None, people.code)
        if counted and plain and ("demonym" not in people.features or hired):
            people.features -= {"weak", "role"}


def _same_in_brackets(document: Document, named: Mention, short: Mention) -> bool:
    """ "die Miliz Islamischer Staat (IS)"."""
    return (
        named.code is not None
        and named.code == short.code
        and short.first - named.last == 1
        and document.tokens[named.last].form == "("
    )


def _force_at(document: Document, sentence: Sentence, index: int, language: Language) -> Mention | None:
    token = document.tokens[index]
    name = token.term(TermKind.ORGANISATION)
    if name is not None and name.term.sort == EntryKind.SHIP.value:
        return _from_ship(document, sentence, name)
    if name is not None and name.term.sort in ARMED_NAMES:
        return _from_name(document, sentence, name, language)
    force = token.term(TermKind.FORCE)
    if force is not None:
        if _leads_force(document, sentence, force, language) or _is_verb_here(document.tokens, force, language):
            return None
        if force.term.sort == "institution" and _is_modifier(document, sentence, force, language):
            return None
        if is_adjective_here(document.tokens, sentence, force):
            return None
        return _from_head(document, sentence, force, language)
    partitive = token.term(TermKind.PARTITIVE)
    if partitive is not None:
        return _partitive(document, sentence, partitive)
    nation = token.term(TermKind.NATION)
    if nation is not None and (
        nation.term.sort == EntryKind.DEMONYM.value or _means_people(document, sentence, nation, language)
    ):
        return _demonym(document, sentence, nation, language)
    return None


def _means_people(document: Document, sentence: Sentence, nation: Match, language: Language) -> bool:
    """ "about 450 Nepalese already serve": an adjective behind a number and before no noun."""
    tokens = document.tokens
    if not tokens[nation.last - 1].lower.endswith(language.orthography.people_endings):
        return False
    if nation.term.sort != EntryKind.ADJECTIVE.value or quantity_ending(sentence, nation.first) is None:
        return False
    after = tokens[nation.last] if nation.last < sentence.last else None
    return after is None or not after.form[0].isalnum() or ends_phrase(after)


def _leads_force(document: Document, sentence: Sentence, match: Match, language: Language) -> bool:
    """ "army medics", "infantry battalions": a force noun before another is read with it."""
    if not language.orthography.articles_mark_nouns or match.last >= sentence.last:
        return False
    behind = document.tokens[match.last].term(TermKind.FORCE)
    return behind is not None and not behind.term.adjective and not _is_verb_here(document.tokens, behind, language)


def _is_modifier(document: Document, sentence: Sentence, match: Match, language: Language) -> bool:
    """ "military training", "the army base": a noun that only describes the next one."""
    if not language.orthography.articles_mark_nouns or match.last >= sentence.last:
        return False
    after = document.tokens[match.last]
    if not after.form.isalpha() or after.inside:
        return False
    if after.terms:
        return after.term(TermKind.PLACE_NOUN) is not None or after.term(TermKind.ROLE_NOUN) is not None
    if after.verbs:
        base = (VerbForm.INFINITIVE, VerbForm.PRESENT)
        bare = all(r.form in base for r in after.verbs) and not after.lower.endswith(language.orthography.noun_plurals)
        return bare or all(reading.form is VerbForm.GERUND for reading in after.verbs)
    return after.form.islower() and not after.lower.endswith(language.orthography.adverb_endings)


def _from_head(document: Document, sentence: Sentence, head: Match, language: Language) -> Mention | None:
    tokens = document.tokens
    term = head.term
    mention = Mention(
        MentionKind.FORCE,
        head.first,
        head.last,
        head.first,
        features=frozenset({"vehicle"}) if _is_aircraft(document, sentence, head) else _features(term),
        mandate=term.code,
        because=(term.rule,),
    )
    code = compound_code(tokens[head.first], head, language)
    made_plain = is_military_compound(tokens[head.first], term, language) if term.weak and term.compound else False
    if made_plain or names_armed_owner(tokens[head.first], head, language):
        mention.features -= {"weak", "role"}
    if language.orthography.adjectives_follow:
        take_adjectives_behind(tokens, sentence, mention)
    take_attributes(document, sentence, mention, counts=term.counts, language=language)
    count_part(document, sentence, mention)
    if "vessel" in mention.features and not language.orthography.capitalised_nouns:
        mention.last = _past_ship_name(document, sentence, mention.last)
    take_owner_behind(document, sentence, mention, language)
    if code is not None and mention.code is None:
        mention.code = code
    count_people_aboard(document, sentence, mention)
    count_apposition(document, sentence, mention)
    if language.orthography.adjectives_follow:
        take_adjectives_behind(tokens, sentence, mention)  # "un contingent de 300 soldats chiliens"
    return None if {"role", "people"} <= mention.features and not mention.counted else mention


def _is_aircraft(document: Document, sentence: Sentence, head: Match) -> bool:
    """ "four F-16 fighters": a type designation before a word for fighting men."""
    before = document.tokens[head.first - 1] if head.first > sentence.first else None
    return head.term.any_side and before is not None and not before.terms and bool(_DESIGNATION.fullmatch(before.form))


def _features(term: Term) -> frozenset[str]:
    marks = (("weak", term.weak), ("role", term.role), ("group", term.group), ("any_side", term.any_side))
    return frozenset({term.sort or "people"} | {name for name, is_set in marks if is_set})


def _past_ship_name(document: Document, sentence: Sentence, index: int) -> int:
    """Behind "the frigate Niels Juel": capitalised words that no list knows."""
    tokens = document.tokens
    while (
        index < sentence.last and tokens[index].form[0].isupper() and not (tokens[index].terms or tokens[index].inside)
    ):
        index += 1
    return index


def _from_ship(document: Document, sentence: Sentence, name: Match) -> Mention:
    """ "HMS Diamond": whose it is, the prefix tells."""
    mention = Mention(
        MentionKind.FORCE,
        name.first,
        name.last,
        name.first,
        code=name.side,
        features=frozenset({"named", "vessel"}),
        because=(name.term.rule,),
    )
    _take_crew(document, sentence, mention)
    return mention


def _from_name(document: Document, sentence: Sentence, name: Match, language: Language) -> Mention:
    entry = name.term.entry
    mention = Mention(
        MentionKind.FORCE,
        name.first,
        name.last,
        name.first,
        code=entry.code if entry else None,
        features=frozenset({"named", "institution"}),
        because=(name.term.rule,),
    )
    tokens = document.tokens
    head = tokens[name.last].term(TermKind.FORCE) if name.last < sentence.last else None
    if head is not None and not _is_verb_here(tokens, head, language):
        mention.last = head.last  # "Wagner mercenaries", "M23 rebels"
        mention.head = head.first
        mention.features = _features(head.term) - {"weak"}
        take_attributes(document, sentence, mention, counts=head.term.counts, language=language)
        take_owner_behind(document, sentence, mention, language)
        mention.code = entry.code if entry else mention.code
    else:
        people = compound_head(tokens[name.last - 1].lower, language) if language.orthography.compounds else None
        counts = name.term.sort == EntryKind.FORCES.value or (people is not None and people.counts)  # "Wagner-Söldner"
        take_attributes(document, sentence, mention, counts=counts, language=language)
        mention.code = entry.code if entry else mention.code
    return mention


def _is_verb_here(tokens: list[Token], head: Match, language: Language) -> bool:
    """ "The Africa Corps guard the palace": what the force before it does."""
    present = any(reading.form is VerbForm.PRESENT for reading in tokens[head.first].verbs)
    return present and is_done_by_force(tokens, head.first, language.orthography.noun_plurals)


def _partitive(document: Document, sentence: Sentence, partitive: Match) -> Mention | None:
    """ "3000 von ihnen", "700 of them": a number before words that point back to a force."""
    counted = quantity_ending(sentence, partitive.first)
    before = document.tokens[partitive.first - 1] if partitive.first > sentence.first else None
    if counted is None and before is not None and before.has(TermKind.DETERMINER, "indefinite"):
        counted = Mention(MentionKind.QUANTITY, before.index, partitive.first, before.index, vague=True)  # "einige"
    if partitive.term.sort == "vague":
        counted = Mention(MentionKind.QUANTITY, partitive.first, partitive.first, partitive.first, vague=True)
    if counted is None:
        return None
    mention = Mention(
        MentionKind.FORCE,
        counted.first,
        partitive.last,
        partitive.first,
        features=frozenset({"people", "part", "definite"}),
        because=(partitive.term.rule,),
    )
    take_count(mention, counted)
    return mention


def _demonym(document: Document, sentence: Sentence, nation: Match, language: Language) -> Mention | None:
    """ "zwölftausend Nordkoreaner": people of a nation are a force only by what the clause says of them."""
    entry = nation.term.entry
    mention = Mention(
        MentionKind.FORCE,
        nation.first,
        nation.last,
        nation.first,
        code=entry.code if entry else None,
        features=frozenset({"people", "demonym", "weak"}),
        because=(nation.term.rule,),
    )
    take_attributes(document, sentence, mention, counts=True, language=language)
    mention.code = entry.code if entry else None
    return mention
