"""Part of step 7: verbs of saying: who is their subject, and which clauses he says."""

from dataclasses import replace

from services.extractor.document import Clause, ClauseVerb, Mention, MentionKind, Speaker
from services.extractor.steps.clause_phrases import after_relator, mentions_in
from services.extractor.steps.reported_speech import GOES_ON_FORCE, is_in_mood
from services.extractor.steps.sentence_scopes import SentenceScopes
from services.extractor.vocabulary import FINITE, Effect, TermKind, VerbForm
from shared.events.statements import StatementType

PASSIVE_REACH = 2
"""Words back to the helper of a passive."""

MAX_RUMOUR = 4
"""Words and comma of "so heißt es,"."""


_BODIES = frozenset({"state", "official", "insider"})
_FROM, _FROM_CIRCLES = frozenset({"origin"}), frozenset({"origin", "at"})


def read_saying(
    scopes: SentenceScopes, clause: Clause, verb: ClauseVerb, saying: list[tuple[Clause, ClauseVerb]]
) -> None:
    """Lays what the verb does on the clauses it rules, in the name of its subject."""
    rumour = _is_rumour(scopes, clause, verb)
    effect = Effect.SUSPECT if rumour else verb.reading.verb.effect or Effect.CLAIM
    if Effect.NEGATE in clause.effects and effect in (Effect.CONFIRM, Effect.DENY):
        _leave_open(scopes, clause, verb)
        return
    speaker = None if rumour else _subject(scopes, clause, verb)
    if speaker is not None and speaker.code is None:
        speaker = replace(speaker, code=None if speaker.private else scopes.apposed_code(verb.index))
    rule = f"says:{verb.reading.verb.lemma}"
    if speaker is not None:
        scopes.memory.last = speaker
    for target in _said(scopes, clause, verb, saying, speaker):
        if speaker is not None and speaker.code is not None and _only_cited(target.source):
            target.source = speaker  # "berichtet die Zeitung unter Berufung auf zwei Diplomaten"
        if target is clause and effect is Effect.DENY and speaker is not None and speaker.code is not None:
            target.source = speaker  # "dismissed a report by X": who denies it, not who made it
        if target.source is None or target is clause:
            instead = effect is Effect.DENY and target.index > 0 and scopes.tokens[target.first - 1].form == ":"
            scopes.add(target, Effect.CLAIM if instead else effect, speaker, rule)  # "dementiert: Sie stehe in X"
        if verb.reading.verb.statement is StatementType.THREATEN and target.kind == "infinitive":
            scopes.add(target, Effect.CONDITION, None, rule)


