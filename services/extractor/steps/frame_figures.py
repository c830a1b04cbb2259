"""Part of step 6: figures that stand apart from the noun they count: "auf 2000 beziffert", "from 250 to 400"."""

from dataclasses import replace

from services.extractor.document import Clause, Document, Frame, Mention, MentionKind, Sentence, Token
from services.extractor.steps.clause_phrases import CLITICS, after_relator, is_owner, is_whole, mentions_in
from services.extractor.steps.force_counts import MIN_BARE, ends_phrase, is_level, tells_strength
from services.extractor.vocabulary import FrameClass, TermKind

ELIDED_REACH = 2
"""How many sentences back the noun of a bare number may stand."""
LEVELS = frozenset({FrameClass.GROW, FrameClass.SHRINK})
_SET_APART = frozenset({",", "–", "—", "-", "("})
_IN_ALL = frozenset({TermKind.STRENGTH, TermKind.QUANTIFIER})
_NO_PEOPLE = frozenset({"vehicle", "vessel", "aircraft"})
_FIGURES = LEVELS | {FrameClass.COUNT}


def numbered(document: Document, sentence: Sentence, frame: Frame, force: Mention | None) -> Mention | None:
    """ "puts the number of Russian soldiers in Mali at 2000", "the mission's strength is 800": whose the figure is."""
    figure = force if force is not None and force.counted else elided(document, sentence, frame)
    if figure is None:
        return force  # "They put their number at 400": not who says so
    for whose in mentions_in(sentence, frame.clause, MentionKind.FORCE):
        plain = whose.code is not None and "institution" not in whose.features
        its = _is_its_subject(frame, whose, figure) or _is_measured(document, sentence, whose, figure)
        if plain and (is_owner(document, whose) or its):
            return replace(figure, code=whose.code, features=figure.features - {"elided", "definite"})
    return figure


def told_apart(document: Document, sentence: Sentence, force: Mention) -> Mention | None:
    """ "Soldiers guard the crossing of X, 130 in all", "… have come to X, some 300 of them": how many they all are,
    behind a comma, or alone behind a colon ("… sind da: 90 Mann."); not "…, ten of them engineers"."""
    for figure in sentence.mentions:
        colon = document.tokens[figure.first - 1].form == ":" and sentence.last - figure.last <= 1
        if figure.first <= force.last or figure.vague or not (colon or is_set_apart(document, figure)):
            continue
        if figure.kind is MentionKind.FORCE:
            bracketed = document.tokens[figure.first - 1].form == "(" and "people" in figure.features
            alone = (colon or bracketed) and figure.counted and figure.code in (None, force.code)
            all_of_them = alone or ("part" in figure.features and _closes(document, sentence, figure.last))
            return figure if all_of_them and _are_many(figure) else None
        if figure.kind is MentionKind.QUANTITY and _counts_all(document, sentence, figure):
            return figure
    return None


def so_many(force: Mention, figure: Mention) -> Mention:
    """The force with that figure."""
    return replace(force, count_min=figure.count_min, count_max=figure.count_max, counted=True)


def is_set_apart(document: Document, figure: Mention) -> bool:
    before = document.tokens[figure.first - 1]
    all_of_them = figure.kind is MentionKind.FORCE and before.has(TermKind.ANAPHOR, "rest")
    if before.has(TermKind.DETERMINER, "indefinite") or all_of_them:
        before = document.tokens[before.index - 1]  # "a thousand in all", "all 900 of them"
    return before.form in _SET_APART


def _closes(document: Document, sentence: Sentence, index: int) -> bool:
    """Whether a sign stands at the index, or who counts them: "some 200 of them according to the army"."""
    if index >= sentence.last:
        return True
    return not document.tokens[index].form[0].isalnum() or document.tokens[index].term(TermKind.ATTRIBUTION) is not None


