"""Part of step 4: descriptions right behind the noun of a force that no sign closes: "soldiers [armed with rifles]"."""

from services.extractor.document import Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.orthography import Orthography
from services.extractor.steps.relative_pronouns import RELATIVE
from services.extractor.steps.words_that_tell import MODIFIES, is_clause_verb, is_participle, moves, tells, words_in
from services.extractor.terms import Match
from services.extractor.vocabulary import FINITE, TermKind, VerbForm

MAX_PHRASE = 8
"""Words of a phrase behind its relator."""
MAX_OF_PLACE = 3
"""Words behind "in", "on", "for" that tell how they are, "in full uniform": more may hold a verb of no list."""
_LEADS = frozenset({TermKind.RELATOR, TermKind.DETERMINER, TermKind.ANAPHOR})
_ELSEWHERE = ("goal", "origin", "near", "via", "against")
_VEHICLES = ("vehicle", "aircraft", "armour", "vessel")


def open_description(tokens: list[Token], sentence: Sentence, first: int, language: Language) -> tuple[int, int] | None:
    """ "300 soldiers [commanded by a general] in X", "[trained in mountain warfare] to X", "[loyal to the president]",
    "Soldaten [unter dem Kommando eines Generals]"."""
    clause = tokens[first].has(TermKind.SUBORDINATOR, "relative") and not language.orthography.verb_final
    end = _relative_end(tokens, sentence, first, language) if clause else _end(tokens, sentence, first, language)
    if end is None or end == first or tells(tokens, first, end, language, clause):
        return None
    if any(tokens[k].quote != tokens[first - 1].quote for k in range(first, end)):
        return None
    return first, end


def _end(tokens: list[Token], sentence: Sentence, first: int, language: Language) -> int | None:
    opening, orthography = tokens[first], language.orthography
    relator = opening.term(TermKind.RELATOR) or opening.term(TermKind.COORDINATOR)
    if relator is not None:
        leads = _adds_things if relator.term.kind is TermKind.COORDINATOR else _leads_description
        end = _phrase_end(tokens, sentence, relator.last, orthography) if leads(tokens, relator, orthography) else None
        if end is None:
            return None
        if opening.leads("at", "for"):
            short = end - relator.last <= MAX_OF_PLACE
            return end if short and not any(token.is_figure for token in tokens[first:end]) else None
        return None if _names_others(tokens, relator.last, end) else end
    if orthography.verb_final:
        return None
    index = first + (opening.lower.endswith(orthography.adverb_endings) and not opening.terms)
    if index + 1 >= sentence.last or not _describes(tokens, index, orthography):
        return None
    relator = tokens[index + 1].term(TermKind.RELATOR)
    if relator is None:
        gerund = tokens[index].lower.endswith(orthography.gerund_endings)
        return _phrase_end(tokens, sentence, index + 1, orthography) if gerund else None
    end = _phrase_end(tokens, sentence, relator.last, orthography)
    if end is None or not _is_ambiguous(tokens[index], orthography):
        return end
    return end if _has_verb(tokens, sentence, first, end) else None


def _relative_end(tokens: list[Token], sentence: Sentence, first: int, language: Language) -> int | None:
    """ "soldiers [who have been trained in mountain warfare] to X", "[who know the area]": its verbs and a phrase."""
    orthography = language.orthography
    index = first + 1
    while index + 1 < sentence.last and _is_of_verb(tokens, index, index == first + 1, orthography):
        if index > first + 1 and _opens_main(tokens, index):
            break
        index += 1
    if index == first + 1 or index + 1 >= sentence.last:
        return None
    if tokens[index].lower in orthography.infinitive_markers and tokens[index + 1].may_be(VerbForm.INFINITIVE):
        return None
    relator = tokens[index].term(TermKind.RELATOR)
    end = _phrase_end(tokens, sentence, relator.last if relator is not None else index, orthography)
    undone = any(token.term(TermKind.NEGATION) is not None for token in tokens[first:index])
    return index if undone and (end is None or tells(tokens, index, end, language, clause=True)) else end


def _opens_main(tokens: list[Token], index: int) -> bool:
    """ "who have never fought | had left": a helper behind what the first one helps."""
    helps = any(reading.verb.auxiliary and reading.form in FINITE for reading in tokens[index].verbs)
    before = tokens[index - 1].verbs
    return helps and not any(reading.verb.auxiliary for reading in before)


def _is_of_verb(tokens: list[Token], index: int, opens: bool, orthography: Orthography) -> bool:
    token = tokens[index]
    if token.verbs and not token.terms:
        return True
    adverb = token.lower.endswith(orthography.adverb_endings) or token.term(TermKind.NEGATION) is not None
    participle = not token.terms and token.lower.endswith(orthography.participle_endings)
    return adverb or participle or (opens and not token.terms and token.form.islower())


def _leads_description(tokens: list[Token], relator: Match, orthography: Orthography) -> bool:
    """ "commanded by", "unter dem Kommando von", "backed by", "with tanks", "without", where places are told by their
    capitals also "in uniform", "for the mission"; not "out of", "an der Seite von"."""
    opening = tokens[relator.first]
    if opening.leads(*_ELSEWHERE) or tokens[relator.last].term(TermKind.TIME) is not None:
        return False
    done = opening.lower.endswith(orthography.participle_endings) and not orthography.verb_final
    if relator.last > relator.first + 1:
        return opening.leads("of") or (done and opening.leads("with", "beside"))
    if opening.leads("with", "lacking"):
        return True
    return not orthography.capitalised_nouns and opening.leads("at", "for")


