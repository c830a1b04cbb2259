"""Part of step 4: whose a force is: the name before it, within it, behind it ("der Bundeswehr", "aus Ruanda")."""

from services.extractor.compounds import compound_prefix
from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import CLITICS
from services.extractor.steps.force_counts import count_people_inside, ends_phrase, take_count
from services.extractor.terms import ARMED_NAMES, Match, Term
from services.extractor.vocabulary import TermKind

MAX_WORDS_TO_OWNER = 5
_BODIES = ARMED_NAMES | {EntryKind.ORGANISATION.value}
_DESCRIBES = frozenset({TermKind.FORCE, TermKind.MILITARY, TermKind.ROLE_NOUN})
"""What may stand between a body's name and that of its country: "the Russian mercenary group Wagner"."""


def compound_code(token: Token, head: Match, language: Language) -> str | None:
    """Whose force a compound names: "US-Soldaten", "Ecowas-Eingreiftruppe"."""
    owner = _compound_owner(token, head, language)
    return owner.entry.code if owner is not None and owner.entry is not None else None


def names_armed_owner(token: Token, head: Match, language: Language) -> bool:
    """ "Wagner-Leute": a vague word for people behind the name of an armed group."""
    owner = _compound_owner(token, head, language)
    return owner is not None and owner.sort in ARMED_NAMES


def _compound_owner(token: Token, head: Match, language: Language) -> Term | None:
    if not language.orthography.compounds or not head.term.compound:
        return None
    terms = compound_prefix(token, head.term, language)
    return next((term for term in terms if term.entry is not None and term.entry.code is not None), None)


def owner_before(document: Document, sentence: Sentence, index: int, language: Language) -> Match | None:
    """A nation or organisation whose name ends right before `index` and can own what follows."""
    named = _named_ending(document, sentence, index)
    return named if named is not None and _owns(document.tokens, named, index, language) else None


def _named_ending(document: Document, sentence: Sentence, index: int) -> Match | None:
    """A name that ends right before `index`, an owner's clitic between left out."""
    tokens = document.tokens
    for first in range(index - 1, index - MAX_WORDS_TO_OWNER - 1, -1):
        if first < sentence.first:
            return None
        for match in tokens[first].terms:
            clitic = match.last == index - 1 and tokens[match.last].form in CLITICS
            if match.side is not None and (match.last == index or clitic):
                return match
    return None


def _owns(tokens: list[Token], owner: Match, index: int, language: Language) -> bool:
    """Where a genitive marks the owner, a bare name before a force is something else: "aus Kiew Fallschirmjäger"."""
    endings = language.orthography.genitive_endings
    bare = owner.term.sort in (EntryKind.NATION.value, EntryKind.METONYM.value) or owner.term.kind is TermKind.PERSON
    if endings and _is_source(tokens, owner.first):
        return False
    return not (endings and bare) or owner.last < index or tokens[index - 1].lower.endswith(endings)


def _is_source(tokens: list[Token], index: int) -> bool:
    """ "laut der M23 weitere Truppen": the name before the force tells who says so; not "nach russischer Darstellung
    britische Truppen", which has told it."""
    if index > 0 and tokens[index - 1].term(TermKind.DETERMINER) is not None:
        index -= 1
    before = tokens[max(0, index - MAX_WORDS_TO_OWNER) : index]
    return any(
        match.term.kind is TermKind.ATTRIBUTION and match.term.sort != "adjective" and match.last == index
        for token in before
        for match in token.terms
    )


