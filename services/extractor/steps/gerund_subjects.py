"""Part of step 6: whom a clause without a subject means: the noun before a relative, a gerund's subject above."""

from services.extractor.document import Clause, Document, Mention, MentionKind, Sentence
from services.extractor.steps.clause_phrases import forces_in
from services.extractor.vocabulary import FINITE, TermKind

ANTECEDENT = "relative:antecedent"
"""The rule that a relative clause's force is the noun before it."""
OPENING = 3
"""Words within which the subject of a clause begins whose verb is in no list."""


def subject_above(document: Document, sentence: Sentence, clause: Clause) -> Mention | None:
    """ "After arriving in X, the 300 soldiers went on": a gerund's subject is that of the clause above."""
    parent = clause.parent
    if parent is None:
        return None
    finite = min((v.index for v in parent.verbs if v.reading.form in FINITE), default=parent.first + OPENING)
    forces = [force for force in forces_in(document, sentence, parent) if force.first < finite]
    return next(iter(forces), None)


def antecedent(document: Document, sentence: Sentence, clause: Clause) -> Mention | None:
    """The force before a relative clause; not "900 soldiers in X, and its president, who was in Y"."""
    before = [m for m in sentence.mentions if m.kind is MentionKind.FORCE and m.last <= clause.first]
    if not before:
        return None
    nearest = before[-1]
    if _tells_of_place(document, sentence, clause, nearest):
        return None
    around = clause.parent
    if around is not None and around.says and nearest.head not in around:
        return None  # "…, said an official | who asked not to be named"
    between = range(nearest.last, clause.first)
    places = [m for m in sentence.mentions if m.kind is MentionKind.PLACE and m.first >= nearest.last]
    plain = [k for k in between if not any(k in m for m in places)]  # "the troops at X in Y, who left"
    joined = any(document.tokens[k].term(TermKind.COORDINATOR) is not None for k in plain)
    person = sentence.ending(MentionKind.SPEAKER, clause.first - 1)
    if joined and person is not None and person.features & {"person", "official"}:
        return None
    return nearest if len(plain) <= 5 else None


def _tells_of_place(document: Document, sentence: Sentence, clause: Clause, force: Mention) -> bool:
    """ "sent soldiers to Mali, | which has been at war since 2012": what a place is, not where they are."""
    end = clause.first - (document.tokens[clause.first - 1].form == ",")
    place = sentence.ending(MentionKind.PLACE, end)
    if place is None or place.first < force.last:
        return False
    inside = any(m.kind is MentionKind.PLACE and m.head in clause for m in sentence.mentions)
    return bool(clause.verbs) and all(v.reading.verb.auxiliary for v in clause.verbs) and not inside
