"""Step 8: memory over title and earlier sentences. Half of the German slots stand outside the claim's own sentence."""

from collections import Counter
from dataclasses import dataclass, field

from services.extractor.document import BlockKind, Document, DraftClaim, Mention, MentionKind, Sentence
from services.extractor.gazetteer_model import EntryKind, Place
from services.extractor.lexicon import Language
from services.extractor.steps.adjuncts import is_beside, is_elsewhere_then
from services.extractor.steps.circumstances import is_behind, is_circumstance
from services.extractor.steps.clause_phrases import after_relator, belongs_to_speaker, in_saying_clause, is_attributed
from services.extractor.steps.focus import Focus
from services.extractor.steps.object_places import SEAT
from services.extractor.steps.topic_places import topic_place, witnessed_place
from services.extractor.vocabulary import FrameClass, TermKind
from shared.events.statements import Certainty, Stage

HEADING_TOKENS = 4
PASSED_REACH = 2
"""Sentences back to a place that "dort" can mean."""

NOBODY = ""
"""The side of fighters whom nobody has named: "the militants"."""
NEAR_FORCE = 2
"""Sentences back to the last force or claim that "sie" or "500 weitere" can mean."""

NEAR = 3
"""Sentences within which a force without a side is the last claim's."""

TOPIC_WORDS = 5
"""Words of an entry's sign and topic, with the colon behind them."""
_BULLETS = frozenset("-–—•*+")
HEADING = "heading"
LAST_TOLD, ACROSS, OTHER_CLAUSE = "last destination told of", "across the border", "other clause"
"""Reasons for a destination that the claim leaves to the one before, that the crossed border gives, or another clause
of the sentence."""

SEVERAL_WEAK = 3
"""So many different weak words for forces in one article mean forces."""

_OTHER_SIDE = frozenset({"against", "with"})
_NO_SUBJECT = frozenset({"at", "goal", "origin", "near", "with", "against"})
_ONLOOKERS = frozenset({"witness", "medium"})


@dataclass(slots=True)
class Where:
    """A resolved destination: `country` null at sea, over several countries or unknown."""

    country: str | None
    place: str | None = None
    key: str | None = None
    within: tuple[str, ...] = ()
    explicit: bool = False
    because: str = ""
    sentence: int = -1


