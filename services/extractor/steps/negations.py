"""Part of step 7: whether a word of negation denies what its clause tells, or only a part of it."""

from services.extractor.document import Clause, MentionKind, Token
from services.extractor.steps.clause_phrases import mentions_in
from services.extractor.steps.sentence_scopes import SentenceScopes
from services.extractor.terms import Match
from services.extractor.vocabulary import FrameClass, TermKind, VerbForm

NOUN_WITHIN = 4
"""How many words may stand between a negating article and the noun it denies."""

OPENED_WITHIN = 3
"""Words back from what closes a negation to what opens it: "n'y en a plus"."""

_TOLD_OF = frozenset(
    {
        TermKind.FORCE,
        TermKind.EVENT,
        TermKind.NATION,
        TermKind.ORGANISATION,
        TermKind.ROLE_NOUN,
        TermKind.PLACE,
        TermKind.PLACE_NOUN,
        TermKind.PARTITIVE,
    }
)
"""Who moves, who says so and where: a clause that denies one of these denies its own report."""


def denies_clause(scopes: SentenceScopes, clause: Clause, negation: Match) -> bool:
    """Whether the word of negation rules over the clause's verbs."""
    if _corrected(scopes, clause, negation) or _leads_noun(scopes, negation) or _is_number(scopes, negation):
        return False
    if negation.term.sort == "particle":
        return not _opens(scopes, clause, negation)
    if negation.term.sort == "ended" and not _is_opened(scopes, negation):
        return False
    return negation.term.sort != "determiner" or not _of_another_noun(scopes, clause, negation)


def _is_opened(scopes: SentenceScopes, negation: Match) -> bool:
    """ "n'a plus": not "plus de 300 soldats"."""
    openers = scopes.language.orthography.negation_openers
    before = scopes.tokens[max(scopes.sentence.first, negation.first - OPENED_WITHIN) : negation.first]
    return not openers or any(token.lower in openers for token in before)


def forbids(scopes: SentenceScopes, negation: Match) -> bool:
    """ "told Chad not to send", "agreed not to go": what is not to be done; "claimed not to have sent" denies."""
    marker, verb = _at(scopes, negation.last), _at(scopes, negation.last + 1)
    if marker is None or verb is None or marker.lower not in scopes.language.orthography.infinitive_markers:
        return False
    infinitives = [r.verb for r in verb.verbs if r.form is VerbForm.INFINITIVE]
    return bool(infinitives) and not any(one.auxiliary and not one.passive for one in infinitives)


def _corrected(scopes: SentenceScopes, clause: Clause, negation: Match) -> bool:
    """ "nicht mehr 1500, sondern 3000": what stands after the contrast is affirmed; "schickt Ausbilder, aber keine
    Kampftruppen": so is what stands before all verbs are told and a phrase of its own denies something else."""
    behind = [k for k in scopes.sentence.where(TermKind.COORDINATOR) if k > negation.first]
    if any(scopes.tokens[k].has(TermKind.COORDINATOR, "contrast") and k in clause for k in behind):
        return True
    if negation.term.sort == "particle" and any(k in clause and _opposes(scopes, k) for k in behind):
        return True
    before = scopes.tokens[max(clause.first, negation.first - 2) : negation.first]
    added = any(token.form == "," or token.term(TermKind.COORDINATOR) is not None for token in before)
    denied = _at(scopes, negation.last)
    alone = denied is None or not denied.form[0].isalnum()  # "were in X, but no longer"
    if not added or alone or any(verb.index > negation.first for verb in clause.verbs):
        return False
    told = mentions_in(scopes.sentence, clause, MentionKind.FORCE)
    return any(m.last < negation.first and "institution" not in m.features for m in told)


def _opposes(scopes: SentenceScopes, index: int) -> bool:
    """ "not to X | but to Y", "not 900 | but 600 soldiers": two phrases of one sort, the second affirmed."""
    before, after = _at(scopes, index - 1), _at(scopes, index + 1)
    if before is None or after is None or not scopes.tokens[index].has(TermKind.COORDINATOR, "correction"):
        return False
    ends = index - (before.form == ",")
    places = scopes.sentence.ending(MentionKind.PLACE, ends) is not None and after.term(TermKind.RELATOR)
    figure = after.is_figure or after.term(TermKind.QUANTIFIER) is not None
    return bool(places) or (before.is_figure and figure)


def _leads_noun(scopes: SentenceScopes, negation: Match) -> bool:
    """ "without much of a fight", "without being replaced": a relator that negates denies only what it leads."""
    relator = scopes.tokens[negation.first].term(TermKind.RELATOR)
    return relator is not None and relator.last == negation.last


def _is_number(scopes: SentenceScopes, negation: Match) -> bool:
    """ "No. 31 Squadron", "keine drei Wochen nach X"; not "has never sent 900 soldiers"."""
    after = _at(scopes, negation.last)
    figure = _at(scopes, negation.last + 1) if after is not None and after.form == "." else after
    number = figure is not None and (figure.form[0].isdigit() or figure.term(TermKind.NUMBER) is not None)
    return number and negation.term.sort == "determiner"


def _opens(scopes: SentenceScopes, clause: Clause, negation: Match) -> bool:
    """ "not months", "nicht alle", "…, aber nicht in X": at the beginning, before no verb, it denies the next words."""
    before, after = _at(scopes, negation.first - 1), _at(scopes, negation.last)
    if before is not None and before.term(TermKind.COORDINATOR) is not None:
        before = _at(scopes, before.index - 1)
    opens = negation.first == clause.first or before is None or not before.form[0].isalnum()
    return opens and after is not None and not after.verbs and after.form[0].isalnum()


def _of_another_noun(scopes: SentenceScopes, clause: Clause, negation: Match) -> bool:
    """ "met no resistance", "keine 30 Kilometer entfernt": behind a verb that tells of forces, and of something else;
    but "has no reason to send …" denies what hangs on it."""
    if _at(scopes, negation.last) is None or not scopes.tokens[negation.last].form[0].isalnum():
        return False  # "Soldaten schickt das Land keine"
    if any(child.parent is clause and child.kind in ("infinitive", "sub") for child in scopes.sentence.clauses):
        return False
    verbs = [v for v in clause.verbs if v.reading.verb.frame not in (None, FrameClass.HAVE)]
    if not any(v.index < negation.first for v in verbs):
        return False
    words = scopes.tokens[negation.last : min(scopes.sentence.last, negation.last + NOUN_WITHIN)]
    return not any(match.term.kind in _TOLD_OF for token in words if token.index in clause for match in token.terms)


def _at(scopes: SentenceScopes, index: int) -> Token | None:
    return scopes.tokens[index] if scopes.sentence.first <= index < scopes.sentence.last else None
