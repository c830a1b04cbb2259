"""Noun phrases of armed forces: "3000 weitere nordkoreanische Soldaten", "seine Truppen", "the army", "700 of them"."""

import re
from dataclasses import replace
from itertools import takewhile

from services.extractor.compounds import compound_ends, is_military_compound
from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.adjectives_behind import is_adjective_here, take_adjectives_behind
from services.extractor.steps.force_attributes import take_attributes
from services.extractor.steps.force_counts import (
    count_apposition,
    count_part,
    count_people_aboard,
    ends_phrase,
    take_count,
)
from services.extractor.steps.force_owners import compound_code, names_armed_owner, take_owner_behind
from services.extractor.steps.verb_readings import is_done_by_force
from services.extractor.terms import ARMED_NAMES, Match, Term
from services.extractor.vocabulary import TermKind, VerbForm

MAX_SHIP_WORDS = 8
"""Words and points of a ship's name: "George H. W. Bush"."""

_PEOPLES = frozenset({EntryKind.ADJECTIVE.value, EntryKind.NATION.value})
_PEOPLE = frozenset({"people", "unit", "institution"})
_DESIGNATION = re.compile(r"[A-Z][A-Za-z]*-?\d+[A-Z]?")


def take_crew(document: Document, sentence: Sentence, vessel: Mention) -> None:
    """Takes in who is aboard: "HMS X with 180 sailors"."""
    count_people_aboard(document, sentence, vessel)
    count_apposition(document, sentence, vessel)


def force_at(document: Document, sentence: Sentence, index: int, language: Language) -> Mention | None:
    """The force whose noun, name or partitive begins at the token; None if there it is part of something else."""
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
    """ "about 450 Nepalese serve", "60 Polen", "the French have left": an adjective, or a country's name that is
    also its people's, behind a number or an article and before no noun."""
    tokens = document.tokens
    if not tokens[nation.last - 1].lower.endswith(language.orthography.people_endings):
        return False
    number = sentence.ending(MentionKind.QUANTITY, nation.first)
    if nation.term.sort not in _PEOPLES or (number is not None and "year" in number.features):
        return False
    after = tokens[nation.last] if nation.last < sentence.last else None
    if number is None and not (_is_the_people(tokens, sentence, nation, language)):
        return False
    return after is None or not after.form[0].isalnum() or ends_phrase(after)


def _is_the_people(tokens: list[Token], sentence: Sentence, nation: Match, language: Language) -> bool:
    """ "The French have left", not "the French, Spanish and Italian soldiers"."""
    if not language.orthography.articles_mark_nouns or nation.first == sentence.first:
        return False
    if not tokens[nation.first - 1].has(TermKind.DETERMINER, "definite") or tokens[nation.first].form.islower():
        return False
    after = tokens[nation.last] if nation.last < sentence.last else None
    joint = after is not None and (after.form in (",", "-", "–") or after.term(TermKind.COORDINATOR) is not None)
    listed = tokens[nation.last + 1].terms if joint and nation.last + 1 < sentence.last else ()
    return all(match.term.sort not in _PEOPLES for match in listed)


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
        named = after.term(TermKind.PLACE_NOUN) or after.term(TermKind.ROLE_NOUN)
        return named is not None or after.has(TermKind.NOT_PEOPLE, "thing")
    if any(r.verb.auxiliary or r.verb.modal for r in after.verbs):
        return False  # "the army will", "the navy may"
    if after.verbs:
        base = (VerbForm.INFINITIVE, VerbForm.PRESENT)
        bare = all(r.form in base for r in after.verbs) and not after.lower.endswith(language.orthography.noun_plurals)
        return bare or all(r.form is VerbForm.GERUND for r in after.verbs)
    name = document.tokens[match.first].form[0].isupper() and sentence.field != "title"  # "the World Military Games"
    return (after.form.islower() or name) and not after.lower.endswith(language.orthography.adverb_endings)


def _from_head(document: Document, sentence: Sentence, head: Match, language: Language) -> Mention | None:
    tokens = document.tokens
    term = head.term
    flies = _is_aircraft(document, sentence, head)
    mention = Mention(
        MentionKind.FORCE,
        head.first,
        head.last,
        head.first,
        features=frozenset({"aircraft"}) if flies else _features(term),
        mandate=term.code,
        because=(term.rule,),
    )
    code = compound_code(tokens[head.first], head, language)
    made_plain = is_military_compound(tokens[head.first], term, language) if term.weak and term.compound else False
    if made_plain or names_armed_owner(tokens[head.first], head, language):
        mention.features -= {"weak", "role"}
    if language.orthography.adjectives_follow:
        take_adjectives_behind(tokens, sentence, mention)
    take_attributes(document, sentence, mention, counts=term.counts and not flies, language=language)
    count_part(document, sentence, mention)
    if "vessel" in mention.features:
        _take_ship_name(document, sentence, mention, language)
    take_owner_behind(document, sentence, mention, language)
    fighters = "unit" not in mention.features and code in language.armed_groups
    if code is not None and (mention.code is None or fighters):  # "jemenitische Huthi-Kämpfer"
        mention.code = code
    _take_trade(document, sentence, mention, head)
    count_people_aboard(document, sentence, mention)
    aboard = tokens[mention.last - 1].term(TermKind.FORCE)
    if mention.code is None and aboard is not None:  # "ein Konvoi mit 500 US-Soldaten"
        mention.code = compound_code(tokens[mention.last - 1], aboard, language)
    count_apposition(document, sentence, mention)
    if language.orthography.adjectives_follow:
        take_adjectives_behind(tokens, sentence, mention)  # "un contingent de 300 soldats chiliens"
    unnamed = {"vessel", "weak"} <= mention.features and mention.code is None  # "Träger der Mission ist …"
    return None if unnamed or ({"role", "people"} <= mention.features and not mention.counted) else mention