@dataclass(slots=True)
class Discourse:
    """What later phrases point back to: forces by actor, nations, destinations. Newest last."""

    words: Language
    focus: Focus
    dateline: str | None = None
    actors: list[str] = field(default_factory=list)
    nations: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    force_seen: int = -NEAR  # last sentence before this one with a plain force or a claim
    history_told: int = -NEAR  # the last sentence with forces of long ago
    others_moved: int = -NEAR  # the last one in which a state moves people who are no force
    last_read: Sentence | None = None
    sentence: int = -1  # the one observed last
    host: str | None = None  # the state that speaks of foreign forces: on its soil, if nothing tells where
    main_country: str | None = None  # named most often: where an unlisted place most likely lies
    named_here: list[tuple[int, str]] = field(default_factory=list)  # sides named in this sentence, by token
    names_here: dict[int, str] = field(default_factory=dict)  # and by which words
    weak_words: set[str] = field(default_factory=set)
    forces_here: list[tuple[int, str]] = field(default_factory=list)  # forces of this sentence, by token
    speaks_of_own_country: bool = False  # "sein Land habe …"
    passed: list[tuple[int, Mention]] = field(default_factory=list)  # places by sentence, claimed or not
    owners_before: list[str] = field(default_factory=list)
    states_before: dict[str, bool] = field(default_factory=dict)  # of the sentence before, see `states_named`
    nobody_before: bool = False  # whether the sentence before told of nameless fighters last
    topic: str | None = None  # the side that the sentences before are about: what "its", "it" at a sentence's head mean
    destinations: list[Where] = field(default_factory=list)
    heading: tuple[int, str] = (-1, NOBODY)  # the last block under the country that a heading names
    title_actor: str | None = None
    title_stage: Stage | None = None  # of what the title tells of his forces
    seats: dict[str, Place] = field(default_factory=dict)  # of governments, that the text names: what "the capital" is
    title_country: str | None = None  # the one whose places the title names
    story: str | None = None  # the one that the article names most often and in which most of its places lie
    has_strong_force: bool = False
    claims: list[DraftClaim] = field(default_factory=list)

    def observe(self, document: Document, sentence: Sentence) -> None:
        """Takes note of a sentence's forces and nations; called before its frames are resolved. `before` keeps what
        was told up to here: what a pronoun of this sentence means."""
        self.sentence = sentence.index
        if self._opens_entry(document, sentence):
            self._forget()
        forces = (m for m in before_mentions(self.last_read) if m.kind is MentionKind.FORCE)
        if any("weak" not in m.features or (m.code is not None and "demonym" not in m.features) for m in forces):
            self.force_seen = self.last_read.index if self.last_read is not None else -1
        self.states_before = self.states_named()
        if self.last_read is not None:
            self.destinations += _standing_abroad(self.last_read)
        self.last_read = sentence
        self.before = list(self.actors)
        self.owners_before = list(self.owners)
        told = min([*self.named_here, *self.forces_here], default=None)
        if told is not None and told[1] is not NOBODY:
            self.topic = told[1]
        self.nobody_before = bool(self.forces_here) and max(self.forces_here)[1] is NOBODY
        self.named_here = []
        self.names_here = {}
        self.forces_here = []
        self.speaks_of_own_country = _own_country(document, sentence)
        self.passed = [(i, m) for i, m in self.passed if sentence.index - i <= PASSED_REACH]
        self.passed += [
            (sentence.index, m)
            for m in sorted(sentence.mentions, key=lambda m: not is_elsewhere_then(document, sentence, m))
            if m.kind is MentionKind.PLACE
            and not (is_circumstance(sentence, m) and is_behind(sentence, m))
            and not belongs_to_speaker(document, sentence, m)
            and not in_saying_clause(sentence, m.head)
            and not is_beside(document, sentence, m)
        ]
        for topic in (topic_place(document, sentence, self.words), witnessed_place(document, sentence)):
            if topic is not None and not _lies_elsewhere(document, sentence, topic):
                self.passed.append((sentence.index, topic))
        self._read_heading(document, sentence)
        slots = sentence.of_kind(MentionKind.PLACE)
        for index, code in _massed(document, sentence):
            _push(self.actors, code)
            self.forces_here.append((index, code))
        for mention in sentence.mentions:
            if mention.kind is MentionKind.FORCE:
                self._observe_force(document, sentence, mention)
            elif mention.kind is MentionKind.SPEAKER and not _is_named_beside(document, sentence, mention):
                self._observe_voice(document, sentence, mention, slots)

    def _opens_entry(self, document: Document, sentence: Sentence) -> bool:
        """ "- Sahel: …": an entry of an overview, under a topic of its own."""
        begins = self.last_read is not None and self.last_read.block != sentence.block
        sign, *topic = document.tokens[sentence.first : sentence.first + TOPIC_WORDS]
        return begins and sign.form in _BULLETS and any(token.form == ":" for token in topic)

    def _forget(self) -> None:
        """What another entry told is not what this one means."""
        self.actors, self.owners, self.nations, self.destinations = [], [], [], []
        self.claims, self.named_here, self.forces_here = [], [], []
        self.topic, self.host, self.last_read = None, None, None

    def states_named(self) -> dict[str, bool]:
        """What the sentence read last names, and whether only as what lies behind a border: "an der Grenze zu X"."""
        mentions = before_mentions(self.last_read)
        borders = [m for m in mentions if m.kind is MentionKind.PLACE and "noun:border" in m.features]
        found: dict[str, bool] = {}
        for m in mentions:
            if m.code and self.is_state(m.code):
                found[m.code] = found.get(m.code, True) and any(m.first in border for border in borders)
        return found

    def _observe_force(self, document: Document, sentence: Sentence, mention: Mention) -> None:
        code = mention.code
        named_unit = code is not None and bool(mention.features & {"unit", "institution"})
        self.weak_words.add(document.tokens[mention.head].lower)
        several = len(self.weak_words) >= SEVERAL_WEAK
        self.has_strong_force = self.has_strong_force or "weak" not in mention.features or named_unit or several
        if code is None:
            if "group" in mention.features:
                self.forces_here.append((mention.first, NOBODY))
        elif not (
            after_relator(document, sentence, mention, self._passive_roles(code))
            or is_attributed(document, sentence, mention)
        ):
            _push(self.actors, code)
            self.forces_here.append((mention.first, code))

    def _passive_roles(self, code: str) -> frozenset[str]:
        """Behind which relators a force does nothing itself: an alliance's also where others serve, "bei Eufor"."""
        return _OTHER_SIDE | {"at", "near"} if self.is_body(code) else _OTHER_SIDE

    def _observe_voice(self, document: Document, sentence: Sentence, mention: Mention, slots: list[Mention]) -> None:
        code = mention.code
        passing = is_behind(sentence, mention) or _bounds(document, sentence, mention)
        if code is not None and self.is_state(code) and not passing:
            _push(self.nations, code)
        if code is None and "group" in mention.features:
            code = next((c for c in reversed(self.owners) if not self.is_state(c)), None)
        if code is None or code in self.words.only_speak or mention.features & _ONLOOKERS:
            return
        if any(mention.first in s for s in slots) or is_circumstance(sentence, mention) or is_behind(sentence, mention):
            return
        _push(self.owners, code)
        led = after_relator(document, sentence, mention, _NO_SUBJECT)
        if not led and not is_attributed(document, sentence, mention):
            self.named_here.append((mention.first, code))
            self.names_here[mention.first] = mention.name or ""

    def _read_heading(self, document: Document, sentence: Sentence) -> None:
        """ "2. Lithuania", "Bénin : …", a crosshead: a country's name alone says where the next lines are."""
        voices = sentence.of_kind(MentionKind.SPEAKER)
        if sentence.field == "title" or not voices or not self.is_state(voices[0].code):
            return
        name = voices[0]
        begins = sentence.first + (document.tokens[sentence.first].form in _BULLETS)
        opens = name.first == begins and not document.tokens[name.first].has(*SEAT)
        topic = opens and name.last < sentence.last and document.tokens[name.last].form == ":"
        if topic and self.heading[1]:
            self._forget()  # "LITHUANIA: … LATVIA: …"
        alone = len(voices) == 1 and sentence.last - sentence.first <= HEADING_TOKENS
        if topic or (alone and not any(clause.verbs for clause in sentence.clauses)):
            self.destinations.append(Where(name.code, explicit=True, because=HEADING))
            if opens:
                self.heading = (sentence.block + (sentence.kind is BlockKind.HEADING), name.code or NOBODY)

    def remember(self, actor: str | None, where: Where) -> None:
        """A claim was made: it is what the next vague phrase means."""
        if actor is not None:
            _push(self.actors, actor)
        if where.country is not None or where.place is not None:
            where.sentence = self.sentence
            self.destinations.append(where)

    def headed(self) -> list[str]:
        """ "Jamaica. Of 170 soldiers, 24 have arrived": whose forces a heading tells of, unless some are there."""
        last, code = self.heading
        below = self.last_read is not None and self.last_read.block <= last
        return [code] if below and not any(claim.destination == code for claim in self.claims) else []

    def claim_about(self, code: str, since: int, event: FrameClass | str | None) -> DraftClaim | None:
        """The latest affirmed claim whose actor or host `code` is; of an increase, a planned one first, of what others
        say, one that somebody only says."""
        found = [
            claim
            for claim in reversed(self.claims)
            if claim.sentence >= since
            and claim.certainty is not Certainty.DENIED
            and code in (claim.actor, claim.destination)
            and (claim.source is None or claim.source.code != code)
        ]
        found.sort(key=lambda claim: (claim.actor != code, claim.destination == code))  # its own, abroad, come first
        planned = [claim for claim in found if claim.stage is Stage.PLANNED]
        if event is FrameClass.GROW and planned:
            return planned[0]
        doubted = [claim for claim in found if claim.certainty is not Certainty.CONFIRMED]
        return next(iter(doubted if doubted and event == "allegation" else found), None)

    @property
    def last_claim(self) -> DraftClaim | None:
        return self.claims[-1] if self.claims else None

    @property
    def last_destination(self) -> Where | None:
        return self.destinations[-1] if self.destinations else None

    @property
    def last_country(self) -> str | None:
        return self.destinations[-1].country if self.destinations else None

    def is_state(self, code: str | None) -> bool:
        return code in self.words.countries

    def is_body(self, code: str | None) -> bool:
        """Whether it is an alliance or organisation: no state and no armed group."""
        return not self.is_state(code) and code not in self.words.armed_groups


