"""Part of step 9: stage and certainty of a frame, by verb class, tense, modality and the scopes over its clause."""

import re

from services.extractor.document import (
    FINITE,
    Clause,
    ClauseVerb,
    Document,
    Effect,
    Frame,
    FrameClass,
    Mention,
    TermKind,
    VerbForm,
    VerbReading,
)
from shared.events.statements import Certainty, Stage

_YEAR = re.compile(r"20\d\d")
STATIC = frozenset({FrameClass.BE, FrameClass.HAVE, FrameClass.SEE, FrameClass.FIGHT, FrameClass.TAKE})


_OPEN_FORMS = frozenset({VerbForm.PRESENT, VerbForm.SUBJUNCTIVE, VerbForm.CONDITIONAL})
"""Finite forms that leave open whether it has happened: "wird", "werde", "würde verlegt"."""


_TOLD = frozenset({"definite", "part", "pronoun", "possessive"})
_DESCRIBES = frozenset({VerbForm.PARTICIPLE, VerbForm.PAST, VerbForm.GERUND})


def stage_of(frame: Frame, document: Document) -> tuple[Stage, bool]:
    """Stage by verb class, tense and modality; and whether a modal makes it hearsay ("soll … sein")."""
    if frame.stage is Stage.WITHDRAWN:
        return Stage.WITHDRAWN, _hearsay(frame)
    if frame.attributive or describes_force(frame, document):
        return frame.stage, False
    effects = frame.clause.effects
    hearsay = _hearsay(frame) and not (lies_ahead(frame, document) or Effect.PLAN in effects)
    if hearsay:
        return frame.stage, True
    if Effect.HEARSAY in effects and frame.verb is not None:
        return Stage.PLANNED, False  # "seraient stationnés dès 2027", "enverrait"
    if Effect.END in effects and (frame.nominal or _is_over(frame)):
        return Stage.WITHDRAWN, False
    if frame.frame in STATIC and frame.verb is not None and frame.verb.reading.verb.effect is Effect.BEGIN:
        return Stage.DEPLOYED, False  # "will stay until autumn"
    if _begins_later(frame, document) or _lies_before(frame, document):
        return Stage.PLANNED, False
    if Effect.BEGIN in effects and Effect.PLAN not in effects:
        return frame.stage, False
    goes_ahead = frame.frame not in STATIC or frame.clause.kind == "infinitive"  # "kündigte an, sich zu beteiligen"
    if Effect.ANNOUNCE in effects and goes_ahead and _open_tense(frame):
        return Stage.PLANNED, False
    announced = _announced_stage(frame, document)
    if announced is not None:
        return announced, False
    if _bare_infinitive(frame) or _passive_infinitive(frame) or _promised(frame):
        return Stage.PLANNED, False
    if (Effect.PLAN in effects and not _is_perfect(frame)) or is_future(frame) or _future_time(frame, document):
        return Stage.PLANNED, False
    return frame.stage, False


def _is_over(frame: Frame) -> bool:
    """ "The soldiers are no longer in X"."""
    return frame.clause.effects >= {Effect.END, Effect.NEGATE} and frame.frame in (FrameClass.BE, FrameClass.HAVE)


def describes_force(frame: Frame, document: Document) -> bool:
    """ "the warship deployed in X could be sunk", "two battalions already stationed in X", "die in X stationierten
    Soldaten könnten …": a participle that only describes its force, whatever the clause's own verb plans."""
    force, verb = frame.force, frame.verb
    begins = _has_time(frame.clause, document, "start")
    if force is not None and not begins and _stands_beside_place(frame, force, document):
        return True
    if force is None or verb is None or verb.reading.form not in _DESCRIBES:
        return False
    if force.first <= verb.index < force.head:  # not "the idea of sending soldiers"
        sends = frame.frame is FrameClass.SEND and verb.reading.form is VerbForm.GERUND
        return frame.stage is Stage.DEPLOYED and not sends
    between = document.tokens[force.last : verb.index]
    already = any(token.has(TermKind.TIME, "underway", "now", "past") for token in between)
    if force.last > verb.index or len(between) > already or frame.stage is not Stage.DEPLOYED:
        return False
    behind = [v.reading for v in frame.clause.verbs if v.index > verb.index]
    return already or any(r.form in FINITE for r in behind)


