"""Part of step 5: the verbs of a clause, each with the reading that particle and needed words select."""

from services.extractor.document import Clause, ClauseVerb, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.orthography import Orthography
from services.extractor.steps.object_relatives import tells_of_force_before
from services.extractor.steps.relative_pronouns import opens_that_clause
from services.extractor.steps.verb_particles import particle_of
from services.extractor.steps.verb_readings import ends_force, is_done_by_force
from services.extractor.steps.words_needed import ANY_FIGHT, ANY_FORCE, ANY_PEOPLE, NEXT_VERB, NOUN_KINDS, words_needed
from services.extractor.terms import Match
from services.extractor.vocabulary import ATTACKS, FINITE, Effect, FrameClass, TermKind, Verb, VerbForm, VerbReading

_OBJECTS = frozenset({TermKind.FORCE, TermKind.NUMBER, TermKind.VAGUE, TermKind.QUANTIFIER, TermKind.DETERMINER})
_ANY_INFINITIVE = "*infinitive"
_LEAD_ATTRIBUTE = frozenset({TermKind.DETERMINER, TermKind.NUMBER, TermKind.RELATOR, TermKind.EVENT})
GERUND_WITHIN = 2
"""Words behind the opener of a gerund's clause among which its verb stands."""


def clause_verbs(tokens: list[Token], clause: Clause, orthography: Orthography) -> list[ClauseVerb]:
    """The verbs of the clause with the reading that particle and needed words select."""
    indices = [index for index in clause.tokens() if tokens[index].verbs]
    if not indices:
        return []
    words = words_needed(tokens, clause, orthography)
    leads = not words.isdisjoint(orthography.infinitive_markers)
    joined = tokens[clause.first].term(TermKind.COORDINATOR)
    opener = tokens[clause.first if joined is None else min(joined.last, clause.last - 1)]
    if opener.term(TermKind.SUBORDINATOR) is not None:
        words.discard(opener.lower)  # "said that X holds Y", "and that Z holds W": the verb above needs it
    behind = [tokens[last] for _, last in clause.pieces if last < len(tokens)]
    words.update(token.lower for token in behind if token.term(TermKind.SUBORDINATOR) is not None)
    if clause.kind == "gerund" and clause.parent is not None:
        words |= words_needed(tokens, clause.parent, orthography)  # "Evacuated from X, the soldiers …"
    ruled = any(r.verb.modal for index in indices for r in tokens[index].verbs)  # "den Peru fertig haben wollte"
    if clause.kind == "relative" and not ruled and tells_of_force_before(tokens, clause.first):
        words.add(ANY_FORCE)
    if leads and any(_leads_infinitive(tokens, index, clause, orthography) for index in clause.tokens()):
        words.add(_ANY_INFINITIVE)
    helped = [
        index
        for index in indices
        if any(r.form in FINITE and (r.verb.auxiliary or r.verb.modal) for r in tokens[index].verbs)
    ]
    found: list[ClauseVerb] = []
    opening = next((k for k in clause.tokens() if tokens[k].form[0].isalnum()), clause.first)
    for index in indices:
        token = tokens[index]
        if orthography.capitalised_nouns and token.form[0].isupper() and index != opening:
            continue
        if token.term(TermKind.ATTRIBUTION) is not None or is_allegation(tokens, index, orthography):
            continue
        own_gerund = clause.kind == "gerund" and index <= clause.first + GERUND_WITHIN
        if not own_gerund and _is_noun(tokens, index, orthography):
            continue
        if index + 1 < clause.last and _is_owner(token, tokens[index + 1]):
            continue
        if _is_bare_attribute(tokens, index, clause, orthography):
            continue
        helps = clause.kind == "gerund" or _is_helped(tokens, index, helped)
        helps = helps or describes_in_infinitive(tokens, index, clause.last, orthography)
        helps = helps or (found != [] and _is_wanted(tokens, found[-1], index))
        best = _best_reading(tokens, index, clause, words, orthography, helps)
        if best is not None:
            found.append(best)
    return found


def _is_wanted(tokens: list[Token], before: ClauseVerb, index: int) -> bool:
    """ "wants 300 soldiers sent to X"."""
    wants = before.reading.verb.effect is Effect.PLAN and before.reading.form in FINITE
    return wants and not before.reading.verb.modal and ends_force(tokens, index - 1)


