"""Part of step 4: whether a claim could hang on some words: a name, a place, a verb of moving, a figure for others."""

from services.extractor.document import Token
from services.extractor.lexicon import Language
from services.extractor.orthography import Orthography
from services.extractor.steps.number_words import compose_number, may_compose
from services.extractor.vocabulary import FINITE, Effect, FrameClass, TermKind, VerbForm, VerbReading

MODIFIES = frozenset({VerbForm.PARTICIPLE, VerbForm.GERUND})
"""Forms that may describe a noun."""
FIGURE_WITHIN = 3
"""Words from a figure to the people it counts."""
MIN_PARTICLE = 2
"""Letters of a particle before the participle's own prefix: "anGEführt"."""

_NAMES = frozenset({TermKind.NATION, TermKind.ORGANISATION, TermKind.PLACE, TermKind.PERSON, TermKind.ATTRIBUTION})
_HARM = ("casualty", "loss", "deed", "displaced", "vote")
_COUNTRIES = ("country", "neighbour")
_PLACES = ("at", "goal", "origin", "near", "via")
_WEIGHED = frozenset({Effect.CONFIRM, Effect.DENY, Effect.REFUSE})
_FORCE = "*force"
_STAYS = frozenset({FrameClass.BE, FrameClass.HAVE, FrameClass.COUNT, FrameClass.SEE})
_EVENTS = _STAYS | {FrameClass.FIGHT}


def tells(tokens: list[Token], first: int, last: int, language: Language, clause: bool, parts: bool = False) -> bool:
    """Whether a claim could hang on one of the words; a finite verb is one only in a clause, people with a figure are
    nobody else where they are parts of those told of."""
    words = words_in(tokens, first, last)
    undone = clause and any(token.term(TermKind.NEGATION) is not None for token in tokens[first:last])
    for index in range(first, last):
        token = tokens[index]
        harm = (*_HARM, *(() if parts else ("target",)))
        if any(match.term.kind in _NAMES for match in token.terms) or token.has(TermKind.NOT_PEOPLE, *harm):
            return True
        if _is_place(tokens, index, first, clause) or _is_unlisted_name(tokens, index, first, language):
            return True
        if (not clause and _is_planned(token, words)) or _says(token, words, clause):
            return True
        event = token.event
        if (event is not None and event.frame not in _EVENTS) or (moves(tokens, index, words, clause) and not undone):
            return True
        if not parts and (
            _counts_alone(tokens, index, last, language) or _counts_people(tokens, index, first, language)
        ):
            return True
    return False


def _counts_people(tokens: list[Token], index: int, first: int, language: Language) -> bool:
    noun = tokens[index].term(TermKind.FORCE)
    before = tokens[max(first, index - FIGURE_WITHIN) : index]
    return noun is not None and noun.term.counts and any(is_number(token, language) for token in before)


def _is_unlisted_name(tokens: list[Token], index: int, first: int, language: Language) -> bool:
    """ "in Kuridzo", not "led by Colonel Brandt": where nouns have no capitals, a name behind a relator of place."""
    if language.orthography.capitalised_nouns or not tokens[index].form[0].isupper():
        return False
    return any(token.leads(*_PLACES) for token in tokens[max(first, index - FIGURE_WITHIN) : index])


def words_in(tokens: list[Token], first: int, last: int) -> frozenset[str]:
    """The words that readings of verbs may need."""
    forces = any(token.term(TermKind.FORCE) is not None for token in tokens[first:last])
    return frozenset(token.lower for token in tokens[first:last]).union((_FORCE,) if forces else ())


def is_number(token: Token, language: Language) -> bool:
    """In digits, or in words, "zweihundert" among them."""
    if token.is_figure or not may_compose(token.lower, language):
        return token.is_figure
    return compose_number(token.lower, language.number_parts) is not None