def take_owner_behind(document: Document, sentence: Sentence, mention: Mention, language: Language) -> None:
    """Takes in "Ruandas", "der Bundeswehr", "aus Ruanda", "of the 82nd Airborne Division"."""
    tokens = document.tokens
    cursor = mention.last
    if cursor >= sentence.last:
        return
    relator = tokens[cursor].term(TermKind.RELATOR)
    from_place = relator is not None and "origin" in relator.term.roles and "by" not in relator.term.roles
    of_owner = relator is not None and "of" in relator.term.roles
    if relator is not None and not (from_place or of_owner):
        return
    if of_owner and relator is not None and "origin" in relator.term.roles and "possessive" in mention.features:
        return  # "holt seine Soldaten von Zypern": where from, their owner stands before them
    if relator is not None:
        cursor = relator.last
        if count_people_inside(document, sentence, mention, cursor):
            if mention.code is None:  # "a contingent of 140 soldiers from Bangladesh"
                take_owner_behind(document, sentence, mention, language)
            return
        figure = sentence.beginning(MentionKind.QUANTITY, cursor) if of_owner else None
        if figure is not None and _goes_nowhere(tokens, figure.last):
            return  # "a Chilean company of 120 and a Peruvian platoon", "a contingent of 120 has reached X"
        if figure is not None and not mention.counted and tokens[figure.last].leads("origin"):
            take_count(mention, figure)  # "a contingent of 73 from Peru"
            mention.last = figure.last
            take_owner_behind(document, sentence, mention, language)
            return
    if from_place and _are_many_states(tokens[cursor : min(sentence.last, cursor + MAX_WORDS_TO_OWNER)]):
        mention.features |= {"several"}
        return
    article = False
    genitive = bool(language.orthography.genitive_endings) and relator is None
    while cursor < sentence.last and tokens[cursor].term(TermKind.DETERMINER) is not None:
        if genitive and not article and not tokens[cursor].has(TermKind.DETERMINER, "genitive"):
            return  # "Soldaten den Senegal": another noun phrase
        article = True
        cursor += 1
    for index in range(cursor, min(sentence.last, cursor + MAX_WORDS_TO_OWNER)):
        token = tokens[index]
        named = next((m for m in token.terms if m.side is not None), None)
        if named is not None:
            introduced = relator is not None or article
            body = _body_behind(tokens, named, sentence.last) if introduced else None
            _own(tokens, mention, body or named, from_place, introduced, language)
            return
        within = token.form.rpartition("-")[2][:1].islower() or token.form[0].isdigit() or token.form == "."
        attribute = (article or relator is not None) and within
        if not attribute and not _take_unit(document, sentence, mention, token, article or of_owner, language):
            return
        if token.leads("at") or (token.term(TermKind.RELATOR) and not language.orthography.inverted_subject):
            return  # "der in Italien beheimateten 173. Brigade"


def _goes_nowhere(tokens: list[Token], index: int) -> bool:
    """Whether another phrase or the verb begins behind a unit's figure, and none that tells whose it is."""
    if index >= len(tokens):
        return True  # "Soldaten von 300", and the text ends
    relator = tokens[index].term(TermKind.RELATOR)
    owner = relator is not None and relator.last == index + 1 and tokens[index].leads("of", "origin")  # not "out of X"
    return ends_phrase(tokens[index]) and not owner


def _are_many_states(tokens: list[Token]) -> bool:
    """ "from some 50 nations", "aus elf Staaten"."""
    for token in tokens:
        if token.has(TermKind.NOT_PEOPLE, "nations"):
            return True
        if token.form == "," or any(match.side is not None for match in token.terms):
            return False
    return False


def _take_unit(
    document: Document, sentence: Sentence, mention: Mention, token: Token, introduced: bool, language: Language
) -> bool:
    """ "Techniker der Luftwaffe": takes the unit in; whether what follows may still tell whose it is."""
    head = token.term(TermKind.FORCE)
    if head is None or not introduced:
        return False
    if not head.term.weak:
        mention.features -= {"weak", "role"}
    owner = compound_code(token, head, language)  # "der Ecowas-Eingreiftruppe"
    mention.last = head.last
    if head.term.group:
        told = not document.tokens[head.first - 1].has(TermKind.DETERMINER, "indefinite")
        mention.features |= {"group", "definite"} if told else {"group"}  # "2000 Kämpfer der Miliz"
    if owner is None and _goes_on(document.tokens, head.last, sentence):
        return True
    mention.code = mention.code or owner
    return False