def describes_in_infinitive(tokens: list[Token], index: int, last: int, orthography: Orthography) -> bool:
    """ "kündigte an, | die in X stationierten Soldaten abzuziehen": bent before a noun, in a clause, up to `last`, that
    an infinitive with its marker ends."""
    if not orthography.verb_final or index + 1 >= last or not tokens[index + 1].form[0].isupper():
        return False
    ending = next((k for k in range(last - 1, index, -1) if tokens[k].form[0].isalnum()), index)
    bent = tokens[index].lower.endswith(orthography.attribute_endings)
    return bent and tokens[ending].may_be(VerbForm.TO_INFINITIVE)


def _is_owner(token: Token, behind: Token) -> bool:
    """ "sein Bataillon", but not "die dort gewesen sein sollen": an infinitive before the verb that rules it."""
    if not token.has(TermKind.ANAPHOR, "owner"):
        return False
    ruled = behind.form.islower() and any((r.verb.modal or r.verb.future) and r.form in FINITE for r in behind.verbs)
    return behind.form[0].isalnum() and not ruled


def is_allegation(tokens: list[Token], index: int, orthography: Orthography) -> bool:
    """The noun of "has rejected claims", "all reports", "Reports that … were denied": behind a verb of saying or what
    opens a noun phrase, or opening the sentence; where nouns have capitals, what has one."""
    if not tokens[index].has(TermKind.CUE, "allegation"):
        return False
    if tokens[index].form[0].isupper() and index + 1 < len(tokens) and opens_that_clause(tokens, index + 1):
        return True
    if index == 0 or (orthography.capitalised_nouns and tokens[index].form[0].isupper()):
        return orthography.capitalised_nouns
    before = tokens[index - 1]
    opens = before.term(TermKind.DETERMINER) is not None or before.term(TermKind.QUANTIFIER) is not None
    return opens or any(reading.verb.says for reading in before.verbs)


def _is_bare_attribute(tokens: list[Token], index: int, clause: Clause, orthography: Orthography) -> bool:
    """ "nach dem angekündigten Abzug", "die 2100 bereits entsandten Soldaten", "gut ausgerüstete Truppen": a participle
    before its noun tells nothing; with a phrase of its own ("die nach Mali entsandten Soldaten") it does."""
    if not (orthography.verb_final and orthography.capitalised_nouns):
        return False
    noun = index + 1
    while noun < clause.last and tokens[noun].has(TermKind.NATION, EntryKind.ADJECTIVE.value):
        noun += 1  # "2100 entsandten kenianischen Soldaten"
    if noun >= clause.last or not tokens[noun].form[0].isupper():
        return False
    bent = tokens[index].lower.endswith(orthography.attribute_endings)
    if not bent or not tokens[index].may_be(VerbForm.PARTICIPLE, VerbForm.GERUND):
        return False
    leads = index - 1
    while leads >= clause.first and _modifies_attribute(tokens[leads], leads == clause.first):
        leads -= 1
    if leads < clause.first:
        return leads < index - 1 and not tokens[index].may_be(*FINITE)
    before = tokens[leads]
    if leads == clause.first and before.has(TermKind.ANAPHOR, "demonstrative") and _says_who(tokens, index):
        return False
    if before.is_year and not _has_other_finite(tokens, index, clause):
        return False  # "im Jahr 2024 verlegten Soldaten …"
    return before.form[0].isdigit() or any(
        match.last == leads + 1 and (match.term.kind in _LEAD_ATTRIBUTE or match.term.sort == EntryKind.ADJECTIVE.value)
        for match in before.terms
    )


def _modifies_attribute(token: Token, opens: bool) -> bool:
    """ "gut", "bereits", "dringend": a small word in no list but those of degree and time."""
    plain = all(match.term.kind in (TermKind.QUANTIFIER, TermKind.TIME) for match in token.terms)
    return plain and (opens or token.form.islower()) and not (token.verbs or token.inside)


def _has_other_finite(tokens: list[Token], index: int, clause: Clause) -> bool:
    return any(tokens[k].may_be(*FINITE) for k in clause.tokens() if k != index)


def _says_who(tokens: list[Token], index: int) -> bool:
    """ "Das bestätigte Präsident Ruto", "Das bestätigt London": a verb of saying before who can say it."""
    says = any(reading.verb.says for reading in tokens[index].verbs)
    who = (TermKind.ROLE_NOUN, TermKind.PERSON, TermKind.NATION, TermKind.ORGANISATION)
    return says and any(match.term.kind in who for match in tokens[index + 1].terms)


