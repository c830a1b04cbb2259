"""Part of step 9: stage and certainty of a frame: verb class, tense, words for time, scopes over its clause."""

import re

from services.extractor.document import Clause, Document, Frame, Mention
from services.extractor.steps.tenses import (
    STATIC,
    clause_is_future,
    is_active_present,
    is_future,
    is_only_meant,
    is_open_tense,
    is_passive_present,
    is_perfect,
    is_progressive,
)
from services.extractor.vocabulary import FINITE, Effect, FrameClass, TermKind, Verb, VerbForm
from shared.events.statements import Certainty, Stage

_YEAR = re.compile(r"20\d\d")
_TOLD = frozenset({"definite", "part", "pronoun", "possessive"})
_DONE = frozenset({VerbForm.PARTICIPLE, VerbForm.PAST})
_DESCRIBES = _DONE | {VerbForm.GERUND}


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
    if frame.frame in STATIC and frame.verb is not None and _lasts(frame.verb.reading.verb):
        return Stage.DEPLOYED, False  # "will stay until autumn", "will leave 300 soldiers in X"
    if _begins_later(frame, document) or _lies_before(frame, document):
        return Stage.PLANNED, False
    if Effect.BEGIN in effects and Effect.PLAN not in effects:
        return frame.stage, False
    goes_ahead = frame.frame not in STATIC or frame.clause.kind == "infinitive"  # "kündigte an, sich zu beteiligen"
    if Effect.ANNOUNCE in effects and goes_ahead and is_open_tense(frame):
        return Stage.PLANNED, False
    announced = _announced_stage(frame, document)
    if announced is not None:
        return announced, False
    planned = Effect.PLAN in effects and not is_perfect(frame)
    if planned or is_only_meant(frame) or is_future(frame) or _future_time(frame, document):
        return Stage.PLANNED, False
    return frame.stage, False


def _lasts(verb: Verb) -> bool:
    return verb.effect is Effect.BEGIN or verb.frame is FrameClass.LEAVE


def _is_over(frame: Frame) -> bool:
    """ "The soldiers are no longer in X"."""
    return frame.clause.effects >= {Effect.END, Effect.NEGATE} and frame.frame in (FrameClass.BE, FrameClass.HAVE)


def describes_force(frame: Frame, document: Document) -> bool:
    """ "the warship deployed in X could be sunk", "two battalions already stationed in X", "die in X stationierten
    Soldaten könnten …": a participle that only describes its force, whatever the clause's own verb plans."""
    force, verb = frame.force, frame.verb
    if force is None:
        return False
    if _stands_beside_place(frame, force, document) and not has_time(frame.clause, document, "start"):
        return True
    if _is_stationed(frame, force, document) or is_inserted(frame, document):
        return True
    if verb is None or verb.reading.form not in _DESCRIBES:
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


def _is_stationed(frame: Frame, force: Mention, document: Document) -> bool:
    """ "the 300 soldiers stationed in X are to train recruits", "die 300 in X stationierten Soldaten sollen …": the
    participle beside them tells that they are there, whatever they are to do."""
    if frame.frame is not FrameClass.BE or frame.stage is not Stage.DEPLOYED or not frame.places:
        return False
    place = frame.places[0]
    before = force.first <= place.last + 1 <= force.head
    behind = place.first == force.last + 1 and (place.role == "at" or "definite" in force.features)
    if not (before or behind):
        return False
    readings = document.tokens[place.last if before else force.last].verbs
    return any(r.form is VerbForm.PARTICIPLE and r.verb.stage is Stage.DEPLOYED for r in readings)


def is_inserted(frame: Frame, document: Document) -> bool:
    """ "900 soldiers, flown to X on Monday, will guard the port": a participle between commas right behind its force
    tells what has happened to it, whatever it is to do."""
    force, clause, tokens = frame.force, frame.clause, document.tokens
    if force is None or frame.stage is not Stage.DEPLOYED or frame.form not in _DONE:
        return False
    if not force.last < min(frame.head + 1, clause.last) or tokens[force.last].form != ",":
        return False
    closing = next((k for k in range(force.last + 1, clause.last) if tokens[k].form == ","), None)
    return closing is not None and frame.head < closing and any(v.index > closing for v in clause.verbs)


