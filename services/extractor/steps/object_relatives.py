"""Part of step 5: relative clauses whose pronoun is the object, "the soldiers (whom) Peru has in Haiti"."""

from services.extractor.document import MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.steps.relative_pronouns import opens_relative
from services.extractor.steps.verb_readings import ends_force
from services.extractor.vocabulary import TermKind

_THOSE = frozenset({"definite", "possessive"})
_ADJECTIVES = frozenset({EntryKind.ADJECTIVE.value, EntryKind.DEMONYM.value})
"""What stands behind its noun in some languages: "les soldats péruviens ont"."""


def object_relative(
    tokens: list[Token], sentence: Sentence, first: int, last: int, finite: list[int]
) -> tuple[int, int] | None:
    """Where one begins and ends that no comma sets apart, with a pronoun or without: "relies on the 900 soldiers |
    (that) Peru has in X"; what is told of one and the same side stays together, "has withdrawn those it had in X"."""
    opened = tokens[first].term(TermKind.RELATOR)
    for index in range(first + 1, last):
        side = _subject_at(tokens, index + opens_relative(tokens[index]), last)
        force = sentence.ending(MentionKind.FORCE, index) if side in finite else None
        if force is None or (opened is not None and force.first == opened.last):
            continue  # "With 900 soldiers Kenya has the largest contingent"
        if force.counted or force.features & _THOSE:  # not "Task Force | Latvia is"
            return index, next((verb for verb in finite if side is not None and verb > side), last)
    return None


def tells_of_force_before(tokens: list[Token], first: int) -> bool:
    """Whether the relative clause at `first` says what somebody does with the force before it."""
    subject = first + opens_relative(tokens[first])
    sided = _subject_at(tokens, subject, len(tokens)) is not None
    comma = tokens[first - 1].form == ","
    return (sided or tokens[subject].has(TermKind.ANAPHOR, "subject")) and ends_force(tokens, first - comma - 1)


def _subject_at(tokens: list[Token], index: int, last: int) -> int | None:
    """The token behind the state or body that is named at `index`."""
    if index >= last:
        return None
    sides = (match for match in tokens[index].terms if match.side is not None and match.term.sort not in _ADJECTIVES)
    return next((match.last for match in sides), None)
