"""Part of step 7: one sentence while its scopes are read: what came before it, and how a scope is laid on a clause."""

from services.extractor.document import Clause, Document, Mention, MentionKind, Sentence, Speaker
from services.extractor.lexicon import Language
from services.extractor.steps.speaker_memory import SpeakerMemory
from services.extractor.terms import Match
from services.extractor.vocabulary import Effect, TermKind

_PERSONS = frozenset({"person", "official", "local", "insider", "witness"})
_OFFICES = frozenset({"state", "official"})
_SIDES = (MentionKind.SPEAKER, MentionKind.FORCE)
_DOUBTS = frozenset({TermKind.NEGATION, TermKind.HEDGE, TermKind.CUE})


class SentenceScopes:
    """One sentence, the one before it and who has spoken so far."""

    def __init__(
        self,
        document: Document,
        sentence: Sentence,
        previous: Sentence | None,
        memory: SpeakerMemory,
        language: Language,
    ) -> None:
        self.document = document
        self.sentence = sentence
        self.previous = previous
        self.memory = memory
        self.language = language
        self.tokens = document.tokens

    def asks_where(self, clause: Clause) -> bool:
        """ "has not said where the frigate is", "unklar, wo die Soldaten sind": behind a verb or a doubt, no place."""
        index = clause.first - 1
        if index < self.sentence.first or not self.tokens[clause.first].has(TermKind.ANAPHOR, "where"):
            return False
        if self.tokens[index].form != ",":
            return bool(self.tokens[index].verbs)
        return any(match.term.kind in _DOUBTS for match in self.tokens[index - 1].terms)

    def parted(self, one: Clause, other: Clause) -> bool:
        """Whether a semicolon stands between the clauses."""
        first, last = sorted((one.first, other.first))
        return any(self.tokens[index].form == ";" for index in range(first, last))

    def pronoun_subject(self, clause: Clause) -> int | None:
        """The token of the clause's "he", "sie", "it"."""
        for index in self.sentence.where(TermKind.ANAPHOR):
            if index in clause and self.tokens[index].has(TermKind.ANAPHOR, "subject"):
                return index
        return None

    def in_slot(self, mention: Mention) -> bool:
        """Whether a relator or a place phrase holds the name: it is no subject."""
        for index in range(mention.first - 1, max(self.sentence.first, mention.first - 3) - 1, -1):
            token = self.tokens[index]
            relator = token.term(TermKind.RELATOR)
            if relator is not None and self._one_of(relator):
                return False
            if relator is not None:
                return not relator.term.roles & {"by"} or "of" in relator.term.roles
            if token.term(TermKind.DETERMINER) is None:
                break
        return any(
            m.kind is MentionKind.PLACE and mention.first in m and m.role is not None for m in self.sentence.mentions
        )

    def _land(self) -> str | None:
        """The nation of an adjective that belongs to no force and no speaker: "the Congolese town"."""
        taken = [m for m in self.sentence.mentions if m.kind in (MentionKind.FORCE, MentionKind.SPEAKER)]
        for index in self.sentence.where(TermKind.NATION):
            match = self.tokens[index].term(TermKind.NATION)
            if match is not None and not any(index in m for m in taken):
                return match.side
        return None

    def _one_of(self, relator: Match) -> bool:
        """ "one of the officials": a word that counts him opens the clause, and he speaks for them."""
        index = relator.first - 1
        if "of" not in relator.term.roles or index < self.sentence.first:
            return False
        if self.tokens[index].terms and not self.tokens[index].has(TermKind.DETERMINER, "one"):
            return False
        opens = index == self.sentence.first or not self.tokens[index - 1].form[0].isalnum()
        return opens and self.tokens[index].form[0].isalpha()

    def speaker(self, mention: Mention) -> Speaker:
        """Whom the mention means, with what is known of him from other sentences."""
        places = [m for m in self.sentence.mentions if m.kind is MentionKind.PLACE and m.country]
        before = [m.country for m in places if m.last <= mention.first]
        here = before[-1] if before else next((m.country for m in places), self._land())
        subject = self._owner_before(mention) if "possessive" in mention.features else self._subject_before(mention)
        if any(self.tokens[k].has(TermKind.CUE, "rank") for k in range(mention.first, mention.last)):
            mention.features |= {"rank"}
        return self.memory.resolve(mention, self.tokens[mention.head].form, here, self._seat(mention), subject)

    def _seat(self, mention: Mention) -> str | None:
        """ "In Belgrade, the minister said": where the clause begins is whose office it is."""
        clause = self.sentence.clause_at(mention.head)
        if clause is None or "rank" in mention.features or not clause.says:
            return None  # "In Gao sind laut dem Ministerium …": where the forces are
        places = [m for m in self.sentence.mentions if m.kind is MentionKind.PLACE and m.role == "at"]
        return next((m.country for m in places if m.first == clause.first and m.last <= mention.first), None)

    def _owner_before(self, mention: Mention) -> str | None:
        """ "set by the president, his spokesman said": the last one before, if a person; "Egypt's army attacked in the
        desert bordering Libya, its spokesman said": else the first, be it who speaks or a force."""
        before = [m for m in self.sentence.mentions if m.kind in _SIDES and m.last <= mention.first]
        free = [m for m in before if not self.in_slot(m)]
        if not free:
            return None
        owner = free[-1] if free[-1].features & _PERSONS else free[0]
        return self.speaker(owner).code if owner.kind is MentionKind.SPEAKER else owner.code

    def _subject_before(self, mention: Mention) -> str | None:
        """The state or body that the sentence's first noun phrase names, or the state behind what a relator leads
        ("Nach Gesprächen mit X | schickt Y …"), if the mention stands in a later one."""
        named = [m for m in self.sentence.mentions if m.last <= mention.first and m.kind in _SIDES]
        if named and self.in_slot(named[0]):
            named = [m for m in named if not self.in_slot(m)]
            named = named if named and named[0].kind is MentionKind.SPEAKER else []
        first = next(iter(named), None)
        if first is None or "demonym" in first.features:
            return None
        if first.kind is MentionKind.SPEAKER and "voice" not in first.features:
            return None
        others = {m.code for m in named if m.features & _OFFICES} - {None, first.code}
        return first.code if not others else None

    def opening_speaker(self, personal: bool) -> Mention | None:
        """Who opens the sentence as its subject outside quotations; of persons, only one who can be "he"."""
        opening = next(iter(self.sentence.of_kind(MentionKind.SPEAKER)), None)
        if opening is None or opening.first > self.sentence.first + 1 or self.in_slot(opening):
            return None
        if self.tokens[opening.head].quote or (personal and not opening.features & _PERSONS):
            return None
        return opening

    def subject_before(self, personal: bool) -> Speaker | None:
        """ "The general flew to Rome. …, he said": whom the sentence before is about."""
        if self.previous is None or self.previous.block != self.sentence.block:
            return None
        before = SentenceScopes(self.document, self.previous, None, self.memory, self.language)
        opening = before.opening_speaker(personal)
        return before.speaker(opening) if opening is not None else None

    def apposed_code(self, index: int) -> str | None:
        """ "…, einer ukrainischen Regierungsorganisation": what the speaker before is, told after a comma."""
        roles = frozenset({"state", "official", "group", "witness"})
        for mention in self.sentence.mentions:
            if (
                mention.kind is MentionKind.SPEAKER
                and mention.first > index
                and mention.code is not None
                and self.tokens[mention.first - 1].form == ","
                and mention.features & roles
            ):
                return mention.code
        return None

    def follows_speech(self) -> bool:
        """Whether the last speaker spoke in the sentence before."""
        before = self.previous.clauses if self.previous is not None else ()
        return any(c.source is not None and c.source == self.memory.last for c in before)

    def add(self, clause: Clause, effect: Effect, speaker: Speaker | None, rule: str) -> None:
        """Lays an effect on a clause; the first speaker stays."""
        clause.effects.add(effect)
        if speaker is not None and clause.source is None:
            clause.source = speaker
        clause.because.append(rule)
