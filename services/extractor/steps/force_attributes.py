"""Part of step 4: what stands before a force noun: adjectives, numbers, owners, articles, from right to left."""

from dataclasses import replace

from services.extractor.document import Document, Mention, MentionKind, Sentence
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import CLITICS
from services.extractor.steps.force_counts import MIN_BARE, is_date, part_before, take_count
from services.extractor.steps.force_descriptions import (
    take_adjective,
    take_hyphen,
    take_joined,
    take_military,
    take_ordinal,
    take_quote,
    take_second_adjective,
    take_told_attribute,
)
from services.extractor.steps.force_owners import owner_before
from services.extractor.steps.left_edge import LeftEdge, Step
from services.extractor.vocabulary import TermKind

MAX_ATTRIBUTES = 7
MAX_RATIO = 10
"""Wholes up to this are those of ratios: "two in three", "nine out of ten"."""


def take_attributes(document: Document, sentence: Sentence, mention: Mention, counts: bool, language: Language) -> None:
    """Takes in adjectives, the nation's adjective or name, a number and what tells whose the force is."""
    edge = LeftEdge(document, sentence, mention, counts, language, mention.first)
    for _ in range(MAX_ATTRIBUTES):
        if edge.cursor <= sentence.first:
            return
        step = next((step for rule in _RULES if (step := rule(edge)) is not None), Step.END)
        if step is Step.END:
            return


def _take_number(edge: LeftEdge) -> Step | None:
    counted = edge.sentence.ending(MentionKind.QUANTITY, edge.cursor)
    if counted is None:
        return None
    if is_date(edge.document, edge.sentence, counted):
        return Step.END
    if (edge.counts or counted.vague or "strength" in counted.features) and not edge.mention.counted:
        take_count(edge.mention, counted)
    edge.cursor = edge.mention.first = counted.first
    edge.numbered = True
    part = part_before(edge.document, edge.sentence, edge.cursor)
    if part is not None and edge.counts:  # "90 von insgesamt 1100 Soldaten"
        take_count(edge.mention, part if not _is_ratio(counted) else replace(part, counted=False, vague=True))
        edge.cursor = edge.mention.first = part.first
    return Step.ON


def _is_ratio(whole: Mention) -> bool:
    """ "vier von fünf Kämpfern" are no four."""
    return whole.count_max is not None and whole.count_max <= MAX_RATIO


def _take_owner(edge: LeftEdge) -> Step | None:
    owner = owner_before(edge.document, edge.sentence, edge.cursor, edge.language)
    if owner is None or (edge.numbered and owner.last == edge.cursor):
        return None
    serves = "of_a_body" in edge.mention.features
    if edge.mention.code is None or (serves and owner.term.kind is TermKind.NATION):
        edge.mention.code = owner.side  # "60 Nepalese UN peacekeepers"
        edge.mention.features -= {"of_a_body"}
        if owner.term.sort == EntryKind.ORGANISATION.value:
            edge.mention.features |= {"of_a_body"}
    edge.cursor = edge.mention.first = owner.first
    of_owner = owner.first > edge.sentence.first and edge.document.tokens[edge.cursor - 1].leads("of")
    before = edge.sentence.ending(MentionKind.QUANTITY, edge.cursor - 1) if of_owner else None
    if before is not None and edge.counts and "year" not in before.features:  # "11,000 of Pyongyang's soldiers"
        take_count(edge.mention, before)
        edge.cursor = edge.mention.first = before.first
        edge.numbered = True
    return Step.ON


def _take_region(edge: LeftEdge) -> Step | None:
    """ "400 Texas National Guard troops": guards of the country named by one of its regions."""
    region = edge.token.term(TermKind.PLACE)
    if region is None or region.last != edge.cursor or "home" not in edge.mention.features:
        return None
    edge.cursor = edge.mention.first = region.first
    return Step.ON


def _take_possessor(edge: LeftEdge) -> Step | None:
    """ "120 of the country's infantrymen", "160 of the company's men"."""
    if edge.token.form not in edge.language.orthography.possessive or edge.token.index - 1 < edge.sentence.first:
        return None
    owner = replace(edge, cursor=edge.cursor - 1).token
    if not (owner.has(TermKind.ANAPHOR, "country") or owner.has(TermKind.FORCE, "unit", "institution")):
        return None
    edge.mention.features |= {"possessive"}
    edge.cursor = edge.mention.first = owner.index
    return Step.ON


