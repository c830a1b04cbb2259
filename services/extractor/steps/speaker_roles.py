"""Part of step 4: an office or body as a noun phrase: "a spokesman for the Danish army", "Chile's president X"."""

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import CLITICS
from services.extractor.steps.speaker_names import could_be_name, name_end
from services.extractor.terms import Match
from services.extractor.vocabulary import TermKind

MAX_LEFT = 5
MAX_RIGHT = 6
MAX_ADJECTIVES = 3
"""Words of article and nation between a relator and the body that it leads to."""
PRIVATE = frozenset({"witness", "institute", "medium"})
"""Those who speak for no state: where they are tells nothing, and their word announces nothing."""
OF_NO_STATE = frozenset({"institute", "medium"})
VOICES = frozenset(
    {
        EntryKind.NATION.value,
        EntryKind.METONYM.value,
        EntryKind.FORCES.value,
        EntryKind.AGENCY.value,
        EntryKind.ORGANISATION.value,
        EntryKind.ARMED_GROUP.value,
        EntryKind.MEDIUM.value,
    }
)


def from_role(document: Document, sentence: Sentence, role: Match, language: Language) -> Mention:
    """The phrase around the noun of an office or body: whose it is and who holds it."""
    tokens = document.tokens
    mention = Mention(
        MentionKind.SPEAKER,
        role.first,
        role.last,
        _noun_of(document, role, language),
        features=frozenset({role.term.sort or "official"}),
        because=(role.term.rule,),
    )
    _prefix_code(tokens[role.first], mention, language)
    _left(tokens, sentence, mention, language.orthography.genitive_endings)
    _right(tokens, sentence, mention, language)
    body = tokens[role.first].term(TermKind.ORGANISATION)  # "the Security Council", where no nation is named with it
    if body is not None and body.term.sort == EntryKind.ORGANISATION.value and mention.first >= role.first - 1:
        mention.code = mention.code or body.side
    return finish(document, sentence, mention)


def _noun_of(document: Document, role: Match, language: Language) -> int:
    """The "agency" of "spy agency", the "ministry" of "ministry of defence"."""
    words = document.tokens[role.first : role.last]
    linked = any(word.lower in language.orthography.frequent_words for word in words)
    return role.first if linked or language.orthography.adjectives_follow else role.last - 1


def _prefix_code(token: Token, mention: Mention, language: Language) -> None:
    """ "US-Verteidigungsminister", "Nato-Sprecherin", "Kremlsprecher": the first part of a compound."""
    word = token.lower
    for cut in range(len(word) - 3, 1, -1):
        for term in language.terms.terms_of(word[:cut].rstrip("-‑")):
            if (
                term.sort in VOICES
                and term.entry is not None
                and (cut > 4 or word[cut - 1] in "-‑" or word[cut] in "-‑")
            ):
                mention.code = term.entry.code
                return


def _left(tokens: list[Token], sentence: Sentence, mention: Mention, endings: tuple[str, ...]) -> None:
    cursor = mention.first
    for _ in range(MAX_LEFT):
        if cursor <= sentence.first:
            break
        token = tokens[cursor - 1]
        owner = _voice_ending(tokens, sentence, cursor)
        if owner is not None:
            if mention.code is None and owner.term.entry is not None:
                mention.code = owner.term.entry.code
            genitive = owner.term.sort != EntryKind.ADJECTIVE.value and tokens[owner.last - 1].lower.endswith(endings)
            clitic = owner.last < cursor
            cursor = mention.first = owner.first
            if clitic or genitive:
                break  # "sich Taiwans Ministerium": no adjective stands before a genitive
            continue
        if token.term(TermKind.DETERMINER) is not None:
            mention.first = cursor - 1
            break
        pointer = token.term(TermKind.ANAPHOR)
        if pointer is not None and pointer.term.sort == "owner":
            mention.features |= {"possessive"}
            mention.first = cursor - 1
            break
        region = token.term(TermKind.PLACE)
        if region is not None and region.last == cursor:
            mention.code = mention.code or _country(region)  # "the Jubaland administration"
            cursor = mention.first = region.first
            continue
        if token.term(TermKind.NO_PLACE) is not None:  # "a European official": of no state that is named
            mention.features |= {"foreign"}
            cursor = mention.first = cursor - 1
            continue
        if (
            token.terms
            or token.inside
            or not token.form[0].isalpha()
            or any(r.form.value in ("present", "past") for r in token.verbs)
        ):
            break
        named = "institute" in mention.features  # "the Bergen Institute"
        if token.form[0].isupper() and "-" not in token.form and cursor - 1 != sentence.first and not named:
            break
        cursor -= 1
        mention.first = cursor


