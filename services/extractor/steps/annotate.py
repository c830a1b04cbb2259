"""Step 4: what each word can be: terms of the language, parts of compounds, verb forms, quantities, noun phrases."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Set
from dataclasses import replace

from services.extractor.compounds import compound_heads
from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import Entry, EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.dateline import strip_dateline
from services.extractor.steps.force_mentions import find_forces
from services.extractor.steps.memberships import join_memberships
from services.extractor.steps.pass_over import pass_over_descriptions
from services.extractor.steps.place_slots import find_places
from services.extractor.steps.quantities import find_quantities
from services.extractor.steps.relative_pronouns import mark_relative_pronouns
from services.extractor.steps.speaker_phrases import find_speakers
from services.extractor.steps.verb_readings import verb_readings
from services.extractor.terms import Match, Term
from services.extractor.vocabulary import ALSO_VERBS, NAMES, TermKind

LEAD, BEFORE, BEHIND = 2, 2, 3
"""Sentences at the start, before and behind one with an armed actor that are read in full. Four at the start and three
before found no claim more in 834 annotated passages."""
MAX_SHIP_NAME = 4

_OF_A_NATION = frozenset({EntryKind.NATION, EntryKind.ADJECTIVE, EntryKind.DEMONYM})
_SHIP = EntryKind.SHIP.value


def annotate(document: Document, language: Language) -> None:
    """Adds terms and verb readings to the tokens of the active sentences, and their numbers and forces, first to last.

    Which are active is settled twice: by words that could name an armed actor, before anything is looked up in the
    others, and by what those words turned out to be."""
    words = {token.lower for token in document.tokens}
    heads = compound_heads(words, language)
    armed_compounds = {word for word, ends in heads.items() if ends[0].names_armed}
    could_arm = _could_name_armed(document, (language.armed_words & words) | armed_compounds)
    _set_active(document, could_arm, could_arm)
    memberships = not words.isdisjoint(language.membership_words)
    surnames: set[str] = set()
    for sentence in document.sentences:
        if sentence.active:
            mark_terms(document, sentence, language, surnames, heads)
            if memberships:
                join_memberships(document.tokens, sentence)
            strip_dateline(document, sentence)
    armed = {index: _armed_terms(document, document.sentences[index]) for index in could_arm}
    plainly = [index for index, terms in armed.items() if not all(term.weak for term in terms)]
    _set_active(document, [index for index, terms in armed.items() if terms], plainly)
    terms = (match.term for token in document.tokens for match in token.terms)
    document.entries = [term.entry for term in terms if term.entry is not None]
    document.countries = _countries_named(document.entries)
    for sentence in document.sentences:
        if sentence.active:
            _mark_verbs(document.tokens, sentence, language)
    pass_over_descriptions(document, language)
    for sentence in document.sentences:
        if sentence.active:
            mark_relative_pronouns(document.tokens, sentence, language)
            _index_entries(document.tokens, sentence)
            sentence.mentions.extend(find_quantities(document, sentence, language))
            sentence.mentions.extend(find_forces(document, sentence, language))


def find_phrases(document: Document, sentences: list[Sentence], language: Language) -> None:
    """Adds the other noun phrases: places and speakers."""
    for sentence in sentences:
        forces = [mention for mention in sentence.mentions if mention.kind is MentionKind.FORCE]
        places = find_places(document, sentence, language)
        _name_homes(document.tokens, forces, places)
        sentence.mentions.extend(places)
        sentence.mentions.extend(find_speakers(document, sentence, language))
        sentence.mentions.sort(key=lambda mention: (mention.first, mention.kind is not MentionKind.QUANTITY))


def _name_homes(tokens: list[Token], forces: list[Mention], places: list[Mention]) -> None:
    """ "The battalion from Augustdorf": a town behind a force tells whose it is, as a country's name does; not so
    "moved soldiers from Goma to Beni"."""
    homes = {place.first: place for place in places if place.role == "origin" and place.name is not None}
    for force in forces:
        home = homes.get(force.last)
        if home is None or force.code is not None or force.features & {"possessive", "from"}:
            continue
        after = tokens[home.last] if home.last < len(tokens) else None
        if after is None or not after.leads("goal") or after.leads("at"):
            force.features |= {"from"}
            force.country = home.country


def _could_name_armed(document: Document, armed: Set[str]) -> list[int]:
    """Indices of the sentences with a word that begins an armed actor's name or ends in a noun for one."""
    named = [token.index for token in document.tokens if token.lower in armed]
    bounds = [sentence.last for sentence in document.sentences]
    return sorted({bisect_right(bounds, index) for index in named})


def _countries_named(entries: list[Entry]) -> tuple[str, ...]:
    """By name, adjective or people, and by what lies in them."""
    places = [entry.place.country for entry in entries if entry.place is not None and entry.place.country is not None]
    nations = [entry.code for entry in entries if entry.kind in _OF_A_NATION and entry.code is not None]
    return tuple(code for code, _ in Counter([*nations, *places]).most_common())


