"""Part of step 7: speech without a verb of its own: colon headlines, quotations and reported speech that go on."""

from services.extractor.document import Clause, Mention, MentionKind
from services.extractor.steps.clause_phrases import mentions_in
from services.extractor.steps.sentence_scopes import SentenceScopes
from services.extractor.vocabulary import Effect, FrameClass, TermKind, VerbForm

GOES_ON = "quotation goes on"
GOES_ON_FORCE = frozenset({"part", "elided"})
"""Of forces told of before: "3000 of them"."""
TOPIC, SPEAKER = "colon", "who speaks, before a colon"


def read_colon(scopes: SentenceScopes) -> None:
    """ "Seoul: 3000 Soldaten …", "09.02 – Army chief Wit: 300 men …" says who speaks; so does, before reported speech,
    who is last named before the colon: "Das Pentagon ist vorsichtiger: Es seien zehntausend"."""
    clauses = scopes.sentence.clauses
    head = next((c for c in clauses[:-1] if scopes.tokens[c.last - 1].form == ":"), None)
    if head is None:
        return
    before = [m for m in scopes.sentence.mentions if m.kind is MentionKind.SPEAKER and m.last < head.last]
    bare = not any(clause.verbs for clause in clauses[: clauses.index(head) + 1])
    quoted = clauses[clauses.index(head) + 1 :]
    if bare and scopes.sentence.kind.value in ("title", "heading"):
        named = [m for m in before if m.first <= head.first + 1]
    else:
        named = [m for m in before if bare and m.last == head.last - 1 and _stands_alone(scopes, head, m)]
        if not named and any(clause.source is None and is_in_mood(scopes, clause) for clause in quoted):
            named = [m for m in before if not ("name" in m.features and m.last - m.first == 1)][-1:]
    for clause in quoted if named else ():
        if clause.source is None:
            scopes.memory.last = scopes.speaker(named[0])
            scopes.add(clause, Effect.CLAIM, scopes.memory.last, TOPIC if scopes.sentence.field == "title" else SPEAKER)


def _stands_alone(scopes: SentenceScopes, head: Clause, mention: Mention) -> bool:
    """An office, person or body, with nothing before it but the time of an entry; a country is what the entry is about
    ("Mali: …")."""
    if "voice" in mention.features or ("name" in mention.features and mention.code is None):
        return False
    dash = scopes.tokens[mention.first - 1]
    return mention.first == head.first or not dash.form[0].isalnum()


def is_in_mood(scopes: SentenceScopes, clause: Clause) -> bool:
    """Whether the verb's form alone says that somebody is quoted."""
    forms = {verb.reading.form for verb in clause.verbs}
    quoted = VerbForm.CONDITIONAL in forms and scopes.language.orthography.inverted_subject
    return VerbForm.SUBJUNCTIVE in forms or (quoted and Effect.CONDITION not in clause.effects)


def complete_quotation(scopes: SentenceScopes) -> None:
    """ "„A. B“, sagte X": who speaks at the end of a quotation has said the sentences that it began with."""
    first = scopes.sentence.first
    number = scopes.tokens[first].quote
    told = next((c for c in scopes.sentence.clauses if c.quote == number and c.source is not None), None)
    if not number or told is None or scopes.tokens[first - 1].quote != number:
        return
    for sentence in reversed(scopes.document.sentences[: scopes.sentence.index]):
        if scopes.tokens[sentence.last - 1].quote != number:
            break
        for clause in sentence.clauses:
            if clause.quote == number and (clause.source is None or GOES_ON in clause.because):
                clause.source = None
                scopes.add(clause, Effect.CLAIM, told.source, "quotation told at its end")


def carry_speech_on(scopes: SentenceScopes) -> None:
    """Reported speech and quotations go on without a new verb of saying."""
    last = scopes.memory.last
    if last is None:
        return
    for clause in scopes.sentence.clauses:
        if clause.source is not None:
            continue
        if clause.quote:
            scopes.add(clause, Effect.CLAIM, last, GOES_ON)
        elif _shows(scopes, clause):
            scopes.add(clause, Effect.SUSPECT, last, "evidence shown by the last speaker")
        elif _hearsay_goes_on(scopes, clause):
            scopes.add(clause, Effect.CLAIM, last, "hearsay of the last speaker")
        elif _is_reported(scopes, clause) or _joined_to_reported(scopes, clause):
            scopes.add(clause, Effect.CLAIM, last, "reported speech goes on")


def _shows(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "Es soll Soldaten … zeigen": the video that somebody has just been said to spread."""
    hearsay = any(v.reading.verb.modal and v.reading.verb.effect is Effect.SUSPECT for v in clause.verbs)
    sees = any(v.reading.verb.frame is FrameClass.SEE for v in clause.verbs)
    return hearsay and sees and scopes.pronoun_subject(clause) is not None and scopes.follows_speech()


def _hearsay_goes_on(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "3000 von ihnen sollen …": said of forces that the last speaker has just spoken of."""
    hearsay = any(v.reading.verb.modal and v.reading.verb.effect is Effect.SUSPECT for v in clause.verbs)
    if not hearsay or not scopes.follows_speech():
        return False
    first = next((k for k in clause.tokens() if scopes.tokens[k].form[0].isalnum()), clause.first)
    forces = mentions_in(scopes.sentence, clause, MentionKind.FORCE)
    pointed = scopes.tokens[first].has(TermKind.ANAPHOR, "subject", "force")
    return pointed or any(m.features & GOES_ON_FORCE for m in forces)


def _joined_to_reported(scopes: SentenceScopes, clause: Clause) -> bool:
    """ "sie hätten … und kämpften": a past form after "and" is as reported as the clause before it."""
    if clause.index == 0 or scopes.tokens[clause.first].term(TermKind.COORDINATOR) is None:
        return False
    before = scopes.sentence.clauses[clause.index - 1]
    past = any(v.reading.form in (VerbForm.PAST, VerbForm.CONDITIONAL) for v in clause.verbs)
    return past and before.source is not None and before.source == scopes.memory.last


def _is_reported(scopes: SentenceScopes, clause: Clause) -> bool:
    forms = {verb.reading.form for verb in clause.verbs}
    follows = scopes.previous is not None and any(c.source is not None for c in scopes.previous.clauses)
    return VerbForm.SUBJUNCTIVE in forms or (follows and is_in_mood(scopes, clause))