def _country(place: Match) -> str | None:
    return place.term.entry.code if place.term.entry is not None else None


def _voice_ending(tokens: list[Token], sentence: Sentence, index: int) -> Match | None:
    for back in range(1, 6):
        first = index - back
        if first < sentence.first:
            return None
        for match in tokens[first].terms:
            owned = match.last == index - 1 and tokens[match.last].form in CLITICS
            if (match.last == index or owned) and match.term.kind in (TermKind.NATION, TermKind.ORGANISATION):
                return match
    return None


def _right(tokens: list[Token], sentence: Sentence, mention: Mention, language: Language) -> None:
    """Takes in "der Ukraine", "in Kiew", "for the army" and the person's name."""
    cursor = mention.last
    owning = False
    follows = language.orthography.adjectives_follow
    for _ in range(MAX_RIGHT):
        if cursor >= sentence.last:
            break
        token = tokens[cursor]
        if _abbreviates(tokens, cursor, sentence):
            cursor += 1
            continue
        if token.term(TermKind.DETERMINER) is not None or (token.term(TermKind.ANAPHOR) is not None and owning):
            genitive = not language.orthography.genitive_endings or token.has(TermKind.DETERMINER, "genitive")
            if not genitive or ("person" in mention.features and not owning):
                break  # what follows is somebody else
            owning = True
            cursor += 1
            continue
        if not owning and _is_first_name(tokens, cursor, sentence, language):
            mention.features |= {"person"}
            cursor = mention.last = name_end(tokens, cursor + 1, sentence)
            continue
        relator = token.term(TermKind.RELATOR)
        seat = _seat_at(sentence, mention, cursor)
        voice = next((m for m in token.terms if m.term.entry is not None and m.term.kind is not TermKind.PLACE), None)
        adjective = voice is not None and voice.term.sort == EntryKind.ADJECTIVE.value
        end: int | None
        if seat is not None:
            _speak_from(mention, seat)
            end, owning = seat.last, False
        elif relator is not None and relator.term.roles & {"of", "at", "for"}:
            if _leads_on(sentence, cursor):
                break
            cursor, owning = relator.last, True
            continue
        elif voice is not None and (owning or not adjective or follows):
            named = "group" in mention.features and voice.term.sort == EntryKind.ARMED_GROUP.value
            seated = voice.term.sort == EntryKind.METONYM.value and mention.features & PRIVATE
            if (mention.code is None or named) and voice.term.entry is not None and not seated:
                mention.code = voice.term.entry.code  # "the Russian mercenary group | Wagner"
            end, owning = voice.last, adjective and not follows
        elif owning:
            end = _take_owner(token, mention, language)
            if end is None and (language.orthography.capitalised_nouns or follows) and _could_be_department(token):
                end, owning = cursor + 1, False
        else:
            end = _take_person(tokens, cursor, sentence, mention)
        if end is None:
            break
        cursor = mention.last = end


