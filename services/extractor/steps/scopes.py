"""Step 7: what rules over the clauses: who says it, and whether it is denied, doubted, planned, asked or supposed."""

from collections import Counter

from services.extractor.document import Clause, ClauseVerb, Document, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.adjuncts import tells_when
from services.extractor.steps.attributions import read_attributions
from services.extractor.steps.clause_phrases import mentions_in
from services.extractor.steps.deciders import DECISION, noun_before
from services.extractor.steps.given_up_plans import refuse_given_up
from services.extractor.steps.negations import denies_clause, forbids
from services.extractor.steps.reported_speech import carry_speech_on, complete_quotation, read_colon
from services.extractor.steps.sentence_scopes import SentenceScopes
from services.extractor.steps.speaker_memory import SpeakerMemory
from services.extractor.steps.stages import lies_ahead
from services.extractor.steps.suppositions import is_unreal, opens_condition
from services.extractor.steps.verbs_of_saying import read_saying
from services.extractor.terms import Match
from services.extractor.vocabulary import FINITE, Effect, FrameClass, TermKind, VerbForm

_RULING = (TermKind.NEGATION, TermKind.HEDGE, TermKind.CUE)
_INHERITED = frozenset({Effect.CONDITION, Effect.QUESTION, Effect.SUSPECT, Effect.PAST, Effect.DENY, Effect.DEMAND})
_JOINED = frozenset({VerbForm.PARTICIPLE, VerbForm.INFINITIVE})
_ARRIVES = frozenset({FrameClass.BE, FrameClass.COUNT, FrameClass.GO})
_RULES_INFINITIVE = frozenset({Effect.PLAN, Effect.BEGIN, Effect.DEMAND, Effect.REFUSE, Effect.CONDITION})


def apply_scopes(document: Document, language: Language) -> None:
    memory = SpeakerMemory(document.datelines, _main_country(document, language), language.countries)
    for sentence in document.sentences:
        memory.learn(sentence)
    previous: Sentence | None = None
    for sentence in document.sentences:
        if previous is None or previous.field != sentence.field:
            memory.last = None
        if sentence.active:
            _read_scopes(SentenceScopes(document, sentence, previous, memory, language))
        memory.pass_by(sentence, document.tokens)
        previous = sentence


def _main_country(document: Document, language: Language) -> str | None:
    """The state named most often: where "the army" without a name belongs, if no dateline tells."""
    named = []
    for sentence in document.sentences:
        slots = sentence.of_kind(MentionKind.PLACE)
        for m in sentence.mentions:
            inside = m.kind is MentionKind.SPEAKER and any(m.first in s for s in slots)
            if not inside:  # a country that is a place counts once
                named.append(m.country if m.kind is MentionKind.PLACE else m.code)
    codes = Counter(code for code in named if code in language.countries)
    return codes.most_common(1)[0][0] if codes else None


def _read_scopes(scopes: SentenceScopes) -> None:
    for clause in scopes.sentence.clauses:
        _trust(scopes, clause)
        _words(scopes, clause)
    saying = [(clause, verb) for clause in scopes.sentence.clauses for verb in clause.verbs if verb.reading.verb.says]
    for clause in scopes.sentence.clauses:
        read_attributions(scopes, clause)
    for clause, verb in saying:
        read_saying(scopes, clause, verb, saying)
    read_colon(scopes)
    if saying:
        complete_quotation(scopes)
    else:
        carry_speech_on(scopes)
    for clause in scopes.sentence.clauses:
        _verbs(scopes, clause)
    refuse_given_up(scopes.document, scopes.sentence)
    _inherit(scopes)


