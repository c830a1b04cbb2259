"""Step 7: what rules over the clauses: who says it, and whether it is denied, doubted, planned, asked or supposed."""

from collections import Counter

from services.extractor.compounds import compound_prefix
from services.extractor.document import (
    Clause,
    ClauseVerb,
    Document,
    Effect,
    FrameClass,
    Mention,
    MentionKind,
    Scope,
    Sentence,
    Speaker,
    TermKind,
    VerbForm,
)
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.speaker_memory import SpeakerMemory
from services.extractor.terms import Match
from shared.events.statements import StatementType

_INHERITED = frozenset({Effect.CONDITION, Effect.QUESTION, Effect.SUSPECT, Effect.PAST, Effect.DENY, Effect.DEMAND})
_RULES_INFINITIVE = frozenset({Effect.PLAN, Effect.DEMAND, Effect.REFUSE, Effect.CONDITION})
ATTRIBUTION_REACH = 7


def apply_scopes(document: Document, language: Language) -> None:
    memory = SpeakerMemory(document.dateline or _main_country(document, language), language.countries)
    for sentence in document.sentences:
        memory.learn(sentence)
    previous: Sentence | None = None
    for sentence in document.sentences:
        if previous is None or previous.field != sentence.field:
            memory.last = None
        _Scoper(document, sentence, previous, memory, language).run()
        memory.pass_by(sentence)
        previous = sentence


def _main_country(document: Document, language: Language) -> str | None:
    """The state named most often: where "the army" without a name belongs, if no dateline tells."""
    named = []
    for sentence in document.sentences:
        slots = [m for m in sentence.mentions if m.kind is MentionKind.PLACE]
        for m in sentence.mentions:
            inside = m.kind is MentionKind.SPEAKER and any(s.first <= m.first < s.last for s in slots)
            if not inside:  # a country that is a place counts once
                named.append(m.country if m.kind is MentionKind.PLACE else m.code)
    codes = Counter(code for code in named if code in language.countries)
    return codes.most_common(1)[0][0] if codes else None


