"""Part of step 9: what tense and mood of a frame's verbs tell: done, going on, announced, yet to come."""

from services.extractor.document import Clause, ClauseVerb, Frame
from services.extractor.vocabulary import FINITE, Effect, FrameClass, VerbForm, VerbReading
from shared.events.statements import Stage

STATIC = frozenset({FrameClass.BE, FrameClass.HAVE, FrameClass.SEE, FrameClass.FIGHT, FrameClass.TAKE})
_OPEN_FORMS = frozenset({VerbForm.PRESENT, VerbForm.SUBJUNCTIVE, VerbForm.CONDITIONAL})
"""Finite forms that leave open whether it has happened: "wird", "werde", "würde verlegt"."""


def is_future(frame: Frame) -> bool:
    """ "werde entsenden", "may be posted", "will send"."""
    return clause_is_future(frame.clause, frame.verb.reading if frame.verb is not None else None)


def clause_is_future(clause: Clause, main: VerbReading | None) -> bool:
    """Whether the clause's verbs tell of what is to come; `main` is the one that the question is about, if any is."""
    verbs = [verb.reading for verb in clause.verbs]
    if any(r.form is VerbForm.FUTURE for r in verbs):
        return True
    if any(r.verb.modal and r.verb.effect in (Effect.PLAN, Effect.SUSPECT) for r in verbs):
        return True
    future = any(r.verb.future and r.form in FINITE and r.form is not VerbForm.PAST for r in verbs)
    done = main is not None and main.form is VerbForm.PARTICIPLE  # "will have sent"
    return future and any(
        r.form in (VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE)
        and (not r.verb.auxiliary or r.verb.passive or r is main or done)  # "werden im Dezember dort sein"
        for r in verbs
    )


def is_active_present(frame: Frame) -> bool:
    """ "Deutschland entsendet 200 Soldaten": a state in the present tense announces."""
    counted = frame.force is not None and frame.force.counted
    goes = counted and frame.frame in (FrameClass.GO, FrameClass.DEPART)  # "350 rücken an", "200 lösen die Dänen ab"
    told = frame.clause.source is not None and (goes or frame.frame is FrameClass.SEND)
    if told and (frame.form is VerbForm.SUBJUNCTIVE or (goes and frame.form is VerbForm.CONDITIONAL)):
        return True  # "teilte mit, es schicke 200 Soldaten", "es kämen 300 dazu"
    if frame.form is not VerbForm.PRESENT and not _is_caused_now(frame):
        return False
    orders = frame.institution and frame.frame is FrameClass.SEND  # "das Ministerium schickt 30 Soldaten"
    return frame.sender is not None or goes or (orders and counted)


def _is_caused_now(frame: Frame) -> bool:
    """ "lässt 300 Soldaten nach X verlegen", but not "hat … verlegen lassen"."""
    helpers = [v.reading for v in frame.clause.verbs if v.reading.verb.auxiliary or v.reading.verb.modal]
    if frame.form is not VerbForm.INFINITIVE or len(helpers) != 1:
        return False
    helper = helpers[0]
    rules_participle = helper.verb.copula or helper.verb.passive or helper.verb.modal
    return helper.form is VerbForm.PRESENT and not rules_participle


def is_progressive(frame: Frame) -> bool:
    """ "Soldiers are leaving for X", "France is sending 200 soldiers"; within reported speech "said he was sending"."""
    verb = frame.verb
    before = [v.reading for v in frame.clause.verbs if verb is not None and v.index < verb.index]
    if before and before[-1].form is VerbForm.GERUND and frame.form is VerbForm.PARTICIPLE:
        before.pop()  # "are being flown"
    elif verb is None or verb.reading.form is not VerbForm.GERUND:
        return False
    tenses = (VerbForm.PRESENT, VerbForm.PAST) if frame.clause.source is not None else (VerbForm.PRESENT,)
    return bool(before) and before[-1].form in tenses and before[-1].verb.copula


def is_passive_present(frame: Frame) -> bool:
    """ "Ein Bataillon wird nach Litauen verlegt": announced, where the passive of the present is not the state."""
    if frame.form is not VerbForm.PARTICIPLE:
        return False
    finite = [v.reading for v in frame.clause.verbs if v.reading.form in FINITE]
    open_tense = len(finite) == 1 and finite[0].form in _OPEN_FORMS
    return open_tense and finite[0].verb.passive and finite[0].verb.future


