"""The vocabulary of the language data: what words can be, which forms verbs have, what both tell of a force."""

from dataclasses import dataclass
from enum import StrEnum

from shared.events.statements import Stage, StatementType


class TermKind(StrEnum):
    """What a word or phrase of the language data can be. One form may be several."""

    FORCE = "force"
    NATION = "nation"
    ORGANISATION = "organisation"
    PLACE = "place"
    PLACE_NOUN = "place_noun"
    RELATOR = "relator"
    QUANTIFIER = "quantifier"
    NUMBER = "number"
    MULTIPLE = "multiple"
    VAGUE = "vague"
    RANGE = "range"
    ANAPHOR = "anaphor"
    PARTITIVE = "partitive"
    SUBORDINATOR = "subordinator"
    COORDINATOR = "coordinator"
    DETERMINER = "determiner"
    NEGATION = "negation"
    HEDGE = "hedge"
    ROLE_NOUN = "role_noun"
    PERSON = "person"
    ATTRIBUTION = "attribution"
    TIME = "time"
    EVENT = "event"
    CUE = "cue"
    UNRELATED = "unrelated"
    NOT_PEOPLE = "not_people"
    NO_PLACE = "no_place"
    STRENGTH = "strength"
    MILITARY = "military"
    MEMBERSHIP = "membership"


NAMES = frozenset({TermKind.NATION, TermKind.ORGANISATION, TermKind.PLACE})
"""What persons may be called too."""

ALSO_VERBS = frozenset({TermKind.FORCE, TermKind.EVENT, TermKind.PLACE_NOUN, TermKind.ATTRIBUTION})
"""Nouns that some verb may be written like."""


class VerbForm(StrEnum):
    INFINITIVE = "infinitive"
    PRESENT = "present"
    PAST = "past"
    SUBJUNCTIVE = "subjunctive"
    CONDITIONAL = "conditional"
    FUTURE = "future"  # in one word: "enverra"
    PARTICIPLE = "participle"
    GERUND = "gerund"
    TO_INFINITIVE = "to_infinitive"  # with its marker inside: "abzuziehen"


FINITE = frozenset({VerbForm.PRESENT, VerbForm.PAST, VerbForm.SUBJUNCTIVE, VerbForm.CONDITIONAL, VerbForm.FUTURE})


class FrameClass(StrEnum):
    """What a verb or event noun says about a force. The class fixes who moves and which relator names the place."""

    SEND = "send"  # subject sends object
    GO = "go"  # subject moves
    DEPART = "depart"  # subject sets out from where it was
    ENTER = "enter"  # subject moves into object
    BE = "be"  # subject is somewhere
    HAVE = "have"  # subject has object somewhere
    SEE = "see"  # object is somewhere, as somebody shows
    FIGHT = "fight"  # subject fights somewhere
    TAKE = "take"  # subject takes object by force
    WITHDRAW = "withdraw"  # subject withdraws (object) from somewhere
    LEAVE = "leave"  # subject leaves object
    GROW = "grow"  # subject adds to a force
    SHRINK = "shrink"  # subject takes from a force
    COUNT = "count"  # a figure for the force told of before


ATTACKS = frozenset({FrameClass.FIGHT, FrameClass.TAKE})
"""Where a nation is told to do it, its forces do."""


SUBJECT_MOVES = ATTACKS | {
    FrameClass.GO,
    FrameClass.BE,
    FrameClass.ENTER,
    FrameClass.LEAVE,
    FrameClass.WITHDRAW,
    FrameClass.DEPART,
}
"""Whose subject can be the force itself."""


class Effect(StrEnum):
    """What a scope does to the clauses under it."""

    CLAIM = "claim"
    CONFIRM = "confirm"
    ANNOUNCE = "announce"
    DENY = "deny"
    REFUSE = "refuse"
    SUSPECT = "suspect"
    HEARSAY = "hearsay"  # the mood says that others say so; without a source a suspicion
    PLAN = "plan"
    BEGIN = "begin"
    END = "end"
    CONDITION = "condition"
    QUESTION = "question"
    DEMAND = "demand"
    PAST = "past"
    NEGATE = "negate"
    UNRELATED = "unrelated"
    EXERCISE = "exercise"
    QUOTE_BACK = "quote_back"


@dataclass(frozen=True, slots=True)
class EventNoun:
    frame: FrameClass
    stage: Stage
    holds_force: bool = False
    needs_force: bool = True
    mutual: bool = False  # a fight, which all who are named in it take part in, and no attack of one side


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of the language data; `needs` are words that must stand in the clause for this reading."""

    lemma: str
    particle: str | None = None
    needs: frozenset[str] = frozenset()
    frame: FrameClass | None = None
    stage: Stage | None = None
    weak: bool = False  # says something of a force only beside a place
    present_stage: Stage | None = None  # in the active present, where that announces more than it tells
    progressive_stage: Stage | None = None  # the same of "is sending", where "sends" only tells
    hosts: bool = False  # its subject is where the force is: "Latvia hosts 2,200 soldiers"
    delegates: bool = False  # by whom is told like from where: "von Kenia nach X entsandt" is Kenya's deed
    relieves: bool = False  # its subject comes where its object leaves: "will relieve the Danes"
    returns: bool = False  # its subject comes home, or back to where it was before: "returned to Mali"
    helps: bool = False  # its object's country is where the force is: "will help Benin"
    yields: bool = False  # its subject goes to the force behind it: "X fell to the rebels"
    mutual: bool = False  # its object does it as well: "battled rebels"
    task: bool = False  # a duty: who "is to guard" a place is not there yet
    intends: bool = False  # what its subject means to do: who "will" send in German says so, who "can" does not
    military: bool = False  # said of armed forces only, so that any people who do it are some
    effect: Effect | None = None  # of a verb of saying, planning, denying …
    statement: StatementType | None = None
    says: bool = False
    auxiliary: bool = False
    copula: bool = False
    passive: bool = False
    future: bool = False
    modal: bool = False

    @property
    def lasts(self) -> bool:
        """ "remain", "bleiben": beside a participle as good as "be"."""
        return self.frame is FrameClass.BE and self.effect is Effect.BEGIN


@dataclass(frozen=True, slots=True)
class VerbReading:
    verb: Verb
    form: VerbForm
    joined: bool = False  # the particle is part of the form