def _abbreviates(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """The point in "Gen. Peter Olsen"."""
    point = tokens[index].form == "." and index + 1 < sentence.last and index > sentence.first
    return point and tokens[index - 1].end == tokens[index].start and could_be_name(tokens[index + 1])


def _seat_at(sentence: Sentence, mention: Mention, index: int) -> Mention | None:
    """ "officials in Kiew": the place phrase that begins here; of a person it tells nothing."""
    seat = sentence.beginning(MentionKind.PLACE, index)
    if seat is None or seat.role != "at" or seat.country is None or "person" in mention.features:
        return None
    return seat


def _leads_on(sentence: Sentence, index: int) -> bool:
    """ "die von der Regierung in Lima | in den Niger geschickten Soldaten"."""
    place = sentence.beginning(MentionKind.PLACE, index)
    return place is not None and place.role == "goal"


def _speak_from(mention: Mention, seat: Mention) -> None:
    if mention.features & (PRIVATE | {"foreign"}):
        return
    mention.code = mention.code or seat.country
    if "insider" in mention.features:  # "officials in Dodoma": the government there
        mention.features = mention.features - {"insider"} | {"official"}


def _take_owner(token: Token, mention: Mention, language: Language) -> int | None:
    """ "der Sprecher | des Bündnisses", "der UN-Mission", "a spokesman for | Haftar's command": whose the function is.

    Returns the end of what names them; None if the word names nobody."""
    inner = token.term(TermKind.ROLE_NOUN) or token.term(TermKind.FORCE)
    if inner is not None:
        before = mention.code
        _prefix_code(token, mention, language)
        mention.code = before or mention.code
        if inner.term.kind is TermKind.ROLE_NOUN and inner.term.sort == "group":
            mention.features |= {"group"}
        return inner.last
    place = token.term(TermKind.PLACE)
    if place is not None and place.term.entry is not None:
        if not mention.features & (PRIVATE | {"person"}):  # where a person speaks is not whom they speak for
            mention.code = mention.code or _country(place)
        return place.last
    person = token.term(TermKind.PERSON)
    if person is not None:
        mention.code = mention.code or person.term.code
        return person.last
    region = token.term(TermKind.PLACE_NOUN)
    return region.last if region is not None else None  # "the governor of the Mexican state | of Sonora"


def _take_person(tokens: list[Token], index: int, sentence: Sentence, mention: Mention) -> int | None:
    """ "Minister | Boris Pistorius": the end of the name of who has the function; None if no name begins here."""
    rank = tokens[index].term(TermKind.ROLE_NOUN)
    if rank is not None and rank.term.sort == "official" and mention.features & {"official", "group"}:
        return rank.last  # "army spokesman | Colonel Jan Wit"
    person = tokens[index].term(TermKind.PERSON)
    if person is not None:
        mention.code = person.term.code
        mention.features |= {"person"}
        return person.last
    if could_be_name(tokens[index]):
        mention.features |= {"person"}
        return name_end(tokens, index, sentence)
    return None


def _is_first_name(tokens: list[Token], index: int, sentence: Sentence, language: Language) -> bool:
    """ "Colonel | Aden Jimale", "Minister | Israel Katz": a place or country right behind an office, and a name behind
    it; not one in the genitive ("Sprecher Israels Arje Wit")."""
    named = tokens[index].term(TermKind.PLACE) or tokens[index].term(TermKind.NATION)
    if named is None or named.last != index + 1 or index + 1 >= sentence.last or not could_be_name(tokens[index + 1]):
        return False
    genitive = tokens[index].lower.endswith(language.orthography.genitive_endings or ("'s",))
    return not genitive and named.term.sort != EntryKind.ADJECTIVE.value


def _could_be_department(token: Token) -> bool:
    """ "ministre chilien de la Défense": a capital word of no other meaning than that it is no place."""
    unmeaning = all(match.term.kind is TermKind.NO_PLACE for match in token.terms)
    return could_be_name(token) or (unmeaning and token.form[0].isupper())


def role_behind(tokens: list[Token], index: int, sentence: Sentence) -> Match | None:
    """The office or body that a relator makes a name belong to."""
    relator = tokens[index].term(TermKind.RELATOR) if index + 1 < sentence.last else None
    if relator is None or "of" not in relator.term.roles:
        return None
    for token in tokens[relator.last : min(relator.last + MAX_ADJECTIVES + 1, sentence.last)]:
        role = token.term(TermKind.ROLE_NOUN)
        if role is not None or not (token.inside or token.term(TermKind.DETERMINER) or token.term(TermKind.NATION)):
            return role
    return None


def finish(document: Document, sentence: Sentence, mention: Mention) -> Mention:
    """The name is the phrase without its article or "its"; a definite one may mean who was named before."""
    if mention.features & OF_NO_STATE:
        mention.code = None
    first = mention.first
    while first < mention.last - 1:
        token = document.tokens[first]
        article = token.term(TermKind.DETERMINER)
        if article is None and not token.has(TermKind.ANAPHOR, "owner"):
            break
        if article is not None and article.term.sort != "indefinite":
            mention.features |= {"definite"}
        first += 1
    mention.name = document.words(sentence, first, mention.last)
    return mention
