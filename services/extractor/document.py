"""The one model all steps share: a document of tokens, sentences, mentions, clauses and frames.

Steps only add to it. Every object keeps `because`: the ids of the rules that made it, which is all that explain prints.
Offsets are code points into the field (title or text) the object stands in; nothing is ever normalised.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from services.extractor.gazetteer_model import Entry
from services.extractor.vocabulary import Effect, EventNoun, FrameClass, TermKind, VerbForm, VerbReading
from shared.events.statements import Certainty, Stage

if TYPE_CHECKING:
    from services.extractor.terms import Match

FieldName = Literal["title", "text"]


class BlockKind(StrEnum):
    TITLE = "title"
    PARAGRAPH = "paragraph"
    HEADING = "heading"


class MentionKind(StrEnum):
    FORCE = "force"
    PLACE = "place"
    QUANTITY = "quantity"
    SPEAKER = "speaker"


@dataclass(slots=True)
class Token:
    index: int
    start: int
    end: int
    form: str
    lower: str
    quote: int = 0  # number of the quotation the token stands in; 0 outside
    terms: "tuple[Match, ...]" = ()  # longest entries of the language data that begin here
    inside: bool = False  # within a longer entry that began before
    verbs: tuple[VerbReading, ...] = ()

    @property
    def is_year(self) -> bool:
        """Four plain digits that are more often a year than a number of people; 2000 is a round number."""
        return len(self.form) == 4 and self.form.isdecimal() and 1900 <= int(self.form) < 2050 and self.form != "2000"

    def term(self, kind: TermKind) -> "Match | None":
        """The entry of this kind that begins here."""
        for match in self.terms:
            if match.term.kind is kind:
                return match
        return None

    def has(self, kind: TermKind, *sorts: str) -> bool:
        """Whether an entry of this kind and one of these sorts begins here."""
        for match in self.terms:  # noqa: SIM110  no generator: asked of every word
            if match.term.kind is kind and match.term.sort in sorts:
                return True
        return False

    def leads(self, *roles: str) -> bool:
        """Whether a relator of one of these roles begins here."""
        relator = self.term(TermKind.RELATOR)
        return relator is not None and not relator.term.roles.isdisjoint(roles)

    def may_be(self, *forms: VerbForm) -> bool:
        """Whether a verb can be read here in one of these forms."""
        for reading in self.verbs:  # noqa: SIM110  no generator: asked of every word
            if reading.form in forms:
                return True
        return False

    @property
    def is_figure(self) -> bool:
        """A number in digits or words."""
        return self.form[0].isdigit() or self.term(TermKind.NUMBER) is not None

    @property
    def joins(self) -> bool:
        """A comma or a coordinator."""
        return self.form == "," or self.term(TermKind.COORDINATOR) is not None

    @property
    def event(self) -> EventNoun | None:
        """What a noun of an event that begins here tells."""
        event = self.term(TermKind.EVENT)
        return event.term.event if event is not None else None


@dataclass(slots=True)
class Sentence:
    index: int
    field: FieldName
    block: int
    kind: BlockKind
    first: int  # tokens [first, last)
    last: int
    start: int
    end: int
    clauses: list["Clause"] = dataclasses.field(default_factory=list)
    mentions: list["Mention"] = dataclasses.field(default_factory=list)
    is_question: bool = False
    active: bool = True  # near an armed actor; the others are only read for what they name
    entries: dict[TermKind, list[int]] = dataclasses.field(default_factory=dict)  # tokens at which one of a kind begins

    def where(self, *kinds: TermKind) -> list[int]:
        """The tokens at which an entry of one of these kinds begins, in order."""
        if len(kinds) == 1:
            return self.entries.get(kinds[0], [])
        return sorted({index for kind in kinds for index in self.entries.get(kind, ())})

    def clause_at(self, index: int) -> "Clause | None":
        return next((clause for clause in self.clauses if index in clause), None)

    def of_kind(self, kind: MentionKind) -> list["Mention"]:
        """Its mentions of one kind, in order."""
        return [mention for mention in self.mentions if mention.kind is kind]

    def beginning(self, kind: MentionKind, index: int) -> "Mention | None":
        """The mention of this kind whose first token is `index`."""
        for mention in self.mentions:
            if mention.kind is kind and mention.first == index:
                return mention
        return None

    def ending(self, kind: MentionKind, index: int) -> "Mention | None":
        """The mention of this kind whose last token stands right before `index`."""
        for mention in self.mentions:
            if mention.kind is kind and mention.last == index:
                return mention
        return None


@dataclass(slots=True)
class Mention:
    """A noun phrase that can fill a slot, tokens [first, last); which attributes are set depends on the kind."""

    kind: MentionKind
    first: int
    last: int
    head: int
    code: str | None = None  # nation or organisation
    mandate: str | None = None  # whose a force is that serves an organisation, if the text names nobody
    name: str | None = None  # surface of place or speaker
    key: str | None = None  # place key
    within: tuple[str, ...] = ()
    country: str | None = None  # of a place
    count_min: int | None = None
    count_max: int | None = None
    counted: bool = False
    vague: bool = False
    additional: bool = False
    role: str | None = None  # of a place phrase: goal, at, origin, near, via, against
    features: frozenset[str] = frozenset()
    because: tuple[str, ...] = ()

    def __contains__(self, token: int) -> bool:
        return self.first <= token < self.last

    @property
    def most(self) -> int:
        """How many they are at most, or at least where nothing bounds them; 0 without a figure."""
        return max(self.count_min or 0, self.count_max or 0)

    @property
    def is_listed(self) -> bool:
        """Whether a list knows the place: its key is none made from its letters."""
        return self.key is not None and not self.key.startswith("x:")


@dataclass(slots=True)
class ClauseVerb:
    index: int
    reading: VerbReading
    particle_at: int | None = None


@dataclass(slots=True)
class Clause:
    index: int
    kind: str  # main, sub, relative, infinitive, gerund, undone, purpose, apart, circumstance
    pieces: list[tuple[int, int]]
    parent: "Clause | None" = None
    subordinator: str | None = None
    adverbial: bool = False  # tells why or when: "nachdem …", "trotz …"
    effects: set[Effect] = dataclasses.field(default_factory=set)
    verbs: list[ClauseVerb] = dataclasses.field(default_factory=list)
    quote: int = 0
    source: "Speaker | None" = None
    because: list[str] = dataclasses.field(default_factory=list)

    @property
    def first(self) -> int:
        return self.pieces[0][0]

    @property
    def last(self) -> int:
        return self.pieces[-1][1]

    def __contains__(self, token: int) -> bool:
        for first, last in self.pieces:  # noqa: SIM110  no generator: asked of every word
            if first <= token < last:
                return True
        return False

    @property
    def says(self) -> bool:
        """Whether a verb of saying is among its verbs."""
        return any(verb.reading.verb.says for verb in self.verbs)

    def tokens(self) -> Sequence[int]:
        if len(self.pieces) == 1:
            return range(*self.pieces[0])
        return [index for first, last in self.pieces for index in range(first, last)]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: the words of the text and the country or organisation behind them."""

    name: str
    code: str | None
    private: bool = False  # speaks for nobody but himself: a witness, a blogger, an expert