def story_country(document: Document) -> str | None:
    """The country that the article names most often, by whatever word, if most of its places lie there."""
    lands = Counter(
        m.country
        for s in document.sentences
        for m in s.mentions
        if m.kind is MentionKind.PLACE and m.country and not is_beside(document, s, m)
    )
    named = document.countries[0] if document.countries else None
    return named if lands and lands.most_common(1)[0][0] == named else None


def _lies_elsewhere(document: Document, sentence: Sentence, place: Mention) -> bool:
    return is_beside(document, sentence, place) or is_elsewhere_then(document, sentence, place)


def _is_named_beside(document: Document, sentence: Sentence, voice: Mention) -> bool:
    """ "sent soldiers to X, despite warnings from Y"; not "At the request of X, Y sent soldiers to the country"."""
    clause = sentence.clause_at(voice.first)
    opens = clause is not None and clause.first == sentence.first
    return not opens and is_beside(document, sentence, voice)


def seats_named(document: Document) -> dict[str, Place]:
    """Country → the capital that the text names somewhere, if only in a dateline."""
    seats = (entry for entry in document.entries if entry.kind is EntryKind.METONYM)
    return {seat.code: seat.place for seat in seats if seat.code is not None and seat.place is not None}


def before_mentions(sentence: Sentence | None) -> list[Mention]:
    return sentence.mentions if sentence is not None else []


