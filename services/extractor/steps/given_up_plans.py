"""Part of step 7: plans that the same sentence gives up: "considered sending soldiers to X but decided against it"."""

from services.extractor.document import Clause, Document, Sentence
from services.extractor.vocabulary import Effect, VerbForm

_INFINITIVES = frozenset({VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE})


def refuse_given_up(document: Document, sentence: Sentence) -> None:
    """Lays the refusal of a main clause that tells of no forces ("but dropped the plan") on the plan before it."""
    for clause in sentence.clauses:
        if not _gives_up(document, sentence, clause):
            continue
        before = [c for c in sentence.clauses[: clause.index] if c.kind == "main"]
        if not before or not _plans(before[-1]):
            continue
        for told in sentence.clauses[before[-1].index : clause.index]:
            if told is before[-1] or (told.kind == "infinitive" and told.parent is before[-1]):
                told.effects.add(Effect.REFUSE)


def _gives_up(document: Document, sentence: Sentence, clause: Clause) -> bool:
    """Only what a word beside the verb calls a plan ("the idea", "dagegen"): who "rejects criticism" still plans."""
    if clause.kind != "main" or Effect.NEGATE in clause.effects:
        return False
    if not any(v.reading.verb.effect is Effect.REFUSE and v.reading.verb.needs for v in clause.verbs):
        return False  # asked first: it is rare, and what follows looks through all frames
    if any(v.reading.form in _INFINITIVES for v in clause.verbs):
        return False  # "dropped plans to send tanks"
    goes_on = any(c.parent is clause and c.kind == "infinitive" for c in sentence.clauses)
    return not (goes_on or any(frame.clause is clause for frame in document.frames))


def _plans(clause: Clause) -> bool:
    return Effect.PLAN in clause.effects or any(v.reading.verb.effect is Effect.PLAN for v in clause.verbs)
