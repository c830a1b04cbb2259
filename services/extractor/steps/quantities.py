"""Numbers of people in words and digits, with bounds: "mindestens 3000", "ten to twelve thousand", "1,5 Millionen"."""

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.lexicon import Language
from services.extractor.steps.as_many import as_many_at
from services.extractor.steps.number_words import HUNDRED, Number, may_compose, number_at
from services.extractor.terms import Match
from services.extractor.vocabulary import TermKind, VerbForm

_RANGE_SIGNS = frozenset("-–—")
_CURRENCY_SIGNS = frozenset("$€£¥₩₽₴")
_MONEY = frozenset({"money"})
THOUSAND = 1000
PROMISED = 4
"""Words between "instead of" and a figure: "the promised"."""
DAYS = 31
"""Of the longest month."""
_BOUNDS = frozenset({"least", "most"})
_BEHIND = _BOUNDS | {"further", "behind"}
_NO_YEAR = frozenset({"further", "about", "least", "most", "total", "each"})
"""What is said of a number of people, and of a year seldom."""
_BEGINNINGS = frozenset({TermKind.QUANTIFIER, TermKind.VAGUE, TermKind.NUMBER, TermKind.MULTIPLE})


def find_quantities(document: Document, sentence: Sentence, language: Language) -> list[Mention]:
    found: list[Mention] = []
    listed = set(sentence.where(*_BEGINNINGS))
    index = sentence.first
    while index < sentence.last:
        mention = None
        if index in listed or _may_begin(document.tokens[index], language):
            mention = as_many_at(document, sentence, index, found) or _quantity_at(
                document.tokens, index, sentence, language
            )
        if mention is None:
            index += 1
        else:
            if mention.features != _MONEY:
                found.append(mention)
            index = mention.last
    tokens = document.tokens
    return [m for m in found if not (_is_denied(tokens, m, sentence) or _counts_votes(tokens, m, found))]


def _is_denied(tokens: list[Token], figure: Mention, sentence: Sentence) -> bool:
    """ "not 400 but 900 soldiers", "900 soldiers, not 400 as first reported", "900 instead of the promised 1,200": the
    figure that does not hold."""
    if _is_left_out(tokens, figure, sentence):
        return True
    index = figure.first - 1
    index -= index > sentence.first and tokens[index].term(TermKind.DETERMINER) is not None
    if index <= sentence.first or not tokens[index].has(TermKind.NEGATION, "particle"):
        return False
    behind = figure.last + (figure.last < sentence.last and tokens[figure.last].form == ",")
    corrects = behind < sentence.last and tokens[behind].has(TermKind.COORDINATOR, "correction", "contrast")
    return corrects or tokens[index - 1].form in (",", "(", "–", "—")


def _is_left_out(tokens: list[Token], figure: Mention, sentence: Sentence) -> bool:
    """ "900 (soldiers) instead of the promised 1,200"; no noun stands behind it."""
    behind = tokens[figure.last] if figure.last < sentence.last else None
    if behind is not None and behind.form[0].isalpha() and not (behind.term(TermKind.RELATOR) or behind.verbs):
        return False
    for index in range(figure.first - 2, max(sentence.first, figure.first - 2 - PROMISED) - 1, -1):
        if tokens[index].leads("lacking") and tokens[index].term(TermKind.ATTRIBUTION) is None:
            before = tokens[max(sentence.first, index - 2) : index]
            return any(token.is_figure for token in before)
        between = tokens[index + 1]
        if not (between.term(TermKind.DETERMINER) or between.may_be(VerbForm.PARTICIPLE) or between.inside):
            return False
    return False


def _counts_votes(tokens: list[Token], figure: Mention, figures: list[Mention]) -> bool:
    """ "by 120 votes to 90", "mit 120 gegen 90 Stimmen": one of the two figures stands right before the votes."""
    before = [tokens[figure.first - 2]] if _is_between(tokens, figure.first - 1) else []
    joined = (m.last for m in figures if m.first == figure.last + 1 and _is_between(tokens, figure.last))
    nouns = [*before, *(tokens[k] for k in (figure.last, *joined) if k < len(tokens))]
    return any(noun.has(TermKind.NOT_PEOPLE, "vote") for noun in nouns)


def _is_between(tokens: list[Token], index: int) -> bool:
    """ "120 | to | 90"."""
    return index > 1 and (tokens[index].term(TermKind.RELATOR) or tokens[index].term(TermKind.RANGE)) is not None


def _may_begin(token: Token, language: Language) -> bool:
    """A number in no list."""
    return token.form[0].isdigit() or (not token.terms and may_compose(token.lower, language))