class _Scoper:
    """One sentence's scopes, strongest first: attribution words, verbs of saying, quotation, reported speech."""

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

    def run(self) -> None:
        for clause in self.sentence.clauses:
            self._words(clause)
        saying = [(clause, verb) for clause in self.sentence.clauses for verb in clause.verbs if verb.reading.verb.says]
        for clause in self.sentence.clauses:
            self._attribution(clause)
        for clause, verb in saying:
            self._saying(clause, verb, saying)
        self._colon_headline()
        if not saying:
            self._carried_on()
        for clause in self.sentence.clauses:
            self._verbs(clause)
        self._inherit()

    # Words: negation, hedges, questions, conditions

    def _words(self, clause: Clause) -> None:
        if self.sentence.is_question:
            self._add(clause, Effect.QUESTION, None, "question")
        for index in clause.tokens():
            for match in self.tokens[index].terms:
                if match.term.kind is TermKind.NEGATION:
                    if not self._corrected(clause, index):
                        self._add(clause, Effect.NEGATE, None, match.term.rule)
                elif match.term.kind in (TermKind.HEDGE, TermKind.CUE) and match.term.effect is not None:
                    self._add(clause, match.term.effect, None, match.term.rule)
                    if match.term.kind is TermKind.CUE and match.term.effect is Effect.SUSPECT:
                        self._unverified(match.term.rule)
                    if match.term.effect in _RULES_INFINITIVE:
                        for child in self.sentence.clauses:
                            if child.parent is clause and child.kind == "infinitive":
                                self._add(child, match.term.effect, None, match.term.rule)
        if self._opens_conditional(clause):
            self._add(clause, Effect.CONDITION, None, "verb first, conditional")

    def _unverified(self, rule: str) -> None:
        """ "…, which could not be verified": doubts the whole sentence, or the one before if it says nothing else."""
        for other in self.sentence.clauses:
            other.effects.add(Effect.SUSPECT)
        names_force = any(m.kind is MentionKind.FORCE for m in self.sentence.mentions)
        if not names_force and self.previous is not None and self.previous.block == self.sentence.block:
            for other in self.previous.clauses:
                self._add(other, Effect.SUSPECT, None, rule)

    def _corrected(self, clause: Clause, index: int) -> bool:
        """ "nicht mehr 1500, sondern 3000": what stands after the contrast is affirmed."""
        return any(k > index and self.tokens[k].has(TermKind.COORDINATOR, "contrast") for k in clause.tokens())

    def _opens_conditional(self, clause: Clause) -> bool:
        """ "Sollten diese Truppen …, würde …": the finite verb before its subject, and no question."""
        if not self.language.orthography.inverted_subject or self.sentence.is_question:
            return False
        if clause is not self.sentence.clauses[0] or len(self.sentence.clauses) < 2:
            return False
        first = next((k for k in clause.tokens() if self.tokens[k].form[0].isalnum()), None)
        forms = (VerbForm.CONDITIONAL, VerbForm.PAST)
        return any(
            v.index == first and v.reading.form in forms and (v.reading.verb.modal or v.reading.verb.auxiliary)
            for v in clause.verbs
        )

    # Speakers

    def _attribution(self, clause: Clause) -> None:
        for index in clause.tokens():
            match = self.tokens[index].term(TermKind.ATTRIBUTION)
            if match is None or (match.term.sort == "trailing" and self.tokens[index - 1].form != ","):
                continue
            speaker = self._attributed(clause, match)
            effect = match.term.effect or Effect.CLAIM
            if speaker is None and match.term.sort != "bare" and match.term.effect is None:
                continue
            if match.term.sort == "bare" and match.term.effect is None:
                speaker = self.memory.last
            for target in self._attributed_clauses(clause):
                self._add(target, effect, speaker, match.term.rule)
            if speaker is not None:
                self.memory.last = speaker

    def _attributed_clauses(self, clause: Clause) -> list[Clause]:
        """From a main clause an attribution rules the sentence; from a subordinate one only that clause and its own."""
        free = [c for c in self.sentence.clauses if c.source is None]
        if clause.kind == "main" or Effect.QUOTE_BACK in clause.effects:
            return free
        return [c for c in free if c is clause or c.parent is clause]

    def _attributed(self, clause: Clause, match: Match) -> Speaker | None:
        sort = match.term.sort
        speakers = [m for m in self.sentence.mentions if m.kind is MentionKind.SPEAKER]
        if sort == "own":
            plain = [m for m in speakers if m.code is not None and not self._in_slot(m)]
            own = [m for m in plain if m.head in clause] or [m for m in plain if m.last <= match.first]
            return self._speaker(own[0]) if own else None
        if sort == "adjective":
            return self._adjective_speaker(match)
        if sort in ("before", "trailing"):
            following = [m for m in speakers if 0 <= m.first - match.last <= ATTRIBUTION_REACH]
            return self._speaker(following[0]) if following else None
        if sort == "after":
            leading = [m for m in speakers if 0 <= match.first - m.last <= 2]
            return self._speaker(leading[-1]) if leading else None
        return None

    def _adjective_speaker(self, match: Match) -> Speaker | None:
        compound = self._compound_speaker(match)
        if compound is not None:
            return compound
        """ "nach ukrainischen Angaben": the adjective between a relator and the noun that was matched."""
        for index in range(match.first - 1, max(self.sentence.first, match.first - 3) - 1, -1):
            led = index > self.sentence.first and self.tokens[index - 1].term(TermKind.RELATOR) is not None
            if any(self.tokens[k].verbs for k in range(index, match.first)):
                break
            for named in self.tokens[index].terms:
                if led and named.term.entry is not None and named.term.entry.code is not None:
                    words = self.document.words(self.sentence, index, match.last)
                    return Speaker(words, named.term.entry.code)
        return None

    def _compound_speaker(self, match: Match) -> Speaker | None:
        """ "nach UN-Schätzungen", "Pentagon-Angaben zufolge": the first part of the compound says so."""
        token = self.tokens[match.first]
        for term in compound_prefix(token, match.term, self.language):
            if term.entry is not None:
                code = "MEDIA" if term.entry.kind is EntryKind.MEDIUM else term.entry.code
                return Speaker(token.form, code)
        return None

    def _saying(self, clause: Clause, verb: ClauseVerb, saying: list[tuple[Clause, ClauseVerb]]) -> None:
        effect = verb.reading.verb.effect or Effect.CLAIM
        if Effect.NEGATE in clause.effects and effect in (Effect.CONFIRM, Effect.DENY):
            return
        speaker = self._subject(clause, verb)
        if speaker is not None and speaker.code is None:
            speaker = Speaker(speaker.name, self._apposed_code(verb))
        rule = f"says:{verb.reading.verb.lemma}"
        if speaker is not None:
            self.memory.last = speaker
        others = {c.index for c, _ in saying}
        targets = [c for c in self.sentence.clauses if c is clause or c.index not in others or c.parent is clause]
        if effect is Effect.DENY:
            targets = [c for c in targets if c is clause or c.parent is clause or c.index > clause.index]
        back = self._points_back(clause, verb)
        if back and self.previous is not None:
            targets = targets + [c for c in self.previous.clauses if c.source is None]
        for target in targets:
            if target.source is None or target is clause:
                self._add(target, effect, speaker, rule)
            if verb.reading.verb.statement is StatementType.THREATEN and target.kind == "infinitive":
                self._add(target, Effect.CONDITION, None, rule)

    def _points_back(self, clause: Clause, verb: ClauseVerb) -> bool:
        """ "Das teilte die Armee mit": the sentence before is what was said."""
        if clause is not self.sentence.clauses[0]:
            return False
        if self.tokens[self.sentence.first].has(TermKind.ANAPHOR, "demonstrative"):
            return verb.index - self.sentence.first <= 3
        confirms = verb.reading.verb.effect in (Effect.CONFIRM, Effect.ANNOUNCE)
        return confirms and len(self.sentence.clauses) == 1 and self._bare_event(clause)

    def _bare_event(self, clause: Clause) -> bool:
        """ "bestätigte den Einsatz": the event told before, without a force of its own."""
        if any(m.kind is MentionKind.FORCE and m.head in clause for m in self.sentence.mentions):
            return False
        return any(self.tokens[index].term(TermKind.EVENT) is not None for index in clause.tokens())

    def _subject(self, clause: Clause, verb: ClauseVerb) -> Speaker | None:
        speakers = [
            m
            for m in self.sentence.mentions
            if m.kind is MentionKind.SPEAKER and m.head in clause and not self._in_slot(m)
        ]
        agent = self._agent(clause, verb)
        if agent is not None:
            return self._speaker(agent)
        speakers = [m for m in speakers if self._plausible(m, verb)]
        before = [m for m in speakers if m.last <= verb.index]
        after = [m for m in speakers if m.first > verb.index]
        chosen = before[0] if before else after[0] if after else None
        pronoun = self._pronoun_subject(clause)
        if chosen is None and verb.reading.verb.needs and pronoun is not None:
            seat = self._seat(clause)  # "wie es aus Colombo hieß"
            if seat is not None:
                return seat
        if pronoun is not None and (chosen is None or chosen.first > pronoun):
            return self.memory.last
        return self._speaker(chosen) if chosen is not None else None

    def _seat(self, clause: Clause) -> Speaker | None:
        """Where it is said, if nobody is named who says it: a capital or country as place or origin."""
        for m in self.sentence.mentions:
            if m.kind is MentionKind.PLACE and m.role in ("at", "origin") and m.head in clause and m.country:
                first = next((k for k in range(m.first, m.last) if self.tokens[k].form[0].isupper()), m.first)
                return Speaker(self.document.words(self.sentence, first, m.last), m.country)
        return None

    def _agent(self, clause: Clause, verb: ClauseVerb) -> Mention | None:
        """ "wurde vom Zentrum X verbreitet": in the passive the one after "by" speaks."""
        if verb.reading.form is not VerbForm.PARTICIPLE or not any(v.reading.verb.passive for v in clause.verbs):
            return None
        for mention in self.sentence.mentions:
            if mention.kind is MentionKind.SPEAKER and mention.head in clause:
                index = mention.first - 1
                while index > self.sentence.first and not self.tokens[index].form[0].isalnum():
                    index -= 1
                relator = self.tokens[index].term(TermKind.RELATOR)
                if relator is not None and "by" in relator.term.roles:
                    return mention
        return None

    def _apposed_code(self, verb: ClauseVerb) -> str | None:
        """ "…, einer ukrainischen Regierungsorganisation": what the speaker is, told after a comma."""
        for mention in self.sentence.mentions:
            if (
                mention.kind is MentionKind.SPEAKER
                and mention.first > verb.index
                and mention.code is not None
                and self.tokens[mention.first - 1].form == ","
                and mention.features & {"state", "official", "group", "witness"}
            ):
                return mention.code
        return None

    def _plausible(self, mention: Mention, verb: ClauseVerb) -> bool:
        """A lone capitalised word is a speaker if known from before, or right after the verb of saying."""
        if "name" not in mention.features or mention.last - mention.first > 1:
            return True
        return self.memory.knows(mention.name or "") or mention.first == verb.index + 1

    def _pronoun_subject(self, clause: Clause) -> int | None:
        for index in clause.tokens():
            match = self.tokens[index].term(TermKind.ANAPHOR)
            if match is not None and match.term.sort == "subject":
                return index
        return None

    def _in_slot(self, mention: Mention) -> bool:
        for index in range(mention.first - 1, max(self.sentence.first, mention.first - 3) - 1, -1):
            token = self.tokens[index]
            relator = token.term(TermKind.RELATOR)
            if relator is not None:
                return not relator.term.roles & {"by"} or "of" in relator.term.roles
            if token.term(TermKind.DETERMINER) is None:
                return False
        return any(
            m.kind is MentionKind.PLACE and m.first <= mention.first < m.last and m.role is not None
            for m in self.sentence.mentions
        )

    def _speaker(self, mention: Mention) -> Speaker:
        return self.memory.resolve(mention)

    def _colon_headline(self) -> None:
        """ "Seoul: 3000 Soldaten …" says who speaks, in a headline."""
        if self.sentence.kind.value not in ("title", "heading") or len(self.sentence.clauses) < 2:
            return
        first = self.sentence.clauses[0]
        speakers = [m for m in self.sentence.mentions if m.kind is MentionKind.SPEAKER and m.head in first]
        if (
            first.verbs
            or not speakers
            or self.tokens[first.last - 1].form != ":"
            or speakers[0].first > first.first + 1
        ):
            return
        for clause in self.sentence.clauses[1:]:
            if clause.source is None:
                self._add(clause, Effect.CLAIM, self._speaker(speakers[0]), "colon")

    def _carried_on(self) -> None:
        """Reported speech and quotations go on without a new verb of saying."""
        last = self.memory.last
        if last is None:
            return
        for clause in self.sentence.clauses:
            if clause.source is not None:
                continue
            if clause.quote:
                self._add(clause, Effect.CLAIM, last, "quotation goes on")
            elif self._shows(clause):
                self._add(clause, Effect.SUSPECT, last, "evidence shown by the last speaker")
            elif self._hearsay_goes_on(clause):
                self._add(clause, Effect.CLAIM, last, "hearsay of the last speaker")
            elif self._is_reported(clause) or self._joined_to_reported(clause):
                self._add(clause, Effect.CLAIM, last, "reported speech goes on")

    def _follows_speech(self) -> bool:
        return self.previous is not None and any(
            c.source is not None and c.source == self.memory.last for c in self.previous.clauses
        )

    def _shows(self, clause: Clause) -> bool:
        """ "Es soll Soldaten … zeigen": the video that somebody has just been said to spread."""
        hearsay = any(v.reading.verb.modal and v.reading.verb.effect is Effect.SUSPECT for v in clause.verbs)
        sees = any(v.reading.verb.frame is FrameClass.SEE for v in clause.verbs)
        return hearsay and sees and self._pronoun_subject(clause) is not None and self._follows_speech()

    def _hearsay_goes_on(self, clause: Clause) -> bool:
        """ "3000 von ihnen sollen …": said of forces that the last speaker has just spoken of."""
        hearsay = any(v.reading.verb.modal and v.reading.verb.effect is Effect.SUSPECT for v in clause.verbs)
        if not hearsay or not self._follows_speech():
            return False
        first = next((k for k in clause.tokens() if self.tokens[k].form[0].isalnum()), clause.first)
        return self.tokens[first].has(TermKind.ANAPHOR, "subject", "force") or any(
            m.kind is MentionKind.FORCE and m.features & {"part", "elided"} and m.head in clause
            for m in self.sentence.mentions
        )

    def _joined_to_reported(self, clause: Clause) -> bool:
        """ "sie hätten … und kämpften": a past form after "and" is as reported as the clause before it."""
        if clause.index == 0 or self.tokens[clause.first].term(TermKind.COORDINATOR) is None:
            return False
        before = self.sentence.clauses[clause.index - 1]
        past = any(v.reading.form in (VerbForm.PAST, VerbForm.CONDITIONAL) for v in clause.verbs)
        return past and before.source is not None and before.source == self.memory.last

    def _is_reported(self, clause: Clause) -> bool:
        forms = {verb.reading.form for verb in clause.verbs}
        if VerbForm.SUBJUNCTIVE in forms:
            return True
        return (
            VerbForm.CONDITIONAL in forms
            and self.language.orthography.inverted_subject
            and Effect.CONDITION not in clause.effects
            and self.previous is not None
            and any(c.source is not None for c in self.previous.clauses)
        )

    # Verbs that plan, begin, order, refuse, demand; conditionals

    def _verbs(self, clause: Clause) -> None:
        for verb in clause.verbs:
            effect = verb.reading.verb.effect
            if effect is None or verb.reading.verb.says or (verb.reading.verb.modal and effect is not Effect.DEMAND):
                continue
            rule = f"verb:{verb.reading.verb.lemma}"
            self._add(clause, effect, None, rule)
            for child in self.sentence.clauses:
                if child.parent is clause and child.kind in ("infinitive", "sub"):
                    self._add(child, effect, None, rule)

    def _inherit(self) -> None:
        for clause in self.sentence.clauses:
            parent = clause.parent
            if parent is None:
                continue
            for effect in parent.effects & _INHERITED:
                if effect is Effect.DENY and clause.kind == "relative" and not self._names_allegation(parent):
                    continue
                clause.effects.add(effect)
                if effect is Effect.DENY:
                    clause.source = parent.source or clause.source
            if clause.kind == "infinitive" and Effect.NEGATE in parent.effects:
                clause.effects.add(Effect.NEGATE)
            if clause.source is None and parent.source is not None:
                clause.source = parent.source
        if any(Effect.CONDITION in clause.effects for clause in self.sentence.clauses):
            for clause in self.sentence.clauses:
                if not any(verb.reading.verb.says for verb in clause.verbs):
                    clause.effects.add(Effect.CONDITION)

    def _names_allegation(self, clause: Clause) -> bool:
        """ "dementierte einen Bericht, dem zufolge …": the relative clause is what is denied."""
        return any(self.tokens[index].has(TermKind.CUE, "allegation") for index in clause.tokens())

    def _add(self, clause: Clause, effect: Effect, speaker: Speaker | None, rule: str) -> None:
        clause.effects.add(effect)
        if speaker is not None and clause.source is None:
            clause.source = speaker
        clause.because.append(rule)
        self.document.scopes.append(Scope(speaker, effect, self.sentence.index, (clause.index,), rule))
