"""Part of step 9: what is no claim, each reason a rule of the annotation guide or a class of false alarms."""

import re

from services.extractor.document import (
    FINITE,
    Document,
    Effect,
    Frame,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    TermKind,
    VerbForm,
)
from services.extractor.lexicon import DateWords
from services.extractor.steps.clause_phrases import in_saying_clause, is_passive
from services.extractor.steps.discourse import NEAR, Discourse
from services.extractor.steps.force_counts import is_level
from services.extractor.steps.stages import STATIC
from shared.events.statements import Stage

HISTORY_YEARS = 5
"""An event that lies more than this before publication is history, no claim (gold guide)."""

MIN_WEAK_COUNT = 10
"""Fewer specialists, pilots or men than this are persons, no force."""

JOINED_WITHIN = 3
"""Words from others to the force that they are joined to: "police officers and soldiers"."""

HISTORY = "history"

NO_CLAIM = {
    Effect.QUESTION: "question",
    Effect.CONDITION: "condition",
    Effect.DEMAND: "demanded, not told",
    Effect.PAST: HISTORY,
    Effect.UNRELATED: "no armed forces",
    Effect.EXERCISE: "exercise",
    Effect.REFUSE: "refusal",
}
POINTING = frozenset({"pronoun", "elided", "part"})
NEAR_FORCE = 2
"""Sentences back to the last force or claim that "sie" or "500 weitere" can mean."""

_LICENCES = frozenset({Effect.PLAN, Effect.BEGIN, Effect.CLAIM, Effect.CONFIRM, Effect.ANNOUNCE, Effect.DENY})
_TOLD = frozenset({Effect.END, Effect.PLAN, Effect.BEGIN, Effect.CONFIRM, Effect.ANNOUNCE, Effect.DENY})
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


