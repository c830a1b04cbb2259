"""Part of step 4: noun phrases that can say something: officials, services, governments, media, persons."""

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.speaker_names import could_be_name, name_end, quoted_end
from services.extractor.steps.speaker_roles import OF_NO_STATE, VOICES, finish, from_role, role_behind
from services.extractor.terms import Match
from services.extractor.vocabulary import TermKind

_OFFICES = frozenset({"official", "state", "insider", "witness", "institute", "medium", "local", "group"})
_LISTED = (TermKind.ROLE_NOUN, TermKind.PERSON, TermKind.NATION, TermKind.ORGANISATION)
_CLOSES_APPOSITION = frozenset(",.–—;:!")


def find_speakers(document: Document, sentence: Sentence, language: Language) -> list[Mention]:
    """Speaker mentions in text order: `name` as in the text, `code` where the phrase itself tells it."""
    found: list[Mention] = []
    listed = set(sentence.where(*_LISTED))
    index = sentence.first
    while index < sentence.last:
        token = document.tokens[index]
        may_speak = not token.inside and (index in listed if token.terms else token.form[0].isupper())
        mention = _speaker_at(document, sentence, index, language) if may_speak else None
        if mention is None:
            index += 1
            continue
        while found and mention.first <= found[-1].first:
            found.pop()  # "Cuba" in "Cuba's Foreign Ministry"
        if found and mention.first < found[-1].last:
            mention.first = found[-1].last
        before = found[-1] if found else None
        if before is not None and (
            _is_apposition(document, before, mention) or _tells_office(document, sentence, before, mention)
        ):
            before.code = mention.code or before.code
            before.last = mention.last
            before.features |= {"person"} | (mention.features & _OFFICES)
            finish(document, sentence, before)
        elif before is not None and _is_title(document, before, mention):
            before.last = mention.last + 1
            finish(document, sentence, before)
        else:
            found.append(mention)
        index = max(mention.last, index + 1)
    return found


def _is_apposition(document: Document, role: Mention, name: Mention) -> bool:
    """ "der Sekretär des Sicherheitsrats, Sergej Schoigu": function, comma, name."""
    if name.first - role.last != 1 or document.tokens[role.last].form != ",":
        return False
    is_name = "person" in name.features and (name.code is not None or name.last - name.first > 1)
    return is_name and "official" in role.features and "person" not in role.features


def _is_title(document: Document, medium: Mention, name: Mention) -> bool:
    """ "der Zeitung | „El Tiempo“": the quoted name of what the noun before tells."""
    quote = document.tokens[name.first].quote
    if not quote or name.first - medium.last != 1 or name.last >= len(document.tokens):
        return False
    opened, closed = document.tokens[medium.last], document.tokens[name.last]
    return bool(medium.features & OF_NO_STATE) and quote == opened.quote == closed.quote and not closed.form.isalnum()


def _tells_office(document: Document, sentence: Sentence, name: Mention, role: Mention) -> bool:
    """ "Jan Verhoef, a spokesman for the Belgian army, said", "the Bergen Institute, a think tank, said": a name whose
    country nothing tells, and between commas what he is."""
    if name.code is not None or role.first - name.last != 1 or document.tokens[name.last].form != ",":
        return False
    unknown = "person" in name.features and name.last - name.first > 1
    office = bool(role.features & _OFFICES) and "person" not in role.features
    closed = role.last >= sentence.last or document.tokens[role.last].form in _CLOSES_APPOSITION
    return office and closed and (unknown or bool(name.features & OF_NO_STATE))


def _speaker_at(document: Document, sentence: Sentence, index: int, language: Language) -> Mention | None:
    token = document.tokens[index]
    role = token.term(TermKind.ROLE_NOUN)
    if role is not None:
        return None if _is_in_idiom(document, sentence, token) else from_role(document, sentence, role, language)
    person = token.term(TermKind.PERSON)
    if person is not None:
        return finish(
            document,
            sentence,
            Mention(
                MentionKind.SPEAKER, index, person.last, index, code=person.term.code, features=frozenset({"person"})
            ),
        )
    for match in token.terms:
        if match.term.sort in VOICES and match.term.entry is not None:
            return _from_voice(document, sentence, match)
    if could_be_name(token) and not _is_number(sentence, index):
        return _from_name(document, sentence, index, language)
    return None


def _is_number(sentence: Sentence, index: int) -> bool:
    """ "Zehntausend", "Two thousand" at the head of a sentence."""
    return any(index in m for m in sentence.of_kind(MentionKind.QUANTITY))


def _is_in_idiom(document: Document, sentence: Sentence, token: Token) -> bool:
    """ "versehen ihren | Dienst | in X": the noun that a verb of duty asks for, and no body that speaks."""
    if token.term(TermKind.FORCE) is not None:
        return False
    readings = (one for other in document.tokens[sentence.first : sentence.last] for one in other.verbs)
    return any(one.verb.task and token.lower in one.verb.needs for one in readings)


def _from_voice(document: Document, sentence: Sentence, voice: Match) -> Mention:
    entry = voice.term.entry
    mention = Mention(
        MentionKind.SPEAKER,
        voice.first,
        voice.last,
        voice.first,
        code=entry.code if entry else None,
        features=frozenset({"medium" if voice.term.sort == EntryKind.MEDIUM.value else "voice"}),
        because=(voice.term.rule,),
    )
    first = voice.first
    while "medium" in mention.features and first > sentence.first + 1 and document.tokens[first - 1].form.istitle():
        first -= 1  # "the Bamako | Herald"
    if first > sentence.first and document.tokens[first - 1].term(TermKind.DETERMINER) is not None:
        first -= 1
    mention.first = first
    return finish(document, sentence, mention)


def _from_name(document: Document, sentence: Sentence, index: int, language: Language) -> Mention:
    end = quoted_end(document.tokens, index, sentence) or name_end(document.tokens, index, sentence)
    mention = Mention(MentionKind.SPEAKER, index, end, index, features=frozenset({"person", "name"}))
    role = role_behind(document.tokens, end, sentence)
    if role is not None:  # "Igor Konaschenkow vom Verteidigungsministerium", "Ana Ruiz of the Spanish army"
        body = from_role(document, sentence, role, language)
        mention.last, mention.code = body.last, body.code
        mention.features = frozenset({"person"}) | (body.features & OF_NO_STATE or {"state"})
    return finish(document, sentence, mention)
