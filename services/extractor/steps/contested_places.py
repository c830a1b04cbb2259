"""Part of step 6: the place that is attacked, held or lost, and who attacks or has it, where no relator leads them."""

from dataclasses import replace
from itertools import pairwise

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import (
    NO_SUBJECT,
    after_relator,
    is_agent,
    is_of_attack,
    is_owner,
    is_passive,
    mentions_in,
)
from services.extractor.steps.place_slots import read_slot
from services.extractor.vocabulary import Effect, FrameClass, TermKind, Verb, VerbForm
from shared.events.statements import Stage

MAX_NAME = 3
"""Words of a place's name before a relative clause."""


def place_before(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """ "X, which was captured by rebels", "X, seized last week by rebels": named right before the clause."""
    clause, verb, force = frame.clause, frame.verb, frame.force
    if verb is None or force is None:
        return None
    opens = opens_with_participle(document, frame)
    first = verb.index if opens else clause.first
    if first <= sentence.first or force.last <= first or not (opens or clause.kind == "relative"):
        return None
    by_others = force.last <= verb.index or is_passive(clause, verb) or is_agent(document, sentence, force)
    if not by_others:
        return None
    comma = document.tokens[first - 1].form == ","
    return _place_ending(document, sentence, first - comma, language)


def _place_ending(document: Document, sentence: Sentence, end: int, language: Language) -> Mention | None:
    place = sentence.ending(MentionKind.PLACE, end)
    if place is not None:
        return replace(place, role="at")
    for start in range(end - 1, max(sentence.first, end - MAX_NAME) - 1, -1):
        if document.tokens[start].inside or not document.tokens[start].terms:
            continue
        slot = read_slot(document, sentence, start, "at", start, language)
        if slot is not None and slot.last == end and slot.name is not None and slot.country is not None:
            return slot
    return None


def opens_with_participle(document: Document, frame: Frame) -> bool:
    """ "…, captured last week by the army": behind a comma, with no subject of its own."""
    return (
        frame.verb is not None
        and frame.verb.index > 0
        and document.tokens[frame.verb.index - 1].form == ","
        and frame.verb.reading.form in (VerbForm.PAST, VerbForm.PARTICIPLE)
    )


def _boasts(verb: Verb) -> bool:
    """ "The army announced the capture of X", not "deplored", "denied"."""
    return verb.says and verb.statement is None and verb.effect in (None, Effect.CLAIM, Effect.ANNOUNCE)


def who_has_it(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "X fell to the rebels", "X is in the hands of the rebels": the phrase that says to whom the subject goes."""
    roles = frozenset({"goal", "at", "of"})
    held = frame.verb.reading.verb.needs if frame.verb is not None else frozenset()  # "in der Hand ruandischer Truppen"
    return next(
        (
            m
            for m in mentions_in(sentence, frame.clause, MentionKind.FORCE)
            if m.first > sentence.first + 1
            and (
                after_relator(document, sentence, m, roles)
                or is_agent(document, sentence, m)
                or is_owner(document, m)
                or document.tokens[m.first - 1].lower in held
            )
        ),
        None,
    )


def taken_in_phrase(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "kehrten in das von Rebellen eroberte X zurück": who took it, within the place's own phrase."""
    verb = frame.verb
    if verb is None or verb.reading.form is not VerbForm.PARTICIPLE:
        return None
    place = next((m for m in sentence.mentions if m.kind is MentionKind.PLACE and m.first < verb.index < m.last), None)
    if place is None:
        return None
    forces = (m for m in sentence.mentions if m.kind is MentionKind.FORCE and place.first < m.first < verb.index)
    return next((m for m in forces if is_agent(document, sentence, m)), None)


def has_what_follows(document: Document, agent: Mention, language: Language) -> bool:
    """ "eine Offensive auf die vom IS gehaltene Stadt": the agent of an attribute between article and noun, who does
    nothing else in the sentence; not "der Angriff der Rebellen löste Panik aus"."""
    behind = document.tokens[agent.last : agent.last + 2]
    before = document.tokens[max(0, agent.first - 2) : agent.first + 1]
    opens = any(two.term(TermKind.RELATOR) and one.form[0].islower() for one, two in pairwise(before))
    bent = bool(behind) and behind[0].lower.endswith(language.orthography.attribute_endings)
    return opens and bent and bool(behind[0].verbs) and behind[-1].form[0].isupper()


def who_attacks(document: Document, sentence: Sentence, frame: Frame, last: int, language: Language) -> Mention | None:
    """ "the attack by Rwandan soldiers", "der Angriff ruandischer Soldaten", "the army's siege": the noun's agent or
    owner; "der Armee gelang die Einnahme": who succeeds in it or begins it. `last` is where the noun ends; whom an
    attack is on does not attack."""
    for force in mentions_in(sentence, frame.clause, MentionKind.FORCE):
        if force.last <= frame.head:
            continue
        if force.first == last or (
            is_agent(document, sentence, force) and not has_what_follows(document, force, language)
        ):
            return force
    before = [m for m in mentions_in(sentence, frame.clause, MentionKind.FORCE) if m.last <= frame.head]
    verbs = [verb.reading.verb for verb in frame.clause.verbs]
    event = document.tokens[frame.head].event
    mutual = event is not None and event.mutual
    own = mutual or (frame.frame, frame.stage) == (FrameClass.TAKE, Stage.ENGAGED)
    if any(verb.effect is Effect.BEGIN or (own and _boasts(verb)) for verb in verbs):
        return next((m for m in before if not after_relator(document, sentence, m, NO_SUBJECT)), None)
    if before and is_of_attack(document, sentence, before[-1]):
        return before[-1]
    return _who_fell(document, sentence, frame) if mutual else None


def _who_fell(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "Two Kenyan soldiers died in clashes near X", "bei Gefechten in X fielen kenianische Soldaten": they had fought
    there, not only those who fell."""
    if not any(document.tokens[k].has(TermKind.NOT_PEOPLE, "casualty") for k in frame.clause.tokens()):
        return None
    forces = mentions_in(sentence, frame.clause, MentionKind.FORCE)
    fell = (m for m in forces if m.code is not None and not after_relator(document, sentence, m, NO_SUBJECT))
    fallen = next(fell, None)
    return None if fallen is None else replace(fallen, count_min=None, count_max=None, counted=False)
