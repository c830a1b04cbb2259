"""Step 5: shallow clauses of each sentence. The clause, not the sentence, is what verbs, speakers and negation rule."""

from dataclasses import replace

from services.extractor.document import Clause, Document, Sentence, Token
from services.extractor.lexicon import Language
from services.extractor.orthography import Orthography
from services.extractor.steps.adjuncts import adjuncts, inserted
from services.extractor.steps.circumstances import circumstances
from services.extractor.steps.clause_asides import closes_bracket, ends_main_clause, is_aside
from services.extractor.steps.clause_segments import cut_segments
from services.extractor.steps.clause_verbs import clause_verbs
from services.extractor.steps.parts_apart import parts_apart, place_appositions, set_apart
from services.extractor.steps.relative_pronouns import RELATIVE
from services.extractor.steps.segments import Segment
from services.extractor.vocabulary import FINITE, Effect, TermKind

MAX_APPOSED = 3
"""Segments behind a subordinator in which its verb must come."""


def split_clauses(document: Document, sentences: list[Sentence], language: Language) -> None:
    for sentence in sentences:
        apart = parts_apart(document.tokens, sentence, language.orthography)
        beside = adjuncts(document.tokens, sentence, language.orthography)
        if language.orthography.verb_final:
            apart += place_appositions(document.tokens, sentence)
        why = circumstances(document.tokens, sentence, apart, language.orthography)
        closing = [span for span in why if span[1] == sentence.last]  # cut off before anything else is
        inside = [span for span in why if span not in closing]
        told = replace(sentence, last=closing[0][0]) if closing else sentence
        uncut = apart + inside + inserted(document.tokens, sentence, language.orthography)
        segments = cut_segments(document.tokens, told, uncut, language)
        if language.orthography.verb_final:
            for number, segment in enumerate(segments):
                _reach_verb(document.tokens, segment, segments[number + 1 : number + 1 + MAX_APPOSED])
        sentence.clauses = set_apart(_assemble(document.tokens, segments, language), apart + beside, "apart")
        set_apart(sentence.clauses, why, "circumstance")
        for clause in sentence.clauses:
            clause.verbs = clause_verbs(document.tokens, clause, language.orthography)
        _hang_infinitives(sentence.clauses)
        _hang_further_speech(document.tokens, sentence.clauses)


def _reach_verb(tokens: list[Token], segment: Segment, behind: list[Segment]) -> None:
    """ "…, wie der Stabschef, General Olsen, am Sonntag mitteilte": signs part the subordinator from its verb, or a
    relative clause does, "während die Briten, die im Mai gekommen waren, die Insel verließen"."""
    opening = tokens[segment.first].term(TermKind.SUBORDINATOR)
    if segment.finite or opening is None or opening.term.sort in RELATIVE:
        return
    after_relative = bool(behind) and behind[0].relative and segment.last - segment.first > 1
    if not (opening.term.sort == "that" or opening.term.effect or after_relative):
        return
    behind = behind[1:] if after_relative else behind
    closing = next((later for later in behind if later.finite or later.subordinator is not None), None)
    if (
        closing is None
        or closing.opener not in (",", ")")
        or not (closing.subordinator is None or (after_relative and closing.relative))
    ):
        return
    last = next(k for k in range(closing.last - 1, closing.first - 1, -1) if tokens[k].form[0].isalnum())
    if tokens[last].may_be(*FINITE):
        segment.subordinator, segment.effect = tokens[opening.first].lower, opening.term.effect
        segment.awaits_verb = closing.closes = True
        closing.subordinator, closing.relative = None, False


def _assemble(tokens: list[Token], segments: list[Segment], language: Language) -> list[Clause]:
    orthography = language.orthography
    clauses: list[Clause] = []
    main: Clause | None = None
    current: Clause | None = None
    complete: dict[int, bool] = {}
    for number, segment in enumerate(segments):
        if main is not None and is_aside(tokens, main, complete[main.index], segments, number, orthography):
            aside = _new_clause(segment, len(clauses), current)
            complete[aside.index] = True
            clauses.append(aside)
            current = main
            continue
        target = _continued(tokens, segment, main, current, complete, orthography)
        if target is not None:
            target.pieces.append((segment.first, segment.last))
            complete[target.index] = complete[target.index] or segment.finite
            current = target
            continue
        clause = _new_clause(segment, len(clauses), current)
        if (
            current is not None
            and clause.kind == "sub"
            and segment.subordinator is None
            and _goes_on(tokens, segment, current)
        ):
            clause.parent, clause.effects = current.parent, set(current.effects)
        clauses.append(clause)
        opened = segment.subordinator is not None and not segment.awaits_verb
        ends = segment.finite or segment.gerund or opened
        complete[clause.index] = ends or (segment.infinitive and not orthography.verb_final)
        if clause.kind == "main":
            main = clause
        current = clause
    _hang_opening(tokens, clauses)
    return clauses