def _adds_things(tokens: list[Token], joint: Match, orthography: Orthography) -> bool:
    """ "soldiers | and their equipment", "and 20 drones", things and people who do not fight."""
    owned = tokens[joint.last].has(TermKind.ANAPHOR, "owner")
    noun = tokens[joint.last + (owned or tokens[joint.last].is_figure)]
    if noun.has(TermKind.FORCE, *_VEHICLES) or noun.has(TermKind.NOT_PEOPLE, "thing"):
        return True
    lower = noun.form.islower() != orthography.capitalised_nouns
    return owned and (noun.has(TermKind.NOT_PEOPLE, "person") or (lower and not (noun.verbs or noun.terms)))


def _names_others(tokens: list[Token], first: int, end: int) -> bool:
    """ "side by side with the commandos", not "commanded by a general": others do the same."""
    return any(
        match.term.kind is TermKind.FORCE and match.term.sort not in _VEHICLES
        for token in tokens[first:end]
        for match in token.terms
    )


def _describes(tokens: list[Token], index: int, orthography: Orthography) -> bool:
    """ "trained", "wearing", "loyal": no gerund of being or doing something somewhere, "guarding the palace"."""
    token = tokens[index]
    if token.lower in orthography.phrase_adjectives:
        return True
    if not is_participle(token, orthography) or moves(tokens, index, words_in(tokens, index, index + 3)):
        return False
    return not any(r.form is VerbForm.GERUND and r.verb.frame is not None and not r.verb.needs for r in token.verbs)


def _is_ambiguous(token: Token, orthography: Orthography) -> bool:
    """Whether it may as well be what they did: "soldiers helped in the rescue"."""
    return token.may_be(*FINITE) or (not token.verbs and token.lower.endswith(orthography.participle_endings))


def _has_verb(tokens: list[Token], sentence: Sentence, first: int, end: int) -> bool:
    """Whether the clause has another finite verb: behind the description, or before the force; a relative pronoun
    behind the description shows that the force's own verb is still to come."""
    for index in range(end, sentence.last):
        token = tokens[index]
        if index == end and token.has(TermKind.SUBORDINATOR, *RELATIVE):
            return True
        if token.has(TermKind.ANAPHOR, "subject", "force") or not token.form[0].isalnum():
            break
        if token.term(TermKind.COORDINATOR) or token.term(TermKind.SUBORDINATOR):
            break
        if token.may_be(*FINITE) and not token.terms:
            return True
    for index in range(first - 1, sentence.first - 1, -1):
        token = tokens[index]
        if (not token.form[0].isalnum() and token.form != "-") or token.term(TermKind.SUBORDINATOR) is not None:
            return False
        if token.may_be(*FINITE) and token.term(TermKind.FORCE) is None:
            readings = [reading.verb for reading in token.verbs]
            return any(verb.frame for verb in readings) or not any(verb.says for verb in readings)
    return False


def _phrase_end(tokens: list[Token], sentence: Sentence, first: int, orthography: Orthography) -> int | None:
    """Behind the noun phrase that begins at `first`; None if it has no noun or what follows is none of its ends."""
    index = first
    while index < min(sentence.last, first + MAX_PHRASE):
        token = tokens[index]
        if not token.form[0].isalnum() or _ends_phrase(tokens, index, first, orthography):
            break
        index += 1
        if orthography.capitalised_nouns and token.form[0].isupper() and not _goes_on_noun(tokens, index):
            break
    if index >= sentence.last or index == first or index - first >= MAX_PHRASE:
        return None
    return None if any(match.term.kind in _LEADS for match in tokens[index - 1].terms) else index


def _goes_on_noun(tokens: list[Token], index: int) -> bool:
    """ "mit dem Kommando | eines Generals", "Drohnen | und Panzer": behind a noun, one more, by genitive or joint."""
    token = tokens[index]
    if token.inside or token.has(TermKind.DETERMINER, "genitive", "one"):
        return True
    return token.form[0].isupper() or (token.term(TermKind.COORDINATOR) is not None and _goes_on(tokens, index + 1))


def _ends_phrase(tokens: list[Token], index: int, first: int, orthography: Orthography) -> bool:
    token = tokens[index]
    if token.inside:
        return False
    if token.term(TermKind.NEGATION) is not None or any(r.verb.auxiliary and r.form in FINITE for r in token.verbs):
        return True
    if token.has(TermKind.NATION, EntryKind.NATION.value) and index - first > 1 and not tokens[index - 1].terms:
        return tokens[index + 1].may_be(*FINITE)  # "soldiers trained in mountain warfare | Kenya has in X"
    if token.lower in orthography.infinitive_markers or token.term(TermKind.SUBORDINATOR) is not None:
        return token.term(TermKind.DETERMINER) is None
    if token.term(TermKind.RELATOR) is not None and index > first:
        return not token.leads("of") or token.leads("origin")
    if token.term(TermKind.COORDINATOR) is not None:
        return not _goes_on(tokens, index + 1)
    dated = token.term(TermKind.TIME) is not None or token.term(TermKind.NO_PLACE) is not None
    if dated and token.term(TermKind.NUMBER) is None:
        return True
    verb = index > first and token.form.islower() and not token.terms
    return verb and (is_clause_verb(tokens, index) or token.may_be(*FINITE) or token.may_be(*MODIFIES))


def _goes_on(tokens: list[Token], index: int) -> bool:
    """ "rifles and | mortars": a noun of no list or a thing, and no verb nor others."""
    token = tokens[index]
    if token.verbs and token.term(TermKind.FORCE) is None and tokens[index + 1].form[0].isalnum():
        return False
    return not (token.is_figure or token.term(TermKind.DETERMINER) or token.term(TermKind.RELATOR))
