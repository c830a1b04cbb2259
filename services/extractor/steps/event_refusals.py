"""Part of step 9: which events are told of and yet no movement: intended, long past, a bomb, casualties."""

from services.extractor.document import Document, Frame, Mention, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.civilians import is_about_others, moves_others
from services.extractor.steps.history import HISTORY, is_history
from services.extractor.vocabulary import ATTACKS, FINITE, Effect, FrameClass, TermKind, VerbForm
from shared.events.statements import Stage

NOUN_WITHIN = 5
"""Words back to the noun that tells what the force is to it: "bodies", "tents", "since the bombing"."""

SUPPOSED, REFUSED = "condition", "refusal"
_QUALIFIES = ("about", "when", "least", "most")
_LICENCES = frozenset({Effect.PLAN, Effect.BEGIN, Effect.CLAIM, Effect.CONFIRM, Effect.ANNOUNCE, Effect.DENY})
_TOLD = frozenset({Effect.END, Effect.PLAN, Effect.BEGIN, Effect.CONFIRM, Effect.ANNOUNCE, Effect.DENY})


def refused_event(document: Document, sentence: Sentence, frame: Frame, words: Language) -> str | None:
    if (frame.clause.kind == "infinitive" and not frame.clause.effects & _LICENCES) or _trains_for(frame):
        return "infinitive that nothing states"
    if _has_left_since(document, frame):
        return "where they were before they left"
    if _is_supposed(frame):
        return SUPPOSED
    if _only_mentioned(frame):
        return "event only mentioned"
    if frame.nominal and _is_against(document, frame):
        return REFUSED
    if is_history(document, sentence, frame, words.dates):
        return HISTORY
    if _casualties(document, frame):
        return "casualties, no movement"
    if _is_deed(document, frame, words.armed_groups):
        return "a bomb or a lone attacker, no force in a place"
    if moves_others(document, sentence, frame):
        return "who takes others away"
    if is_about_others(document, sentence, frame):
        return "no armed forces"
    return None


def _has_left_since(document: Document, frame: Frame) -> bool:
    """ "were withdrawn after being deployed there for a year"."""
    force = frame.force
    if frame.clause.kind != "gerund" or force is None or frame.stage is Stage.WITHDRAWN:
        return False
    above = [other for other in document.frames if other.clause is frame.clause.parent and other.force is not None]
    return any(o.stage is Stage.WITHDRAWN and o.force is not None and o.force.first == force.first for o in above)


def _is_supposed(frame: Frame) -> bool:
    """ "für eine Entsendung wäre ein Mandat nötig": a noun or a copula in a conditional that nobody has spoken."""
    if not (frame.nominal or (frame.verb is not None and frame.verb.reading.verb.copula)):
        return False
    finite = [v.reading for v in frame.clause.verbs if v.reading.form in FINITE]
    supposed = [
        r
        for r in finite
        if r.form is VerbForm.CONDITIONAL and r.verb.auxiliary and (r.verb.passive or not r.verb.future)
    ]
    return bool(supposed) and len(supposed) == len(finite) and frame.clause.source is None


def _only_mentioned(frame: Frame) -> bool:
    """An event noun behind its force, with nothing that says it is planned, begun, told or denied."""
    force = frame.force
    told = frame.clause.effects & _TOLD or frame.frame in ATTACKS  # "the army's siege of X" goes on
    return frame.nominal and force is not None and force.last <= frame.head and not told


def _is_against(document: Document, frame: Frame) -> bool:
    """ "entschied sich gegen die Entsendung"."""
    led = document.tokens[max(0, frame.head - 2) : frame.head]
    relators = [token for token in led if token.term(TermKind.RELATOR) is not None]
    return bool(relators) and relators[-1].leads("against")


def _is_active(frame: Frame) -> bool:
    """Not "were killed": the verb that the frame stands on is no passive participle."""
    passive = any(v.reading.verb.passive for v in frame.clause.verbs)
    return frame.frame not in ATTACKS or not (passive and frame.form is VerbForm.PARTICIPLE)


