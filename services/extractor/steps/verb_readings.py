"""Which verb readings a word keeps: a noun that looks like a verb ("a patrol", "the march", "in March") is none."""

from services.extractor.document import Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.orthography import Orthography
from services.extractor.terms import ARMED_NAMES, Match
from services.extractor.vocabulary import FrameClass, TermKind, VerbForm, VerbReading

ASIDE_WITHIN = 14
"""Words between the commas around what is told of a force beside its verb."""
_LEADS = frozenset({TermKind.RELATOR, TermKind.STRENGTH})
_GROWTH = frozenset({FrameClass.GROW, FrameClass.SHRINK})
_BASE_FORMS = frozenset({VerbForm.INFINITIVE, VerbForm.PRESENT})
_PAST_FORMS = frozenset({VerbForm.PAST, VerbForm.PARTICIPLE})  # "on occupied soil"


def verb_readings(
    tokens: list[Token], index: int, sentence: Sentence, readings: tuple[VerbReading, ...], orthography: Orthography
) -> tuple[VerbReading, ...]:
    """The readings left at `index`; the terms of the tokens before must be marked.

    Words inside a longer term are no verbs ("air base"). Where the language's articles are nothing but articles
    (`articles_mark_nouns`), neither is a base form after one, or after an owner, a nation's adjective or a relator that
    is no infinitive marker; nor a capitalised word within a sentence that is no headline.
    """
    token = tokens[index]
    if token.inside or _opens_relator(token):
        return ()
    if orthography.capitalised_nouns and _is_present_attribute(tokens, index, sentence, readings):
        return ()
    if not readings or not orthography.articles_mark_nouns:
        return readings
    if _only_relates(tokens, index, readings) or _is_growth(tokens, index, sentence, readings):
        return ()
    first = index == sentence.first
    if token.form[0].isupper() and not first and sentence.field != "title" and not _opens(tokens[index - 1]):
        return ()
    if not first and tokens[index - 1].lower in orthography.infinitive_markers:
        infinitives = tuple(reading for reading in readings if reading.form is VerbForm.INFINITIVE)
        return infinitives or readings
    if not first and (_is_attribute(tokens, index, sentence, orthography) or _is_particle(tokens, index)):
        return ()
    plural = not first and not orthography.adjectives_follow and token.lower.endswith(orthography.noun_plurals)
    plural = plural and not _opens_object(tokens, index + 1, sentence.last)
    if plural and _counts_led(tokens, index - 1):
        return tuple(r for r in readings if r.form is not VerbForm.PRESENT or r.verb.auxiliary)  # "in three stages"
    result = not first and tokens[index - 1].lower.endswith(orthography.gerund_endings)
    if plural and result and _is_modifier(tokens[index - 1]):
        return tuple(r for r in readings if r.form is not VerbForm.PRESENT)  # ", prompting protests in X"
    if plural and _is_modifier(tokens[index - 1]) and not any(r.verb.auxiliary for r in readings):
        return tuple(r for r in readings if r.form is not VerbForm.PRESENT or r.verb.frame is None or r.verb.says)
    if _is_described(tokens, index, sentence):
        readings = tuple(r for r in readings if r.form not in _BASE_FORMS)
    if first or not _before_noun(tokens, index, orthography):
        return readings
    if any(reading.verb.auxiliary for reading in readings):
        return readings  # "the Dutch have"
    behind = tokens[index + 1] if index + 1 < sentence.last else None
    closed = behind is None or not behind.form[0].isalnum() or behind.term(TermKind.RELATOR) is not None
    led = tokens[index - 1].term(TermKind.RELATOR) is not None
    called = closed and tokens[index - 1].term(TermKind.DETERMINER) is not None  # "on the ground by Monday"
    is_noun = led or called or (not orthography.adjectives_follow and _describes_thing(tokens, index, sentence))
    dropped = _BASE_FORMS | (_PAST_FORMS if is_noun else frozenset())
    if called and not (behind is not None and behind.leads("of")):
        dropped |= {VerbForm.GERUND}  # "because of the fighting"
    return tuple(
        reading
        for reading in readings
        if reading.verb.auxiliary or reading.verb.modal or not (reading.form in dropped or _is_occupation(reading))
    )


