"""Who has spoken so far: names, functions and pronouns of later sentences resolve to them."""

from collections.abc import Iterable

from services.extractor.document import Mention, MentionKind, Speaker



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

    def knows(self, name: str) -> bool:
        return any(word in self._codes for word in _keys(name))

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