def _trains_for(frame: Frame) -> bool:
    """ "are training to defend X": what those who are somewhere are to fight for."""
    verb = frame.verb
    if verb is None or frame.frame is not FrameClass.FIGHT or verb.reading.form is not VerbForm.INFINITIVE:
        return False
    before = [v.reading.verb for v in frame.clause.verbs if v.index < verb.index and not v.reading.verb.auxiliary]
    return bool(before) and before[-1].frame is FrameClass.BE and before[-1].effect is None


def _casualties(document: Document, frame: Frame) -> bool:
    attack = frame.nominal and frame.frame in ATTACKS  # "bei Gefechten in X starben Soldaten": who fought there
    if frame.force is not None and not attack and _are_dead(document, frame.force):
        return True
    movers = (FrameClass.SEND, FrameClass.GO, FrameClass.WITHDRAW)
    plain = frame.force is not None and not frame.force.features & {"demonym", "elided"}
    if frame.frame in movers and not frame.nominal and plain:
        return False
    event = document.tokens[frame.head].event
    fought = not frame.nominal or (event is not None and event.mutual)
    if frame.frame in ATTACKS and fought and plain and _is_active(frame):
        return False
    return tells(document, frame, "casualty")


def _is_deed(document: Document, frame: Frame, armed_groups: frozenset[str]) -> bool:
    """ "The group claimed responsibility for the attack in X", "soldiers wounded in a knife attack", "Militants stormed
    a hotel", "killed four people at a courthouse": a bomb, a lone attacker or victims, where nobody fights."""
    force, attacks = frame.force, frame.frame in ATTACKS
    nameless = force is not None and force.code is None and force.features & {"group", "any_side"}
    groups = force is not None and frame.weak and (nameless or force.code in armed_groups)
    if groups and attacks and _hits(document, frame):
        return True
    named = (k for k in frame.clause.tokens() if document.tokens[k].has(TermKind.NOT_PEOPLE, "deed"))
    return (attacks or groups) and not all(_lies_before(document, index) for index in named)


def _hits(document: Document, frame: Frame) -> bool:
    """Whether civilians or their places are the object of one attack, not of a war that "has killed 9,000 people"."""
    lasts = frame.form is VerbForm.PARTICIPLE and document.tokens[frame.head].has(TermKind.NOT_PEOPLE, "casualty")
    for token in document.tokens[frame.head + 1 : frame.clause.last]:
        if token.has(TermKind.NOT_PEOPLE, "target"):
            return frame.form in FINITE | {VerbForm.PARTICIPLE} and not lasts
        if token.term(TermKind.RELATOR) or not token.form[0].isalnum():
            break
    return False


def _lies_before(document: Document, index: int) -> bool:
    """ "seit dem Anschlag", "following the suicide bombing": what came before that which the sentence tells."""
    for token in reversed(document.tokens[max(0, index - NOUN_WITHIN) : index]):
        before = token.has(TermKind.TIME, "since") or token.has(TermKind.CUE, "occasion")
        if (relator := token.term(TermKind.RELATOR)) or before:
            return before or relator is None or relator.term.roles <= {"goal", "for", "reason"}
    return False


def tells(document: Document, frame: Frame, sort: str) -> bool:
    """Whether the frame's clause holds a word of casualties, or of people who fled; who kills is none."""
    does = {v.index for v in frame.clause.verbs if v.reading.form is VerbForm.GERUND}
    return any(document.tokens[k].has(TermKind.NOT_PEOPLE, sort) for k in frame.clause.tokens() if k not in does)


def _are_dead(document: Document, force: Mention) -> bool:
    """ "the bodies of three soldiers were flown home", "eleven wounded soldiers": no force that goes anywhere."""
    for index in range(force.head - 1, max(-1, force.head - NOUN_WITHIN - 1), -1):
        token = document.tokens[index]
        if token.has(TermKind.NOT_PEOPLE, "casualty"):
            return True
        inside = token.term(TermKind.DETERMINER) or token.term(TermKind.NATION) or token.term(TermKind.NUMBER)
        if not (inside or token.leads("of") or token.form[0].isdigit() or token.has(TermKind.QUANTIFIER, *_QUALIFIES)):
            return False
    return False