def _counts_all(document: Document, sentence: Sentence, figure: Mention) -> bool:
    """ "130 in all", "80 strong", "some sixty by the army's count"; not "from about 60 to 90"."""
    behind = document.tokens[figure.last] if figure.last < sentence.last else None
    ends = [m.last for m in behind.terms if m.term.kind in _IN_ALL] if behind is not None else []
    closed = _closes(document, sentence, max(ends, default=figure.last))
    if closed and (ends or "total" in figure.features):
        return True
    rough = bool(figure.features & {"about", "least", "most"}) and "before" not in figure.features
    return rough and _are_many(figure) and (behind is None or closed or ends_phrase(behind))


def _are_many(figure: Mention) -> bool:
    return figure.most >= MIN_BARE


def _is_its_subject(frame: Frame, whose: Mention, figure: Mention) -> bool:
    """ "The Zambian contingent in X totals 340 soldiers"."""
    return "unit" in whose.features and figure.code is None and whose.last <= frame.head < figure.first


def _is_measured(document: Document, sentence: Sentence, whose: Mention, figure: Mention) -> bool:
    """ "Kyjiw beziffert | die russischen Truppen | in X | auf 9000": the object, and what it is estimated at; not "the
    Russian company's strength"."""
    levels = frozenset({"goal", "at"})
    led = document.tokens[whose.first - 1].term(TermKind.RELATOR) if whose.first > sentence.first else None
    owns = whose.last < sentence.last and document.tokens[whose.last].form in CLITICS
    apart = figure.last <= whose.first or (whose.last <= figure.first and not owns)
    return apart and led is None and after_relator(document, sentence, figure, levels)


def tells_losses(document: Document, sentence: Sentence) -> bool:
    """Whether a word for dead or wounded stands in the sentence."""
    return any(document.tokens[k].has(TermKind.NOT_PEOPLE, "casualty") for k in sentence.where(TermKind.NOT_PEOPLE))