def _is_place(tokens: list[Token], index: int, first: int, clause: bool) -> bool:
    """ "there", "in the north", "an der Grenze", "guarding the port", not "for the mountains", "who know the area"."""
    token, before = tokens[index], tokens[max(first, index - FIGURE_WITHIN) : index]
    led = any(word.leads(*_PLACES) for word in before)
    if token.has(TermKind.ANAPHOR, "there", "here", "where") or (led and token.has(TermKind.ANAPHOR, *_COUNTRIES)):
        return True
    if token.term(TermKind.PLACE_NOUN) is None:
        return False
    return led or not (clause or any(word.leads("for") for word in before))


def _counts_alone(tokens: list[Token], index: int, last: int, language: Language) -> bool:
    """ "womit 900 bereitstehen", not "auf sechs Monate"."""
    behind = tokens[index + 1 : min(last, index + FIGURE_WITHIN)]
    return is_number(tokens[index], language) and not any(
        token.term(TermKind.NOT_PEOPLE) or token.term(TermKind.FORCE) for token in behind
    )


def moves(tokens: list[Token], index: int, words: frozenset[str], clause: bool = False) -> bool:
    """Whether a verb of moving or fighting can be read here, beside the words that reading needs."""
    token = tokens[index]
    if token.term(TermKind.FORCE) is not None:
        return False
    noun = _is_noun(tokens, index)
    for reading in token.verbs:
        finite = reading.form in FINITE or reading.form is VerbForm.INFINITIVE
        if (not finite or (clause and not noun)) and _reads_as_move(reading, words):
            return True
    return False


def _is_noun(tokens: list[Token], index: int) -> bool:
    """ "with | drones", "rifles and | mortars"."""
    kinds = (TermKind.RELATOR, TermKind.DETERMINER, TermKind.COORDINATOR)
    return index > 0 and any(match.term.kind in kinds for match in tokens[index - 1].terms)


def _is_planned(token: Token, words: frozenset[str]) -> bool:
    """ "promised", "zugesagt", "for an exercise": the rest has not happened, or is no deployment."""
    if any(match.term.kind is TermKind.CUE and match.term.effect is not None for match in token.terms):
        return True
    return any(r.form in MODIFIES and r.verb.effect is not None and _fits(r, words) for r in token.verbs)


def _says(token: Token, words: frozenset[str], clause: bool) -> bool:
    """Whether it tells what somebody says; in a clause ("who are said to be tired") only where that is a judgement."""
    if token.term(TermKind.FORCE) is not None:
        return False
    said = [r.verb for r in token.verbs if r.verb.says and _fits(r, words)]
    return any(not clause or verb.effect in _WEIGHED for verb in said)


def _reads_as_move(reading: VerbReading, words: frozenset[str]) -> bool:
    verb = reading.verb
    return _fits(reading, words) and ((verb.frame is not None and verb.frame not in _STAYS) or verb.lasts)


def _fits(reading: VerbReading, words: frozenset[str]) -> bool:
    """Whether the particle and the words that the reading needs are there."""
    verb = reading.verb
    there = verb.particle is None or reading.joined or verb.particle in words
    return there and (not verb.needs or bool(verb.needs & words))


def is_clause_verb(tokens: list[Token], index: int) -> bool:
    """A form that is finite and nothing else."""
    token = tokens[index]
    finite = token.form.islower() and not token.terms and token.may_be(*FINITE) and not token.may_be(*MODIFIES)
    return finite and not _is_noun(tokens, index)


def is_participle(token: Token, orthography: Orthography) -> bool:
    """ "armed", "ausgerüstet", "bewaffnet": of a verb that moves nobody, or of none that a list knows."""
    if token.verbs:
        bent = orthography.verb_final and token.lower.endswith(orthography.attribute_endings)
        return token.may_be(*MODIFIES) and not bent and not any(r.verb.auxiliary for r in token.verbs)
    if token.terms or token.inside or not token.form.islower():
        return False
    if token.lower.endswith(orthography.gerund_endings or ("\0",)):
        return True
    prefixes = orthography.participle_prefixes
    begins = not prefixes or token.lower.startswith(prefixes) or prefixes[0] in token.lower[MIN_PARTICLE:]
    return begins and token.lower.endswith(orthography.participle_endings)