def _is_noun(tokens: list[Token], index: int, orthography: Orthography) -> bool:
    """A word that is a verb and a noun is the noun, but not behind a helper: "had been massing", "will duly patrol"."""
    if not any(match.term.kind in NOUN_KINDS and not _may_be_verb(match) for match in tokens[index].terms):
        return _is_called(tokens, index)
    if index == 0:
        return True
    forms = {reading.form for reading in tokens[index].verbs}
    before = tokens[index - 1]
    between = before.term(TermKind.DETERMINER) is not None
    apart = before.has(TermKind.NEGATION, "particle") or before.lower.endswith(orthography.adverb_endings)
    helper = tokens[index - 1 - (between or apart)].verbs if index > between else ()
    if VerbForm.GERUND in forms:
        being = not between and any(r.verb.copula and r.verb.auxiliary for r in helper)
        if being or _moves(tokens, index):
            return False
    if VerbForm.INFINITIVE in forms:
        ruled = any(r.verb.modal or r.verb.future for r in helper) or _is_ruled(tokens, index, orthography)
        if ruled or _has_object(tokens, index, orthography):
            return False
    return VerbForm.PRESENT not in forms or not is_done_by_force(tokens, index, orthography.noun_plurals)


def _has_object(tokens: list[Token], index: int, orthography: Orthography) -> bool:
    """ "to dispatch 200 soldiers": behind a marker or a comma, and before a force or what counts one."""
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    marker = tokens[index - 1].lower in orthography.infinitive_markers
    if marker and index > 1 and (tokens[index - 2].term(TermKind.FORCE) is not None or tokens[index - 2].inside):
        return True  # "troops to advance"
    if behind is None:
        return False
    if marker and behind.leads("goal"):
        return True  # "are going to advance into X"
    if behind.leads("origin") or not (marker or tokens[index - 1].form == ","):
        return False  # "to base from X"
    return _leads_object(behind)


def _leads_object(token: Token) -> bool:
    return token.form[0].isdigit() or any(_opens_object(match) for match in token.terms)


def _opens_object(match: Match) -> bool:
    owner = match.term.kind is TermKind.ANAPHOR and match.term.sort == "owner"  # "to post its own guards"
    return owner or match.term.kind in _OBJECTS


def _is_ruled(tokens: list[Token], index: int, orthography: Orthography) -> bool:
    """ "are to exit Mali", "decided to recall its troops", not "returned to base": an infinitive that a verb rules."""
    if index < 2 or tokens[index - 1].lower not in orthography.infinitive_markers:
        return False
    return any(r.verb.copula or r.verb.effect is not None for r in tokens[index - 2].verbs)


def _may_be_verb(match: Match) -> bool:
    """ "attack", "raid": of these the words around have told the verb from the noun, but for "clashes between"."""
    event = match.term.event
    return event is not None and event.frame in ATTACKS and match.last == match.first + 1


def _is_called(tokens: list[Token], index: int) -> bool:
    """ "the shelling of X"."""
    event = tokens[index].term(TermKind.EVENT)
    return event is not None and index > 0 and tokens[index - 1].has(TermKind.DETERMINER, "definite", "indefinite")


def _moves(tokens: list[Token], index: int) -> bool:
    """ "soldiers crossing into X", "special forces landing in X": between a force and the relator of a place."""
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    return behind is not None and behind.leads("goal", "at") and ends_force(tokens, index - 1)


def _leads_infinitive(tokens: list[Token], index: int, clause: Clause, orthography: Orthography) -> bool:
    """ "to guard", not "to Somalia": a marker before a verb, or before a word in no list that is no name."""
    if tokens[index].lower not in orthography.infinitive_markers or index + 1 >= clause.last:
        return False
    after = tokens[index + 1]
    if after.verbs:
        return after.may_be(VerbForm.INFINITIVE)
    return not after.terms and after.form.isalpha() and after.form[0].islower()


def _leads_verb(tokens: list[Token], index: int, clause: Clause, verb: Verb, orthography: Orthography) -> bool:
    """ "pledged to attack", "suggested sending", "is thinking of sending"."""
    behind = index + 1
    behind += behind < clause.last and tokens[behind].lower == verb.particle
    if behind < clause.last and _leads_infinitive(tokens, behind, clause, orthography):
        return True
    behind += behind < clause.last and tokens[behind].term(TermKind.RELATOR) is not None
    if behind >= clause.last or not tokens[behind].may_be(VerbForm.GERUND):
        return False
    return not _is_noun(tokens, behind, orthography) or _leads_object(tokens[min(behind + 1, clause.last - 1)])