def _goes_on(tokens: list[Token], segment: Segment, current: Clause) -> bool:
    """ "said that X refused to close its embassy | and sent 90 men": both hang on what is said."""
    return current.kind == "sub" and tokens[segment.first].term(TermKind.COORDINATOR) is not None


def _hang_opening(tokens: list[Token], clauses: list[Clause]) -> None:
    """ "After sending 250 soldiers, X asked …", "To guard X, Y has sent …", "Dass X Soldaten schickte, | ist gelogen":
    in front, it belongs to the main clause behind it; not "Dass X Soldaten schickte, wie Y behauptet, | ist gelogen",
    which two sides tell."""
    opening = clauses[0]
    told = opening.kind == "sub" and tokens[opening.first].has(TermKind.SUBORDINATOR, "that")
    if told or opening.kind in ("gerund", "undone", "purpose"):
        behind = next((clause for clause in clauses if clause.kind == "main"), None)
        between = clauses[1 : behind.index] if behind is not None else []
        opening.parent = behind if not told or all(clause.kind != "sub" for clause in between) else None


def _hang_infinitives(clauses: list[Clause]) -> None:
    """ "X erwägt, wie Y sagte, | Soldaten zu schicken", "plant, seit der Hafen fiel, | …": what is planned hangs on the
    clause around the inserted one, which plans nothing."""
    for clause in clauses:
        inserted = clause.parent
        if clause.kind != "infinitive" or inserted is None or inserted.kind not in ("sub", "relative"):
            continue
        around = inserted.parent
        if around is not None and around.first < inserted.first and _rules(around):
            clause.parent = around if Effect.QUOTE_BACK in inserted.effects or not _rules(inserted) else inserted


def _hang_further_speech(tokens: list[Token], clauses: list[Clause]) -> None:
    """ "said X has sent 90 men | and that Y has …": said as well, and no part of the clause before it."""
    for clause in clauses:
        joined = tokens[clause.first].term(TermKind.COORDINATOR)
        if clause.kind != "sub" or joined is None or not tokens[joined.last].has(TermKind.SUBORDINATOR, "that"):
            continue
        clause.parent = next((before for before in reversed(clauses[: clause.index]) if before.says), clause.parent)


def _rules(clause: Clause) -> bool:
    return any(verb.reading.verb.says or verb.reading.verb.effect is not None for verb in clause.verbs)


def _new_clause(segment: Segment, index: int, current: Clause | None) -> Clause:
    kind = "main"
    if segment.is_purpose:
        kind = "purpose"
    elif segment.gerund:
        kind = "undone" if segment.undone else "gerund"
    elif segment.subordinator is not None:
        kind = "relative" if segment.relative else "sub"
    elif segment.infinitive and current is not None and segment.opener == ",":
        kind = "infinitive"
    elif segment.opener == "+" and current is not None and current.kind != "main" and segment.finite:
        kind = {"relative": "sub", "purpose": "main"}.get(current.kind, current.kind)
    parent = current if kind != "main" else None
    clause = Clause(index, kind, [(segment.first, segment.last)], parent=parent, subordinator=segment.subordinator)
    clause.quote, clause.adverbial = segment.quote, segment.adverbial and kind == "sub"
    clause.because.append(f"clause:{kind}" + (f":{segment.subordinator}" if segment.subordinator else ""))
    if segment.effect is not None:
        clause.effects.add(segment.effect)
    return clause


def _continued(
    tokens: list[Token],
    segment: Segment,
    main: Clause | None,
    current: Clause | None,
    complete: dict[int, bool],
    orthography: Orthography,
) -> Clause | None:
    """The open clause this segment goes on with, None if it begins a new one."""
    if current is None or segment.subordinator is not None or segment.opener == '"' or segment.is_purpose:
        return None
    if segment.opens or segment.gerund:
        return None
    if segment.closes:
        awaiting = current.parent if current.kind == "relative" else current
        if awaiting is not None and awaiting.kind != "main" and not complete[awaiting.index]:
            return awaiting
    if segment.finite:
        if main is not None and not complete[main.index] and segment.opener not in (":", ";"):
            return main
        closes = main is not None and (
            closes_bracket(tokens, main, segment, orthography, current.kind in ("relative", "sub"))
            or ends_main_clause(tokens, main, segment, orthography)
        )
        return main if closes else None
    if segment.opener == ":" or segment.opener == ";":
        return None
    if segment.infinitive and segment.opener == ",":
        return None
    if current.kind in ("sub", "relative", "gerund", "undone") and complete[current.index] and main is not None:
        if orthography.verb_final:
            return main
        return main if not complete[main.index] else current
    return current