def _quantity_at(tokens: list[Token], index: int, sentence: Sentence, language: Language) -> Mention | None:
    """The quantity that begins at the token: quantifiers, then a vague word, or a number with its bounds."""
    if tokens[index].has(TermKind.QUANTIFIER, "last"):
        return None  # "die letzten | 40 Soldaten"
    sorts: set[str] = set()
    cursor = index
    while cursor < sentence.last and (match := tokens[cursor].term(TermKind.QUANTIFIER)) is not None:
        if not _only_leads(tokens, match.first, match.last, sentence):
            sorts.add(match.term.sort or "about")
        cursor = match.last
    cursor = _past_article(tokens, cursor, sentence) if cursor > index else cursor
    vague = tokens[cursor].term(TermKind.VAGUE) if cursor < sentence.last else None
    if vague is not None:
        return Mention(
            MentionKind.QUANTITY,
            index,
            _past_scales(tokens, vague.last, sentence),
            cursor,
            vague=True,
            additional="further" in sorts,
            because=("vague",),
        )
    number = number_at(tokens, cursor, sentence, language, joined="between" not in sorts)
    if number is None or _is_day(tokens, number, sentence, language) or _is_age(tokens, number, sentence):
        return None
    if number.first > sentence.first and tokens[number.first - 1].form in _CURRENCY_SIGNS:
        return Mention(MentionKind.QUANTITY, number.first, number.last, number.first, features=_MONEY)
    upper = _range_end(tokens, number, sentence, language, between="between" in sorts)
    last = upper.last if upper else number.last
    while (match := _quantifier_behind(tokens, last, sentence)) is not None:
        if match.term.sort in _BOUNDS and number_at(tokens, match.last, sentence, language) is not None:
            break  # "im Mai 2025 bis zu 600"
        sorts.add(match.term.sort or "behind")
        last = match.last
    if _was_before(tokens, index, number, upper, sentence, language):
        sorts.add("before")
    low, high = _bounds(number, upper, sorts)
    return Mention(
        MentionKind.QUANTITY,
        index,
        last,
        number.first,
        count_min=low,
        count_max=high,
        additional="further" in sorts,
        features=frozenset(_looks(tokens, number, sorts, language) | sorts),
        because=("number", *sorted(sorts)),
    )


def _quantifier_behind(tokens: list[Token], index: int, sentence: Sentence) -> Match | None:
    """ "300 or more", "300-odd", "300+"; not "sent 300 over the border"."""
    if index + 1 < sentence.last and tokens[index].form == "-" and tokens[index].start == tokens[index - 1].end:
        index += 1
    match = tokens[index].term(TermKind.QUANTIFIER) if index < sentence.last else None
    if match is None or match.term.sort not in _BEHIND or tokens[index].term(TermKind.RELATOR) is not None:
        return None
    return match


def _is_age(tokens: list[Token], number: Number, sentence: Sentence) -> bool:
    """ "Sergeant Alan Marsh, 42, from Poole", „Jean Martin (36)“, "he was 16": how old he is who is named before it."""
    if number.first - 2 < sentence.first or number.in_words or not 14 < number.value < 100:
        return False
    who, mark = tokens[number.first - 2 : number.first]
    if who.has(TermKind.ANAPHOR, "person"):
        return any(reading.verb.copula for reading in mark.verbs)
    behind = tokens[number.last].form if number.last < sentence.last else ")"
    named = who.form[0].isupper() and not who.inside and all(m.term.kind is TermKind.PERSON for m in who.terms)
    return named and mark.form in (",", "(") and behind in (",", ")", ".")


def _tells_strength(token: Token, language: Language) -> bool:
    """ "zehnköpfig", "twelve-strong": a number word with a part of no value tells how many a unit has."""
    parts = language.number_parts
    return token.lower not in parts and any(v == 0 and token.lower.endswith(part) for part, v in parts.items())


def _only_leads(tokens: list[Token], first: int, last: int, sentence: Sentence) -> bool:
    """ "verfügt über rund 800 Soldaten": a relator before a quantifier bounds nothing."""
    following = tokens[last] if last < sentence.last else None
    return (
        tokens[first].term(TermKind.RELATOR) is not None
        and tokens[first].has(TermKind.QUANTIFIER, "least")
        and following is not None
        and following.has(TermKind.QUANTIFIER, "about", "when", "least", "most")
    )


def _past_article(tokens: list[Token], index: int, sentence: Sentence) -> int:
    """ "more than a thousand": the article of a scale."""
    if index + 1 >= sentence.last or not tokens[index].has(TermKind.DETERMINER, "indefinite"):
        return index
    scale = tokens[index + 1].term(TermKind.NUMBER)
    return index + 1 if scale is not None and (scale.term.value or 0) >= HUNDRED else index


