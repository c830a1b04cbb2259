"""Part of step 9: a denial without an object of its own: who is meant denies what was claimed last."""

from dataclasses import replace

from services.extractor.document import Clause, Document, DraftClaim, MentionKind, Sentence
from services.extractor.orthography import Orthography
from services.extractor.steps.clause_phrases import mentions_in
from services.extractor.steps.discourse import Discourse
from services.extractor.steps.relative_pronouns import is_relative_pronoun
from services.extractor.vocabulary import Effect, FrameClass, TermKind
from shared.events.statements import Certainty

_BESIDE_NOUNS = frozenset(
    {TermKind.TIME, TermKind.DETERMINER, TermKind.ANAPHOR, TermKind.RELATOR, TermKind.COORDINATOR}
)
MAX_DENIAL_DISTANCE = 4
"""How many sentences a denial without an object may stand behind what it denies."""


def denial_of_last(
    document: Document, sentence: Sentence, drafts: list[DraftClaim], discourse: Discourse
) -> DraftClaim | None:
    """ "Moskau wies die Vorwürfe zurück": actor or host deny what was claimed last, anybody what this sentence does."""
    for clause in sentence.clauses:
        source = clause.source
        if Effect.DENY not in clause.effects or source is None or source.code is None:
            continue
        behind = _where_it_denies(clause)
        own = [d for d in drafts if d.order < behind and d.source is not None and d.source.code != source.code]
        if len(own) < len(drafts):
            continue  # what the narrator tells nobody denies in the same breath
        event = _allegation(document, sentence, clause, discourse.words.orthography)
        last = own[-1] if own else discourse.claim_about(source.code, sentence.index - MAX_DENIAL_DISTANCE, event)
        if event is None or last is None or _tells_of_another(document, sentence, last):
            continue
        return replace(
            last,
            sentence=sentence.index,
            order=clause.first,
            count_min=None,
            count_max=None,
            additional=False,
            certainty=Certainty.DENIED,
            source=source,
            because=["denial of the last claim"],
        )
    return None


def _where_it_denies(clause: Clause) -> int:
    """ "X, which Y says has sent 300 soldiers, | denies this": the part of the clause with its verb."""
    denying = [v.index for v in clause.verbs if v.reading.verb.effect is Effect.DENY]
    return next((first for first, last in clause.pieces if denying and first <= denying[0] < last), clause.first)


def _tells_of_another(document: Document, sentence: Sentence, last: DraftClaim) -> bool:
    """ "Dass Grenzschützer geschossen hätten, wie jemand behauptete, wies X zurück": forces of another side."""
    opening = sentence.clauses[0]
    if opening.kind != "sub" or not document.tokens[opening.first].has(TermKind.SUBORDINATOR, "that"):
        return False
    sides = {m.code for m in mentions_in(sentence, opening, MentionKind.FORCE) if m.code is not None}
    return bool(sides) and last.actor not in sides


def _begins_speaker(sentence: Sentence, index: int) -> bool:
    return any(m.kind is MentionKind.SPEAKER and m.first == index for m in sentence.mentions)


def _specified(document: Document, index: int) -> bool:
    """ "Berichte über eine Meuterei", "einen Bericht, nach dem …": the allegation is told, and it is another one."""
    if index == len(document.tokens):
        return False
    token = document.tokens[index]
    return token.form == "," or token.term(TermKind.SUBORDINATOR) is not None or token.leads("via", "of")


def _allegation(document: Document, sentence: Sentence, clause: Clause, script: Orthography) -> FrameClass | str | None:
    """What is denied: an event noun's class, words for what others say, "it" at the clause's end, nothing at all."""
    verbs = {index for verb in clause.verbs for index in (verb.index, verb.particle_at)}
    said = {
        k
        for i in clause.tokens()
        for m in document.tokens[i].terms
        if m.term.effect is Effect.DENY or m.term.kind in _BESIDE_NOUNS
        for k in range(i, m.last)
    }
    words = [t for k in clause.tokens() if k not in verbs and (t := document.tokens[k]).form[0].isalnum()]
    subject = [t for t in words[:1] if t.term(TermKind.SUBORDINATOR) is None]  # "this was a lie"
    opens = document.tokens[clause.first]
    if clause.kind == "relative" and is_relative_pronoun(opens) and _begins_speaker(sentence, opens.index + 1):
        return "allegation"  # "…, which Russia denies"
    pointing = [*subject, *words[-1:], *(document.tokens[v.index + 1] for v in clause.verbs if v.index + 1 in clause)]
    if any(token.has(TermKind.ANAPHOR, "demonstrative", "subject") for token in pointing):
        return "allegation"
    beside = said | {sentence.first} | {k for m in sentence.mentions if m.name for k in range(m.first, m.last)}
    nouns = script.capitalised_nouns  # no "at once" beside "the Kremlin denied"
    empty = [t.form.islower() if nouns else t.verbs or t.lower.endswith(script.adverb_endings) for t in words]
    told = any(child.parent is clause and child.kind in ("sub", "gerund") for child in sentence.clauses)
    if clause.kind != "sub" and not told and all(e or t.index in beside for e, t in zip(empty, words, strict=True)):
        return "allegation"
    for index in clause.tokens():
        for match in document.tokens[index].terms:
            if match.term.kind is TermKind.EVENT and match.term.event is not None:
                return match.term.event.frame
            if (
                match.term.kind is TermKind.CUE
                and match.term.sort == "allegation"
                and not _specified(document, match.last + (match.last in verbs))
            ):
                return "allegation"
    return None
