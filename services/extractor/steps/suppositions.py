"""Part of step 7: what is only supposed: conditions that a verb opens, and moods of what never was."""

from services.extractor.document import Clause, ClauseVerb
from services.extractor.steps.sentence_scopes import SentenceScopes
from services.extractor.steps.tenses import STATIC
from services.extractor.vocabulary import FINITE, Effect, VerbForm


def opens_condition(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "Sollten diese Truppen …, würde …", "Should they …": the finite verb before its subject, and no question."""
    if scopes.sentence.is_question:
        return False
    if clause is not scopes.sentence.clauses[0] or len(scopes.sentence.clauses) < 2:
        return False
    first = next((k for k in clause.tokens() if scopes.tokens[k].form[0].isalnum()), None)
    forms = (VerbForm.CONDITIONAL, VerbForm.PAST)
    helps = any(
        v.index == first and v.reading.form in forms and (v.reading.verb.modal or _may_help(scopes, v))
        for v in clause.verbs
    )
    return helps or (first is not None and scopes.language.orthography.verb_final and _verbs_meet(scopes, first))


def _verbs_meet(scopes: SentenceScopes, first: int) -> bool:
    """ "Kommt es zu Kämpfen, | schickt X Soldaten": a verb opens both clauses. Not what stands beside what ("Standen im
    Mai noch 300 dort, | sind es heute 90"), nor what somebody says ("Kommt X, | sagte er, …")."""
    behind = next((c for c in scopes.sentence.clauses[1:] if c.kind == "main"), None)
    if behind is None or scopes.tokens[behind.first - 1].form != ",":
        return False
    closing = [r for r in scopes.tokens[behind.first].verbs if r.form in FINITE]
    if not closing or any(r.verb.says for r in closing):
        return False
    unreal = any(r.form is VerbForm.CONDITIONAL for r in closing)
    return any(
        r.form is VerbForm.CONDITIONAL
        or (r.form is VerbForm.PAST and unreal)
        or (r.form is VerbForm.PRESENT and (r.verb.passive or r.verb.frame not in STATIC) and not r.verb.copula)
        for r in scopes.tokens[first].verbs
    )


def is_unreal(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "should have sent", "would have been sent": a conditional, the helper of the perfect and a participle behind;
    "hätte schicken sollen": a conditional helper and the infinitive of a modal."""
    helpers = [v for v in clause.verbs if v.reading.form is VerbForm.CONDITIONAL]
    had = any(v.reading.verb.auxiliary and not (v.reading.verb.copula or v.reading.verb.future) for v in helpers)
    if had and any(_ends_modal(scopes, v) for v in clause.verbs):
        return True
    if helpers and _is_supposed(scopes, clause):
        return True
    if not any(v.reading.verb.future or v.reading.verb.effect is Effect.PLAN for v in helpers):
        return False
    have = [v.index for v in clause.verbs if v.reading.form is VerbForm.INFINITIVE and _may_help(scopes, v)]
    participles = [v.index for v in clause.verbs if scopes.tokens[v.index].may_be(VerbForm.PARTICIPLE)]
    return bool(have and participles) and helpers[0].index < have[0] < participles[-1]


def _is_supposed(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "X hätte Soldaten geschickt, | wenn Y darum gebeten hätte"."""
    done = any(v.reading.form is VerbForm.PARTICIPLE for v in clause.verbs)
    unreal = (c for c in scopes.sentence.clauses if c.parent is clause and Effect.CONDITION in c.effects)
    return done and any(v.reading.form is VerbForm.CONDITIONAL for c in unreal for v in c.verbs)


def _ends_modal(scopes: SentenceScopes, verb: ClauseVerb) -> bool:
    """The infinitive of a modal right behind another one: "schicken sollen"."""
    behind = verb.index > 0 and scopes.tokens[verb.index - 1].may_be(VerbForm.INFINITIVE)
    return behind and any(r.verb.modal and r.form is VerbForm.INFINITIVE for r in scopes.tokens[verb.index].verbs)


def _may_help(scopes: SentenceScopes, verb: ClauseVerb) -> bool:
    """ "have", "had", even where there are forces to have; a copula only in the mood of conditions: "wären"."""
    unreal = verb.reading.form is VerbForm.CONDITIONAL
    return any(r.verb.auxiliary and (unreal or not r.verb.copula) for r in scopes.tokens[verb.index].verbs)