def part_of(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention:
    """ "Of the 1,100 soldiers in X, 400 return": who moves are the 400; not if they are its dead and wounded."""
    lost = tells_losses(document, sentence)
    if lost or not is_whole(document, sentence, force):
        return force
    for number in sentence.mentions:
        fits = number.kind is MentionKind.QUANTITY and number.first >= force.last
        before_particle = frame.verb is not None and number.last == frame.verb.particle_at  # "ziehen 400 ab"
        if fits and (before_particle or tells_strength(document, sentence, number)):
            return replace(force, count_min=number.count_min, count_max=number.count_max)
    return _share_of(document, sentence, frame, force) or force


def _share_of(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention | None:
    """ "Of the 1,100 soldiers in X, half return": how many that are nobody says."""
    for share in mentions_in(sentence, frame.clause, MentionKind.QUANTITY):
        behind = document.tokens[share.last] if share.last < sentence.last else None
        bare = behind is None or not behind.form[0].isalnum() or ends_phrase(behind)
        if share.vague and share.first >= force.last and bare:
            return replace(force, count_min=None, count_max=None, counted=False, vague=True)
    return None


def tells_levels(document: Document, sentence: Sentence, clause: Clause) -> bool:
    """ "is reduced from 900 to 600", "auf 600 verringert": neither figure is of those who leave."""
    return any(
        "before" in m.features or _is_reached(document, m)
        for m in mentions_in(sentence, clause, MentionKind.QUANTITY)
        if not m.vague and "year" not in m.features
    )


def _is_reached(document: Document, figure: Mention) -> bool:
    before = document.tokens[figure.first - 1] if figure.first > 0 else None
    return before is not None and before.leads("goal") and not before.leads("measure")


def new_level(force: Mention) -> Mention:
    """ "from 250 to 400 soldiers": the second figure is what the force has now."""
    if force.count_max is not None:
        return replace(force, count_min=force.count_max)
    return force


def _owns_other_things(document: Document, sentence: Sentence, clause: Clause) -> bool:
    """ "raised the number of its ships to 40": what grows is a thing in no list."""
    forces = mentions_in(sentence, clause, MentionKind.FORCE)
    owners = (
        k
        for k in sentence.where(TermKind.ANAPHOR)
        if document.tokens[k].has(TermKind.ANAPHOR, "owner") and not any(m.first <= k < m.last for m in forces)
    )
    owned = [document.tokens[k + 1] for k in owners if k in clause and k + 1 in clause]
    nouns = (token for token in owned if token.form[0].isupper() or not token.verbs)
    return any(not token.terms and token.form.isalpha() for token in nouns)


def elided(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "tausend weitere", "the first 500": a number whose noun was told before, at most two sentences ago; with a verb
    that is said of forces only, however long ago."""
    if _counts_no_people(document, sentence, frame):
        return None
    clause = frame.clause
    numbers = [m for m in mentions_in(sentence, clause, MentionKind.QUANTITY) if _may_count_people(document, frame, m)]
    if frame.frame is FrameClass.GROW:  # "has grown by 350 | to 900"
        numbers = [m for m in numbers if _is_reached(document, m)] or numbers
    bare = (m for m in numbers if _is_bare(document, sentence, clause, m) or _is_staff(document, sentence, frame, m))
    number = next(bare, None)
    if number is None:
        return None
    before = document.tokens[max(clause.first, number.first - 1)]
    before = document.tokens[before.index - 1] if before.has(TermKind.DETERMINER, "indefinite") else before
    along = before.leads("with")  # "will follow with a thousand"
    return Mention(
        MentionKind.FORCE,
        number.first,
        number.last,
        number.head,
        code=_owner_of_figure(document, sentence, frame, number),
        count_min=number.count_min,
        count_max=number.count_max,
        counted=True,
        additional=number.additional,
        features=frozenset({"people", "elided", "definite", *(("with",) if along else ())})
        | number.features & {"before"},
        because=("elided",),
    )


def _owner_of_figure(document: Document, sentence: Sentence, frame: Frame, number: Mention) -> str | None:
    """Whose "Peru's 400" are, and so many as "Peru's contribution is 400"; not of "the UN's experts think of 400"; and
    whose "24 from Peru" are."""
    opens = number.first if frame.frame not in (FrameClass.BE, FrameClass.COUNT) else frame.head
    for owner in mentions_in(sentence, frame.clause, MentionKind.SPEAKER):
        clitic = owner.last < number.first and document.tokens[owner.last].form in CLITICS
        beside = owner.last + 1 == number.first or (owner.first == frame.clause.first and owner.last + 2 == opens)
        if clitic and beside and owner.code is not None and not _are_speakers(document, number, owner.last + 1):
            return owner.code
    home = sentence.beginning(MentionKind.PLACE, number.last)
    comes = home is not None and home.role == "origin" and home.name is None
    moved = frame.frame in (FrameClass.WITHDRAW, FrameClass.LEAVE, FrameClass.DEPART, FrameClass.SEND)
    return home.country if home is not None and comes and not moved else None


def _are_speakers(document: Document, number: Mention, index: int) -> bool:
    return index < number.first and document.tokens[index].term(TermKind.ROLE_NOUN) is not None


def of_their_nation(sentence: Sentence, frame: Frame, force: Mention) -> Mention:
    """ "400 of them are Peruvians": the people that a figure tells are a nation's."""
    copula = frame.verb is not None and frame.verb.reading.verb.copula
    if not copula or force.code is not None or not force.counted or force.last > frame.head:
        return force
    people = sentence.beginning(MentionKind.FORCE, frame.head + 1)
    nation = people.code if people is not None and "demonym" in people.features and not people.counted else None
    return replace(force, code=nation) if nation is not None else force


def _counts_no_people(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """Whether no people were told of that the clause's number could go on with, or other things are."""
    military = frame.verb is not None and frame.verb.reading.verb.military
    near = document.sentences[max(0, sentence.index - ELIDED_REACH) : sentence.index + 1]
    people = (m for s in near for m in s.mentions if m.kind is MentionKind.FORCE)
    here = mentions_in(sentence, frame.clause, MentionKind.FORCE)
    grows = frame.frame in _FIGURES and any("unit" in m.features for m in here)  # "raised its contingent to 2,200"
    counts = frame.frame is FrameClass.COUNT  # "Russian instructors … They put the number at 400"
    no_people = not grows and all(
        m.features & _NO_PEOPLE
        or ("weak" in m.features and not (m.counted or (counts and m.code and "demonym" not in m.features)))
        for m in people
    )
    others = frame.frame in LEVELS and _owns_other_things(document, sentence, frame.clause)
    limits = (k for k in sentence.where(TermKind.NOT_PEOPLE) if document.tokens[k].has(TermKind.NOT_PEOPLE, "limit"))
    if any(k in frame.clause for k in limits):
        return True  # "the ceiling is 650"
    return others or (no_people and not military) or (bool(here) and all(m.features & _NO_PEOPLE for m in here))


def _may_count_people(document: Document, frame: Frame, number: Mention) -> bool:
    """No year, no level that is past, no handful, and no number in a name ("Air Base 101")."""
    level = frame.frame in _FIGURES and is_level(document, number.first) and not _is_end(document, number)
    rises = frame.frame in _FIGURES and number.count_min != number.count_max
    return (
        not number.vague
        and (level or "year" not in number.features)
        and (rises or "before" not in number.features)
        and (number.additional or (number.count_min or number.count_max or 0) >= MIN_BARE)  # "drei weitere"
        and not document.tokens[number.first].inside
    )


def _is_end(document: Document, number: Mention) -> bool:
    """ "verdoppelt bis 2026": until when."""
    until = document.tokens[number.first - 1] if number.first > 0 else None
    return "year" in number.features and until is not None and until.term(TermKind.RANGE) is not None


def _is_bare(document: Document, sentence: Sentence, clause: Clause, number: Mention) -> bool:
    """Whether the number counts no noun that stands beside it, before it or behind it."""
    if any(m.kind is MentionKind.FORCE and number.first in m for m in sentence.mentions):
        return False
    before = document.tokens[number.first - 1] if number.first > sentence.first else None
    named = before is not None and before.form[0].isupper() and not (before.terms or before.verbs or before.inside)
    if named or _goes_on_with_others(document, sentence, number):  # "Boeing 737"
        return False
    if _measures_its_noun(document, sentence, number):
        return False
    after = document.tokens[number.last] if number.last < sentence.last else None
    if after is None or not after.form[0].isalnum():
        apart = after is not None and before is not None and after.start > document.tokens[number.last - 1].end
        return after is None or apart or after.form not in ("%", "/", ":", "-", "–")  # "at 300 – a record"
    if any(verb.particle_at == after.index for verb in clause.verbs):
        return True  # "bis zum Herbst kommen 200 hinzu"
    return ends_phrase(after) or _strength_of_it(document, clause, after)


def _is_staff(document: Document, sentence: Sentence, frame: Frame, number: Mention) -> bool:
    """ "The brigade has 1,800 people in X": a unit's people are its soldiers."""
    if frame.frame not in (FrameClass.HAVE, FrameClass.COUNT) or number.last >= sentence.last:
        return False
    units = mentions_in(sentence, frame.clause, MentionKind.FORCE)
    owned = any("unit" in unit.features or "named" in unit.features for unit in units if unit.last <= frame.head)
    return owned and document.tokens[number.last].has(TermKind.NOT_PEOPLE, "person")


def _measures_its_noun(document: Document, sentence: Sentence, number: Mention) -> bool:
    """ "a country of 2.8 million", "a woman of forty", "past forty": how big, how old it is."""
    before = document.tokens[number.first - 1] if number.first > sentence.first else None
    if before is None or before.has(TermKind.NOT_PEOPLE, "measured"):
        return before is not None  # "aged forty", "population 100,000"
    whose = document.tokens[before.index - 1] if before.index > sentence.first else None
    if whose is None or not before.leads("of"):
        return False
    return whose.has(TermKind.NOT_PEOPLE, "measured") or whose.term(TermKind.PLACE_NOUN) is not None


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
