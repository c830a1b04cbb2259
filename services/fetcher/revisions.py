"""When is a text another one? A revision is another *set of sentences*, case and space folded. Pure."""

import hashlib
import re

# A line break alone ends no sentence: texts are wrapped anew without being edited.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»«“)\]]*\s+")


def sentence_set_hash(title: str | None, text: str) -> str:
    """Equal for texts that say the same sentences: other spacing, case, order or repetition makes no difference."""
    sentences = {" ".join(piece.casefold().split()) for piece in (title or "", *_SENTENCE_END.split(text))}
    sentences.discard("")
    return hashlib.sha256("\n".join(sorted(sentences)).encode("utf-8", "surrogatepass")).hexdigest()