def _take_pointer(edge: LeftEdge) -> Step | None:
    pointer = edge.token.term(TermKind.ANAPHOR)
    if edge.token.has(TermKind.ANAPHOR, "rest") or edge.token.has(TermKind.DETERMINER, "every"):  # "the last soldier"
        edge.mention.features -= {"person"}
    if pointer is None or pointer.term.sort not in ("owner", "demonstrative"):
        return None
    if edge.token.has(TermKind.SUBORDINATOR, "that") and _are_several(edge):
        return Step.END
    edge.mention.features |= {"possessive" if pointer.term.sort == "owner" else "definite"}
    edge.mention.features |= {whose for whose in ("his", "ours") if edge.token.has(TermKind.ANAPHOR, whose)}
    edge.mention.first = edge.cursor - 1
    if _stresses_owner(edge, pointer.first):
        edge.cursor -= 1
        return Step.ON
    counted = edge.sentence.ending(MentionKind.QUANTITY, edge.cursor - 1)
    if counted is not None and edge.counts:  # "300 seiner Soldaten"
        take_count(edge.mention, counted)
        edge.mention.first = counted.first
    return Step.END


def _stresses_owner(edge: LeftEdge, index: int) -> bool:
    """ "400 of its own soldiers", "Manila's own garrison": whose they are stands before it."""
    before = edge.document.tokens[index - 1] if index > edge.sentence.first else None
    return before is not None and (before.form in CLITICS or before.has(TermKind.ANAPHOR, "owner"))


def _are_several(edge: LeftEdge) -> bool:
    """ "said that soldiers had left", "that 300 men were there": before a plural the word opens a clause."""
    noun = edge.document.tokens[edge.mention.last - 1].lower
    plural = noun.endswith(edge.language.orthography.noun_plurals)
    return edge.numbered or "people" in edge.mention.features or plural


def _take_article(edge: LeftEdge) -> Step | None:
    token = edge.token
    if token.has(TermKind.NEGATION, "determiner"):
        edge.mention.features |= {"negated"}
        edge.mention.first = token.index
        return Step.END
    determiner = token.term(TermKind.DETERMINER)
    if determiner is None:
        return None
    if determiner.term.sort == "whichever":
        edge.mention.features |= {"whichever"}
    elif token.has(TermKind.DETERMINER, "one"):
        edge.mention.features |= {"single"} if _is_one_of_them(edge) else frozenset()
    elif determiner.term.sort != "indefinite" and "possessive" not in edge.mention.features:
        edge.mention.features |= {"definite"}
    edge.mention.first = edge.cursor - 1
    part = edge.sentence.ending(MentionKind.QUANTITY, token.index)
    genitive = token.has(TermKind.DETERMINER, "genitive") and edge.language.orthography.genitive_endings
    if part is not None and genitive and edge.numbered and edge.counts:
        take_count(edge.mention, part)  # "1800 der rund 10.500 Blauhelme"
        edge.mention.first = part.first
    return Step.END


def _is_one_of_them(edge: LeftEdge) -> bool:
    """ "An Afghan soldier opened fire on them": no force; not "a rebel attack on X", "a crew of 30"."""
    behind = edge.document.tokens[edge.mention.last].terms if edge.mention.last < edge.sentence.last else ()
    leads = any(m.term.kind in (TermKind.EVENT, TermKind.FORCE) or m.term.roles == {"against"} for m in behind)
    several = any(t.term(TermKind.QUANTIFIER) for t in edge.document.tokens[edge.cursor : edge.mention.head])
    return "people" in edge.mention.features and not (edge.numbered or leads or several)


def _take_strength(edge: LeftEdge) -> Step | None:
    """ "a 3,000-strong force", "die 800-köpfige Truppe", "die 1200 Mann starke Truppe", "die 500-Mann-Einheit"."""
    tokens = edge.document.tokens
    token = edge.token
    people = token.has(TermKind.FORCE, "person", "people") and not token.has(TermKind.FORCE, "unit")
    if edge.numbered or not (token.has(TermKind.STRENGTH, "before") or (people and not edge.counts)):
        return None
    index = token.index
    while index > edge.sentence.first and (
        tokens[index - 1].form == "-" or tokens[index - 1].has(TermKind.FORCE, "person", "people")
    ):
        index -= 1
    strength = edge.sentence.ending(MentionKind.QUANTITY, index)
    if strength is None or (people and (strength.count_max or MIN_BARE) < MIN_BARE):  # "two engineer battalions"
        return None if index == token.index else Step.END
    take_count(edge.mention, strength)
    edge.mention.features -= {"weak"}
    edge.cursor = edge.mention.first = strength.first
    edge.numbered = True
    return Step.ON


_RULES = (
    _take_number,
    _take_strength,
    take_military,
    _take_owner,
    _take_possessor,
    _take_region,
    _take_pointer,
    _take_article,
    take_joined,
    take_second_adjective,
    take_hyphen,
    take_ordinal,
    take_quote,
    take_told_attribute,
    take_adjective,
)