def _is_described(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """ "a rough count", "the 2-day war", "a Russian passenger jet": behind article and adjective; not "an unknown
    number of troops"."""
    if index < sentence.first + 2 or not _is_modifier(tokens[index - 1]):
        return False
    if index + 1 < sentence.last and tokens[index + 1].term(TermKind.RELATOR) is not None:
        return False
    article = ("indefinite", "definite") if "-" in tokens[index - 1].form else ("indefinite",)
    whose = index > sentence.first + 2 and tokens[index - 2].has(TermKind.NATION, EntryKind.ADJECTIVE.value)
    return tokens[index - 3 if whose else index - 2].has(TermKind.DETERMINER, *article)


def _describes_thing(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """ "boarded a sanctioned tanker", "into the besieged city": between an article and a noun that means no force, nor
    a place with a name."""
    behind = tokens[index + 1] if index + 1 < sentence.last else None
    article = tokens[index - 1].term(TermKind.DETERMINER) is not None
    if behind is None or not article or not behind.form.isalpha() or behind.verbs:
        return False
    named = index + 2 < sentence.last and (tokens[index + 2].form[0].isupper() or tokens[index + 2].leads("of"))
    return not behind.terms or (not named and all(m.term.kind is TermKind.PLACE_NOUN for m in behind.terms))


def _opens_object(tokens: list[Token], index: int, last: int) -> bool:
    """ "puts another 300 soldiers in X", "holds most of Goma": no noun stands before an article, a number or a name."""
    if index >= last:
        return False
    behind, kinds = tokens[index], (TermKind.DETERMINER, TermKind.NUMBER, TermKind.VAGUE, TermKind.PLACE)
    named = behind.has(TermKind.NATION, EntryKind.METONYM.value)  # "guard Juba"
    return named or behind.form[0].isdigit() or any(behind.term(kind) for kind in kinds)


def _is_occupation(reading: VerbReading) -> bool:
    """ "the training of recruits", "its training mission": behind an article or owner what is done, not who does it."""
    return reading.form is VerbForm.GERUND and reading.verb.frame is FrameClass.BE


def _only_relates(tokens: list[Token], index: int, readings: tuple[VerbReading, ...]) -> bool:
    """ "are missing following an attack", "60 soldiers, including two officers": a gerund that leads a phrase as well,
    and no form of "be" right before."""
    leads = tokens[index].term(TermKind.RELATOR) or tokens[index].term(TermKind.PARTITIVE)
    if leads is None or any(r.form is not VerbForm.GERUND for r in readings):
        return False
    return index == 0 or not any(r.verb.copula for r in tokens[index - 1].verbs)


def _is_growth(tokens: list[Token], index: int, sentence: Sentence, readings: tuple[VerbReading, ...]) -> bool:
    """ "amid growing concern", "because of rising tensions": behind a relator and before a noun that means no force."""
    if index == sentence.first or index + 1 >= sentence.last or tokens[index - 1].term(TermKind.RELATOR) is None:
        return False
    gerund = bool(readings) and all(r.form is VerbForm.GERUND for r in readings)
    grows = gerund and any(r.verb.frame in _GROWTH for r in readings)
    return grows and not (tokens[index + 1].form[0].isdigit() or _opens_object(tokens, index + 1, sentence.last))


def is_done_by_force(tokens: list[Token], index: int, plurals: tuple[str, ...]) -> bool:
    """Whether a word that is a noun and a verb tells what the force before it does: an article opens its object
    ("troops now patrol the road", "marines guard its embassy"), or where they do it follows ("frigates patrol off X",
    "two frigates patrol there": behind a plural, since only a singular noun is part of another)."""
    before = index - 1
    while before > 0 and tokens[before].term(TermKind.TIME) is not None:
        before -= 1
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    if before >= 0 and tokens[before].form == ",":
        before = _before_aside(tokens, before)  # "mercenaries, some 300 of them, guard the airport"
    if behind is None or before < 0 or not (ends_force(tokens, before) or _relates(tokens, before)):
        return False
    opens = _opens_object(tokens, behind.index, len(tokens)) or behind.has(TermKind.ANAPHOR, "owner")
    relator = behind.term(TermKind.RELATOR) is not None
    placed = behind.has(TermKind.ANAPHOR, "there") or (relator and not behind.leads("of"))
    return opens or (placed and tokens[before].lower.endswith(plurals))


def _relates(tokens: list[Token], index: int) -> bool:
    """ "soldiers who guard Juba", "900 of whom guard Juba"."""
    part = tokens[index - 1].term(TermKind.PARTITIVE) if index > 0 else None
    return tokens[index].has(TermKind.SUBORDINATOR, "relative") or (part is not None and part.last == index + 1)


def _before_aside(tokens: list[Token], comma: int) -> int:
    """The token before what a pair of commas sets apart; -1 if nothing does."""
    first = max(0, comma - ASIDE_WITHIN)
    return next((k - 1 for k in range(comma - 1, first, -1) if tokens[k].form == ","), -1)


def ends_force(tokens: list[Token], index: int) -> bool:
    if index > 1 and tokens[index].term(TermKind.NATION) is not None and tokens[index - 1].term(TermKind.RELATOR):
        index -= 2  # "peacekeepers from Ghana patrol the border"
    first = index
    while first > 0 and tokens[first].inside:
        first -= 1
    return any(
        m.last == index + 1 for m in tokens[first].terms if m.term.kind in (TermKind.FORCE, TermKind.ORGANISATION)
    )


def _is_present_attribute(
    tokens: list[Token], index: int, sentence: Sentence, readings: tuple[VerbReading, ...]
) -> bool:
    """ "in der kommenden Woche": a present participle before a noun tells nothing, unless of a force."""
    if not readings or any(reading.form is not VerbForm.GERUND for reading in readings) or index + 1 >= sentence.last:
        return False
    noun = tokens[index + 1]
    return noun.form[0].isupper() and noun.term(TermKind.FORCE) is None


def _is_particle(tokens: list[Token], index: int) -> bool:
    """ "set sail", "came back from X": the second word belongs to the verb before it."""
    return any(reading.verb.particle == tokens[index].lower for reading in tokens[index - 1].verbs)


def _opens_relator(token: Token) -> bool:
    """ "went back to X", "a force made up of 90 soldiers"."""
    return any(m.term.kind in _LEADS and m.last > m.first + 1 for m in token.terms)


def _is_attribute(tokens: list[Token], index: int, sentence: Sentence, orthography: Orthography) -> bool:
    """ "200 captured soldiers", "the wounded men", "90 specially trained mountain soldiers", "60 newly trained Kenyan
    soldiers": between a number, article or nation's adjective, perhaps an adverb behind it, and the noun; "a freshly
    cut path": after both, before any."""
    noun = index + 1
    if noun < sentence.last and (_is_modifier(tokens[noun]) or tokens[noun].term(TermKind.NATION) is not None):
        noun += 1
    adverb = _is_modifier(tokens[index - 1]) and tokens[index - 1].lower.endswith(orthography.adverb_endings)
    leads = index - 1 if not adverb else index - 2
    if adverb and leads >= sentence.first and tokens[leads].has(TermKind.DETERMINER, "definite", "indefinite"):
        return True
    if noun >= sentence.last or not _is_armed(tokens[noun]):
        return False
    if leads < sentence.first or (noun > index + 1 and not adverb):
        return False
    start = leads - 1 if tokens[leads].inside and leads > sentence.first else leads  # "Sri Lankan"
    return tokens[leads].form[0].isdigit() or any(
        (match.term.kind in (TermKind.DETERMINER, TermKind.NUMBER) or (adverb and _tells_whose(match)))
        and match.last == leads + 1
        for match in tokens[start].terms
    )


def _is_armed(token: Token) -> bool:
    """ "soldiers", "US marines"."""
    name = token.term(TermKind.ORGANISATION)
    return token.term(TermKind.FORCE) is not None or (name is not None and name.term.sort in ARMED_NAMES)


def _tells_whose(match: Match) -> bool:
    """ "Polish", "its"."""
    owner = match.term.kind is TermKind.ANAPHOR and match.term.sort == "owner"
    return owner or (match.term.kind is TermKind.NATION and match.term.sort == EntryKind.ADJECTIVE.value)


def _is_modifier(word: Token) -> bool:
    """ "aerial strikes", "the 3-year-old war": a small-letter word in no list is an adjective, seldom a subject."""
    letters = word.form.replace("-", "")
    return letters.isalnum() and letters.islower() and not (word.terms or word.verbs or word.inside)


def _counts_led(tokens: list[Token], index: int) -> bool:
    """A number behind a verb, a quantifier or a relator, not "of": "blocks nearly 2,000 tunnels", not "a team of 53
    trains recruits"."""
    if index == 0 or not tokens[index].is_figure:
        return False
    before = tokens[index - 1]
    if before.term(TermKind.RELATOR) is not None:
        return not before.leads("of")
    return bool(before.verbs) or before.term(TermKind.QUANTIFIER) is not None


def _opens(before: Token) -> bool:
    return not before.form[-1].isalnum()


def _before_noun(tokens: list[Token], index: int, orthography: Orthography) -> bool:
    before = tokens[index - 1]
    if before.form in orthography.possessive:
        return True
    start = next((k for k in range(index - 1, 0, -1) if not tokens[k].inside), 0)
    groups = [m for m in tokens[start].terms if m.term.group or m.term.sort == EntryKind.ARMED_GROUP.value]
    for match in before.terms or groups:  # "an armed group assault"
        term = match.term
        if match.last != index:
            continue
        if term.kind is TermKind.DETERMINER and before.term(TermKind.SUBORDINATOR) is None:
            helper = tokens[index - 2].verbs if index > 1 else ()  # "will each send", "have all left"
            return not (any(r.verb.modal or r.verb.auxiliary for r in helper) or _is_done_by_more(tokens, index))
        if term.kind is TermKind.ANAPHOR and term.sort == "owner":
            return True
        if term.group and not before.lower.endswith(orthography.noun_plurals):  # "rebel attacks in X"
            return not (orthography.adjectives_follow or _opens_object(tokens, index + 1, len(tokens)))
        if term.kind is TermKind.NATION and term.sort == EntryKind.ADJECTIVE.value:
            counted = match.first > 0 and tokens[match.first - 1].form[0].isdigit()
            people = counted and before.lower.endswith(orthography.people_endings)  # "450 Nepalese serve"
            return not orthography.adjectives_follow and not people
        named = term.kind in (TermKind.PLACE, TermKind.ORGANISATION) and match.first > 0
        if named and tokens[match.first - 1].term(TermKind.DETERMINER):  # "a UN report", not "The M23 holds Goma"
            return not (orthography.adjectives_follow or _opens_object(tokens, index + 1, len(tokens)))
        ends = index + 1 >= len(tokens) or not tokens[index + 1].form[0].isalnum()
        names = match.first > 0 and term.kind in (TermKind.PLACE, TermKind.ORGANISATION, TermKind.NATION)
        if (
            names and ends and tokens[index].term(TermKind.EVENT) and tokens[match.first - 1].term(TermKind.RELATOR)
        ):  # "eight killed in Juba raid"
            return not orthography.adjectives_follow
        if term.kind is TermKind.RELATOR and before.lower not in orthography.infinitive_markers:
            return True
    return tokens[index].term(TermKind.EVENT) is not None and _behind_named(tokens, index)


def _is_done_by_more(tokens: list[Token], index: int) -> bool:
    """ "200 more serve in X", "300 more guard the border": behind a figure that leaves out its noun, where an object or
    a place follows."""
    if index < 2 or not (tokens[index - 2].is_figure and tokens[index - 1].has(TermKind.QUANTIFIER, "further")):
        return False
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    placed = behind is not None and behind.term(TermKind.RELATOR) is not None and not behind.leads("of")
    return placed or _opens_object(tokens, index + 1, len(tokens))


def _behind_named(tokens: list[Token], index: int) -> bool:
    """ "the Charlie Hebdo attack", "the Paris attacks": between article and noun a town, or a name in no list."""
    first = index
    while first > 0 and tokens[first - 1].form[0].isupper() and not tokens[first - 1].inside:
        if tokens[first - 1].terms and not tokens[first - 1].has(TermKind.NATION, EntryKind.METONYM.value):
            break
        first -= 1
    return 0 < first < index and tokens[first - 1].has(TermKind.DETERMINER, "definite")
