"""Part of step 6: which verbs of a clause tell of a force themselves, and which only help or describe."""

from services.extractor.document import Clause, ClauseVerb, Document, MentionKind, Sentence, Token
from services.extractor.lexicon import Language
from services.extractor.orthography import Orthography
from services.extractor.steps.clause_phrases import NO_SUBJECT, after_relator, forces_in, is_passive, mentions_in
from services.extractor.vocabulary import FrameClass, TermKind, VerbForm
from shared.events.statements import Stage

MIN_STEM, MAX_PARTICLE_LETTERS = 2, 10
"""From and up to where a participle's own prefix may stand behind its particle: "zusammenGEzogen"."""

PREDICATE = 5
"""Words from an article to where the noun of a predicate ends."""
_WHATEVER = frozenset({TermKind.CUE, TermKind.ROLE_NOUN, TermKind.EVENT, TermKind.NUMBER, TermKind.DETERMINER})
_OTHERS = ("displaced", "casualty", "person", "message")
_ENDS = frozenset({TermKind.RELATOR, TermKind.COORDINATOR})
_STAYS = frozenset({FrameClass.SEND, FrameClass.HAVE, FrameClass.BE})
_PASSES = frozenset({FrameClass.LEAVE, FrameClass.ENTER, FrameClass.WITHDRAW})
_OBJECTS = frozenset({TermKind.FORCE, TermKind.VAGUE, TermKind.PARTITIVE})
_RIVER = (TermKind.PLACE_NOUN, "region")
_MOVES = frozenset({FrameClass.GO, FrameClass.DEPART, FrameClass.LEAVE, FrameClass.WITHDRAW})


def tells_of_itself(
    document: Document, sentence: Sentence, clause: Clause, verb: ClauseVerb, language: Language
) -> bool:
    """Whether a verb with a frame fills it here; False where it helps another, counts nothing or describes a force."""
    orthography = language.orthography
    copula = verb.reading.verb.copula and verb.particle_at is None
    return not (
        is_killed(document, clause, verb)
        or _only_helps(document, sentence, clause, verb, orthography)
        or _goes_about(document, verb, language)
        or _rules_infinitive(document, clause, verb, language)
        or (copula and _unknown_predicate(document, sentence, clause, verb.index, language))
        or (verb.reading.verb.frame is FrameClass.COUNT and not _has_figure(sentence, clause))
        or _only_describes(sentence, clause, verb, orthography)
        or _leaves_victims(document, clause, verb)
        or _moves_others(document, sentence, clause, verb)
        or _announces_deed(document, sentence, clause, verb)
    )


def _leaves_victims(document: Document, clause: Clause, verb: ClauseVerb) -> bool:
    """ "clashed near X, leaving 14 people dead", "…, leaving residents of X in fear", "…, crossing a river", "…,
    ending years of talks": beside what the sentence tells, and no force, mission or named place as its object."""
    if verb.reading.form is not VerbForm.GERUND or verb.reading.verb.frame not in _PASSES:
        return False
    behind = [document.tokens[k] for k in clause.tokens() if k > verb.index]
    if any(token.has(TermKind.NOT_PEOPLE, "casualty") for token in behind):
        return verb.reading.verb.frame is FrameClass.LEAVE
    led = next((k for k, token in enumerate(behind) if not token.form[0].isalnum() or _leads(token)), len(behind))
    words = behind[:led]
    told = any(_is_object(token) or token.form[0].isupper() or token.term(TermKind.NATION) for token in words)
    told = told or any(token.event is not None for token in words)
    passed = all(token.has(*_RIVER) for token in words if token.term(TermKind.PLACE_NOUN))
    return clause.kind == "gerund" and bool(words) and not told and passed


def _is_object(token: Token) -> bool:
    """What forces, how many, "them", "the country"."""
    pointed = token.has(TermKind.ANAPHOR, "object", "country", "rest")
    return pointed or token.is_figure or any(match.term.kind in _OBJECTS for match in token.terms)


def _leads(token: Token) -> bool:
    """Not "up to 900 troops"."""
    return token.term(TermKind.RELATOR) is not None and token.term(TermKind.QUANTIFIER) is None


def _moves_others(document: Document, sentence: Sentence, clause: Clause, verb: ClauseVerb) -> bool:
    """ "Soldiers brought the wounded to X", "sent a report to Y", "…, bringing hope to the town": an object of its own,
    and no force behind it."""
    behind = document.tokens[verb.index + 1 : clause.last]
    led = next((k for k, token in enumerate(behind) if token.term(TermKind.RELATOR) is not None), len(behind))
    others = any(token.has(TermKind.NOT_PEOPLE, *_OTHERS) for token in behind[:led])
    sends = verb.reading.verb.frame is FrameClass.SEND and not is_passive(clause, verb)
    others = others or (led > 0 and clause.kind == "gerund" and not any(_is_object(token) for token in behind))
    return sends and others and all(m.first < verb.index for m in mentions_in(sentence, clause, MentionKind.FORCE))