def _leave_open(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> None:
    """ "nobody could confirm that …", "neither confirmed nor denied that …": what hangs on it is no more than told."""
    for told in scopes.sentence.clauses:
        if told.parent is clause and scopes.tokens[told.first].has(TermKind.SUBORDINATOR, "that"):
            scopes.add(told, Effect.SUSPECT, None, f"left open:{verb.reading.verb.lemma}")


def _is_rumour(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> bool:
    """ "X, (so) heißt es, sei …": in the present and with nothing beside its pronoun, nobody is said to say so."""
    alone = clause.index > 0 and clause.last - clause.first <= MAX_RUMOUR and verb.reading.form is VerbForm.PRESENT
    return alone and bool(verb.reading.verb.needs) and scopes.pronoun_subject(clause) is not None


def _only_cited(source: Speaker | None) -> bool:
    return source is not None and source.private and source.code is None


def _said(
    scopes: SentenceScopes,
    clause: Clause,
    verb: ClauseVerb,
    saying: list[tuple[Clause, ClauseVerb]],
    speaker: Speaker | None,
) -> list[Clause]:
    """The clauses that are said: the whole sentence but for what others say in it."""
    clauses = scopes.sentence.clauses
    own = [c for c in clauses if c.parent is clause]
    if verb.reading.form is VerbForm.GERUND and len(clause.verbs) > 1:
        return own  # "entered the city, saying they would restore order"
    if clause.kind == "purpose" or (speaker is None and _is_said_by_nobody(scopes, clause, verb)):
        return [c for c in own if c.kind != "relative"]  # "sends soldiers to assess the damage"
    if clause.kind == "relative" and speaker is None:
        return [clause, *own]  # "militias, who claim 230,000 men"
    if clause.adverbial and Effect.QUOTE_BACK not in clause.effects:
        clauses = [c for c in clauses if c.index >= clause.index]  # "…, obwohl X davor gewarnt hatte"
    others = {c.index for c, v in saying if v.reading.form is not VerbForm.GERUND or len(c.verbs) == 1}
    targets = [c for c in clauses if c is clause or c.parent is clause or not _is_anothers(c, others)]
    if not scopes.tokens[clause.first].has(TermKind.ANAPHOR, "demonstrative"):
        targets = [c for c in targets if not scopes.parted(c, clause) or _speech_goes_on(scopes, c)]
    joined = scopes.tokens[clause.first].term(TermKind.COORDINATOR) is not None
    if joined or (clause.kind == "main" and _goes_on_itself(scopes, clause, verb)):
        targets = [c for c in targets if c.index >= clause.index]  # "Fiji sent 40 men, and Samoa expects to follow"
    others.discard(clause.index)
    targets = [c for c in targets if c.index <= clause.index or not _hangs_on_next(scopes, c, others)]
    if verb.reading.verb.effect is Effect.DENY:
        targets = [c for c in targets if c is clause or c.parent is clause or c.index > clause.index]
        targets = [c for c in targets if not _describes_speaker(scopes, c)]
    if _points_back(scopes, clause, verb) and scopes.previous is not None:
        targets += [c for c in scopes.previous.clauses if c.source is None]
    return targets


def _describes_speaker(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "Egypt, which has 1,000 men there, denies any interest": what is told of who denies is not what he denies."""
    voices = scopes.sentence.of_kind(MentionKind.SPEAKER)
    return clause.kind == "relative" and any(m.last == clause.first - 1 and "voice" in m.features for m in voices)


def _goes_on_itself(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> bool:
    """ "Norwegen schickt Pioniere, Moskau droht", not "…, droht Moskau": what somebody does by saying tells of itself
    where the verb would come first if it told who says what stands before."""
    if not scopes.language.orthography.verb_final or clause.index == 0 or verb.reading.verb.statement is None:
        return False
    return any(m.last == verb.index for m in mentions_in(scopes.sentence, clause, MentionKind.SPEAKER))


def _speech_goes_on(scopes: SentenceScopes, clause: Clause) -> bool:
    """Beyond a semicolon: "…, the Pentagon said; 550 of them reached El Paso", "; Benin would also send soldiers",
    "Zwei Höhen seien befreit, meldete Baku; die Truppen richteten sich ein"."""
    reported = any(is_in_mood(scopes, other) for other in scopes.sentence.clauses)
    moods = (VerbForm.SUBJUNCTIVE, VerbForm.CONDITIONAL, *((VerbForm.PAST,) if reported else ()))
    if any(verb.reading.form in moods for verb in clause.verbs):
        return True
    forces = mentions_in(scopes.sentence, clause, MentionKind.FORCE)
    return any(m.features & GOES_ON_FORCE for m in forces) and not clause.says


def _is_said_by_nobody(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> bool:
    """ "X, which keeps 300 soldiers there, was not informed", "zum Nichtstun verurteilt": a participle makes no words
    of the rest of its sentence."""
    forms = {verb.reading.form, *(r.form for r in scopes.tokens[verb.index].verbs)}
    told = verb.reading.form in (VerbForm.PARTICIPLE, VerbForm.PRESENT) and VerbForm.PARTICIPLE in forms
    if verb.reading.verb.effect is not None or not told:
        return False
    helpers = [v.reading.verb for v in clause.verbs if v.reading.verb.auxiliary]
    return _is_told(clause, verb) or all(h.copula or h.passive for h in helpers)


def _is_anothers(clause: Clause, others: set[int]) -> bool:
    """Whether others say it, or announce in it what they will do: "accused X of …, and announced to send 300 men"."""
    announced = clause.parent is not None and clause.kind == "infinitive" and clause.parent.index in others
    return clause.index in others or announced


def _hangs_on_next(scopes: SentenceScopes, clause: Clause, others: set[int]) -> bool:
    """ "dismissed the report and repeated | that …", "X denies that …, and Y said | it would send"."""
    ruling = clause.parent
    if ruling is None and scopes.tokens[clause.first - 1].form[0].isalnum():
        ruling = scopes.sentence.clauses[clause.index - 1]
    if ruling is None or ruling.index not in others:
        return False
    return scopes.tokens[ruling.first].term(TermKind.COORDINATOR) is not None


def _points_back(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> bool:
    """ "Das teilte die Armee mit": the sentence before is what was said."""
    if clause is not scopes.sentence.clauses[0]:
        return False
    first = scopes.sentence.first
    if first + 1 < scopes.sentence.last and scopes.tokens[first].has(TermKind.ANAPHOR, "demonstrative"):
        alone = bool(scopes.tokens[first + 1].verbs) or not scopes.tokens[first + 1].form[0].isalnum()
        return alone and verb.index - first <= 3  # not "Das Ministerium sagte"
    confirms = verb.reading.verb.effect in (Effect.CONFIRM, Effect.ANNOUNCE)
    return confirms and len(scopes.sentence.clauses) == 1 and _bare_event(scopes, clause)


def _bare_event(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "bestätigte den Einsatz": the event told before, without a force of its own ("die Entsendung weiterer 150")."""
    more = (m.additional for m in mentions_in(scopes.sentence, clause, MentionKind.QUANTITY))
    if mentions_in(scopes.sentence, clause, MentionKind.FORCE) or any(more):
        return False
    return any(scopes.tokens[index].term(TermKind.EVENT) is not None for index in clause.tokens())


def _owns_report(scopes: SentenceScopes, mention: Mention) -> bool:
    """ "Berichte | des Ministers, wonach …, wies Belgrad zurück": whose report it is does not reject it."""
    before = scopes.tokens[mention.first - 1] if mention.first > scopes.sentence.first else None
    return before is not None and before.has(TermKind.CUE, "allegation")


def _subject(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> Speaker | None:
    agent = _agent(scopes, clause, verb)
    if agent is not None:
        return scopes.speaker(agent)
    told = _is_told(clause, verb) and not _is_quoted(scopes, verb)
    if told and not scopes.language.orthography.inverted_subject:
        return None
    speakers = [
        m
        for m in mentions_in(scopes.sentence, clause, MentionKind.SPEAKER)
        if not scopes.in_slot(m) and _plausible(scopes, m, verb) and not _is_counted(scopes, m)
    ]
    if verb.reading.verb.effect is Effect.DENY:
        speakers = [m for m in speakers if not _owns_report(scopes, m)]
    before = [m for m in speakers if m.last <= verb.index]
    after = [m for m in speakers if m.first > verb.index]
    if after and after[0].code is not None and _quotes(scopes, after[0]):
        return scopes.speaker(after[0])
    apposed = _apposed_subject(scopes, clause, verb)
    behind = [apposed, *after] if not scopes.language.orthography.inverted_subject else [*after, apposed]
    chosen = next((m for m in [*before, *behind] if m is not None), None)
    origin = _body_of_origin(scopes, clause, verb) if not before else None
    if origin is not None:
        return scopes.speaker(origin)
    pronoun = scopes.pronoun_subject(clause)
    if chosen is None and (pronoun is None or verb.reading.verb.needs):
        seat = _seat(scopes, clause, fronted=pronoun is None)
        if seat is not None:
            return seat
    if pronoun is not None and (chosen is None or chosen.first > pronoun):
        return scopes.memory.last if verb.reading.verb.needs else _meant_by_pronoun(scopes, clause, pronoun)
    if chosen is None:
        known = _soldiers(scopes, clause, verb) or _same_speaker(scopes, clause)
        if known is not None:
            return known
        chosen = _shared_subject(scopes, clause)
    return scopes.speaker(chosen) if chosen is not None else None


def _meant_by_pronoun(scopes: SentenceScopes, clause: Clause, pronoun: int) -> Speaker | None:
    """ "The Pentagon has begun to …, it said": the sentence's own subject, unless it goes on with what was said; else
    whom the sentence before is about; a state is no "he"."""
    if scopes.follows_speech() or Effect.CONDITION in clause.effects:
        return scopes.memory.last
    personal = scopes.tokens[pronoun].has(TermKind.ANAPHOR, "person")
    opening = scopes.opening_speaker(personal)
    if opening is not None and opening.last <= pronoun and opening.head not in clause:
        return scopes.speaker(opening)
    return scopes.subject_before(personal) or scopes.memory.last


def _apposed_subject(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> Mention | None:
    """ "…, Lars Bekholm, the minister, told reporters", "A union, whose members are on strike, said": function or what
    is told in passing between commas before the verb; not "verließen Somalia, teilte die Mission mit"."""
    tokens = scopes.tokens
    alone = all(tokens[k].verbs for k in range(clause.first, verb.index))  # "…, has announced"
    if clause.index == 0 or not alone or tokens[clause.first - 1].form != ",":
        return None
    aside = scopes.sentence.clauses[clause.index - 1]
    ends = (clause.first - 1, aside.first - 1) if aside.kind == "relative" else (clause.first - 1,)
    inverted = scopes.language.orthography.inverted_subject
    voices = scopes.sentence.of_kind(MentionKind.SPEAKER)
    told = aside.kind == "purpose" or (aside.kind == "main" and any(v.reading.form in FINITE for v in aside.verbs))
    if told and any(m.first == verb.index + 1 for m in mentions_in(scopes.sentence, clause, MentionKind.SPEAKER)):
        # "… have entered Congo, said Ana Ruiz", not "… have left, the minister, Ana Ruiz, told Reuters"
        voices = [m for m in voices if tokens[m.first - 1].form == "," and "voice" not in m.features]
    named = (m for m in voices if m.last in ends and not (scopes.in_slot(m) or (inverted and "voice" in m.features)))
    return next(named, None)


def _soldiers(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> Speaker | None:
    """ "…, the rebels say", "räumten Soldaten ein": a force right beside the verb, which speaks for itself."""
    for m in mentions_in(scopes.sentence, clause, MentionKind.FORCE):
        if verb.index in (m.last, m.first - 1) and not scopes.in_slot(m):
            return Speaker(scopes.document.words(scopes.sentence, m.first, m.last), m.code, private=True)
    return None


def _body_of_origin(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> Mention | None:
    """ "hieß es aus dem Ministerium", "aus Militärkreisen verlautete", "heißt es in Nato-Kreisen", "hieß es vom Stab":
    with no subject, where the words come from."""
    for m in mentions_in(scopes.sentence, clause, MentionKind.SPEAKER):
        if not m.features & _BODIES:
            continue
        fronted = m.first <= clause.first + 2
        if m.first < verb.index and not fronted:
            continue  # "1.100 Mann aus Togos Armee zählt das Pentagon"
        circles = fronted or "insider" in m.features
        led = after_relator(scopes.document, scopes.sentence, m, _FROM_CIRCLES if circles else _FROM)
        if led or (verb.reading.verb.needs and scopes.in_slot(m)):
            return m
    return None


def _is_told(clause: Clause, verb: ClauseVerb) -> bool:
    """ "the committee has been told": the helper right before the participle makes the subject hear, not say."""
    helpers = [v.reading.verb for v in clause.verbs if 0 < verb.index - v.index <= PASSIVE_REACH]
    return verb.reading.form is VerbForm.PARTICIPLE and any(h.copula or h.passive for h in helpers)


def _is_quoted(scopes: SentenceScopes, verb: ClauseVerb) -> bool:
    """ "was quoted as saying": who is quoted speaks."""
    verbs = (v for clause in scopes.sentence.clauses for v in clause.verbs if v.index == verb.index + 2)
    return any(v.reading.verb.says and v.reading.form is VerbForm.GERUND for v in verbs)


def _quotes(scopes: SentenceScopes, quoted: Mention) -> bool:
    """ "Reuters quoted a Turkish official | as saying": who is quoted speaks, not the medium."""
    gerunds = (v for clause in scopes.sentence.clauses for v in clause.verbs if v.index == quoted.last + 1)
    return any(v.reading.verb.says and v.reading.form is VerbForm.GERUND for v in gerunds)


def _same_speaker(scopes: SentenceScopes, clause: Clause) -> Speaker | None:
    """ "X said Chad had sent 90 men and denied that …": who has said the clause before goes on."""
    if clause.index == 0 or scopes.tokens[clause.first].term(TermKind.COORDINATOR) is None:
        return None
    before = scopes.sentence.clauses[clause.index - 1]
    return None if before.says else before.source


def _shared_subject(scopes: SentenceScopes, clause: Clause) -> Mention | None:
    """ "Der Geheimdienst nennt …, fügt aber hinzu": a second main clause without a subject shares the first one's."""
    if clause.index == 0 or clause.kind != "main" or not clause.verbs:
        return None
    opening = [k for k in clause.tokens() if k < clause.verbs[0].index]
    if any(scopes.tokens[k].term(TermKind.COORDINATOR) is None for k in opening):
        return None
    before = scopes.sentence.clauses[clause.index - 1]
    voices = mentions_in(scopes.sentence, before, MentionKind.SPEAKER)
    subjects = [m for m in voices if not scopes.in_slot(m)]
    return subjects[0] if subjects and subjects[0].first <= before.first + 1 else None


def _seat(scopes: SentenceScopes, clause: Clause, fronted: bool) -> Speaker | None:
    """ "wie es aus Colombo hieß", "Aus Kigali verlautete": where it is said, if nobody is named who says it."""
    for m in mentions_in(scopes.sentence, clause, MentionKind.PLACE):
        led = m.first == clause.first and m.role == "origin" if fronted else m.role in ("at", "origin")
        if led and m.country:
            first = next((k for k in range(m.first, m.last) if scopes.tokens[k].form[0].isupper()), m.first)
            return Speaker(scopes.document.words(scopes.sentence, first, m.last), m.country)
    return None


def _agent(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> Mention | None:
    """ "wurde vom Zentrum X verbreitet": in the passive the one after "by" speaks."""
    if verb.reading.form is not VerbForm.PARTICIPLE or not any(v.reading.verb.passive for v in clause.verbs):
        return None
    for mention in mentions_in(scopes.sentence, clause, MentionKind.SPEAKER):
        index = mention.first - 1
        while index > scopes.sentence.first and not scopes.tokens[index].form[0].isalnum():
            index -= 1
        if scopes.tokens[index].leads("by"):
            return mention
    return None


def _is_counted(scopes: SentenceScopes, mention: Mention) -> bool:
    """ "11.000 Mann aus Kims Armee zählt das Pentagon": whose the counted force is does not count it; "two Congolese
    officers" do."""
    counted = (m for m in scopes.sentence.mentions if m.kind is MentionKind.FORCE and m.counted)
    return any(m.first < mention.first <= m.last and m.head != mention.head for m in counted)


def _plausible(scopes: SentenceScopes, mention: Mention, verb: ClauseVerb) -> bool:
    """A lone capitalised word is a speaker if known from before, or right after the verb of saying."""
    if "name" not in mention.features or mention.last - mention.first > 1:
        return True
    return scopes.memory.knows(mention.name or "") or mention.first == verb.index + 1
