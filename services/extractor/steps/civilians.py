"""Part of step 9: police, fire brigades, teams and travellers, who stand where forces might."""

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence
from services.extractor.steps.clause_phrases import in_saying_clause, is_agent, is_attributed, is_passive
from services.extractor.steps.discourse import NEAR_FORCE
from services.extractor.terms import Match
from services.extractor.vocabulary import ATTACKS, FrameClass, TermKind

JOINED_WITHIN = 3
"""Words from others to the force that they are joined to: "police officers and soldiers"."""
_ASIDE = ("sub", "apart")
"""Kinds of clauses beside what a sentence is about."""


def is_about_others(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """Police, fire brigades and teams: beside a weak force noun, or as the force itself."""
    force = frame.force
    nameless = force is not None and {"weak", "people"} <= force.features and force.code is None
    if force is not None and nameless and _means_others(document, sentence, force.first):
        return True
    for index in range(sentence.first, sentence.last):
        for match in document.tokens[index].terms:
            if match.term.kind is not TermKind.UNRELATED:
                continue
            if force is not None and index in force:
                continue  # "army medics"
            if match.term.sort == "context":
                return True
            if in_saying_clause(sentence, index) or _tells(document, sentence, index):
                continue  # "…, wie er vor Journalisten sagte", "nach Angaben von Helfern"
            if force is not None and force.code is not None and _suffers(frame, force, index):
                continue
            if force is not None and _is_joined(document, sentence, force, index):
                continue  # "soldiers and police"
            if force is None or "weak" in force.features or _is_at(document, force, match):
                return True
            if force.code is None and not force.counted and index < force.first and force.features & {"unit"}:
                return True
    return False


def _is_at(document: Document, force: Mention, others: Match) -> bool:
    """Whether others stand right beside the force: "soldiers of the fire brigade"; not beyond a sign or a verb."""
    if others.first < force.first:
        between = document.tokens[others.last : force.first]
    else:
        between = document.tokens[force.last : others.first]
    return len(between) < JOINED_WITHIN and all(t.form[0].isalnum() and not t.verbs for t in between)


def _tells(document: Document, sentence: Sentence, index: int) -> bool:
    return any(
        m.kind is MentionKind.SPEAKER and index in m and is_attributed(document, sentence, m) for m in sentence.mentions
    )


def _suffers(frame: Frame, force: Mention, index: int) -> bool:
    """ "soldiers shot at police officers in X", "the capture of X by rebels alarmed aid workers": behind the attack."""
    return frame.frame in ATTACKS and force.last <= index and (frame.nominal or force.last <= frame.head < index)


def _means_others(document: Document, sentence: Sentence, index: int) -> bool:
    """ "400 police officers arrived. Up to 2,500 officers are to follow": who was named last are no soldiers."""
    near = document.sentences[max(0, sentence.index - NEAR_FORCE) : sentence.index + 1]
    first = min(s.first for s in near if s.field == sentence.field)
    for token in reversed(document.tokens[first:index]):
        force = token.term(TermKind.FORCE)
        if force is not None and not force.term.weak and force.term.sort != "vehicle":
            return False
        if token.has(TermKind.UNRELATED, "actor"):
            return True
    return False


def _is_joined(document: Document, sentence: Sentence, force: Mention, index: int) -> bool:
    """ "800 soldiers and 1,200 police", "200 police and 800 soldiers": others who go as well."""
    number = sentence.ending(MentionKind.QUANTITY, index)
    joint = (number.first if number is not None else index) - 1 if index >= force.last else force.first - 1
    if index < force.last and force.first - index > JOINED_WITHIN:
        return False
    beside = joint == force.last or index < force.first
    return beside and document.tokens[joint].term(TermKind.COORDINATOR) is not None


def moves_others(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "soldiers evacuated 250 civilians from Pemba", "were flown out by soldiers": who is taken is no force."""
    force, verb = frame.force, frame.verb
    if frame.frame is not FrameClass.WITHDRAW or force is None or verb is None:
        return False
    others = [k for k in frame.clause.tokens() if document.tokens[k].has(TermKind.NOT_PEOPLE, "person")]
    if is_passive(frame.clause, verb):
        return bool(others) and is_agent(document, sentence, force)
    return any(k >= force.last and _is_object(document, k, force.last) for k in others)


def _is_object(document: Document, index: int, first: int) -> bool:
    """Whether no relator or coordinator leads the noun phrase that ends at `index`."""
    for token in reversed(document.tokens[first:index]):
        if token.verbs or not token.form[0].isalnum():
            return True
        if token.term(TermKind.RELATOR) or token.term(TermKind.COORDINATOR):
            return False
    return True


def civilians_before(document: Document, sentence: Sentence, index: int) -> bool:
    """ "Police had stopped the migrants. They went back to X": the people named first in the sentence before, or since,
    are no soldiers. Subjects come first, and a pronoun mostly goes on with the subject; not with whom "Two days after a
    bomb killed 14 people" tells of."""
    before = document.sentences[max(0, sentence.index - 1)]
    first = before.first if before.field == sentence.field else sentence.first
    for token in document.tokens[first:index]:
        if token.term(TermKind.FORCE) is not None:
            return False
        others = token.index < sentence.first and token.has(TermKind.NOT_PEOPLE, "person", "displaced")
        clause = before.clause_at(token.index) if others else None
        others = others and not (clause is not None and clause.kind in _ASIDE)
        if others or token.has(TermKind.UNRELATED, "actor"):
            return True
    return False
