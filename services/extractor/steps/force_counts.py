"""Part of step 4: which number counts a force: before it, before its whole, of the people a unit has."""

from dataclasses import replace

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.vocabulary import TermKind, VerbForm

MAX_ATTRIBUTE = 12
"""Words that may stand between a number and the participle before its noun."""
MIN_BARE = 10
"""A smaller number without a noun counts seldom people."""
AFTER_NUMBER = frozenset(
    {
        TermKind.RELATOR,
        TermKind.ANAPHOR,
        TermKind.DETERMINER,
        TermKind.COORDINATOR,
        TermKind.TIME,
        TermKind.QUANTIFIER,  # "von den 450 gehen 200 noch im März"
        TermKind.SUBORDINATOR,  # "the 130 who served in X"
        TermKind.ATTRIBUTION,  # "soldiers, 300 according to witnesses, …"
    }
)
"""What may stand behind a number without being what it counts."""
_AFTER_FIGURE = frozenset({TermKind.STRENGTH, TermKind.QUANTIFIER, TermKind.PARTITIVE})
_APART = {",": ",", "(": ")", "–": "–", "—": "—", "-": "-"}
"""Signs that open an aside, and what closes it."""
_CARRIERS = frozenset({"unit", "vessel", "aircraft"})


def take_count(mention: Mention, quantity: Mention) -> None:
    mention.count_min, mention.count_max = quantity.count_min, quantity.count_max
    mention.vague = quantity.vague
    mention.additional = mention.additional or quantity.additional
    mention.counted = not quantity.vague
    mention.features |= quantity.features & {"total", "before"}


_COUNTED_BEHIND = frozenset({"with", "of", "for", "measure"})
"""Roles of relators that no year follows."""


def is_date(document: Document, sentence: Sentence, quantity: Mention) -> bool:
    """ "In 1944 British soldiers", "seit 1944 britische Soldaten", "verließ 1944 die Armee": a year behind a relator of
    time or "since", or before an article, counts nobody; "der Abzug von 2000 Soldaten" counts them."""
    if "year" not in quantity.features or quantity.first <= sentence.first:
        return False
    before = document.tokens[quantity.first - 1]
    behind = document.tokens[quantity.last] if quantity.last < sentence.last else None
    if before.has(TermKind.TIME, "since") or (behind is not None and behind.term(TermKind.DETERMINER)):
        return True
    relator = before.term(TermKind.RELATOR)
    return relator is not None and not relator.term.roles & _COUNTED_BEHIND


def is_level(document: Document, index: int) -> bool:
    """ "auf 2000", "mit 2000": no relator that leads to a year."""
    relator = document.tokens[index - 1].term(TermKind.RELATOR) if index > 0 else None
    if relator is None or relator.term.names or relator.term.article:
        return False
    return bool(relator.term.roles & {"at", "goal", "with"})


def part_before(document: Document, sentence: Sentence, index: int) -> Mention | None:
    """A number before "of" or "instead of": of so many, the ones that are meant."""
    start = index - 1
    while start > sentence.first and document.tokens[start].inside:
        start -= 1
    if start <= sentence.first:
        return None
    relator = document.tokens[start].term(TermKind.RELATOR)
    parts = relator is not None and relator.last == index and relator.term.roles & {"of", "lacking"}
    part = sentence.ending(MentionKind.QUANTITY, start) if parts else None
    return part if part is not None and "year" not in part.features else None


def count_part(document: Document, sentence: Sentence, mention: Mention) -> None:
    """ "600 of its soldiers", "250 of the 650 soldiers", "half of its troops": the number of those that are meant
    stands before what tells whose they are, and wins over the number of all."""
    start = mention.first
    # "90 instead of the 60 soldiers"
    of_whole = start > sentence.first and document.tokens[start - 1].leads("of", "lacking")
    part = sentence.ending(MentionKind.QUANTITY, start - of_whole)
    if part is None or is_date(document, sentence, part) or part.first == start:
        return
    if of_whole and "year" in part.features:
        return  # "im Jahr 2011 von Milizen besetzt"
    pointed = mention.features & {"possessive", "definite"}
    if mention.counted or mention.vague:
        if not (pointed and (of_whole or part.vague)):
            return
    elif not (of_whole or pointed):
        return
    units = "people" not in mention.features and part.most < MIN_BARE
    if units and not part.vague:
        mention.first = part.first  # "two of its battalions", "one of three battalions"
        return
    take_count(mention, part)
    share = sentence.ending(MentionKind.QUANTITY, part.first)  # "about 40 percent of the 2,000 soldiers"
    mention.first = share.first if part.vague and share is not None else part.first