def _trust(scopes: SentenceScopes, clause: Clause) -> None:
    """ "if Kyiv is to be believed, 300 are there", "wenn die Berichte stimmen": no condition, but who says so."""
    if Effect.CONDITION not in clause.effects:
        return
    cues = (k for k in scopes.sentence.where(TermKind.CUE) if k in clause)
    cue = next((m for k in cues for m in scopes.tokens[k].terms if m.term.sort == "credence"), None)
    if cue is None or any(c.parent is clause for c in scopes.sentence.clauses):
        return
    named = mentions_in(scopes.sentence, clause, MentionKind.SPEAKER)
    if not named and cue.term.effect is None:
        return
    clause.effects ^= {Effect.CONDITION, Effect.UNRELATED}
    speaker = scopes.speaker(named[0]) if named else None
    for told in scopes.sentence.clauses:
        if told.source is None and not scopes.parted(told, clause):
            scopes.add(told, Effect.CLAIM if speaker else Effect.SUSPECT, speaker, cue.term.rule)


def _words(scopes: SentenceScopes, clause: Clause) -> None:
    if scopes.sentence.is_question or scopes.asks_where(clause):
        scopes.add(clause, Effect.QUESTION, None, "question")
    for index in scopes.sentence.where(*_RULING):
        if index not in clause or _is_there(scopes, clause, index):
            continue
        for match in scopes.tokens[index].terms:
            if match.term.kind is TermKind.NEGATION:
                if denies_clause(scopes, clause, match):
                    effect = Effect.REFUSE if forbids(scopes, match) else Effect.NEGATE
                    scopes.add(clause, effect, None, match.term.rule)
                    if match.term.sort == "ended" and effect is Effect.NEGATE:
                        clause.effects.add(Effect.END)  # "are no longer in X"
            elif match.term.kind is TermKind.HEDGE and _doubts_opponents(scopes, clause, match):
                continue
            elif match.term.sort == "case" and _is_done(clause):
                continue  # "has posted soldiers there in case of another evacuation": what for
            elif match.term.kind in (TermKind.HEDGE, TermKind.CUE) and match.term.effect is not None:
                for told in (clause, *_completed(scopes, clause)):
                    scopes.add(told, match.term.effect, None, match.term.rule)
                if match.term.kind is TermKind.CUE and match.term.effect is Effect.SUSPECT:
                    _unverified(scopes, match.term.rule)
            if match.term.sort == DECISION and not match.term.effect and _goes_with_infinitive(scopes, clause, match):
                scopes.add(clause, Effect.PLAN, None, match.term.rule)
            ruled = Effect.PLAN if match.term.sort == DECISION else match.term.effect
            if match.term.kind in (TermKind.HEDGE, TermKind.CUE) and ruled in _RULES_INFINITIVE:
                for child in scopes.sentence.clauses:
                    if child.parent is clause and child.kind == "infinitive":
                        scopes.add(child, ruled, None, match.term.rule)
    if scopes.language.orthography.conditional_is_hearsay:
        _conditional(scopes, clause)
    if opens_condition(scopes, clause):
        scopes.add(clause, Effect.CONDITION, None, "verb first, conditional")
    if is_unreal(scopes, clause):
        scopes.add(clause, Effect.CONDITION, None, "unreal")


def _goes_with_infinitive(scopes: SentenceScopes, clause: Clause, noun: Match) -> bool:
    """ "an offer from Oslo to send", in one clause."""
    markers = [v.index - 1 for v in clause.verbs if v.reading.form is VerbForm.INFINITIVE]
    return any(noun_before(scopes.tokens, clause.first, marker) == noun for marker in markers)


def _is_there(scopes: SentenceScopes, clause: Clause, index: int) -> bool:
    """ "stehen in X bereit": the verb's own particle, unless it tells for what."""
    aims = (match.term.roles for k in clause.tokens() for match in scopes.tokens[k].terms)
    return any(v.particle_at == index for v in clause.verbs) and not any("for" in roles for roles in aims)


def _completed(scopes: SentenceScopes, clause: Clause) -> list[Clause]:
    """ "Reports that X had sent soldiers were | "a lie told by …"": what a quoted predicate completes."""
    before = scopes.sentence.clauses[clause.index - 1] if clause.quote and clause.index else None
    if before is None or before.last != clause.first:
        return []
    return [before] if any(reading.verb.copula for reading in scopes.tokens[before.last - 1].verbs) else []