def _announces_deed(document: Document, sentence: Sentence, clause: Clause, verb: ClauseVerb) -> bool:
    """ "kündigte vor Soldaten an, die 300 abzuziehen", not "kündigte 300 Soldaten für X an": what is announced stands
    before the particle, and no relator before it."""
    sends = verb.reading.verb.frame is FrameClass.SEND
    if not (sends and verb.reading.verb.says) or verb.particle_at is None:
        return False
    announced = [m for m in forces_in(document, sentence, clause) if verb.index < m.first < verb.particle_at]
    return all(after_relator(document, sentence, m, NO_SUBJECT) for m in announced)


def _only_describes(sentence: Sentence, clause: Clause, verb: ClauseVerb, orthography: Orthography) -> bool:
    """ "les soldats déployés à Gao rentreront", "soldiers based in X flew home", "die in X stationierten Soldaten
    flogen heim", "holt die in X stationierten Soldaten zurück": a participle within its force or right behind it, when
    another verb says what they do; its place is the clause's. Where adjectives stand before their noun, only if they
    move."""
    if verb.reading.form not in (VerbForm.PARTICIPLE, VerbForm.PAST):
        return False
    forces = sentence.of_kind(MentionKind.FORCE)
    inside = any(m.first <= verb.index < m.head for m in forces)
    return (inside or any(m.last == verb.index for m in forces)) and any(
        v is not verb
        and (v.index > verb.index or (inside and orthography.verb_final))
        and v.reading.verb.frame in _MOVES
        and v.reading.form is not VerbForm.GERUND
        for v in clause.verbs
    )


def _has_figure(sentence: Sentence, clause: Clause) -> bool:
    return any(m.counted for m in mentions_in(sentence, clause, MentionKind.FORCE)) or any(
        not m.vague for m in mentions_in(sentence, clause, MentionKind.QUANTITY)
    )


def _only_helps(
    document: Document, sentence: Sentence, clause: Clause, verb: ClauseVerb, orthography: Orthography
) -> bool:
    """Whether the verb says nothing of its own, only helps another beside it, listed or not."""
    if _is_helper(sentence, verb, clause, orthography.verb_final):
        return True
    if verb.particle_at is not None:
        return False  # "are involved in the mission"
    may_help = any(reading.verb.auxiliary for reading in document.tokens[verb.index].verbs)
    return may_help and _helps_unlisted(document, clause, verb.index, orthography)


def is_killed(document: Document, clause: Clause, verb: ClauseVerb) -> bool:
    """ "were killed", "Two soldiers killed in X": who fell does not fight any more; a town that "ist an die Rebellen
    gefallen" is taken."""
    fallen = document.tokens[verb.index].has(TermKind.NOT_PEOPLE, "casualty") and not verb.reading.verb.yields
    behind = document.tokens[verb.index + 1] if verb.index + 1 < clause.last else None
    ends = behind is None or (behind.term(TermKind.RELATOR) is not None and not behind.verbs)
    bare = ends and not any(v.reading.verb.auxiliary for v in clause.verbs)
    return fallen and (bare or is_passive(clause, verb))


def _rules_infinitive(document: Document, clause: Clause, verb: ClauseVerb, language: Language) -> bool:
    """ "ordered the army to send howitzers": what is ordered tells who goes, the order does not; "ordered 300 marines
    to the island of X | to crush the rebels" tells it."""
    markers = language.orthography.infinitive_markers
    return verb.reading.verb.stage is Stage.PLANNED and any(
        v.index > verb.index
        and v.reading.form is VerbForm.INFINITIVE
        and v.reading.verb.frame is not None
        and document.tokens[v.index - 1].lower in markers
        and not any(t.lower in markers and not t.inside for t in document.tokens[verb.index : v.index - 1])
        for v in clause.verbs
    )


def _goes_about(document: Document, verb: ClauseVerb, language: Language) -> bool:
    """ "are going to arrive": nobody goes yet."""
    behind = document.tokens[verb.index + 1 : verb.index + 3]
    return (
        verb.reading.form is VerbForm.GERUND
        and verb.reading.verb.frame is FrameClass.GO
        and len(behind) == 2
        and behind[0].lower in language.orthography.infinitive_markers
        and behind[1].may_be(VerbForm.INFINITIVE)
    )