def _armed_terms(document: Document, sentence: Sentence) -> list[Term]:
    terms = [match.term for token in document.tokens[sentence.first : sentence.last] for match in token.terms]
    return [term for term in terms if term.names_armed]


def _set_active(document: Document, armed: list[int], plainly: list[int]) -> None:
    """Pronouns and denials reach a few sentences, but not from a word that is seldom military ("people", "staff");
    title and lead tell what the whole is about."""
    near = {index + step for index in plainly for step in range(-BEFORE, BEHIND + 1)}.union(armed)
    for sentence in document.sentences:
        sentence.active = sentence.index < LEAD or sentence.index in near or sentence.field == "title"


def mark_terms(
    document: Document, sentence: Sentence, language: Language, surnames: set[str], heads: dict[str, list[Term]]
) -> None:
    """`heads`: of the text's compounds, by the words; what they stand for where no list knows the word itself."""
    tokens, known = document.tokens, language.terms.words()
    for token in tokens[sentence.first : sentence.last]:
        if token.inside or not (token.lower in known or token.lower in heads):
            continue
        matches = language.terms.longest(tokens, token.index, sentence.last)
        if token.lower in language.ambiguous_words:
            matches = [
                match
                for match in matches
                if not _is_surname(tokens, sentence, match, surnames) and not _is_verb(token, match, language)
            ]
        if not matches and token.lower in heads:
            matches = [Match(term, token.index, token.index + 1) for term in heads[token.lower]]
        if matches:
            if matches[0].term.sort == _SHIP:
                matches = [_with_ship_name(tokens, sentence, match) for match in matches]
            token.terms = tuple(matches)
            for index in range(token.index + 1, matches[0].last):
                tokens[index].inside = True


def _with_ship_name(tokens: list[Token], sentence: Sentence, match: Match) -> Match:
    """ "USS Gerald R. Ford": the prefix and the name behind it are one entry, or the rest of what is quoted is."""
    quote = tokens[match.first].quote
    last = match.last
    while last < min(sentence.last, match.last + MAX_SHIP_NAME) and _goes_on_name(tokens, last, quote):
        last += 1
    return replace(match, last=last)


def _goes_on_name(tokens: list[Token], index: int, quote: int) -> bool:
    token = tokens[index]
    if quote and token.quote == quote:
        return token.form[0].isalnum()
    initial = token.form == "." and len(tokens[index - 1].form) == 1
    return token.form[0].isupper() or initial


def _index_entries(tokens: list[Token], sentence: Sentence) -> None:
    for token in tokens[sentence.first : sentence.last]:
        for match in token.terms:
            sentence.entries.setdefault(match.term.kind, []).append(token.index)


def _mark_verbs(tokens: list[Token], sentence: Sentence, language: Language) -> None:
    for token in tokens[sentence.first : sentence.last]:
        readings = language.verbs.get(token.lower)
        if readings and not token.inside:
            token.verbs = verb_readings(tokens, token.index, sentence, tuple(readings), language.orthography)


def _is_verb(token: Token, match: Match, language: Language) -> bool:
    """ "sollen eintreffen", "das Eintreffen", "die kämpfenden Soldaten", "Kämpfende": where nouns have capitals, the
    same letters without one are the verb."""
    if not (language.orthography.capitalised_nouns and token.form.islower()) or match.last > match.first + 1:
        return False
    if match.term.kind not in ALSO_VERBS:
        return False
    if match.term.kind is TermKind.EVENT:
        return True
    noun = match.term.rule.partition(":")[2]
    return noun[:1].isupper() and (match.term.kind is TermKind.FORCE or token.lower in language.verbs)


def _is_surname(tokens: list[Token], sentence: Sentence, match: Match, surnames: set[str]) -> bool:
    """A group's name after an unknown capitalised word is a person's: "Therese Kayikwamba Wagner", from then on too; so
    is a country's where an office stands before: "spokesman Roy Trinidad"."""
    if match.term.kind not in NAMES or match.last - match.first > 1:
        return False
    token = tokens[match.first]
    if token.lower in surnames:
        return True
    if match.first - 1 <= sentence.first or token.form.isupper() or not _is_given_name(tokens[match.first - 1]):
        return False
    if match.term.kind is TermKind.ORGANISATION or tokens[match.first - 2].term(TermKind.ROLE_NOUN) is not None:
        surnames.add(token.lower)
        return True
    return False


def _is_given_name(token: Token) -> bool:
    """Not so "Saudi-backed"."""
    return (
        token.form[0].isupper()
        and token.form.rpartition("-")[2][:1].isupper()
        and not token.form.isupper()
        and not token.terms
        and not token.inside
        and len(token.form) > 2
    )
