"""Who has spoken so far: names, functions and pronouns of later sentences resolve to them."""

from collections.abc import Iterable

from services.extractor.document import Document, Mention, MentionKind, Sentence, Speaker, TermKind
from services.extractor.gazetteer_model import EntryKind

_PLAIN_SEATS = frozenset({EntryKind.METONYM.value, EntryKind.NATION.value})
DATELINE_TOKENS = 6


class SpeakerMemory:
    def __init__(self, dateline: str | None) -> None:
        self.dateline = dateline
        self.last: Speaker | None = None
        self._codes: dict[str, str] = {}
        self._names: dict[str, Speaker] = {}

    def learn(self, mentions: Iterable[Mention]) -> None:
        """Remembers the code of every person or body that is introduced with one."""
        for mention in mentions:
            if (
                mention.kind is MentionKind.SPEAKER
                and mention.name
                and mention.code
                and "voice" not in mention.features
            ):
                for word in _keys(mention.name):
                    self._codes.setdefault(word, mention.code)

    def resolve(self, mention: Mention) -> Speaker:
        """The speaker a mention means: its own code, else what was learnt of the name, else the dateline's country."""
        name = mention.name or ""
        code = mention.code
        if code is None:
            code = next((self._codes[word] for word in reversed(_keys(name)) if word in self._codes), None)
        if code is None and "medium" in mention.features:
            code = "MEDIA"
        if code is None and mention.features & {"state", "official"}:
            code = self.last.code if self.last and "possessive" in mention.features else self.dateline
        return Speaker(name, code)


def _keys(name: str) -> list[str]:
    return [word for word in name.split() if word[:1].isupper() and len(word) > 2]


def dateline_country(document: Document) -> str | None:
    """The country of a dateline "Kigali (nak) –", "MINSK, July 3 -": where unnamed officials most likely sit."""
    first = next((sentence for sentence in document.sentences if sentence.field == "text"), None)
    if first is None:
        return None
    for index in range(first.first, min(first.last, first.first + DATELINE_TOKENS)):
        token = document.tokens[index]
        for match in token.terms:
            entry = match.term.entry
            if entry is None or match.term.kind not in (TermKind.NATION, TermKind.PLACE) or match.last >= first.last:
                continue
            after = document.tokens[match.last].form
            if (
                after in ("(", "–", "—", "-", ",", "/")
                and index == first.first
                and _is_dateline(document, first, match.last)
            ):
                return entry.code or (entry.place.country if entry.place else None)
    return None


def _is_dateline(document: Document, sentence: Sentence, index: int) -> bool:
    window = document.tokens[index : min(sentence.last, index + 8)]
    return any(token.form in ("–", "—", "-") for token in window)