def _is_helper(sentence: Sentence, verb: ClauseVerb, clause: Clause, verb_final: bool) -> bool:
    """An auxiliary beside the verb it helps, or before it, says nothing of its own."""
    return verb.reading.verb.auxiliary and any(
        (
            other is not verb
            and not other.reading.verb.auxiliary
            and other.reading.form
            in (VerbForm.PARTICIPLE, VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE, VerbForm.GERUND)
        )
        or (other is not verb and other.reading.form is VerbForm.PARTICIPLE)
        for other in clause.verbs
        if verb_final or (other.index > verb.index and not _stands_before_place(sentence, verb, other.index))
    )


def _stands_before_place(sentence: Sentence, verb: ClauseVerb, end: int) -> bool:
    """ "are in X, twice the number foreseen by the treaty": who is somewhere is there, whatever participle follows."""
    places = sentence.of_kind(MentionKind.PLACE)
    return verb.reading.verb.copula and any(verb.index < m.first < end for m in places)


def _helps_unlisted(document: Document, clause: Clause, index: int, orthography: Orthography) -> bool:
    """ "haben die Stadt abgeriegelt", "… verhindert haben": a participle of a verb in no list, where one must stand."""
    words = [k for k in clause.tokens() if document.tokens[k].form[0].isalnum()]
    before = [k for k in words if k < index]
    behind = [k for k in words if k > index]
    places = [words[-1], *before[-1:]] if orthography.verb_final else behind[:1]
    read = {verb.index for verb in clause.verbs if verb.index != index}
    is_state = any(reading.verb.copula for reading in document.tokens[index].verbs)  # "sind beteiligt"
    others = [document.tokens[k] for k in places if k != index and k not in read]
    return any(
        (_is_participle(token) and not is_state) or _is_unlisted_participle(token, orthography) for token in others
    )


def _is_participle(token: Token) -> bool:
    """Of a listed verb, though none of its readings fits."""
    return token.may_be(VerbForm.PARTICIPLE) and token.form[0].islower()


def _is_unlisted_participle(token: Token, orthography: Orthography) -> bool:
    if token.terms or token.verbs or token.inside or token.form[0].isupper() or "-" in token.form:
        return False  # "has well-equipped soldiers"
    if not token.lower.endswith(orthography.participle_endings):
        return False
    prefixes = orthography.participle_prefixes
    return not prefixes or token.lower.startswith(prefixes) or prefixes[0] in token.lower[MIN_STEM:MAX_PARTICLE_LETTERS]


def _tells_other_things(token: Token) -> bool:
    """ "were stopped near X", "was trying": a verb whose readings do not fit, and none of being or going somewhere."""
    done = {r.verb.frame for r in token.verbs if r.form is VerbForm.PARTICIPLE}
    told = done | ({r.verb.frame for r in token.verbs if r.form is VerbForm.GERUND} - {FrameClass.GO})
    return bool(told) and not told & _STAYS


def _is_predicate_noun(behind: list[Token]) -> bool:
    """ "is a | product of the war in X": what they are, in words that mean no force, place or measure."""
    ends = (k for k, t in enumerate(behind) if not t.form[0].isalpha() or any(m.term.kind in _ENDS for m in t.terms))
    phrase = behind[: next(ends, len(behind))]
    return bool(phrase) and all(match.term.kind in _WHATEVER for token in phrase for match in token.terms)


def _unknown_predicate(document: Document, sentence: Sentence, clause: Clause, index: int, language: Language) -> bool:
    """ "were decorated in Madrid", "will be joined by a unit": behind a copula, a word in no list, or before its agent
    a verb of which no reading fits, says what they are or what is done to them, not where."""
    if language.orthography.verb_final:
        return False
    read = {verb.index for verb in clause.verbs}
    first = index + 1 + (index + 1 < sentence.last and document.tokens[index + 1].term(TermKind.TIME) is not None)
    for token in document.tokens[first : min(sentence.last, first + 3)]:
        done_by = token.index + 1 < sentence.last and document.tokens[token.index + 1].leads("by")
        if token.verbs and token.index not in read and done_by:
            return True
        counts = sentence.beginning(MentionKind.QUANTITY, token.index) is not None
        bounds = token.has(TermKind.QUANTIFIER, "most") and not counts
        if bounds or token.has(TermKind.QUANTIFIER, "last") or (token.index not in read and _tells_other_things(token)):
            return True  # "was last in X", "is under pressure in X"
        if token.has(TermKind.DETERMINER, "indefinite", "definite"):
            return _is_predicate_noun(document.tokens[token.index + 1 : min(sentence.last, token.index + PREDICATE)])
        if token.terms or token.verbs or token.inside or not token.form[0].islower():
            return False
        if not token.lower.endswith(language.orthography.adverb_endings):
            return True
    return False