@dataclass(slots=True)
class Frame:
    """A verb or event noun with the phrases that fill its roles."""

    sentence: int
    clause: Clause
    head: int
    frame: FrameClass
    stage: Stage
    force: Mention | None = None
    sender: Mention | None = None
    places: list[Mention] = dataclasses.field(default_factory=list)  # best first
    origin: str | None = None  # country it comes from
    has_object: bool = False  # the place is the verb's object
    institution: bool = False  # "the army", "the government" without a country sends it
    the_country: bool = False  # "the country" is the subject
    by_pronoun: bool = False  # "it" is
    by_speaker: bool = False  # "we", "my country" are
    accuser: str | None = None  # who only condemns or fears it
    verb: ClauseVerb | None = None
    weak: bool = False  # says something of a force only beside a place
    nominal: bool = False
    attributive: bool = False  # told in passing of those one knows: holds whatever the clause asks or plans
    because: list[str] = dataclasses.field(default_factory=list)

    @property
    def form(self) -> VerbForm | None:
        """The form of its verb; None of a noun."""
        return self.verb.reading.form if self.verb is not None else None


@dataclass(slots=True)
class Dropped:
    """A candidate that became no claim, and why: what `--explain` shows of precision."""

    sentence: int
    what: str
    reason: str


@dataclass(slots=True)
class DraftClaim:
    sentence: int
    order: int
    actor: str | None
    destination: str | None
    place: str | None
    place_key: str | None
    place_within: tuple[str, ...]
    count_min: int | None
    count_max: int | None
    additional: bool
    stage: Stage
    certainty: Certainty
    source: Speaker | None
    when: tuple[date | None, date | None] | None = None
    vague: bool = False  # a presence, an increase, "the troops" without figure and place: only if nothing else does
    because: list[str] = dataclasses.field(default_factory=list)

    @property
    def counted(self) -> bool:
        return self.count_min is not None or self.count_max is not None


@dataclass(slots=True)
class Document:
    title: str
    text: str
    published: date | None
    language: str
    dateline: str | None = None  # country of "Kigali (nak) –", where unnamed officials most likely sit
    datelines: tuple[str, ...] = ()  # all countries of "Maputo/Kigali –"
    entries: list[Entry] = dataclasses.field(default_factory=list)  # of the gazetteer, as often as they are named
    countries: tuple[str, ...] = ()  # all that the article names, by whatever word, most often first
    tokens: list[Token] = dataclasses.field(default_factory=list)
    sentences: list[Sentence] = dataclasses.field(default_factory=list)
    frames: list[Frame] = dataclasses.field(default_factory=list)
    claims: list[DraftClaim] = dataclasses.field(default_factory=list)
    dropped: list[Dropped] = dataclasses.field(default_factory=list)
    passed_over: list[tuple[int, str]] = dataclasses.field(default_factory=list)  # sentence and words left out of it

    def frames_by_sentence(self) -> dict[int, list[Frame]]:
        found: dict[int, list[Frame]] = {}
        for frame in self.frames:
            found.setdefault(frame.sentence, []).append(frame)
        return found

    def field_text(self, name: FieldName) -> str:
        return self.title if name == "title" else self.text

    def words(self, sentence: Sentence, first: int, last: int) -> str:
        """The verbatim text of tokens [first, last)."""
        return self.field_text(sentence.field)[self.tokens[first].start : self.tokens[last - 1].end]
