"""How far left of its noun the phrase of a force has been read."""

from dataclasses import dataclass
from enum import Enum

from services.extractor.document import Document, Mention, Sentence, Token
from services.extractor.lexicon import Language


class Step(Enum):
    ON = "on"
    END = "end"


@dataclass(slots=True)
class LeftEdge:
    """How far left the phrase has been read: `cursor` is the first token read, `numbered` whether past a number."""

    document: Document
    sentence: Sentence
    mention: Mention
    counts: bool  # a number before the noun counts people
    language: Language
    cursor: int
    numbered: bool = False

    @property
    def token(self) -> Token:
        """The word, or the first token of the longer entry, before the cursor."""
        start = self.cursor - 1
        while self.document.tokens[start].inside and start > self.sentence.first:
            start -= 1
        return self.document.tokens[start]