def _standing_abroad(sentence: Sentence) -> list[Where]:
    """ "The Ugandan soldiers in Congo have a new commander. There are 2,500 of them": where a force stands of which
    its sentence tells something else."""
    ends = {m.last: m.code for m in sentence.mentions if m.kind is MentionKind.FORCE and m.code is not None}
    return [
        Where(place.country, because=LAST_TOLD, sentence=sentence.index)
        for place in sentence.of_kind(MentionKind.PLACE)
        if place.role == "at" and place.country not in (None, ends.get(place.first)) and place.first in ends
    ]


def _massed(document: Document, sentence: Sentence) -> list[tuple[int, str]]:
    """ "der russische Aufmarsch", "the Azerbaijani build-up": whose forces the noun behind the adjective means; "Iraq
    deployments" lead there."""
    events = ((k, document.tokens[k].event) for k in sentence.where(TermKind.EVENT) if k > sentence.first)
    sent = [k for k, event in events if event is not None and event.frame is FrameClass.SEND]
    nations = ((k, document.tokens[k - 1].term(TermKind.NATION)) for k in sent)
    sides = ((k, m.term.entry) for k, m in nations if m and m.term.sort == EntryKind.ADJECTIVE.value)
    return [(k, entry.code) for k, entry in sides if entry is not None and entry.code]


def _own_country(document: Document, sentence: Sentence) -> bool:
    tokens = document.tokens
    return any(
        tokens[k].has(TermKind.ANAPHOR, "owner") and tokens[k + 1].has(TermKind.ANAPHOR, "country")
        for k in sentence.where(TermKind.ANAPHOR)
        if k + 1 < sentence.last
    )


def _bounds(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "its border with Belarus": named for the border only."""
    index = mention.first - 1
    relator = document.tokens[index].term(TermKind.RELATOR) if index > sentence.first else None
    noun = document.tokens[relator.first - 1] if relator is not None and relator.first > sentence.first else None
    return noun is not None and noun.has(TermKind.PLACE_NOUN, "border")


def _push(stack: list[str], code: str) -> None:
    if code in stack:
        stack.remove(code)
    stack.append(code)