def count_before_attribute(document: Document, sentence: Sentence, mention: Mention, index: int, counts: bool) -> None:
    """ "die 1300 im Kongo eingesetzten Soldaten": the number stands before what the participle takes with it."""
    tokens = document.tokens
    if not any(_may_be_attribute(token) for token in tokens[index : mention.head]):
        return
    for k in range(index - 1, max(sentence.first, index - MAX_ATTRIBUTE) - 1, -1):
        counted = sentence.ending(MentionKind.QUANTITY, k + 1)
        if counted is not None and not is_date(document, sentence, counted):
            if (counts or counted.vague) and _opens_attribute(tokens[k + 1]):
                take_count(mention, counted)
            return
        if not tokens[k].form[0].isalnum() or tokens[k].verbs:
            return


def _may_be_attribute(token: Token) -> bool:
    """A participle, or a word in no list that could be one."""
    return token.may_be(VerbForm.PARTICIPLE, VerbForm.GERUND) or not (token.verbs or token.terms)


def _opens_attribute(token: Token) -> bool:
    """Whether the word behind a number is no noun that it counts: "1300 im Kongo eingesetzte Soldaten"."""
    return not token.form[0].isupper()


def count_people_aboard(document: Document, sentence: Sentence, mention: Mention) -> None:
    """ "ein Bataillon mit 850 Soldaten", "a frigate with a crew of 240", "a brigade numbering 2,500", "300 strong"."""
    tokens = document.tokens
    if mention.last >= sentence.last or mention.counted:
        return
    strength = tokens[mention.last].term(TermKind.STRENGTH)
    if strength is not None:  # "army engineers numbering 110"
        _take_bare_number(document, sentence, mention, strength.last)
    if not mention.features & _CARRIERS or mention.counted:
        return
    index = mention.last
    while index < sentence.last - 1 and tokens[index].quote not in (0, tokens[mention.first].quote):
        index += 1  # „Andrea Doria“
    index = _past_origin(tokens, mention, index)
    if index < sentence.last and tokens[index].form in (",", "("):
        index += 1
    if index >= sentence.last:
        return
    strength = tokens[index].term(TermKind.STRENGTH)
    relator = tokens[index].term(TermKind.RELATOR)
    if strength is not None:
        _take_bare_number(document, sentence, mention, strength.last) or count_people_inside(
            document, sentence, mention, strength.last
        )
    elif relator is not None and relator.term.roles & {"with", "of"}:
        if not count_people_inside(document, sentence, mention, relator.last) and "of" in relator.term.roles:
            _take_bare_number(document, sentence, mention, relator.last)
    else:
        index += tokens[index].has(TermKind.DETERMINER, "indefinite")  # "a thousand strong"
        _take_bare_number(document, sentence, mention, index, before_strength=True)


def _past_origin(tokens: list[Token], mention: Mention, index: int) -> int:
    """Behind "from Bangladesh", if that tells whose force it is."""
    relator = tokens[index].term(TermKind.RELATOR) if index < len(tokens) else None
    if relator is None or "origin" not in relator.term.roles or "from" not in mention.features:
        return index
    return next((m.last for t in tokens[relator.last : relator.last + 2] for m in t.terms if m.side), index)


def _take_bare_number(
    document: Document, sentence: Sentence, mention: Mention, index: int, before_strength: bool = False
) -> bool:
    """ "a contingent of 340", "a garrison 300 strong": a number without a noun is the unit's."""
    number = sentence.beginning(MentionKind.QUANTITY, index)
    if number is None or not tells_strength(document, sentence, number):
        return False
    strong = _is_strength(document, sentence, number.last)
    if before_strength and not strong:
        return False
    take_count(mention, number)
    mention.features -= {"weak"}
    mention.last = number.last + strong
    return True


def tells_strength(document: Document, sentence: Sentence, number: Mention) -> bool:
    """Whether a number counts people though no noun follows it: "340", "296 strong", not "300 km" nor a year."""
    if "year" in number.features or number.vague:
        return False
    if _is_strength(document, sentence, number.last):
        return True
    following = document.tokens[number.last] if number.last < sentence.last else None
    big = number.most >= MIN_BARE
    return big and (following is None or _ends(following))