def _doubts_opponents(scopes: SentenceScopes, clause: Clause, hedge: Match) -> bool:
    """ "soldiers killed four suspected militants": what the later force is, not what the first one did."""
    forces = mentions_in(scopes.sentence, clause, MentionKind.FORCE)
    later = any(m.head == hedge.last for m in forces[1:])
    return later and forces[0].last <= hedge.first and not scopes.in_slot(forces[0])


def _conditional(scopes: SentenceScopes, clause: Clause) -> None:
    """ "aurait envoyé", "se trouveraient" are hearsay, "a dit qu'il enverrait" is the future of the past; "pourrait" is
    neither."""
    if not any(v.reading.form is VerbForm.CONDITIONAL and not v.reading.verb.modal for v in clause.verbs):
        return
    told = clause.parent is not None and clause.parent.says
    perfect = any(v.reading.form is VerbForm.PARTICIPLE for v in clause.verbs)
    scopes.add(clause, Effect.PLAN if told and not perfect else Effect.HEARSAY, None, "conditional")


def _unverified(scopes: SentenceScopes, rule: str) -> None:
    """ "…, which could not be verified": doubts the whole sentence, or the one before if it says nothing else."""
    for other in scopes.sentence.clauses:
        other.effects.add(Effect.SUSPECT)
    names_force = any(m.kind is MentionKind.FORCE for m in scopes.sentence.mentions)
    if not names_force and scopes.previous is not None and scopes.previous.block == scopes.sentence.block:
        for other in scopes.previous.clauses:
            scopes.add(other, Effect.SUSPECT, None, rule)


def _would_be(clause: Clause) -> bool:
    """ "es wäre ein Fehler, …", not "wäre bereit, …"."""
    unreal = any(v.reading.form is VerbForm.CONDITIONAL and v.reading.verb.copula for v in clause.verbs)
    return unreal and Effect.PLAN not in clause.effects


def _verbs(scopes: SentenceScopes, clause: Clause) -> None:
    for verb in clause.verbs:
        effect = verb.reading.verb.effect
        if effect is None or verb.reading.verb.says or (verb.reading.verb.modal and effect is not Effect.DEMAND):
            continue
        if _only_describes(scopes, verb):
            continue
        if verb.reading.verb.modal and _is_expected(scopes, clause, verb):
            effect = Effect.PLAN
        if effect is Effect.REFUSE and Effect.NEGATE in clause.effects:
            effect = Effect.PLAN  # "does not rule out"
            clause.effects.discard(Effect.NEGATE)
        rule = f"verb:{verb.reading.verb.lemma}"
        if not _is_second_of_two(scopes, clause, verb, effect):
            scopes.add(clause, effect, None, rule)
        for child in scopes.sentence.clauses:
            ruled = child.parent is clause and child.kind in ("infinitive", "sub")
            ruled = ruled and not (child.adverbial and effect is Effect.DEMAND)
            if ruled or (effect is Effect.DEMAND and _is_asked(child, clause)):
                scopes.add(child, effect, None, rule)
                if effect is Effect.PLAN and verb.index < child.first:
                    child.effects.discard(Effect.QUESTION)  # "prüft, ob": weighed is planned


def _is_expected(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb) -> bool:
    """ "By May there should be 500", "the first 200 should arrive in June": how many will be where by a date, which
    nobody is asked for."""
    dated = any(scopes.tokens[index].term(TermKind.TIME) for index in clause.tokens())
    return verb.reading.form is VerbForm.CONDITIONAL and any(
        frame.clause is clause
        and frame.frame in _ARRIVES
        and frame.force is not None
        and frame.force.counted
        and (dated or lies_ahead(frame, scopes.document))
        for frame in scopes.document.frames
    )