def _goes_on(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """Whether the noun before `index` still tells whose it is: "der Luftwaffe Pakistans", "of the army of Chad"."""
    if index >= sentence.last:
        return False
    if tokens[index].term(TermKind.RELATOR) is not None:
        return tokens[index].leads("of", "origin")
    genitive = tokens[index].has(TermKind.DETERMINER, "genitive")
    return genitive or any(match.side is not None for match in tokens[index].terms)


def _own(
    tokens: list[Token], mention: Mention, named: Match, from_place: bool, introduced: bool, language: Language
) -> None:
    entry = named.term.entry
    if not introduced:
        genitive = tokens[named.first].lower.endswith(language.orthography.genitive_endings)
        consists = named.term.sort == EntryKind.DEMONYM.value and {"unit"} <= mention.features
        if consists and mention.last == named.first and not mention.features & {"definite", "possessive"}:
            mention.code, mention.last = mention.code or named.side, named.last  # "eine Kompanie Dänen"
            return
        if named.term.sort not in ARMED_NAMES and not genitive:
            return
    behind = named.last + (named.last < len(tokens) and tokens[named.last].form in CLITICS)
    unit = tokens[behind].term(TermKind.FORCE) if behind < len(tokens) else None
    if not from_place and _leads_away(tokens, named):
        return  # "von Italien nach Lettland"
    army = unit is not None and (behind == named.last or "weak" in mention.features)  # "advisers from Chad's army"
    owns = named.term.kind is TermKind.PERSON or named.term.sort in ARMED_NAMES or army
    if from_place and "possessive" in mention.features:
        return  # "zieht seine Soldaten aus dem Tschad ab"
    if from_place and not owns:
        mention.features |= {"from"}
        if "of_a_body" in mention.features and named.term.kind is TermKind.NATION:
            mention.code = None  # "UN peacekeepers from Nepal"
        mention.country = named.side or (entry.place.country if entry is not None and entry.place else None)
        following = tokens[named.last : named.last + 3]
        joined = following and following[0].joins
        listed = joined and len(following) > 1 and bool(following[1].terms) and not following[1].leads("reason")
        if listed and any(t.term(TermKind.NATION) is not None for t in following[1:]):
            mention.features |= {"several"}  # "from Chad, Mali and Togo", not "from Chad, angering Mali"
        return
    if named.term.sort == EntryKind.ARMED_GROUP.value:
        mention.code = named.side  # "der russischen Söldnergruppe Wagner": its name says more than its origin
    mention.code = mention.code or named.side
    mention.last = named.last
    if unit is not None and "weak" in mention.features and not unit.term.weak:
        mention.last = unit.last  # "members of Russia's national guard"
    if named.term.sort in ARMED_NAMES or mention.last > named.last:
        mention.features -= {"weak", "role"}


def _body_behind(tokens: list[Token], owner: Match, last: int) -> Match | None:
    """The group or alliance that the phrase goes on to name: "Russia's Africa Corps", "the Russian-led CSTO", "der von
    Iran unterstützten Hisbollah"."""
    described = tokens[owner.first - 1].term(TermKind.RELATOR) is not None and "-" not in tokens[owner.first].form
    for index in range(owner.last, min(last, owner.last + MAX_WORDS_TO_OWNER)):
        token = tokens[index]
        body = next((m for m in token.terms if m.side is not None and m.term.sort in _BODIES), None)
        if body is not None:
            return body
        small = not token.terms and token.form[0].islower() and (described or not token.verbs)
        if not (small or token.form in CLITICS or any(m.term.kind in _DESCRIBES for m in token.terms)):
            return None
    return None


def _leads_away(tokens: list[Token], named: Match) -> bool:
    """Whether the name tells where the force comes from: a goal follows it."""
    goes_on = named.last < len(tokens) and tokens[named.last].leads("goal")
    return goes_on and tokens[named.first - 1].leads("origin")