def is_perfect(frame: Frame) -> bool:
    """ "sind eingetroffen", "hat geschickt": it has happened, whatever else of the clause was once planned."""
    verb = frame.verb
    if verb is not None and frame.form is VerbForm.PAST and not verb.reading.verb.auxiliary:
        return True  # "entered the war in a bid to help"
    if frame.form is not VerbForm.PARTICIPLE:
        return False
    if any(v.reading.verb.auxiliary and v.reading.form is VerbForm.INFINITIVE for v in frame.clause.verbs):
        return False  # "are to be sent"
    helpers = [v.reading for v in frame.clause.verbs if v.reading.form in FINITE]
    return any(h.verb.auxiliary and not h.verb.future for h in helpers)


def is_open_tense(frame: Frame) -> bool:
    """Neither past nor perfect: what the verb tells may still lie ahead."""
    if frame.verb is None:
        return True
    if any(v.reading.form is VerbForm.PARTICIPLE for v in frame.clause.verbs if v.index == frame.verb.index):
        return False
    return frame.verb.reading.form in (
        VerbForm.PRESENT,
        VerbForm.INFINITIVE,
        VerbForm.TO_INFINITIVE,
        VerbForm.SUBJUNCTIVE,
        VerbForm.CONDITIONAL,  # "am Donnerstag kämen 300 dazu"
    )


def is_only_meant(frame: Frame) -> bool:
    """An infinitive that nothing says has been done: "Cuba to send 900 troops", "has pledged to send"."""
    return _bare_infinitive(frame) or _passive_infinitive(frame) or _promised(frame) or _is_due(frame)


def _is_due(frame: Frame) -> bool:
    """ "300 Soldaten sind nach X zu entsenden", "the order was to leave at dawn": what is to be done."""
    verb = frame.verb
    if verb is None or frame.frame in STATIC or verb.reading.form not in (VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE):
        return False
    others = [v.reading for v in frame.clause.verbs if v is not verb]
    return len(others) == 1 and others[0].verb.copula and others[0].form in FINITE


def _bare_infinitive(frame: Frame) -> bool:
    """A headline's "Cuba to send 900 troops", "A plan to send 900 troops was …": no finite verb before it."""
    verb = frame.verb
    return (
        verb is not None
        and verb.reading.form in (VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE)
        and frame.clause.kind == "main"
        and not any(v.reading.form in FINITE and _rules_here(frame, v) for v in frame.clause.verbs)
    )


def _rules_here(frame: Frame, finite: ClauseVerb) -> bool:
    """Not the verb behind "A plan to send 900 troops": nothing before it has a tense."""
    told = [v for v in frame.clause.verbs if v.index < frame.head and not v.reading.verb.auxiliary]
    return frame.frame in STATIC or finite.index < frame.head or bool(told)


def _promised(frame: Frame) -> bool:
    """ "has pledged to send", "promised to have 300 soldiers there", "are going to be sent": the verb before it only
    promises or goes about it."""
    before = [v for v in frame.clause.verbs if v.index < frame.head and not v.reading.verb.auxiliary]
    hosts = frame.verb is not None and frame.verb.reading.verb.hosts  # "offered to host"
    lasts = frame.frame in STATIC and frame.frame is not FrameClass.HAVE and not hosts
    ruling = before[-1].reading if before and not lasts else None
    infinitive = frame.verb is not None and any(
        v.reading.form in (VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE)
        for v in frame.clause.verbs
        if before and before[-1].index < v.index <= frame.head
    )
    if ruling is None or not infinitive:
        return False
    return ruling.verb.stage is Stage.PLANNED or (ruling.verb.frame is FrameClass.GO and ruling.form is VerbForm.GERUND)


def _passive_infinitive(frame: Frame) -> bool:
    """ "a battalion to be sent to X": has not happened, unless somebody only says that it has been."""
    verb = frame.verb
    if verb is None or verb.reading.form is not VerbForm.PARTICIPLE or Effect.SUSPECT in frame.clause.effects:
        return False
    before = [v.reading for v in frame.clause.verbs if v.index < verb.index]
    if not before or not (before[-1].verb.passive and before[-1].form is VerbForm.INFINITIVE):
        return False
    return not any(r.verb.modal or r.verb.says for r in before)