def refusal(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> str | None:
    """Why a frame is no claim whatever its slots; None if it may be one."""
    for effect, reason in NO_CLAIM.items():
        if effect in frame.clause.effects:
            return reason
    return _refused_force(document, sentence, frame, discourse) or _refused_event(
        document, sentence, frame, discourse.words.dates
    )


def _refused_event(document: Document, sentence: Sentence, frame: Frame, dates: DateWords) -> str | None:
    if (frame.clause.kind == "infinitive" and not frame.clause.effects & _LICENCES) or _trains_for(frame):
        return "infinitive that nothing states"
    if _only_mentioned(frame):
        return "event only mentioned"
    if frame.nominal and Effect.PLAN in frame.clause.effects and _is_against(document, frame):
        return NO_CLAIM[Effect.REFUSE]
    if _is_history(document, sentence, frame, dates):
        return HISTORY
    if _casualties(document, frame):
        return "casualties, no movement"
    if _unrelated(document, sentence, frame):
        return "no armed forces"
    return None


def _refused_force(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> str | None:
    force = frame.force
    if force is None:
        withdraws = frame.frame is FrameClass.WITHDRAW and frame.has_object
        fights = (frame.frame in (FrameClass.FIGHT, FrameClass.TAKE) or withdraws) and frame.sender is not None
        leaves = frame.frame is FrameClass.LEAVE or frame.frame is FrameClass.GO
        bases = leaves and frame.verb is not None and frame.verb.reading.verb.military and frame.sender is not None
        if fights or bases or _leaves_too(frame, discourse) or (frame.nominal and frame.sender is not None):
            return None
        return "no force"
    if "person" in force.features and not (force.counted or "negated" in force.features):
        return "a single person"
    if "vehicle" in force.features:
        return "vehicles, no people"
    if "institution" in force.features and frame.frame in (FrameClass.GROW, FrameClass.SHRINK):
        return "an army that grows, no force that goes somewhere"
    if _only_sends(frame, force):
        return "who sends, not who is sent"
    if _is_vague(frame):
        return "vague word for people, vague verb"
    if "demonym" in force.features:
        if not (force.counted or force.vague or force.code in discourse.actors or _is_military(frame)):
            return "people of a nation without a number"
        if not _among_forces(sentence, frame, discourse):
            return "people of a nation far from any force"
    military = _is_military(frame) and force.counted
    if "role" in force.features and not (military or ("unit" in force.features and discourse.has_strong_force)):
        return "people of a civilian trade"
    sent = frame.sender is not None and not frame.weak and not frame.nominal
    sided_unit = "unit" in force.features and (force.code is not None or force.counted or sent)
    if "weak" in force.features and not (discourse.has_strong_force or sided_unit or military):
        return "word for people without any force in the article"
    if {"weak", "unit"} <= force.features and not discourse.has_strong_force and _is_of_civilians(document, force):
        return "people of a civilian trade"
    few = max(force.count_min or 0, force.count_max or 0) < MIN_WEAK_COUNT
    if {"weak", "people"} <= force.features and force.counted and few and force.code is None:
        return "a few persons"
    pointing = force.features & POINTING and not military
    if pointing and sentence.index - discourse.force_seen > NEAR_FORCE and not _named_before(sentence, force):
        return "pronoun far from any force"
    if "pronoun" in force.features and _civilians_before(document, sentence, force.first):
        return "pronoun for civilians"
    return None


def _only_sends(frame: Frame, force: Mention) -> bool:
    """ "stellt das Heer Zelte auf": an army that nobody sends is the subject, and its object no force."""
    unsent = frame.sender is None and not frame.institution and not frame.nominal
    army = {"institution", "definite"} <= force.features and force.code is None
    sends = frame.frame is FrameClass.SEND and frame.verb is not None and not is_passive(frame.clause, frame.verb)
    return sends and unsent and army


def _is_of_civilians(document: Document, force: Mention) -> bool:
    """ "a contingent of 90 musicians": people whom no list knows, in an article without any forces."""
    last = document.tokens[force.last - 1]
    listed = bool(last.terms) or last.inside
    return force.last - 1 > force.head and last.form.isalpha() and last.form.islower() and not listed


def _leaves_too(frame: Frame, discourse: Discourse) -> bool:
    """ "Kenya is withdrawing its soldiers. Burundi has already left": where others leave, a state is its forces."""
    if frame.frame not in (FrameClass.WITHDRAW, FrameClass.LEAVE) or frame.sender is None:
        return False
    left = [c for c in discourse.claims if c.stage is Stage.WITHDRAWN and frame.sentence - c.sentence <= NEAR]
    return bool(left) and left[-1].destination != frame.sender.code


def _named_before(sentence: Sentence, pointing: Mention) -> bool:
    """ "Russian peacekeepers, of whom there are 2,000 in X"."""
    return any(
        m.kind is MentionKind.FORCE and "weak" not in m.features and m.last <= pointing.first for m in sentence.mentions
    )


def _is_military(frame: Frame) -> bool:
    return frame.verb is not None and frame.verb.reading.verb.military


def _among_forces(sentence: Sentence, frame: Frame, discourse: Discourse) -> bool:
    """Whether a nation's people can be its soldiers: forces stand near, or only forces do what they do. A handful of
    them are persons."""
    force = frame.force
    few = force is not None and force.counted and max(force.count_min or 0, force.count_max or 0) < MIN_WEAK_COUNT
    if few:
        return False
    if _is_military(frame) or (frame.frame in (FrameClass.FIGHT, FrameClass.TAKE) and frame.places):
        return True
    here = any(m.kind is MentionKind.FORCE and "weak" not in m.features for m in sentence.mentions)
    return here or sentence.index - discourse.force_seen <= NEAR_FORCE


def _is_against(document: Document, frame: Frame) -> bool:
    """ "entschied sich gegen die Entsendung"."""
    led = document.tokens[max(0, frame.head - 2) : frame.head]
    relators = [match for token in led if (match := token.term(TermKind.RELATOR)) is not None]
    return bool(relators) and "against" in relators[-1].term.roles


def _only_mentioned(frame: Frame) -> bool:
    """An event noun behind its force, with nothing that says it is planned, begun, told or denied."""
    force = frame.force
    return frame.nominal and force is not None and force.last <= frame.head and not frame.clause.effects & _TOLD


def _is_active(frame: Frame) -> bool:
    """Not "were killed": the verb that the frame stands on is no passive participle."""
    passive = any(v.reading.verb.passive for v in frame.clause.verbs)
    return frame.frame not in (FrameClass.FIGHT, FrameClass.TAKE) or not (
        passive and frame.verb is not None and frame.verb.reading.form is VerbForm.PARTICIPLE
    )


def _is_vague(frame: Frame) -> bool:
    """ "in the presence of members": neither number nor nation, and a verb or noun that says little by itself."""
    force = frame.force
    return (
        force is not None
        and frame.weak
        and "weak" in force.features
        and force.code is None
        and not force.counted
        and not force.vague
        and not force.features & {"possessive", "pronoun", "definite"}
    )


def _is_history(document: Document, sentence: Sentence, frame: Frame, words: DateWords) -> bool:
    if document.published is None or _goes_on(frame):
        return False
    years = [
        int(token.form)
        for token in document.tokens[sentence.first : sentence.last]
        if _YEAR.fullmatch(token.form)
        and not _since(document, sentence, token.index)
        and not _counts(document, sentence, token.index, words)
    ]
    years += [document.published.year - ago for ago in _years_ago(document, sentence, words)]
    return bool(years) and max(years) < document.published.year - HISTORY_YEARS


def _years_ago(document: Document, sentence: Sentence, words: DateWords) -> list[int]:
    """ "eighty-one years ago", "vor 40 Jahren"."""
    found = []
    for number in sentence.mentions:
        if number.kind is not MentionKind.QUANTITY or number.count_min is None:
            continue
        before = " ".join(t.lower for t in document.tokens[sentence.first : number.first])
        behind = " ".join(t.lower for t in document.tokens[number.last : sentence.last])
        if any(
            f" {before}".endswith(f" {a}" if a else "") and f"{behind} ".startswith(f"{b} ") for a, b in words.years_ago
        ):
            found.append(number.count_min)
    return found


def _goes_on(frame: Frame) -> bool:
    """ "train there under a protocol of 1982": told in the present tense, of what lasts."""
    finite = [v.reading for v in frame.clause.verbs if v.reading.form in FINITE]
    perfect = any(v.reading.form is VerbForm.PARTICIPLE for v in frame.clause.verbs) and not any(
        r.verb.copula for r in finite
    )
    present = bool(finite) and all(r.form is VerbForm.PRESENT for r in finite)
    return frame.frame in STATIC and present and not perfect


def _counts(document: Document, sentence: Sentence, index: int, words: DateWords) -> bool:
    """ "1700 von insgesamt 2100 sind da": a number that no word makes a year."""
    around = [m for m in sentence.mentions if m.first <= index < m.last]
    if any(m.kind is MentionKind.FORCE for m in around):
        return True
    quantity = next((m for m in around if m.kind is MentionKind.QUANTITY), None)
    if quantity is None or "year" in quantity.features:
        return quantity is not None and is_level(document, index)
    return index == 0 or document.tokens[index - 1].lower not in words.before_year


def _since(document: Document, sentence: Sentence, index: int) -> bool:
    return any(
        match.term.kind is TermKind.TIME and match.term.sort == "since"
        for k in range(max(sentence.first, index - 3), index)
        for match in document.tokens[k].terms
    )


def _trains_for(frame: Frame) -> bool:
    """ "are training to defend X": what those who are somewhere are to fight for."""
    verb = frame.verb
    if verb is None or frame.frame is not FrameClass.FIGHT or verb.reading.form is not VerbForm.INFINITIVE:
        return False
    before = [v.reading.verb for v in frame.clause.verbs if v.index < verb.index and not v.reading.verb.auxiliary]
    return bool(before) and before[-1].frame is FrameClass.BE and before[-1].effect is None


def _casualties(document: Document, frame: Frame) -> bool:
    movers = (FrameClass.SEND, FrameClass.GO, FrameClass.WITHDRAW)
    plain = frame.force is not None and "demonym" not in frame.force.features
    if frame.frame in movers and not frame.nominal and plain:
        return False
    if frame.frame in (FrameClass.FIGHT, FrameClass.TAKE) and not frame.nominal and plain and _is_active(frame):
        return False
    return any(
        match.term.kind is TermKind.NOT_PEOPLE and match.term.sort == "casualty"
        for index in frame.clause.tokens()
        for match in document.tokens[index].terms
    )


def _civilians_before(document: Document, sentence: Sentence, index: int) -> bool:
    """ "Police had stopped the migrants. They went back to X": the people named first in the sentence before, or since,
    are no soldiers. Subjects come first, and a pronoun mostly goes on with the subject."""
    before = document.sentences[max(0, sentence.index - 1)]
    first = before.first if before.field == sentence.field else sentence.first
    for token in document.tokens[first:index]:
        if token.term(TermKind.FORCE) is not None:
            return False
        if token.has(TermKind.UNRELATED, "actor"):
            return True
    return False


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


def _unrelated(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """Police, fire brigades and teams: beside a weak force noun, or as the force itself."""
    force = frame.force
    nameless = force is not None and {"weak", "people"} <= force.features and force.code is None
    if force is not None and nameless and _means_others(document, sentence, force.first):
        return True
    for index in range(sentence.first, sentence.last):
        for match in document.tokens[index].terms:
            if match.term.kind is not TermKind.UNRELATED:
                continue
            if force is not None and force.first <= index < force.last and "weak" not in force.features:
                continue  # "army medics"
            if match.term.sort == "context":
                return True
            if in_saying_clause(sentence, index):
                continue  # "…, wie er vor Journalisten sagte"
            if force is not None and "weak" not in force.features and _is_joined(document, sentence, force, index):
                continue  # "soldiers and police"
            if force is None or "weak" in force.features or force.first - 3 <= index < force.last + 3:
                return True
            if force.code is None and not force.counted and index < force.first and force.features & {"unit"}:
                return True
    return False


def _is_joined(document: Document, sentence: Sentence, force: Mention, index: int) -> bool:
    """ "800 soldiers and 1,200 police", "200 police and 800 soldiers": others who go as well."""
    number = next((m for m in sentence.mentions if m.kind is MentionKind.QUANTITY and m.last == index), None)
    joint = (number.first if number is not None else index) - 1 if index >= force.last else force.first - 1
    if index < force.last and force.first - index > JOINED_WITHIN:
        return False
    beside = joint == force.last or index < force.first
    return beside and document.tokens[joint].term(TermKind.COORDINATOR) is not None
