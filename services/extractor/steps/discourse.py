"""Step 8: memory over title and earlier sentences. Half of the German slots stand outside the claim's own sentence."""

from dataclasses import dataclass, field
from itertools import pairwise

from services.extractor.document import (
    BlockKind,
    Document,
    DraftClaim,
    Effect,
    Frame,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    TermKind,
)
from services.extractor.gazetteer import Gazetteer
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import after_relator, belongs_to_speaker
from shared.events.statements import Certainty, Stage

SAME_SENTENCE_REACH = 40
"""How many tokens from the verb a place of another clause may stand: longer "sentences" are captions and lists."""
HEADING_TOKENS = 3
PASSED_REACH = 2
"""Sentences back to a place that "dort" can mean."""

NEAR = 3
"""Sentences within which a force without a side is the last claim's."""

GUESSES = ("only nation in sight", "dateline, or the only state named")
"""Rules that find an actor where nothing points at one: never believed of a country's own soil."""

SEVERAL_WEAK = 3
"""So many different weak words for forces in one article mean forces."""

_OTHER_SIDE = frozenset({"against", "with"})
_OWNERS = frozenset(
    {
        FrameClass.SEND,
        FrameClass.HAVE,
        FrameClass.GROW,
        FrameClass.SHRINK,
        FrameClass.WITHDRAW,
        FrameClass.FIGHT,
        FrameClass.TAKE,
        FrameClass.JOIN,
        FrameClass.LEAVE,
    }
)


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

    gazetteer: Gazetteer
    words: Language
    dateline: str | None = None
    anywhere: str | None = None  # the first state named in the article
    actors: list[str] = field(default_factory=list)
    nations: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    force_seen: int = -NEAR  # last sentence before this one with a plain force or a claim
    last_read: Sentence | None = None
    sentence: int = -1  # the one observed last
    host: str | None = None  # the state that speaks of foreign forces: on its soil, if nothing tells where
    main_country: str | None = None  # named most often: where an unlisted place most likely lies
    named_here: list[tuple[int, str]] = field(default_factory=list)  # sides named in this sentence, by token
    weak_words: set[str] = field(default_factory=set)
    forces_here: list[tuple[int, str]] = field(default_factory=list)  # forces of this sentence, by token
    speaks_of_own_country: bool = False  # "sein Land habe …"
    passed: list[tuple[int, Mention]] = field(default_factory=list)  # places by sentence, claimed or not
    owners_before: list[str] = field(default_factory=list)
    destinations: list[Where] = field(default_factory=list)
    title_actor: str | None = None
    has_strong_force: bool = False
    claims: list[DraftClaim] = field(default_factory=list)

    def observe(self, document: Document, sentence: Sentence) -> None:
        """Takes note of a sentence's forces and nations; called before its frames are resolved. `before` keeps what
        was told up to here: what a pronoun of this sentence means."""
        self.sentence = sentence.index
        if any(m.kind is MentionKind.FORCE and "weak" not in m.features for m in before_mentions(self.last_read)):
            self.force_seen = self.last_read.index if self.last_read is not None else -1
        self.last_read = sentence
        self.before = list(self.actors)
        self.owners_before = list(self.owners)
        self.named_here = []
        self.forces_here = []
        self.speaks_of_own_country = _own_country(document, sentence)
        self.passed = [(i, m) for i, m in self.passed if sentence.index - i <= PASSED_REACH]
        self.passed += [
            (sentence.index, m)
            for m in sentence.mentions
            if m.kind is MentionKind.PLACE and not belongs_to_speaker(sentence, m) and not in_saying_clause(sentence, m)
        ]
        self._read_heading(sentence)
        slots = [m for m in sentence.mentions if m.kind is MentionKind.PLACE]
        for mention in sentence.mentions:
            code = mention.code
            if mention.kind is MentionKind.FORCE:
                named_unit = code is not None and bool(mention.features & {"unit", "institution"})
                self.weak_words.add(document.tokens[mention.head].lower)
                several = len(self.weak_words) >= SEVERAL_WEAK
                self.has_strong_force = self.has_strong_force or "weak" not in mention.features or named_unit or several
                if (
                    code is not None
                    and "demonym" not in mention.features
                    and not after_relator(document, sentence, mention, _OTHER_SIDE)
                    and not _attributed(document, sentence, mention)
                ):
                    _push(self.actors, code)
                    self.forces_here.append((mention.first, code))
            elif mention.kind is MentionKind.SPEAKER:
                if code in self.words.countries and code is not None:
                    _push(self.nations, code)
                if code is None and "group" in mention.features:
                    code = next((c for c in reversed(self.owners) if c not in self.words.countries), None)
                if code is not None and code != "MEDIA" and not any(s.first <= mention.first < s.last for s in slots):
                    _push(self.owners, code)
                    if not _attributed(document, sentence, mention):
                        self.named_here.append((mention.first, code))

    def _read_heading(self, sentence: Sentence) -> None:
        """A crosshead that is only a country's name says where the next lines are."""
        voices = [m for m in sentence.mentions if m.kind is MentionKind.SPEAKER]
        if sentence.kind is BlockKind.HEADING and len(voices) == 1 and sentence.last - sentence.first <= HEADING_TOKENS:
            code = voices[0].code
            if code in self.words.countries and not any(clause.verbs for clause in sentence.clauses):
                self.destinations.append(Where(code, explicit=True, because="heading"))

    def remember(self, actor: str | None, where: Where) -> None:
        """A claim was made: it is what the next vague phrase means."""
        if actor is not None:
            _push(self.actors, actor)
        if where.country is not None or where.place is not None:
            where.sentence = self.sentence
            self.destinations.append(where)

    # Actor

    def actor(self, frame: Frame) -> tuple[str | None, str]:
        """The actor's code and the rule that found it."""
        force = frame.force
        sender = frame.sender.code if frame.sender is not None else None
        if force is not None and force.code is not None:
            if "from" in force.features and force.country and force.code not in self.words.countries:
                return force.country, "the member state it comes from"
            return force.code, "force names it"
        if force is not None and force.features & {"pronoun", "elided", "part"}:
            earlier = [code for index, code in self.forces_here if index < frame.clause.first]
            if earlier or self.before:
                return (earlier or self.before)[-1], "points back to the last force"
        if (frame.frame in _OWNERS or _with_people(force)) and sender is not None and not frame.nominal:
            return sender, "subject of the clause"
        if force is not None and "several" in force.features:
            groups = [code for code in self.actors + self.owners if code not in self.words.countries]
            return (groups[-1] if groups else None), "joint force"
        if force is not None and "from" in force.features and force.country is not None and not self._leaving(frame):
            return force.country, "from that country"
        if frame.nominal and sender is not None:
            return sender, "owner of the event"
        if frame.frame in _OWNERS and frame.institution:
            return self._nameless(frame), "the state of that country"
        if frame.frame in (FrameClass.GO, FrameClass.DEPART) and frame.origin is not None:
            return frame.origin, "comes from there"
        if force is not None and "possessive" in force.features:
            return self._owner(frame, sender), "possessive"
        if force is not None and "group" in force.features and "definite" in force.features:
            groups = [code for code in self.actors if code not in self.words.countries]
            if groups:
                return groups[-1], "the group told of"
        if force is not None and "institution" in force.features and force.features & {"definite", "negated"}:
            return self._home(frame), "the army of the country"
        near = self._likeliest(frame)
        if near is not None:
            return near, "last force told of"
        if force is not None and "group" in force.features:
            return None, "a group nobody named"
        source = frame.clause.source
        if source is not None and source.code in self.words.countries and not self.owners_before:
            return source.code, GUESSES[0]
        told = self.title_actor or self.dateline or (self.owners[-1] if self.owners else None)
        if told is not None and force is not None:
            return told, GUESSES[0]
        return self.dateline or self.anywhere, GUESSES[1]

    def _nameless(self, frame: Frame) -> str | None:
        """Whose "the government" is: the state named before it, the one told of so far, where it happens."""
        here = [code for index, code in self.named_here if index < frame.head and code in self.words.countries]
        hosts = [place.country for place in frame.places if place.country]
        told = [code for code in self.owners_before if code in self.words.countries]
        if here or (told and not set(hosts) & {*told, self.dateline}):
            return (here or told)[-1]
        own = [place.country for place in frame.places if place.country and place.name is not None]
        return next(iter([*(h for h in hosts if h in told), *own]), None) or self._home(frame) or self.dateline

    def _likeliest(self, frame: Frame) -> str | None:
        """For a force without a side: who was named before it in the sentence, the last claim's actor, the last force.
        The country it goes to or is in is the least likely."""
        hosts = {place.country for place in frame.places if place.country}
        position = frame.force.first if frame.force is not None else frame.head
        speaker = frame.clause.source.code if frame.clause.source is not None else None
        here = [code for index, code in reversed(self.named_here) if index < position and code != speaker]
        recent = [claim.actor for claim in self.claims[-1:] if frame.sentence - claim.sentence <= NEAR and claim.actor]
        candidates = [*here, *recent, *reversed(self.actors)]
        if frame.force is not None and "group" in frame.force.features:
            return next((code for code in candidates if code in self.words.armed_groups), None)
        if frame.force is not None and not frame.force.features & {"group", "any_side", "weak"}:
            regular = [code for code in candidates if code not in self.words.armed_groups]
            candidates = regular or candidates
        return next((code for code in candidates if code not in hosts), candidates[0] if candidates else None)

    def _owner(self, frame: Frame, sender: str | None) -> str | None:
        """Whose "seine Soldaten" are: the subject, who was named before them in the sentence, the last force's side."""
        if sender is not None:
            return sender
        position = frame.force.first if frame.force is not None else frame.head
        source = frame.clause.source
        if Effect.DENY in frame.clause.effects and source is not None and source.code in self.words.countries:
            return source.code
        near = [code for index, code in self.named_here if index < position]
        if near:
            return near[-1]
        if self.speaks_of_own_country and source is not None and source.code in self.words.countries:
            return source.code
        owners = self.before or self.owners_before or self.owners
        return owners[-1] if owners else None

    def _home(self, frame: Frame) -> str | None:
        states = [code for code in self.actors if code in self.words.countries]
        if states and (not self.destinations or self.destinations[-1].country in (None, states[-1])):
            return states[-1]
        hosts = [where.country for where in self.destinations if where.country]
        if self.actors and self.actors[-1] in self.words.countries:
            return self.actors[-1]
        here = [place.country for place in frame.places if place.country]
        candidates = [*hosts[-1:], *([self.dateline] if self.dateline else []), *states[-1:], *here]
        return candidates[0] if candidates else None

    @staticmethod
    def _leaving(frame: Frame) -> bool:
        return frame.frame in (FrameClass.WITHDRAW, FrameClass.LEAVE)

    def claim_about(self, code: str, since: int, event: FrameClass | str | None) -> DraftClaim | None:
        """The latest affirmed claim whose actor or host `code` is; of an increase, a planned one first."""
        found = [
            claim
            for claim in reversed(self.claims)
            if claim.sentence >= since
            and claim.certainty is not Certainty.DENIED
            and code in (claim.actor, claim.destination)
            and (claim.source is None or claim.source.code != code)
        ]
        planned = [claim for claim in found if claim.stage is Stage.PLANNED]
        if event is FrameClass.GROW and planned:
            return planned[0]
        return found[0] if found else None

    # Destination

    def destination(self, document: Document, sentence: Sentence, frame: Frame, actor: str | None) -> Where:
        """Where the frame's own places say, else another clause of the sentence, else the last destination."""
        source = frame.clause.source
        told_by = source.code if source is not None and source.code in self.words.countries else None
        self.host = told_by if told_by != actor else None
        if self._several(document, frame):
            return Where(None, explicit=True, because="several countries")
        for place in frame.places:
            if frame.frame is FrameClass.ENTER and "noun:border" in place.features and place.code not in (None, actor):
                return Where(place.code, explicit=True, because="across the border")
            where = self._of_place(place, actor)
            if where is not None:
                return self._merged(where, frame.places, actor)
        host = _mission_host(document, frame)
        if host is not None:
            return Where(host, explicit=True, because="the mission's country")
        for place in self._elsewhere(sentence, frame):
            where = self._of_place(place, actor)
            if where is not None:
                where.because = "other clause"
                return where
        if self.destinations:
            last = self.destinations[-1]
            if last.country is None:
                return Where(None, last.place, last.key, last.within, False, "last destination told of", last.sentence)
            return Where(last.country, because="last destination told of", sentence=last.sentence)
        return Where(None)

    def _several(self, document: Document, frame: Frame) -> bool:
        """ "im Irak, in Jordanien und in Syrien": one force over several countries."""
        named = sorted((m for m in frame.places if m.role == "at" and m.country), key=lambda m: m.first)
        for left, right in pairwise(named):
            between = document.tokens[left.last : right.first]
            joined = len(between) == 1 and (between[0].form == "," or between[0].term(TermKind.COORDINATOR) is not None)
            if joined and left.country != right.country:
                return True
        return False

    def _merged(self, where: Where, places: list[Mention], actor: str | None) -> Where:
        """Two phrases for one place: the name from one, the country from the other."""
        if where.place is None:
            for other in places:
                named = self._of_place(other, actor) if other.name is not None else None
                if named is not None and named.country == where.country and named.place is not None:
                    return named
        if where.country is None and where.key is not None and where.key.startswith("x:"):
            for other in places:
                if other.name is None and other.country is not None and other.role in ("at", "goal", "near"):
                    where.country = other.country
        return where

    def _elsewhere(self, sentence: Sentence, frame: Frame) -> list[Mention]:
        roles: tuple[str, ...] = ("origin", "at") if frame.stage.value == "withdrawn" else ("goal", "at", "near")
        if frame.frame is FrameClass.DEPART:
            roles = ("goal",)
        found = [
            m
            for m in sentence.mentions
            if not in_saying_clause(sentence, m)
            and m.kind is MentionKind.PLACE
            and m.role in roles
            and m not in frame.places
            and abs(m.head - frame.head) <= SAME_SENTENCE_REACH
            and not m.features & {"there", "guess"}
            and not any(
                s.kind is MentionKind.SPEAKER and "voice" not in s.features and s.first < m.first < s.last
                for s in sentence.mentions
            )
        ]
        return sorted(found, key=lambda m: roles.index(m.role or ""))

    def _of_place(self, place: Mention, actor: str | None) -> Where | None:
        features = place.features
        if "there" in features:
            return self._there(actor)
        if {"country", "noun:point"} <= features and any(code == actor for _, code in self.named_here):
            return Where(actor, explicit=True, because="part of the actor's own country")
        if "country" in features and place.country is None and place.code is None:
            return self._last("the country", country_only=True) or self._passed_by() or self._other_country(actor)
        if "neighbour" in features and place.country is None:
            other = next((code for code in reversed(self.nations) if code != actor), None)
            return Where(other, explicit=True, because="neighbour") if other else None
        if features & {"noun:border"} and place.name is not None:
            return self._border(place, actor)
        if "noun:point" in features and place.name is None and place.country is None:
            own = Where(actor, explicit=True, because="part of the actor's own country")
            return self._last("part of the country", country_only=True) or (own if self._is_state(actor) else None)
        if "noun:coast" in features and place.code is None and " " not in (place.name or " "):
            return self._last("coast of the country", country_only=True) or self._other_country(actor)
        if features & {"noun:sea", "noun:coast"}:
            found = self.gazetteer.place(place.name or "", self.words.code, (actor,) if actor else ())
            return Where(None, place.name, found.key if found else None, found.within if found else (), True, "sea")
        if place.name is not None:
            return self._named(place)
        if place.country is not None:
            return Where(place.country, explicit=True, because="country named")
        if features & {"noun:capital", "noun:region", "noun:town", "noun:site", "definite"}:
            if "noun:capital" in features:
                return self._last("common noun", country_only=True)
            return self._told_just_now() or self._passed_by() or self._last("common noun")
        return None

    def _is_state(self, code: str | None) -> bool:
        return code in self.words.countries

    def _named(self, place: Mention) -> Where:
        key, within, country = place.key, place.within, place.country
        if "several" in place.features:
            return Where(None, place.name, key, within, True, "several countries")
        if country is None and (key is None or key.startswith("x:")):
            found = self.gazetteer.place(place.name or "", self.words.code, self._context(place))
            if found is not None:
                key, within, country = found.key, found.within, found.country
            last = self.destinations[-1].country if self.destinations else None
            country = country or place.code or last or self.host or self.dateline or self.main_country
        return Where(country, place.name, key, within, True, "place named")

    def _context(self, place: Mention) -> tuple[str, ...]:
        found = [code for code in (place.code, *(w.country for w in reversed(self.destinations[-2:]))) if code]
        return tuple(dict.fromkeys(found))

    def _border(self, place: Mention, actor: str | None) -> Where:
        found = self.gazetteer.place(place.name or "", self.words.code, (actor,) if actor else ())
        own = actor if actor in self.words.countries else None
        country = found.country if found is not None and found.country in self.words.countries else None
        if place.code is not None and country == place.code:
            country = own or country  # forces mass on their own side
        return Where(
            country or own, place.name, found.key if found else None, found.within if found else (), True, "border"
        )

    def _there(self, actor: str | None) -> Where | None:
        last = self._told_just_now() or self._passed_by() or self._last("there")
        if last is not None and last.key is not None and last.key.startswith("border:") and actor is not None:
            last.country = actor  # each side masses on its own side
        return last

    def _other_country(self, actor: str | None) -> Where | None:
        """ "in the country" before any claim: the other state that the sentence names."""
        named = [code for _, code in reversed(self.named_here)]
        found = next((c for c in named if c != actor and c in self.words.countries), None)
        return Where(found, explicit=True, because="the country told of") if found else None

    def _told_just_now(self) -> Where | None:
        """The destination of a claim in this sentence or the one before, if it has a place."""
        last = self._last("place just told of")
        recent = last is not None and self.destinations[-1].sentence >= self.sentence - 1
        return last if recent and last is not None and last.place is not None else None

    def _passed_by(self) -> Where | None:
        """The place named last, in this sentence or the one before, whether or not a claim was made there."""
        for _, place in reversed(self.passed):
            if (
                place.role in ("at", "goal", "near", "for")
                and (place.name is not None or place.country is not None)
                and not place.features & {"noun:border", "guess"}
            ):
                where = self._named(place) if place.name is not None else Where(place.country, explicit=True)
                if where.country is not None:
                    where.because = "place told of"
                    return where
        return None

    def _last(self, because: str, country_only: bool = False) -> Where | None:
        if not self.destinations:
            return None
        last = self.destinations[-1]
        if country_only:
            return Where(last.country, explicit=True, because=because)
        return Where(last.country, last.place, last.key, last.within, True, because)


