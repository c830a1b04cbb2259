"""The armed forces of a sentence: two phrases that tell of one force are joined, a list of several is shared out."""

from dataclasses import replace

from services.extractor.document import Document, Mention, MentionKind, Sentence
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.bare_numbers import elided_force, may_count
from services.extractor.steps.clause_phrases import is_person_or_thing
from services.extractor.steps.force_counts import ends_phrase, take_count
from services.extractor.steps.force_phrases import force_at, take_crew
from services.extractor.terms import Match
from services.extractor.vocabulary import TermKind

OWNED_WITHIN = 4
"""Words behind an owner within which the noun stands that tells what is his."""
_HEADS = (TermKind.FORCE, TermKind.ORGANISATION, TermKind.PARTITIVE, TermKind.NATION)


def find_forces(document: Document, sentence: Sentence, language: Language) -> list[Mention]:
    """Force mentions in text order; a quantity that counts the force is taken into it."""
    found: list[Mention] = []
    taken = sentence.first
    for index in sentence.where(*_HEADS):
        if index < taken:
            continue
        mention = force_at(document, sentence, index, language)
        if mention is not None:
            if _owns(document, sentence, mention, language):
                mention.features |= {"owner"}
            if found and _beside(document, found[-1], mention):
                if "definite" not in mention.features:  # "französische Soldaten und die Rebellen"
                    mention.code = mention.code or found[-1].code
                _join_people(found[-1], mention)
            if found and found[-1].code is None and language.orthography.adjectives_follow:
                found[-1].code = mention.code if _beside(document, found[-1], mention) else None
            if found and (
                _same_in_brackets(document, found[-1], mention) or _counted_together(document, found[-1], mention)
            ):
                found[-1].last = mention.last
                if "weak" not in mention.features:  # "60 officers and soldiers"
                    found[-1].features -= {"weak", "role"}
            elif found and _is_its_name(document, found[-1], mention):
                _take_name(document, sentence, found[-1], mention)
            elif found and (
                _is_its_strength(document, found[-1], mention)
                or _is_its_crew(document, found[-1], mention)
                or _are_all_of_them(document, found[-1], mention)
            ):
                _take_strength(found[-1], mention)
            elif found and _serve_in(document, found[-1], mention):
                found[-1].code = found[-1].code or mention.code
                found[-1].features |= mention.features & {"possessive"}
                found[-1].last = mention.last
            elif found and _consists_of(document, found[-1], mention):
                _take_people(found[-1], mention)
            else:
                parts = _counted_before(document, sentence, mention)
                found = [m for m in found if not parts or m.last <= parts[0].first]
                found = [m for m in found if not _is_inside(m, mention, language)]
                found.extend([*parts, mention])
            taken = mention.last
    found = [force for force in found if not _is_lost(document, force)]
    return found + _bare_people(document, sentence, found)


def _is_lost(document: Document, force: Mention) -> bool:
    """ "flew to X after the death of 14 soldiers", "nach dem Tod dreier Soldaten": they went nowhere."""
    if force.first < 2:
        return False
    before = document.tokens[force.first - 1]
    noun = document.tokens[force.first - 2] if before.leads("of") else before
    return noun.has(TermKind.NOT_PEOPLE, "loss")


def _bare_people(document: Document, sentence: Sentence, found: list[Mention]) -> list[Mention]:
    """ "will join the 500 already in Niger", "zu den 500, die dort sind": told by a number alone, behind other forces
    and before no noun."""
    people = frozenset({"people", "definite"})
    return [
        replace(elided_force(quantity), first=quantity.first - 1, features=people)
        for quantity in sentence.mentions
        if quantity.first > sentence.first
        and may_count(quantity)
        and not quantity.additional
        and document.tokens[quantity.first - 1].has(TermKind.DETERMINER, "definite")
        and any(force.counted and force.last < quantity.first for force in found)
        and quantity.last < sentence.last
        and (ends_phrase(behind := document.tokens[quantity.last]) or behind.form == ",")
        and not (behind.has(TermKind.ANAPHOR, "subject") or behind.has(TermKind.QUANTIFIER, "about"))
    ]


def _is_inside(part: Mention, whole: Mention, language: Language) -> bool:
    """ "The Russian mercenary" of "the Russian mercenary group Wagner": what names less than the phrase around it."""
    names_more = whole.code is not None and (part.code is None or whole.code in language.armed_groups)
    less = "owner" in part.features or (names_more and (whole.counted or not part.counted))  # "the army's men"
    figure = whole.counted and part.last <= whole.head  # "eine | 150 Mann | starke Einheit"
    return part.first >= whole.first and (less or (figure and "person" in part.features))