def _past_scales(tokens: list[Token], index: int, sentence: Sentence) -> int:
    """ "a few hundred", "ein paar tausend": behind a vague word a scale gives no number."""
    while index < sentence.last:
        scale = tokens[index].term(TermKind.NUMBER)
        if scale is None or (scale.term.value or 0) < HUNDRED:
            break
        index = scale.last
    return index


def _was_before(
    tokens: list[Token], index: int, number: Number, upper: Number | None, sentence: Sentence, language: Language
) -> bool:
    """ "from 400 to 250 soldiers", "von 400 auf 250": the level before a change; rising, it is the first of a pair that
    may be a range."""
    relator = tokens[index].term(TermKind.RELATOR)
    if relator is None and index > sentence.first:
        relator = tokens[index - 1].term(TermKind.RELATOR)
    if relator is None or "origin" not in relator.term.roles or number.last >= sentence.last:
        return False
    if upper is not None:
        return tokens[index].term(TermKind.RELATOR) is not None
    joins = tokens[number.last].term(TermKind.RANGE) or tokens[number.last].term(TermKind.RELATOR)
    if joins is None or (joins.term.kind is TermKind.RELATOR and ("goal" not in joins.term.roles or joins.term.names)):
        return False
    behind = joins.last
    while behind < sentence.last and (leads := tokens[behind].term(TermKind.QUANTIFIER)) is not None:
        behind = leads.last
    return number_at(tokens, behind, sentence, language) is not None


def _bounds(number: Number, upper: Number | None, sorts: set[str]) -> tuple[int | None, int | None]:
    if upper is not None:
        low = number.value
        scaled = low * (THOUSAND if not upper.in_words and upper.scale == 1 else upper.scale)
        if number.scale == 1 and low < upper.value / 10 and scaled < upper.value:
            low = scaled  # "sechs- bis achttausend", "10-12,000"
        return round(low), round(upper.value)
    value = round(number.value)
    if "least" in sorts:
        return value, None
    if "most" in sorts:
        return None, value
    return value, value


def _range_end(
    tokens: list[Token], number: Number, sentence: Sentence, language: Language, between: bool
) -> Number | None:
    cursor = number.last
    if cursor < sentence.last and tokens[cursor].form == "-" and tokens[cursor].start == tokens[cursor - 1].end:
        cursor += 1  # "sechs- bis"
        if number.in_words and cursor < sentence.last and tokens[cursor].form == ",":
            cursor += 1  # "drei-, vierhundert"
    if cursor >= sentence.last:
        return None
    joins = tokens[cursor].term(TermKind.RANGE)
    by = tokens[number.first - 1].term(TermKind.RELATOR) if number.first > sentence.first else None
    if by is not None and "measure" in by.term.roles and tokens[cursor].term(TermKind.RELATOR):
        return None  # "has grown by 350 to 900"
    if joins is not None:
        if joins.term.sort == "between" and not between:
            return None  # "100 and 200 soldiers respectively"
        cursor = joins.last
    elif tokens[cursor].form in _RANGE_SIGNS:
        cursor += 1
    elif cursor == number.last or tokens[cursor - 1].form not in ("-", ","):
        return None
    if cursor >= sentence.last:
        return None
    upper = number_at(tokens, cursor, sentence, language)
    return upper if upper is not None and upper.value > number.value else None


def _is_day(tokens: list[Token], number: Number, sentence: Sentence, language: Language) -> bool:
    """ "on July 20", "by Jan. 19", "July 20-24": days of the month named before; "in July 20 soldiers" counts them, as
    does "im Juli 2000 Soldaten", and "ab Juli 2026 Soldaten" nobody."""
    first = number.first
    if first > sentence.first and tokens[first].is_year and tokens[first - 1].lower in language.dates.months:
        return bool(number.value % HUNDRED)
    if first - 2 > sentence.first and tokens[first - 1].form in _RANGE_SIGNS and tokens[first - 2].form.isdigit():
        first -= 2
    point = tokens[first - 1].form == "."
    index = first - 1 - point
    if index <= sentence.first or number.in_words or not 0 < number.value <= DAYS:
        return False
    word = tokens[index].lower
    named = word in language.dates.months or (point and any(m.startswith(word) for m in language.dates.months))
    return named and not tokens[index - 1].has(TermKind.TIME, "month") and not language.orthography.ordinal_point


def _looks(tokens: list[Token], number: Number, sorts: set[str], language: Language) -> set[str]:
    """How it is written; what looks like a year is a count only right before a noun of people."""
    if number.in_words:
        return {"words", "strength"} if _tells_strength(tokens[number.last - 1], language) else {"words"}
    year = tokens[number.first].is_year and not sorts & _NO_YEAR  # not "2000 weitere", "knapp 2000"
    return {"digits", "year"} if year else {"digits"}
