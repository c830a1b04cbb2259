"""Part of step 6: forces at a place that no verb takes: "the 900 British soldiers in X have no tanks", "Kenya, with 900
in X, …"."""

from dataclasses import replace

from services.extractor.document import Clause, Document, Frame, Mention, MentionKind, Sentence
from services.extractor.steps.bare_numbers import elided_force, may_count
from services.extractor.steps.clause_phrases import after_relator, is_part, mentions_in
from services.extractor.steps.frame_figures import so_many, told_apart
from services.extractor.steps.shares import shared_out, sums_up
from services.extractor.steps.standing_forces import where_it_stands
from services.extractor.vocabulary import FrameClass
from shared.events.statements import Stage

FIGURE_BEHIND = 2
"""Words from a place to the figure behind it: a sign and "all"."""

_NO_PEOPLE = frozenset({"institution", "vehicle", "owner", "of_a_body", "pronoun", "part", "presence", "role"})


def placed_force_frames(document: Document, sentence: Sentence, clause: Clause, known: list[Frame]) -> list[Frame]:
    """ "the 900 British soldiers in the country have no tanks": whatever the clause tells, a force and, right behind
    it, a place that no verb takes are a presence, unless the sentence tells that they leave it."""
    if any(verb.reading.verb.stage is Stage.WITHDRAWN for other in sentence.clauses for verb in other.verbs):
        return []
    taken = [place for frame in known if frame.force is not None for place in frame.places]
    everywhere = [
        place
        for place in mentions_in(sentence, clause, MentionKind.PLACE)
        if place.role in ("at", "near") and (is_named(place) or place.features & {"country", "there"})
    ]
    places = [place for place in everywhere if not any(place is other for other in taken)]
    frames = []
    for force in mentions_in(sentence, clause, MentionKind.FORCE):
        stand = where_it_stands(document, sentence, force)
        here = [stand] if stand in everywhere else [place for place in places if place.first == force.last]
        if here and not force.counted and force.code is not None:
            force = _with_figure_behind(document, sentence, force, here[0])
        if here and _is_a_force(document, sentence, force) and not any(_share_words(frame, force) for frame in known):
            frame = Frame(sentence.index, clause, force.head, FrameClass.BE, Stage.DEPLOYED, force=force, places=here)
            known_of = force.features & {"definite", "possessive"}
            frame.weak = True
            frame.attributive = bool(known_of) or after_relator(document, sentence, force, frozenset({"with"}))
            frame.because.append("force at a place")
            frames.append(frame)
    return frames + _bare_figures_at(document, sentence, clause, places, [*known, *frames])


def _with_figure_behind(document: Document, sentence: Sentence, force: Mention, place: Mention) -> Mention:
    """ "The Ghanaians in X (870 soldiers) have …", "…, all 870 of them, have …"."""
    figure = told_apart(document, sentence, force)
    near = figure is not None and figure.first - place.last <= FIGURE_BEHIND
    return so_many(force, figure) if figure is not None and near else force


def _bare_figures_at(
    document: Document, sentence: Sentence, clause: Clause, places: list[Mention], known: list[Frame]
) -> list[Frame]:
    """ "…, and 20,000 on the border", "says there are 1,500, 300 of them in X": a figure that leaves out its noun."""
    frames = []
    for figure in mentions_in(sentence, clause, MentionKind.QUANTITY):
        here = [place for place in places if place.first == figure.last]
        counted = any(m.kind is MentionKind.FORCE and figure.first in m for m in sentence.mentions)
        if not here or counted or not may_count(figure) or any(_share_words(f, figure) for f in known):
            continue
        before = [m for m in sentence.mentions if m.kind is MentionKind.FORCE and m.last <= figure.first]
        if not any("weak" not in m.features or m.code for m in before):
            continue
        force = replace(elided_force(figure), code=_who_is_with(document, sentence, figure))
        frame = Frame(sentence.index, clause, force.head, FrameClass.BE, Stage.DEPLOYED, force=force, places=here)
        frame.weak = True
        frame.because.append("figure at a place")
        frames.append(frame)
    return frames


def _who_is_with(document: Document, sentence: Sentence, figure: Mention) -> str | None:
    """ "The Danes, with 80 in X", "Kenya with 900 in X"."""
    if not document.tokens[figure.first - 1].leads("with"):
        return None
    index = figure.first - 1
    index -= document.tokens[index - 1].form == ","
    return next((m.code for m in sentence.mentions if m.last == index and m.code is not None), None)


def _is_a_force(document: Document, sentence: Sentence, force: Mention) -> bool:
    """Some of a side's people: no army, no mission by its name, no part of those told of, nobody something is for, nor
    those whose parts are told of."""
    plain = not force.features & _NO_PEOPLE and not is_part(document, sentence, force)
    if not force.counted or after_relator(document, sentence, force, frozenset({"for"})):
        return False
    return plain and not (shared_out(document, sentence, force) or sums_up(document, sentence, force))


def _share_words(frame: Frame, force: Mention) -> bool:
    return frame.force is not None and frame.force.first < force.last and force.first < frame.force.last


def is_named(place: Mention) -> bool:
    """A place by its name, or its country's, and no mere guess."""
    return (place.name is not None or place.country is not None) and "guess" not in place.features