def _counted_before(document: Document, sentence: Sentence, mention: Mention) -> list[Mention]:
    """ "1,000 French, 300 Belgian and 60 Dutch soldiers": a number with a nation's adjective each, one noun."""
    parts: list[Mention] = []
    tokens, index = document.tokens, mention.first
    own = sentence.beginning(MentionKind.QUANTITY, mention.first) is not None
    while own and mention.code is not None and index - 2 > sentence.first:
        joint = tokens[index - 1]
        if not joint.joins:
            break
        adjective = next(
            (m for k in (index - 2, index - 3) for m in tokens[k].terms if _is_nations(m, index - 1)), None
        )
        number = sentence.ending(MentionKind.QUANTITY, adjective.first) if adjective is not None else None
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
    return {"vessel", "named"} <= named.features and all(t.quote for t in between)


def _take_name(document: Document, sentence: Sentence, vessel: Mention, named: Mention) -> None:
    vessel.code = vessel.code or named.code
    vessel.last = named.last
    vessel.features -= {"weak"}
    take_crew(document, sentence, vessel)
    if not vessel.counted and named.counted:
        take_count(vessel, named)


def _owns(document: Document, sentence: Sentence, mention: Mention, language: Language) -> bool:
    """ "the soldiers' families", "the army's new chief", "a Hezbollah depot", "Hamas officials": something of
    theirs is told of, unless it is what they do."""
    if mention.last >= sentence.last:
        return False
    behind = document.tokens[mention.last]
    named = {"named", "institution"} <= mention.features and not language.orthography.capitalised_nouns
    if named and (
        is_person_or_thing(behind) or (behind.term(TermKind.PLACE_NOUN) and behind.term(TermKind.FORCE) is None)
    ):
        return True
    if behind.form not in language.orthography.possessive:
        return False
    owned = document.tokens[mention.last + 1 : min(sentence.last, mention.last + OWNED_WITHIN)]
    return all(token.term(TermKind.EVENT) is None for token in owned)


def _is_its_strength(document: Document, unit: Mention, people: Mention) -> bool:
    """ "a battlegroup of 800 soldiers": the number is the unit's."""
    if unit.counted or not people.counted or people.first != unit.last + 1 or "unit" not in unit.features:
        return False
    return document.tokens[unit.last].leads("of") and people.code in (None, unit.code)


def _serve_in(document: Document, people: Mention, unit: Mention) -> bool:
    """ "180 soldiers of its missile regiment", "300 Mann des 37. Panzergrenadierbataillons": whose the unit is, they
    are."""
    if not people.counted or unit.counted or "people" not in people.features or "unit" not in unit.features:
        return False
    relator = document.tokens[people.last].term(TermKind.RELATOR)
    of = relator is not None and "of" in relator.term.roles and relator.last == unit.first
    genitive = people.last == unit.first and document.tokens[unit.first].has(TermKind.DETERMINER, "genitive")
    return of or genitive


def _consists_of(document: Document, unit: Mention, people: Mention) -> bool:
    """ "a convoy of Burundian soldiers", "Kolonnen mit Soldaten aus Rumänien": whose the vague unit is."""
    relator = document.tokens[unit.last].term(TermKind.RELATOR)
    if relator is None or not relator.term.roles & {"with", "of"} or relator.last != people.first:
        return False
    told = unit.counted or unit.vague or unit.code is not None
    named = people.code is not None or people.country is not None
    return {"unit", "weak"} <= unit.features and not told and named


def _take_people(unit: Mention, people: Mention) -> None:
    unit.code, unit.country, unit.last = people.code, people.country, people.last
    unit.features = (unit.features - {"weak"}) | (people.features & {"from", "several"})


def _is_its_crew(document: Document, vessel: Mention, crew: Mention) -> bool:
    """ "the frigate X and its crew of 150": the people are the ship's."""
    owned = crew.counted and "possessive" in crew.features
    return owned and "vessel" in vessel.features and _beside(document, vessel, crew)


def _are_all_of_them(document: Document, people: Mention, part: Mention) -> bool:
    """ "the militants, about 300 of them, have dug in": their number, told behind a comma; not "engineers, ten of whom
    have left", "troops, ten of them engineers"."""
    apart = part.first == people.last + 1 and document.tokens[people.last].form == ","
    if not apart or not part.counted or people.counted:
        return False
    closed = part.last < len(document.tokens) and document.tokens[part.last].form == ","
    men = "person" in part.features and part.code is None and closed  # "französische Truppen, je 300 Mann,"
    behind = document.tokens[part.last] if part.last < len(document.tokens) else None
    told = behind is not None and behind.term(TermKind.ATTRIBUTION) is not None  # "300 of them, | according to …"
    goes_on = behind is not None and behind.form[0].isalnum() and not told
    return men or ({"part", "people"} <= part.features and not goes_on)


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


def _counted_together(document: Document, first: Mention, second: Mention) -> bool:
    """ "60 soldiers and military engineers": one number for both."""
    bare = second.first == second.head and not (second.counted or second.vague) and second.code in (None, first.code)
    people = "people" in first.features & second.features
    return bare and people and first.counted and _beside(document, first, second)


def _same_in_brackets(document: Document, named: Mention, short: Mention) -> bool:
    """ "die Miliz Islamischer Staat (IS)"."""
    return named.code is not None and named.code == short.code and document.tokens[named.last].form == "("