def _is_helped(tokens: list[Token], index: int, helpers: list[int]) -> bool:
    """Whether another finite verb makes this form an infinitive or participle; modals rule auxiliaries."""
    if any(r.verb.modal for r in tokens[index].verbs):
        return False
    before = tokens[index - 1].verbs if index > 0 else ()
    if before and any((r.verb.auxiliary and r.form not in FINITE) or r.verb.lasts for r in before):
        return True  # "to be sent", "remained ringed"
    others = [k for k in helpers if k != index]
    if others and any(r.verb.auxiliary for r in tokens[index].verbs):
        others = [k for k in others if any(r.verb.modal or r.verb.future for r in tokens[k].verbs)]
    return bool(others)


def _best_reading(
    tokens: list[Token], index: int, clause: Clause, words: set[str], orthography: Orthography, helped: bool
) -> ClauseVerb | None:
    """The reading whose particle and words are there, of several particles the nearest; beside an auxiliary a form that
    could be finite is not."""
    best: tuple[tuple[int, int, int, int, int], ClauseVerb] | None = None
    ruled = _is_infinitive_here(tokens, index, clause, orthography)
    helps = not orthography.verb_final and _helps(tokens, index, clause.last, orthography)
    for reading in tokens[index].verbs:
        if helps and not reading.verb.auxiliary:
            continue
        particle_at = None
        if reading.verb.particle and not reading.joined:
            there = reading.verb.particle in words
            particle_at = particle_of(tokens, index, clause, reading, orthography) if there else None
            if particle_at is None:
                continue
        goes_on = NEXT_VERB in reading.verb.needs and _leads_verb(tokens, index, clause, reading.verb, orthography)
        if reading.verb.needs and not (goes_on or reading.verb.needs & words):
            continue
        if _counts_later(tokens, index, clause, reading, orthography):
            continue
        needed = bool(reading.verb.needs) and not (_only_types(reading.verb) and ANY_PEOPLE in words)
        by_word = needed and any(word.isalpha() or word == ANY_FIGHT for word in reading.verb.needs & words)
        form_fits = int((reading.form in FINITE) != helped)
        no_infinitive = int(reading.form is not VerbForm.INFINITIVE or ruled)
        fits = 3 if goes_on else needed + by_word
        rank = (bool(reading.verb.particle) + 0, -(particle_at or 0), fits, form_fits, no_infinitive)
        if best is None or rank > best[0]:
            best = (rank, ClauseVerb(index, reading, particle_at))
    return best[1] if best else None


def _counts_later(
    tokens: list[Token], index: int, clause: Clause, reading: VerbReading, orthography: Orthography
) -> bool:
    """ "The strength of the force is 340", not "is there in a show of strength"."""
    counts = reading.verb.frame is FrameClass.COUNT and reading.verb.copula and not orthography.verb_final
    return counts and all(tokens[k].lower not in reading.verb.needs for k in clause.tokens() if k < index)


def _is_infinitive_here(tokens: list[Token], index: int, clause: Clause, orthography: Orthography) -> bool:
    """ "will overrun", "to overrun", not "was overrun": what could be participle and infinitive is the latter here."""
    if orthography.verb_final or tokens[index - 1].lower in orthography.infinitive_markers:
        return True
    helpers = [
        k for k in clause.tokens() if k < index and any(r.verb.auxiliary or r.verb.modal for r in tokens[k].verbs)
    ]
    return not helpers or any(r.verb.modal or r.verb.future for r in tokens[helpers[-1]].verbs)


def _helps(tokens: list[Token], index: int, last: int, orthography: Orthography) -> bool:
    """ "may have sent", "have been training": a helper before its participle, with adverbs at most between."""
    if not any(reading.verb.auxiliary for reading in tokens[index].verbs):
        return False
    for token in tokens[index + 1 : last]:
        if token.may_be(VerbForm.PARTICIPLE, VerbForm.GERUND):
            return not any(match.term.kind in NOUN_KINDS for match in token.terms)
        adverb = token.lower.endswith(orthography.adverb_endings) or token.term(TermKind.TIME) is not None
        if not adverb and token.term(TermKind.NEGATION) is None and token.term(TermKind.HEDGE) is None:
            return False
    return False


def _only_types(verb: Verb) -> bool:
    """Whether the reading tells nothing of forces: "sent tanks" yields to "sent" where soldiers went with them."""
    return verb.statement is not None and verb.frame is None and verb.effect is None and not verb.says
