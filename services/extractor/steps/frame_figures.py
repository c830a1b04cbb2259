"""Part of step 6: figures that stand apart from the noun they count: "auf 2000 beziffert", "from 250 to 400"."""

from dataclasses import replace

from services.extractor.document import (
    Clause,
    Document,
    Frame,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    TermKind,
    Token,
)
from services.extractor.steps.clause_phrases import is_owner, is_whole, mentions_in
from services.extractor.steps.force_counts import ends_phrase, is_level, tells_strength

ELIDED_REACH = 2
"""How many sentences back the noun of a bare number may stand."""
MIN_ELIDED = 10
"""Smaller numbers without a noun are mostly something else."""
LEVELS = frozenset({FrameClass.GROW, FrameClass.SHRINK})
_NO_PEOPLE = frozenset({"vehicle", "vessel", "aircraft"})
_FIGURES = LEVELS | {FrameClass.COUNT}


def numbered(document: Document, sentence: Sentence, frame: Frame, force: Mention | None) -> Mention | None:
    """ "puts the number of Russian soldiers in Mali at 2000", "the mission's strength is 800": whose the figure is."""
    figure = force or elided(document, sentence, frame)
    if figure is None or not figure.counted:
        return force
    for whose in mentions_in(sentence, frame.clause, MentionKind.FORCE):
        owns = "owner" in whose.features
        plain = whose.code is not None and (owns or "institution" not in whose.features)
        if plain and (owns or is_owner(document, whose) or _is_its_subject(frame, whose, figure)):
            return replace(figure, code=whose.code, features=figure.features - {"elided", "definite"})
    return figure


def _is_its_subject(frame: Frame, whose: Mention, figure: Mention) -> bool:
    """ "The Zambian contingent in X totals 340 soldiers"."""
    return "unit" in whose.features and figure.code is None and whose.last <= frame.head < figure.first


def part_of(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention:
    """ "Of the 1,100 soldiers in X, 400 return": who moves are the 400; not if they are its dead and wounded."""
    lost = any(document.tokens[k].has(TermKind.NOT_PEOPLE, "casualty") for k in sentence.where(TermKind.NOT_PEOPLE))
    if lost or not is_whole(document, sentence, force):
        return force
    for number in sentence.mentions:
        fits = number.kind is MentionKind.QUANTITY and number.first >= force.last
        before_particle = frame.verb is not None and number.last == frame.verb.particle_at  # "ziehen 400 ab"
        if fits and (before_particle or tells_strength(document, sentence, number)):
            return replace(force, count_min=number.count_min, count_max=number.count_max)
    return force


def tells_levels(document: Document, sentence: Sentence, clause: Clause) -> bool:
    """ "is reduced from 900 to 600", "auf 600 verringert": neither figure is of those who leave."""
    return any(
        "before" in m.features or _is_reached(document, m)
        for m in mentions_in(sentence, clause, MentionKind.QUANTITY)
        if not m.vague and "year" not in m.features
    )


def _is_reached(document: Document, figure: Mention) -> bool:
    relator = document.tokens[figure.first - 1].term(TermKind.RELATOR) if figure.first > 0 else None
    return relator is not None and "goal" in relator.term.roles and "measure" not in relator.term.roles


def new_level(force: Mention) -> Mention:
    """ "from 250 to 400 soldiers": the second figure is what the force has now."""
    if force.count_max is not None:
        return replace(force, count_min=force.count_max)
    return force


def _owns_other_things(document: Document, sentence: Sentence, clause: Clause) -> bool:
    """ "raised the number of its ships to 40": what grows is a thing in no list."""
    owners = (k for k in sentence.where(TermKind.ANAPHOR) if document.tokens[k].has(TermKind.ANAPHOR, "owner"))
    owned = [document.tokens[k + 1] for k in owners if k in clause and k + 1 in clause]
    nouns = (token for token in owned if token.form[0].isupper() or not token.verbs)
    return any(not token.terms and token.form.isalpha() for token in nouns)


def elided(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "tausend weitere", "the first 500": a number whose noun was told before, at most two sentences ago; with a verb
    that is said of forces only, however long ago."""
    clause = frame.clause
    military = frame.verb is not None and frame.verb.reading.verb.military
    near = document.sentences[max(0, sentence.index - ELIDED_REACH) : sentence.index + 1]
    people = (m for s in near for m in s.mentions if m.kind is MentionKind.FORCE)
    no_people = all(m.features & _NO_PEOPLE or ("weak" in m.features and not m.counted) for m in people)
    here = mentions_in(sentence, clause, MentionKind.FORCE)
    others = frame.frame in LEVELS and _owns_other_things(document, sentence, clause)
    if others or (no_people and not military) or (here and all(m.features & _NO_PEOPLE for m in here)):
        return None
    for mention in mentions_in(sentence, clause, MentionKind.QUANTITY):
        if (
            mention.vague
            or ("year" in mention.features and not (frame.frame in _FIGURES and is_level(document, mention.first)))
            or ("before" in mention.features and not (frame.frame in LEVELS and mention.count_min != mention.count_max))
            or (mention.count_min or mention.count_max or 0) < MIN_ELIDED
            or document.tokens[mention.first].inside  # "Air Base 101"
        ):
            continue
        if any(m.kind is MentionKind.FORCE and m.first <= mention.first < m.last for m in sentence.mentions):
            continue
        if _goes_on_with_others(document, sentence, mention):
            continue
        after = document.tokens[mention.last] if mention.last < sentence.last else None
        before = document.tokens[mention.first - 1] if mention.first > sentence.first else None
        if after is not None and (
            (after.form[0].isalnum() and not ends_phrase(after) and not _strength_of_it(document, clause, after))
            or after.form in ("%", "/", ":", "-", "–")
        ):
            continue
        is_name = (
            before is not None and before.form[0].isupper() and not (before.terms or before.verbs or before.inside)
        )
        if is_name:  # "Boeing 737"
            continue
        return Mention(
            MentionKind.FORCE,
            mention.first,
            mention.last,
            mention.head,
            count_min=mention.count_min,
            count_max=mention.count_max,
            counted=True,
            additional=mention.additional,
            features=frozenset({"people", "elided", "definite"}) | (mention.features & {"before"}),
            because=("elided",),
        )
    return None


def _goes_on_with_others(document: Document, sentence: Sentence, number: Mention) -> bool:
    """ "80 people were killed, more than 11,000 have fled": the noun that a bare number leaves out stands before it."""
    for token in reversed(document.tokens[sentence.first : number.first]):
        if token.has(TermKind.NOT_PEOPLE, "person"):
            return True
        if token.term(TermKind.FORCE) is not None:
            return False
    return False


def _strength_of_it(document: Document, clause: Clause, after: Token) -> bool:
    """ "It is 600 strong"."""
    it = any(document.tokens[k].has(TermKind.ANAPHOR, "subject") for k in clause.tokens())
    return it and after.has(TermKind.STRENGTH, "before")
