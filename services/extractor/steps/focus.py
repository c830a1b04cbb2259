"""Part of step 9: whether an article is about armed forces, and in which of its sentences it tells of them.

Measured on judged claims over real English news (docs/adr/0014): in articles of which fewer than one sentence in seven
names forces, 1 claim of 69 that rests on a vague word ("members", "company", a bare number) was right."""

from dataclasses import dataclass, replace

from services.extractor.document import Document, Frame, Mention, MentionKind
from services.extractor.vocabulary import ATTACKS

MIN_SENTENCES = 10
"""Shorter texts are reports of one thing."""
ABOUT_FORCES, ANY_FORCES = 0.15, 0.1
"""Shares of sentences that name forces: below the first a vague word means none, below the second a vague verb does not
move any."""
NEAR = 3
"""Sentences before or behind in which the forces stand that a vague word goes on with."""

IN_PASSING = "in passing, in an article about something else"

_VAGUE = frozenset({"weak", "elided", "demonym", "pronoun", "part"})
_NOT_PLAIN = frozenset({"weak", "person", "part", "group", "demonym"})


@dataclass(frozen=True, slots=True)
class Focus:
    """How many sentences an article has, and which of them name forces by a plain word: "soldiers", "the brigade"."""

    sentences: int
    named_at: frozenset[int]

    def excludes(self, frame: Frame) -> bool:
        """Whether the frame tells of forces only if one reads it so, and the article does not: "its members travelled
        to X" in a report on a parliament."""
        if self.sentences < MIN_SENTENCES:
            return False
        share = len(self.named_at) / self.sentences
        sided = frame.sender is not None or (frame.force is not None and frame.force.code is not None)
        if not _is_vague(frame.force):
            attacks = frame.frame in ATTACKS and sided and bool(frame.places)  # "US forces attacked the camp in X"
            return frame.weak and share < ANY_FORCES and not attacks
        if sided and not frame.weak:
            return False  # "1,500 Frenchmen are stationed there"
        near = range(frame.sentence - NEAR, frame.sentence + NEAR + 1)
        least = ANY_FORCES if frame.force is not None and frame.force.code is not None else ABOUT_FORCES
        return share < least or self.named_at.isdisjoint(near)


def focus_of(document: Document) -> Focus:
    forces = ((s.index, force) for s in document.sentences for force in s.of_kind(MentionKind.FORCE))
    named = frozenset(index for index, force in forces if not force.features & _NOT_PLAIN)
    return Focus(len(document.sentences), named)


def tells_in_passing(document: Document) -> bool:
    """Whether the article excludes all frames, whichever of their clause's forces they end with
    (strongest_frames.py): then it has no claim, whoever says and doubts what."""
    focus = focus_of(document)
    if focus.sentences < MIN_SENTENCES:
        return False
    for frames in document.frames_by_sentence().values():
        pairs = ((one, other) for one in frames for other in frames if other.clause is one.clause)
        if not all(focus.excludes(one if one is other else replace(one, force=other.force)) for one, other in pairs):
            return False
    return True


def _is_vague(force: Mention | None) -> bool:
    """A word for people of all sorts, a number without its noun, a pronoun, or no force but who acts."""
    return force is None or bool(force.features & _VAGUE)
