"""Who has spoken so far: names, functions and pronouns of later sentences resolve to them."""

from services.extractor.document import Mention, MentionKind, Sentence, Speaker, Token
from services.extractor.steps.speaker_roles import PRIVATE

_SIDES = frozenset({MentionKind.SPEAKER, MentionKind.FORCE})
_OFFICE = frozenset({"official", "state", "insider"})
HEAD_LETTERS = 6
"""So many first letters tell that two forms are one noun."""


class SpeakerMemory:
    """`countries`: the codes that are states; other codes are alliances and groups. `main_country`: the state named
    most often."""

    def __init__(self, datelines: tuple[str, ...], main_country: str | None, countries: frozenset[str]) -> None:
        self.last: Speaker | None = None
        self._dateline = next(iter(datelines), None)
        self._datelines = datelines
        self._main = main_country
        self._countries = countries
        self._lead = True  # in the text's first sentence, which the dateline is told for
        self._topic: str | None = None
        self._side: str | None = None  # the first state, group or alliance of the sentence before
        self._group: str | None = None
        self._nameless: list[str | None] = [None, None]  # whose official spoke: in this sentence, in the one before
        self._codes: dict[str, str] = {}
        self._heads: dict[str, str | None] = {}

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

    def pass_by(self, sentence: Sentence, tokens: list[Token]) -> None:
        """After a sentence: the first state it speaks of is what the next one's "the president" belongs to, and a body
        it names is what "the agency" means."""
        slots = sentence.of_kind(MentionKind.PLACE)
        topic = side = None
        for mention in sentence.mentions:
            if mention.code is None or mention.kind not in _SIDES:
                continue
            if any(mention.first in slot for slot in slots):
                continue
            if "state" in mention.features:
                self._heads[_key(tokens[mention.head].form)] = mention.code
            side = side or mention.code
            if mention.code in self._countries:
                topic = topic or mention.code
            elif mention.code != "MEDIA":
                self._group = mention.code
        self._lead = self._lead and sentence.field == "title"
        self._topic = topic or self._topic
        self._side = side or self._side
        self._nameless = [None, self._nameless[0]]

    def knows(self, name: str) -> bool:
        return any(word in self._codes for word in _keys(name))

    def resolve(self, mention: Mention, head: str, here: str | None, seat: str | None, subject: str | None) -> Speaker:
        """The speaker a mention means: its own code, else what was learnt of the name, else whose office it must be.

        `head`: the noun of the phrase; `here`: the country of a place the sentence names; `seat`: that of the place
        the clause begins with; `subject`: the state or body that the sentence speaks of before."""
        name = mention.name or ""
        key = _key(head)
        code = mention.code
        if code is None and not mention.features & (PRIVATE | {"foreign"}):
            code = next((self._codes[word] for word in reversed(_keys(name)) if word in self._codes), None)
        if code is None and "medium" in mention.features:
            code = "MEDIA"
        if code is None and mention.features & _OFFICE:
            code = seat
        if code is None and "definite" in mention.features and "person" not in mention.features and key in self._heads:
            code = self._heads[key]  # "the officials": those who spoke before
        elif code is None:
            code = self._office(mention, here, subject)
        self._heads[key] = code
        if "official" in mention.features and "person" not in mention.features:
            self._nameless[0] = code
        elif "name" in mention.features and code is None and len(name.split()) > 1:
            code = self._nameless[0] or self._nameless[1]  # "the minister denied it. … Jan Wit told parliament"
        if "person" in mention.features and code is not None and _keys(name):
            self._codes.setdefault(_keys(name)[-1], code)
        return Speaker(name, code, private=bool(mention.features & PRIVATE))

    def _office(self, mention: Mention, here: str | None, subject: str | None) -> str | None:
        """Whose an official or body without a country is."""
        sorts = mention.features
        if "foreign" in sorts:
            return None
        if "possessive" in sorts and (subject or self._side) is not None:
            return subject or self._side  # "Brazil has sent no soldiers, its ministry said"
        body = subject is not None and subject not in self._countries
        if "group" in sorts:
            return subject if body else self._group  # "the ECOWAS force has arrived, the bloc said"
        if "local" in sorts:
            return here or self._dateline or self._main
        if "state" in sorts:  # "South Africa is contributing 2,900 soldiers, the presidency said"
            return self._dateline or (subject if subject in self._countries else None) or self._main or self._topic
        if sorts & {"official", "insider"}:
            if body and len((mention.name or "").split()) == 1 and not sorts & {"definite", "person", "insider"}:
                return subject  # "KFOR has sent …, a spokesman said"
            topic = self._topic if subject is None or body else subject
            introduced = not sorts & {"definite", "possessive"}
            if "person" in sorts and topic in self._datelines:
                return topic  # "Maputo/Kigali – …": of two seats the one spoken of
            officer = sorts >= {"person", "rank"}
            if "person" in sorts and subject is not None and (officer or not self._lead):
                return subject  # "Italy will keep its soldiers in X, Minister Y said", wherever the dateline is
            order = (self._dateline, topic) if introduced and not officer else (topic, self._dateline)
            return order[0] or order[1] or self._main
        return None


def _key(noun: str) -> str:
    return noun.lower()[:HEAD_LETTERS]


def _keys(name: str) -> list[str]:
    return [word.rstrip(",") for word in name.split() if word[:1].isupper() and len(word) > 2]