def _is_second_of_two(scopes: SentenceScopes, clause: Clause, verb: ClauseVerb, effect: Effect) -> bool:
    """ "has sent 600 soldiers and called on others to do the same": behind a coordinator, and of the same form as the
    verb before it, a verb rules nothing of what that one tells; nor, of whatever form, one of another story ("has 300
    soldiers in Mali and lost six of them")."""
    alike = verb.reading.form in _JOINED or effect is Effect.UNRELATED
    before = [
        v
        for v in clause.verbs
        if v.index < verb.index and (v.reading.form is verb.reading.form or effect is Effect.UNRELATED)
    ]
    if not alike or not before or before[-1].reading.verb.frame is None:
        return False
    between = scopes.tokens[before[-1].index + 1 : verb.index]
    return any(token.term(TermKind.COORDINATOR) is not None for token in between)


def _is_asked(clause: Clause, ruling: Clause) -> bool:
    """ "verlangte, Chile solle Soldaten schicken": what is asked for as reported speech of its own."""
    return clause.index == ruling.index + 1 and any(v.reading.form is VerbForm.SUBJUNCTIVE for v in clause.verbs)


def _only_describes(scopes: SentenceScopes, verb: ClauseVerb) -> bool:
    """ "twice the number foreseen by the treaty": a participle with its agent, right behind a noun."""
    if verb.reading.form is not VerbForm.PARTICIPLE or not 0 < verb.index < len(scopes.tokens) - 1:
        return False
    return scopes.tokens[verb.index + 1].leads("by") and not scopes.tokens[verb.index - 1].verbs


def _inherit(scopes: SentenceScopes) -> None:
    for clause in scopes.sentence.clauses:
        parent = clause.parent
        if parent is None:
            continue
        if clause.kind == "infinitive" and _would_be(parent):
            clause.effects.add(Effect.CONDITION)
        for effect in parent.effects & _INHERITED:
            if effect is Effect.DENY and clause.kind == "relative" and not _names_allegation(scopes, parent):
                continue
            passing = clause.kind in ("relative", "gerund") or tells_when(scopes.tokens, clause)
            if effect is Effect.DEMAND and passing:
                continue  # "Poland, where 200 soldiers serve, has asked": told in passing
            clause.effects.add(effect)
            if effect is Effect.DENY:
                clause.source = parent.source or clause.source
        if clause.kind == "infinitive" and Effect.NEGATE in parent.effects:
            clause.effects.add(Effect.NEGATE)
        if clause.source is None and parent.source is not None:
            clause.source = parent.source
    conditions = [clause for clause in scopes.sentence.clauses if Effect.CONDITION in clause.effects]
    for clause in scopes.sentence.clauses:
        says = clause.says
        near = [c for c in conditions if not scopes.parted(c, clause)]
        before = bool(near) and clause.index < near[0].index
        done = (before or clause.kind == "relative") and _is_done(clause)
        # "200 stehen dort, im Kriegsfall würden es zehnmal so viele": a main clause supposes nothing before it
        if near and not (says or done or (before and near[0].kind == "main")):
            clause.effects.add(Effect.CONDITION)


def _is_done(clause: Clause) -> bool:
    """ "… haben sich gesammelt, um nachzurücken, sobald die Straße frei ist": what has happened hangs on no condition
    told behind it; nor does what is merely described ("die dort ausharren, bis …")."""
    finite = [v.reading for v in clause.verbs if v.reading.form in FINITE]
    if any(r.verb.modal or r.verb.future for r in finite):
        return False
    perfect = any(v.reading.form is VerbForm.PARTICIPLE for v in clause.verbs)
    told = any(r.form is VerbForm.PAST or (r.verb.auxiliary and perfect) for r in finite)
    return told or (clause.kind == "relative" and bool(finite))


def _names_allegation(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "dementierte einen UN-Bericht, dem zufolge …": the relative clause is what is denied."""
    told = (scopes.tokens[index] for index in clause.tokens())
    return any(t.has(TermKind.CUE, "allegation") or t.has(TermKind.ATTRIBUTION, "adjective") for t in told)