def _take_trade(document: Document, sentence: Sentence, unit: Mention, head: Match) -> None:
    """ "a company of engineers", "ein Team von Militärberatern": people who make a vague unit one of armed forces; a
    team of engineers is none."""
    relator = document.tokens[head.last].term(TermKind.RELATOR) if head.last < sentence.last else None
    if relator is None or "of" not in relator.term.roles or not {"unit", "weak"} <= unit.features:
        return
    people = document.tokens[relator.last].term(TermKind.FORCE) if relator.last < sentence.last else None
    if people is not None and people.term.sort in _PEOPLE and not (people.term.weak and "role" in unit.features):
        unit.features -= {"weak", "role"}
        unit.last = max(unit.last, people.last)


def _is_aircraft(document: Document, sentence: Sentence, head: Match) -> bool:
    """ "four F-16 fighters": a type designation before a word for fighting men."""
    before = document.tokens[head.first - 1] if head.first > sentence.first else None
    listed = before is not None and before.has(TermKind.FORCE, "aircraft", "vehicle")
    unlisted = before is not None and not before.terms and bool(_DESIGNATION.fullmatch(before.form))
    return head.term.any_side and (listed or unlisted)


def _features(term: Term) -> frozenset[str]:
    if term.sort == "armour":
        return frozenset({"vehicle", "armour"})
    marks = (("weak", term.weak), ("role", term.role), ("group", term.group), ("any_side", term.any_side))
    return frozenset({term.sort or "people"} | {name for name, is_set in marks if is_set})


def _take_ship_name(document: Document, sentence: Sentence, vessel: Mention, language: Language) -> None:
    """ "Fregatte „Hessen“", "the carrier Gerald R. Ford": whose warship bears the name; else, where nouns have no
    capitals, past the capitalised words that no list knows: "the frigate Niels Juel"."""
    tokens = document.tokens
    quoted = vessel.last < sentence.last and tokens[vessel.last].form in language.quote_marks
    first = vessel.last + quoted
    for last in range(min(sentence.last, first + MAX_SHIP_WORDS), first, -1):
        code = language.ships.get(document.words(sentence, first, last).lower())
        if code is not None:
            vessel.code, vessel.last = vessel.code or code, last + quoted
            for token in tokens[first:last]:
                token.verbs = ()  # "the Gerald R. Ford has arrived"
            return
    if not language.orthography.capitalised_nouns:
        behind = tokens[vessel.last : sentence.last]
        vessel.last += len(list(takewhile(lambda t: t.form[0].isupper() and not (t.terms or t.inside), behind)))


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
    take_crew(document, sentence, mention)
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
        mention.features = _features(head.term) - {"weak", "role"}
        take_attributes(document, sentence, mention, counts=head.term.counts, language=language)
        take_owner_behind(document, sentence, mention, language)
        mention.code = entry.code if entry else mention.code
        count_people_aboard(document, sentence, mention)  # "a Bundeswehr reconnaissance team of 13"
    else:
        counts = name.term.sort == EntryKind.FORCES.value or _names_people(tokens[name.last - 1], language)
        take_attributes(document, sentence, mention, counts=counts, language=language)
        mention.code = entry.code if entry else mention.code
        count_part(document, sentence, mention)  # "150 of the Africa Corps"
    return mention


def _names_people(word: Token, language: Language) -> bool:
    """Whether a name ends in a word for people: "Wagner-Söldner", "Houthi rebels"."""
    ends = compound_ends(word.lower, language) if language.orthography.compounds else []
    return any(term.kind is TermKind.FORCE and term.counts for term in [*ends, *language.terms.terms_of(word.lower)])


def _is_verb_here(tokens: list[Token], head: Match, language: Language) -> bool:
    """ "The Africa Corps guard the palace": what the force before it does."""
    present = tokens[head.first].may_be(VerbForm.PRESENT)
    return present and is_done_by_force(tokens, head.first, language.orthography.noun_plurals)


def _partitive(document: Document, sentence: Sentence, partitive: Match) -> Mention | None:
    """ "3000 von ihnen", "700 of them": a number before words that point back to a force."""
    counted = sentence.ending(MentionKind.QUANTITY, partitive.first)
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
    mention.code = None
    plain = replace(mention)
    take_owner_behind(document, sentence, mention, language)  # "2,000 Russians of the Wagner group"
    if mention.code not in language.armed_groups:
        mention = plain
        mention.code = entry.code if entry else None
    return mention