def _is_strength(document: Document, sentence: Sentence, index: int) -> bool:
    """ "strong", "in all"."""
    if index >= sentence.last:
        return False
    token = document.tokens[index]
    return token.has(TermKind.STRENGTH, "before") or token.has(TermKind.QUANTIFIER, "total")


def count_apposition(document: Document, sentence: Sentence, mention: Mention) -> None:
    """ "Peacekeepers from Bangladesh, 180 in all, arrived", "soldiers (180)", "Soldaten – insgesamt 180 –": a number
    set apart behind the force."""
    index = _past_origin(document.tokens, mention, mention.last) + 1
    closes = _APART.get(document.tokens[index - 1].form) if index < sentence.last else None
    if mention.counted or mention.vague or closes is None:
        return
    number = sentence.beginning(MentionKind.QUANTITY, index)
    if number is None or not tells_strength(document, sentence, number):
        return
    closing = document.tokens[number.last] if number.last < sentence.last else None
    ends = [m.last for m in closing.terms if m.term.kind in _AFTER_FIGURE] if closing is not None else []
    end = max(ends, default=number.last)
    behind = document.tokens[end] if end < sentence.last else None
    if behind is not None and (behind.form in (closes, ".", ";", ":") or behind.term(TermKind.ATTRIBUTION)):
        take_count(mention, number)
        mention.last = end


def _ends(token: Token) -> bool:
    """Whether a word behind a number is no noun that it counts."""
    if not token.form[0].isalnum():
        return token.form not in ("%", "-", "/")
    return ends_phrase(token)


def _goes_on(token: Token) -> bool:
    """A verb, or one of the other words that follow a complete phrase: "rose to 90 on Sunday"."""
    phrase = any(m.term.kind is TermKind.NO_PLACE and not m.term.sort and m.last > m.first + 1 for m in token.terms)
    return phrase or bool(token.verbs) or any(m.term.kind in AFTER_NUMBER for m in token.terms)


def ends_phrase(token: Token) -> bool:
    """Whether the word can follow a number without being what is counted."""
    if token.term(TermKind.NOT_PEOPLE) is not None or token.form[0].isupper():
        return False
    if any(m.term.kind in (TermKind.PLACE_NOUN, TermKind.EVENT, TermKind.ROLE_NOUN) for m in token.terms):
        return False
    return _goes_on(token)


def count_people_inside(document: Document, sentence: Sentence, mention: Mention, index: int) -> bool:
    """ "ein Vorauskommando aus 50 Belgiern", "a contingent of 300 soldiers": whom the unit consists of."""
    inside = sentence.beginning(MentionKind.QUANTITY, index)
    if inside is None or inside.last >= sentence.last or mention.counted:
        return False
    people = inside.last
    while people < sentence.last - 1 and _describes_people(document.tokens[people]):
        people += 1
    nation = document.tokens[people].term(TermKind.NATION)
    if nation is not None and nation.term.sort == EntryKind.ADJECTIVE.value and nation.last < sentence.last:
        people = nation.last  # "a convoy with 200 Eritrean soldiers"
        carries = bool(mention.features & {"vessel", "aircraft"})  # "a Danish ship carrying 60 Swedish soldiers"
        mention.code = nation.side if carries else mention.code or nation.side
    for match in document.tokens[people].terms:
        demonym = match.term.sort == EntryKind.DEMONYM.value
        if (
            demonym
            or match.term.kind is TermKind.PARTITIVE
            or (match.term.kind is TermKind.FORCE and match.term.counts)
        ):
            take_count(mention, _of_all(sentence, mention, inside))
            mention.last = match.last
            mention.code = mention.code or match.side
            if match.term.kind is TermKind.FORCE and not match.term.weak:
                mention.features -= {"weak", "role"}
            return True
    return False


def _describes_people(token: Token) -> bool:
    """ "110 young soldiers", "300 kampferprobten Soldaten"."""
    plain = all(match.term.kind is TermKind.MILITARY for match in token.terms)
    return plain and token.form.islower() and not (token.verbs or token.inside)


def _of_all(sentence: Sentence, mention: Mention, inside: Mention) -> Mention:
    """ "zwei Bataillone mit je 700 Soldaten": the number of one, times the units."""
    if "each" not in inside.features:
        return inside
    for units in reversed(sentence.of_kind(MentionKind.QUANTITY)):
        if mention.first <= units.first and units.last <= mention.head and units.count_min and inside.count_min:
            total = units.count_min * inside.count_min
            return replace(inside, count_min=total, count_max=total)
    return replace(inside, count_min=None, count_max=None, vague=True)