def _stands_beside_place(frame: Frame, force: Mention, document: Document) -> bool:
    """ "will feed its 900 soldiers in X", "the 900 soldiers in X will guard the port": they are there already; not "the
    contingent in X will number 900"."""
    numbered = force.counted and _has_number(force, document)
    known = numbered and force.features & {"possessive", "definite"} and "elided" not in force.features
    there = any(place.first == force.last and place.role == "at" for place in frame.places)
    return bool(known) and there and frame.frame is FrameClass.BE and frame.stage is Stage.DEPLOYED


def _lies_before(frame: Frame, document: Document) -> bool:
    """ "will vote before sending 90 soldiers": as far ahead as what comes first."""
    clause = frame.clause
    ahead = clause.kind == "gerund" and document.tokens[clause.first].has(TermKind.SUBORDINATOR, "ahead")
    parent = clause.parent
    return ahead and parent is not None and (_is_future(parent, None) or Effect.PLAN in parent.effects)


def is_future(frame: Frame) -> bool:
    """ "werde entsenden", "may be posted", "will send"."""
    return _is_future(frame.clause, frame.verb.reading if frame.verb is not None else None)


def _is_future(clause: Clause, main: VerbReading | None) -> bool:
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


def _future_time(frame: Frame, document: Document) -> bool:
    if not _open_tense(frame) and not _is_passive_present(frame):
        return False
    if _has_time(frame.clause, document, "start"):
        return True
    moves = frame.frame not in STATIC
    if moves and lies_ahead(frame, document):
        return True  # "bis 2028 kommen 1200 Kanadier"
    told = frame.form is VerbForm.PRESENT  # "am Montag brechen 300 auf"
    told = told and not (frame.clause.kind == "main" and frame.head + 2 >= frame.clause.last)  # "hat (…) verabschiedet"
    return moves and _has_time(frame.clause, document, "future", *(("month",) if told else ()))


def _has_time(clause: Clause, document: Document, *sorts: str) -> bool:
    return any(document.tokens[index].has(TermKind.TIME, *sorts) for index in clause.tokens())


def _begins_later(frame: Frame, document: Document) -> bool:
    """ "will begin deploying", "die Verlegung beginnt nächste Woche": what has yet to begin has not happened."""
    clauses = (frame.clause, frame.clause.parent)
    return frame.frame not in STATIC and any(
        clause is not None and _opens_later(clause, document) for clause in clauses
    )


def _opens_later(clause: Clause, document: Document) -> bool:
    verbs = [verb.reading for verb in clause.verbs]
    opening = [r for r in verbs if r.verb.effect is Effect.BEGIN and r.verb.present_stage is Stage.PLANNED]
    if not opening or opening[0].form in (VerbForm.PAST, VerbForm.PARTICIPLE):
        return False
    ahead = any((r.verb.future or r.verb.modal) and r.form in FINITE for r in verbs)
    return ahead or _has_time(clause, document, "future", "start")


def _announced_stage(frame: Frame, document: Document) -> Stage | None:
    """What a present tense announces, if the verb is one that does so."""
    if frame.verb is None:
        return None
    verb = frame.verb.reading.verb
    if frame.frame is FrameClass.GROW and not _adds_number(frame, document):
        return None
    if _is_active_present(frame) or (_is_passive_present(frame) and not _is_under_way(frame, document)):
        return verb.present_stage
    return verb.progressive_stage if _is_progressive(frame) else None


def _adds_number(frame: Frame, document: Document) -> bool:
    """ "stockt um 200 Soldaten auf", "sein Kontingent auf 600"; "verstärkt seine Präsenz" and "sein Kontingent von 300"
    tell of what is there."""
    force = frame.force
    if force is None or not force.counted:
        return False
    return "possessive" not in force.features or not _has_number(force, document)


def _has_number(force: Mention, document: Document) -> bool:
    """Whether the figure stands among the force's own words, not apart."""
    words = document.tokens[force.first : force.last]
    return any(word.is_figure for word in words)


def _is_active_present(frame: Frame) -> bool:
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


def _is_progressive(frame: Frame) -> bool:
    """ "France is sending 200 soldiers"."""
    verb = frame.verb
    if verb is None or frame.sender is None or verb.reading.form is not VerbForm.GERUND:
        return False
    before = [v.reading for v in frame.clause.verbs if v.index < verb.index]
    tenses = (VerbForm.PRESENT, VerbForm.PAST) if frame.clause.source is not None else (VerbForm.PRESENT,)
    return bool(before) and before[-1].form in tenses and before[-1].verb.copula  # "said he was sending"


