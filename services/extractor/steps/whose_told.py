"""Part of step 6: whose a force is where its own phrase does not tell it, but what is set apart from it or said of it:
"900 soldiers, most of them Kenyans, are in X", "the 900 soldiers in X are Kenyan"."""

from services.extractor.document import Clause, ClauseVerb, Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.orthography import Orthography
from services.extractor.steps.clause_phrases import forces_in, is_whole
from services.extractor.vocabulary import FINITE, TermKind

REACH = 14
"""Words between a force and an aside that says what all of them are."""
_SIGNS = {",": (",",), "(": (")",), "–": ("–",), "—": ("—",), "-": ("-",), ":": ()}
"""What opens such an aside, and what closes it beside the end of a clause."""
_ENDS = (".", ";", ":", "!", "?")
_PEOPLE = frozenset({EntryKind.ADJECTIVE.value, EntryKind.DEMONYM.value})
_NAMED = frozenset({"named", "institution", "pronoun", "owner", "vehicle", "vessel", "aircraft", "part"})


def tell_whose(document: Document, sentence: Sentence, language: Language) -> None:
    """Gives the sentence's forces without a side the one that an aside or a predicate tells."""
    if not any(_is_unclaimed(m) for m in sentence.of_kind(MentionKind.FORCE)):
        return
    for index in range(sentence.first, sentence.last - 1):
        if document.tokens[index].form in _SIGNS:
            _read_aside(document, sentence, index, language.orthography)
    for index in sentence.where(TermKind.RELATOR):
        if document.tokens[index].leads("mandate"):
            _read_mandate(document, sentence, index)
    for clause in sentence.clauses:
        for verb in clause.verbs:
            if verb.reading.verb.copula and verb.reading.form in FINITE:
                _read_predicate(document, sentence, clause, verb, language.orthography)


def nation_at(tokens: list[Token], index: int, last: int) -> tuple[str, int] | None:
    """The nation of people that an adjective, their name or "from" its country tells at the token, and where that
    ends."""
    if index >= last:
        return None
    relator = tokens[index].term(TermKind.RELATOR)
    if relator is not None and "origin" in relator.term.roles and "by" not in relator.term.roles:
        index = relator.last
        index += index < last and tokens[index].term(TermKind.DETERMINER) is not None
        sorts = frozenset({EntryKind.NATION.value})
    else:
        sorts = _PEOPLE
    named = tokens[index].term(TermKind.NATION) if index < last else None
    if named is None or named.side is None or named.term.sort not in sorts:
        return None
    return named.side, named.last


def _is_unclaimed(force: Mention) -> bool:
    """Nothing in its own phrase says whose it is."""
    return force.code is None and force.country is None and not force.features & (_NAMED | {"several", "possessive"})


def _read_aside(document: Document, sentence: Sentence, sign: int, orthography: Orthography) -> None:
    """ ", all from Kenya,", "(most of them Kenyans)", ", von denen die meisten Kenianer sind": what all or most of the
    force told of last are; right behind it also ", Kenyans,"."""
    tokens = document.tokens
    first, before = past_words(tokens, sign + 1, sentence.last, orthography)
    nation = nation_at(tokens, first, sentence.last)
    people = _people_at(sentence, first) if before else None  # "all of them Kenyan marines"
    if nation is None and people is None:
        return
    code, end = max((found for found in (nation, people) if found is not None), key=lambda found: found[1])
    last, behind = past_words(tokens, end, sentence.last, orthography)
    if not closes(tokens, last, sentence.last, _SIGNS[tokens[sign].form]):
        return
    force = next((m for m in reversed(sentence.of_kind(MentionKind.FORCE)) if m.last <= sign), None)
    if force is None or not _is_unclaimed(force) or force.mandate is not None or sign - force.last > REACH:
        return  # "blue helmets, most of them Nepalese"
    right_behind = force.last == sign and first == sign + 1 and tokens[first].term(TermKind.RELATOR) is None
    if not (right_behind or before or behind):
        return
    force.code = code
    sentence.mentions = [m for m in sentence.mentions if m.kind is not MentionKind.FORCE or not sign < m.head < last]