def _lies_before(frame: Frame, document: Document) -> bool:
    """ "will vote before sending 90 soldiers": as far ahead as what comes first."""
    clause = frame.clause
    ahead = clause.kind == "gerund" and document.tokens[clause.first].has(TermKind.SUBORDINATOR, "ahead")
    parent = clause.parent
    return ahead and parent is not None and (clause_is_future(parent, None) or Effect.PLAN in parent.effects)


def _future_time(frame: Frame, document: Document) -> bool:
    going = is_progressive(frame)  # "are leaving in March", "is sending 300 next month"
    said = frame.clause.source is not None and frame.frame not in STATIC
    if said and frame.form is VerbForm.PAST and has_time(frame.clause, document, "start"):
        return True  # "400 folgten in Kürze, sagte er": the past of a weak verb is its subjunctive
    if not (is_open_tense(frame) or is_passive_present(frame) or going):
        return False
    if has_time(frame.clause, document, "start"):
        return True
    moves = frame.frame not in STATIC
    if moves and lies_ahead(frame, document):
        return True  # "bis 2028 kommen 1200 Kanadier"
    told = frame.form is VerbForm.PRESENT or going  # "am Montag brechen 300 auf"
    told = told and not (frame.clause.kind == "main" and frame.head + 2 >= frame.clause.last)  # "hat (…) verabschiedet"
    return moves and has_time(frame.clause, document, "future", *(("month",) if told else ()))


def has_time(clause: Clause, document: Document, *sorts: str) -> bool:
    """Whether a word of such a time stands in the clause, outside a credit: "…, so der Minister am Dienstag"."""
    credited = False
    for token in (document.tokens[index] for index in clause.tokens()):
        opens = token.index > 0 and document.tokens[token.index - 1].form == ","
        credited = token.form != "," and (credited or (opens and token.has(TermKind.ATTRIBUTION, "trailing", "before")))
        if not credited and token.has(TermKind.TIME, *sorts):
            return True
    return False


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
    return ahead or has_time(clause, document, "future", "start")


def _announced_stage(frame: Frame, document: Document) -> Stage | None:
    """What a present tense announces, if the verb is one that does so."""
    if frame.verb is None:
        return None
    verb = frame.verb.reading.verb
    if frame.frame is FrameClass.GROW and not _adds_number(frame, document):
        return None
    if is_active_present(frame) or (is_passive_present(frame) and not _is_under_way(frame, document)):
        return verb.present_stage
    return verb.progressive_stage if frame.sender is not None and is_progressive(frame) else None


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


def _is_under_way(frame: Frame, document: Document) -> bool:
    """ "werden derzeit nach X verlegt": the passive of the present is the state after all."""
    return has_time(frame.clause, document, "underway")


def is_now(frame: Frame, document: Document) -> bool:
    """ "derzeit sind es 250", "there are 250 now"."""
    return has_time(frame.clause, document, "underway", "now")


def lies_ahead(frame: Frame, document: Document) -> bool:
    """ "Bis 2027 sollen 4800 dort dienen": a later year, or words for what is to come."""
    tokens = [document.tokens[index] for index in frame.clause.tokens()]
    year = document.published.year if document.published is not None else 9999
    later = any(_YEAR.fullmatch(token.form) and int(token.form) > year for token in tokens)
    return later or has_time(frame.clause, document, "future", "start")


def _hearsay(frame: Frame) -> bool:
    """A modal or mood of hearsay with a state or a finished act: "sollen sich befinden", "soll geschickt haben",
    "aurait envoyé"."""
    if Effect.HEARSAY in frame.clause.effects:
        return frame.frame in STATIC or is_perfect(frame)
    verbs = [verb.reading for verb in frame.clause.verbs]
    suspects = any(r.verb.modal and r.verb.effect is Effect.SUSPECT for r in verbs)
    claims = frame.stage is not Stage.WITHDRAWN and any(r.verb.intends for r in verbs)
    if not (suspects or claims):
        return _is_estimate(frame)
    perfect = any(r.form is VerbForm.PARTICIPLE for r in verbs) and any(
        r.verb.auxiliary
        and not (r.verb.future or r.verb.passive)  # "may be posted" lies ahead
        and r.form in (VerbForm.INFINITIVE, VerbForm.PRESENT)
        for r in verbs
    )
    state = frame.frame in STATIC and not _is_duty(frame)
    goes_on = frame.form is VerbForm.GERUND  # "may be patrolling"
    return perfect or (suspects and (state or goes_on))  # "will gesehen haben"


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