def _is_passive_present(frame: Frame) -> bool:
    """ "Ein Bataillon wird nach Litauen verlegt": announced, where the passive of the present is not the state."""
    if frame.form is not VerbForm.PARTICIPLE:
        return False
    finite = [v.reading for v in frame.clause.verbs if v.reading.form in FINITE]
    open_tense = len(finite) == 1 and finite[0].form in _OPEN_FORMS
    return open_tense and finite[0].verb.passive and finite[0].verb.future


def _is_under_way(frame: Frame, document: Document) -> bool:
    """ "werden derzeit nach X verlegt": the passive of the present is the state after all."""
    return _has_time(frame.clause, document, "underway")


def is_now(frame: Frame, document: Document) -> bool:
    """ "derzeit sind es 250", "there are 250 now"."""
    return _has_time(frame.clause, document, "underway", "now")


def _is_perfect(frame: Frame) -> bool:
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


def lies_ahead(frame: Frame, document: Document) -> bool:
    """ "Bis 2027 sollen 4800 dort dienen": a later year, or words for what is to come."""
    tokens = [document.tokens[index] for index in frame.clause.tokens()]
    year = document.published.year if document.published is not None else 9999
    later = any(_YEAR.fullmatch(token.form) and int(token.form) > year for token in tokens)
    return later or _has_time(frame.clause, document, "future", "start")


def _open_tense(frame: Frame) -> bool:
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


def _hearsay(frame: Frame) -> bool:
    """A modal or mood of hearsay with a state or a finished act: "sollen sich befinden", "soll geschickt haben",
    "aurait envoyé"."""
    if Effect.HEARSAY in frame.clause.effects:
        return frame.frame in STATIC or _is_perfect(frame)
    verbs = [verb.reading for verb in frame.clause.verbs]
    if not any(r.verb.modal and r.verb.effect is Effect.SUSPECT for r in verbs):
        return _is_estimate(frame)
    perfect = any(r.form is VerbForm.PARTICIPLE for r in verbs) and any(
        r.verb.auxiliary
        and not (r.verb.future or r.verb.passive)  # "may be posted" lies ahead
        and r.form in (VerbForm.INFINITIVE, VerbForm.PRESENT)
        for r in verbs
    )
    return perfect or (frame.frame in STATIC and not _is_duty(frame))


def _is_estimate(frame: Frame) -> bool:
    """ "could have up to 4,000 fighters in X", "there could be 900 men in X": how many are there, by a guess."""
    guessed = any(v.reading.verb.modal and v.reading.form is VerbForm.CONDITIONAL for v in frame.clause.verbs)
    if not guessed or frame.verb is None or frame.force is None or not frame.force.counted:
        return False
    verb, has = frame.verb.reading.verb, frame.frame is FrameClass.HAVE and frame.force.count_min is None
    return verb.copula or (has and not verb.hosts)


def _is_duty(frame: Frame) -> bool:
    """ "300 Soldaten sollen die Grenze bewachen": new ones; of those told of before it only tells
    why they are there."""
    told = frame.force is None or frame.force.features & _TOLD or frame.clause.kind == "relative"
    return not told and frame.verb is not None and frame.verb.reading.verb.task


def certainty_of(frame: Frame, actor: str | None, hearsay: bool) -> Certainty | None:
    """None where the narrator himself says that there is no such force: no report of anything."""
    effects = frame.clause.effects
    source = frame.clause.source
    denied = Effect.NEGATE in effects and not (frame.attributive or _is_over(frame))
    negated = denied or (frame.force is not None and "negated" in frame.force.features)
    if Effect.DENY in effects:
        return Certainty.DENIED
    if negated:
        planned = Effect.PLAN in effects or is_future(frame)
        told = source is not None and source.code != "MEDIA" and not planned
        return Certainty.DENIED if told else None
    if Effect.SUSPECT in effects or ((hearsay or Effect.HEARSAY in effects) and source is None):
        return Certainty.SUSPECTED
    if source is None:
        return Certainty.CLAIMED if Effect.CLAIM in effects else Certainty.CONFIRMED
    if Effect.CONFIRM in effects or (source.code == actor and not source.private):
        return Certainty.CONFIRMED
    return Certainty.CLAIMED
