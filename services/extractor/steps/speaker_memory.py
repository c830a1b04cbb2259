"""Who has spoken so far: names, functions and pronouns of later sentences resolve to them."""

from services.extractor.document import Mention, MentionKind, Sentence, Speaker


class SpeakerMemory:
    """`countries`: the codes that are states; other codes are alliances and groups."""

    def __init__(self, dateline: str | None, countries: frozenset[str]) -> None:
        self.last: Speaker | None = None
        self._dateline = dateline
        self._countries = countries
        self._topic: str | None = None
        self._group: str | None = None
        self._codes: dict[str, str] = {}

    def learn(self, sentence: Sentence) -> None:
        """Remembers the code of every person or body that is introduced with one, anywhere in the article."""
        for mention in sentence.mentions:
            if (
                mention.kind is MentionKind.SPEAKER
                and mention.name
                and mention.code
                and "voice" not in mention.features
            ):
                for word in _keys(mention.name):
                    self._codes.setdefault(word, mention.code)

    def pass_by(self, sentence: Sentence) -> None:
        """After a sentence: the first state it speaks of is what the next one's "the president" belongs to."""
        slots = [m for m in sentence.mentions if m.kind is MentionKind.PLACE]
        topic = None
        for mention in sentence.mentions:
            if mention.kind not in (MentionKind.SPEAKER, MentionKind.FORCE) or mention.code is None:
                continue
            if any(slot.first <= mention.first < slot.last for slot in slots):
                continue
            if mention.code in self._countries:
                topic = topic or mention.code
            elif mention.code != "MEDIA":
                self._group = mention.code
        self._topic = topic or self._topic

    def knows(self, name: str) -> bool:
        return any(word in self._codes for word in _keys(name))

    def resolve(self, mention: Mention) -> Speaker:
        """The speaker a mention means: its own code, else what was learnt of the name, else the topic's state."""
        name = mention.name or ""
        code = mention.code
        if code is None:
            code = next((self._codes[word] for word in reversed(_keys(name)) if word in self._codes), None)
        if code is None and "medium" in mention.features:
            code = "MEDIA"
        if code is None and "group" in mention.features:
            code = self._group
        if code is None and "state" in mention.features:
            code = self._dateline or self._topic
        if code is None and "official" in mention.features:
            code = self._topic or self._dateline
        return Speaker(name, code)


def _keys(name: str) -> list[str]:
    return [word for word in name.split() if word[:1].isupper() and len(word) > 2]