def past_words(tokens: list[Token], index: int, last: int, orthography: Orthography) -> tuple[int, bool]:
    """Past words that say of all or most that they are something; whether any stood there."""
    told = False
    while index < last:
        token = tokens[index]
        filler = token.lower in orthography.share_fillers or any(r.verb.copula for r in token.verbs)
        if not (token.lower in orthography.share_words or filler):
            break
        told |= token.lower in orthography.share_words
        index += 1
    return index, told


def closes(tokens: list[Token], index: int, last: int, closers: tuple[str, ...]) -> bool:
    """Whether the aside ends here and no list of nations goes on."""
    if index >= last or tokens[index].form in _ENDS:
        return True
    other = tokens[index + 1].term(TermKind.NATION) if index + 1 < last else None
    listed = other is not None and (other.last >= last or tokens[other.last].joins)
    return tokens[index].form in closers and not listed


def _read_predicate(
    document: Document, sentence: Sentence, clause: Clause, verb: ClauseVerb, orthography: Orthography
) -> None:
    """ "are Kenyan", "sind durchweg Kenianer", "are from Kenya": of the clause's subject."""
    tokens = document.tokens
    first, _ = past_words(tokens, verb.index + 1, sentence.last, orthography)
    nation = nation_at(tokens, first, sentence.last) or _people_at(sentence, first)
    if nation is None:
        return
    last, _ = past_words(tokens, nation[1], sentence.last, orthography)
    joint = tokens[last].term(TermKind.COORDINATOR) if last < sentence.last else None
    goes_on = joint is not None and (bool(tokens[last + 1].verbs) or tokens[last + 1].is_figure)  # "… and number 900"
    if not (goes_on or closes(tokens, last, sentence.last, (",", ")", "–", "—", "-"))):
        return
    force = next((m for m in forces_in(document, sentence, clause) if m.last <= verb.index), None)
    if force is None or not _is_unclaimed(force) or is_whole(document, sentence, force):
        return
    if _opens(document, sentence, clause, force):
        force.code = nation[0]


def _people_at(sentence: Sentence, index: int) -> tuple[str, int] | None:
    """ "are Kenyan marines", "are 320 soldiers from Kenya": whose the force is that begins at the token, and where what
    tells it ends."""
    people = sentence.beginning(MentionKind.FORCE, index)
    if people is None or "people" not in people.features:
        return None
    home = sentence.beginning(MentionKind.PLACE, people.last) if "from" in people.features else None
    code = people.code or people.country
    return (code, home.last if home is not None else people.last) if code is not None else None


def _read_mandate(document: Document, sentence: Sentence, index: int) -> None:
    """ "9,000 men serve in X on behalf of the African Union": a body that a force serves, of the clause's people."""
    tokens, clause = document.tokens, sentence.clause_at(index)
    relator = tokens[index].term(TermKind.RELATOR)
    if relator is None or clause is None:
        return
    first = relator.last + (relator.last < sentence.last and tokens[relator.last].term(TermKind.DETERMINER) is not None)
    body = tokens[first].term(TermKind.ORGANISATION) if first < sentence.last else None
    force = next((m for m in forces_in(document, sentence, clause) if m.last <= index), None)
    if body is not None and body.side is not None and force is not None and _is_unclaimed(force):
        force.code = body.side


def _opens(document: Document, sentence: Sentence, clause: Clause, force: Mention) -> bool:
    """Whether the clause, or what follows a sign, begins with the force: "die 900 in X stationierten Soldaten"."""
    inside = [m for m in sentence.mentions if m.kind in (MentionKind.QUANTITY, MentionKind.PLACE)]
    for index in range(force.first - 1, clause.first - 1, -1):
        token = document.tokens[index]
        if not token.form[0].isalnum():
            return True
        led = (
            index == clause.first and token.term(TermKind.RELATOR) is not None
        )  # "bei den Soldaten handelt es sich um"
        if not (led or token.term(TermKind.DETERMINER) is not None or any(index in m for m in inside)):
            return False
    return True