def _mission_host(document: Document, frame: Frame) -> str | None:
    """ "340 Soldaten bei Unifil", "die Blauhelme der Monusco": the country of the mission that the clause names."""
    for index in frame.clause.tokens():
        for match in document.tokens[index].terms:
            place = match.term.entry.place if match.term.entry is not None else None
            if match.term.sort == EntryKind.FORCES.value and place is not None:
                return place.country
    return None


def _with_people(force: Mention | None) -> bool:
    return force is not None and "with" in force.features


def before_mentions(sentence: Sentence | None) -> list[Mention]:
    return sentence.mentions if sentence is not None else []


def in_saying_clause(sentence: Sentence, place: Mention) -> bool:
    """ "…, erklärte sie in Brüssel": where something is said is not where the forces are."""
    clause = next((c for c in sentence.clauses if place.head in c), None)
    return clause is not None and any(v.reading.verb.says and v.reading.verb.frame is None for v in clause.verbs)


def _own_country(document: Document, sentence: Sentence) -> bool:
    tokens = document.tokens
    return any(
        tokens[k].has(TermKind.ANAPHOR, "owner") and tokens[k + 1].has(TermKind.ANAPHOR, "country")
        for k in range(sentence.first, sentence.last - 1)
    )


def _attributed(document: Document, sentence: Sentence, mention: Mention) -> bool:
    return any(
        document.tokens[k].term(TermKind.ATTRIBUTION) is not None
        for k in range(max(sentence.first, mention.first - 3), mention.first)
    )


def _push(stack: list[str], code: str) -> None:
    if code in stack:
        stack.remove(code)
    stack.append(code)
