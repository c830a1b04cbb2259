"""Part of step 4: what stands before a force noun: adjectives, numbers, owners, articles, from right to left."""

from dataclasses import dataclass, replace
from enum import Enum

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import CLITICS
from services.extractor.steps.force_counts import MIN_BARE, count_before_attribute, is_date, part_before, take_count
from services.extractor.steps.force_owners import owner_before
from services.extractor.vocabulary import FINITE, FrameClass, TermKind, VerbForm

MAX_ATTRIBUTES = 7
_OPEN_ATTRIBUTE = frozenset({TermKind.RELATOR, TermKind.TIME, TermKind.ANAPHOR, TermKind.QUANTIFIER, TermKind.NUMBER})
MAX_TOLD = 16
"""Words of an attribute before its participle: "die am Montag von Peru nach X verlegten 300 Soldaten"."""
MAX_RATIO = 10
"""Wholes up to this are those of ratios: "two in three", "nine out of ten"."""


class _Step(Enum):
    ON = "on"
    END = "end"


@dataclass(slots=True)
class _LeftEdge:
    """How far left the phrase has been read: `cursor` is the first token read, `numbered` whether past a number."""

    document: Document
    sentence: Sentence
    mention: Mention
    counts: bool  # a number before the noun counts people
    language: Language
    cursor: int
    numbered: bool = False

    @property
    def token(self) -> Token:
        """The word, or the first token of the longer entry, before the cursor."""
        start = self.cursor - 1
        while self.document.tokens[start].inside and start > self.sentence.first:
            start -= 1
        return self.document.tokens[start]


def take_attributes(document: Document, sentence: Sentence, mention: Mention, counts: bool, language: Language) -> None:
    """Takes in adjectives, the nation's adjective or name, a number and what tells whose the force is."""
    edge = _LeftEdge(document, sentence, mention, counts, language, mention.first)
    for _ in range(MAX_ATTRIBUTES):
        if edge.cursor <= sentence.first:
            return
        step = next((step for rule in _RULES if (step := rule(edge)) is not None), _Step.END)
        if step is _Step.END:
            return


def _take_number(edge: _LeftEdge) -> _Step | None:
    counted = edge.sentence.ending(MentionKind.QUANTITY, edge.cursor)
    if counted is None:
        return None
    if is_date(edge.document, edge.sentence, counted):
        return _Step.END
    if (edge.counts or counted.vague or "strength" in counted.features) and not edge.mention.counted:
        take_count(edge.mention, counted)
    edge.cursor = edge.mention.first = counted.first
    edge.numbered = True
    part = part_before(edge.document, edge.sentence, edge.cursor)
    if part is not None and edge.counts:  # "90 von insgesamt 1100 Soldaten"
        take_count(edge.mention, part if not _is_ratio(counted) else replace(part, counted=False, vague=True))
        edge.cursor = edge.mention.first = part.first
    return _Step.ON


def _is_ratio(whole: Mention) -> bool:
    """ "vier von fünf Kämpfern" are no four."""
    return whole.count_max is not None and whole.count_max <= MAX_RATIO


def _take_owner(edge: _LeftEdge) -> _Step | None:
    owner = owner_before(edge.document, edge.sentence, edge.cursor, edge.language)
    if owner is None or (edge.numbered and owner.last == edge.cursor):
        return None
    serves = "of_a_body" in edge.mention.features
    if edge.mention.code is None or (serves and owner.term.kind is TermKind.NATION):
        edge.mention.code = owner.side  # "60 Nepalese UN peacekeepers"
        edge.mention.features -= {"of_a_body"}
        if owner.term.sort == EntryKind.ORGANISATION.value:
            edge.mention.features |= {"of_a_body"}
    edge.cursor = edge.mention.first = owner.first
    of_owner = owner.first > edge.sentence.first and edge.document.tokens[edge.cursor - 1].leads("of")
    before = edge.sentence.ending(MentionKind.QUANTITY, edge.cursor - 1) if of_owner else None
    if before is not None and edge.counts and "year" not in before.features:  # "11,000 of Pyongyang's soldiers"
        take_count(edge.mention, before)
        edge.cursor = edge.mention.first = before.first
        edge.numbered = True
    return _Step.ON


def _take_region(edge: _LeftEdge) -> _Step | None:
    """ "400 Texas National Guard troops": guards of the country named by one of its regions."""
    region = edge.token.term(TermKind.PLACE)
    if region is None or region.last != edge.cursor or "home" not in edge.mention.features:
        return None
    edge.cursor = edge.mention.first = region.first
    return _Step.ON


def _take_possessor(edge: _LeftEdge) -> _Step | None:
    """ "120 of the country's infantrymen", "160 of the company's men"."""
    if edge.token.form not in edge.language.orthography.possessive or edge.token.index - 1 < edge.sentence.first:
        return None
    owner = replace(edge, cursor=edge.cursor - 1).token
    if not (owner.has(TermKind.ANAPHOR, "country") or owner.has(TermKind.FORCE, "unit", "institution")):
        return None
    edge.mention.features |= {"possessive"}
    edge.cursor = edge.mention.first = owner.index
    return _Step.ON


def _take_pointer(edge: _LeftEdge) -> _Step | None:
    pointer = edge.token.term(TermKind.ANAPHOR)
    if edge.token.has(TermKind.ANAPHOR, "rest") or edge.token.has(TermKind.DETERMINER, "every"):  # "the last soldier"
        edge.mention.features -= {"person"}
    if pointer is None or pointer.term.sort not in ("owner", "demonstrative"):
        return None
    if edge.token.has(TermKind.SUBORDINATOR, "that") and _are_several(edge):
        return _Step.END
    edge.mention.features |= {"possessive" if pointer.term.sort == "owner" else "definite"}
    if edge.token.has(TermKind.ANAPHOR, "his"):
        edge.mention.features |= {"his"}
    edge.mention.first = edge.cursor - 1
    if _stresses_owner(edge, pointer.first):
        edge.cursor -= 1
        return _Step.ON
    counted = edge.sentence.ending(MentionKind.QUANTITY, edge.cursor - 1)
    if counted is not None and edge.counts:  # "300 seiner Soldaten"
        take_count(edge.mention, counted)
        edge.mention.first = counted.first
    return _Step.END


def _stresses_owner(edge: _LeftEdge, index: int) -> bool:
    """ "400 of its own soldiers", "Manila's own garrison": whose they are stands before it."""
    before = edge.document.tokens[index - 1] if index > edge.sentence.first else None
    return before is not None and (before.form in CLITICS or before.has(TermKind.ANAPHOR, "owner"))


def _are_several(edge: _LeftEdge) -> bool:
    """ "said that soldiers had left", "that 300 men were there": before a plural the word opens a clause."""
    noun = edge.document.tokens[edge.mention.last - 1].lower
    plural = noun.endswith(edge.language.orthography.noun_plurals)
    return edge.numbered or "people" in edge.mention.features or plural


def _take_article(edge: _LeftEdge) -> _Step | None:
    token = edge.token
    if token.has(TermKind.NEGATION, "determiner"):
        edge.mention.features |= {"negated"}
        edge.mention.first = token.index
        return _Step.END
    determiner = token.term(TermKind.DETERMINER)
    if determiner is None:
        return None
    if determiner.term.sort == "whichever":
        edge.mention.features |= {"whichever"}
    elif token.has(TermKind.DETERMINER, "one"):
        edge.mention.features |= {"single"} if _is_one_of_them(edge) else frozenset()
    elif determiner.term.sort != "indefinite" and "possessive" not in edge.mention.features:
        edge.mention.features |= {"definite"}
    edge.mention.first = edge.cursor - 1
    part = edge.sentence.ending(MentionKind.QUANTITY, token.index)
    genitive = token.has(TermKind.DETERMINER, "genitive") and edge.language.orthography.genitive_endings
    if part is not None and genitive and edge.numbered and edge.counts:
        take_count(edge.mention, part)  # "1800 der rund 10.500 Blauhelme"
        edge.mention.first = part.first
    return _Step.END


def _is_one_of_them(edge: _LeftEdge) -> bool:
    """ "An Afghan soldier opened fire on them": no force; not "a rebel attack on X", "a crew of 30"."""
    behind = edge.document.tokens[edge.mention.last].terms if edge.mention.last < edge.sentence.last else ()
    leads = any(m.term.kind in (TermKind.EVENT, TermKind.FORCE) or "against" in m.term.roles for m in behind)
    several = any(t.term(TermKind.QUANTIFIER) for t in edge.document.tokens[edge.cursor : edge.mention.head])
    return "people" in edge.mention.features and not (edge.numbered or leads or several)


def _take_military(edge: _LeftEdge) -> _Step | None:
    """ "infantry battalion", "army medics", "bewaffnete Kräfte": what makes a vague noun behind it a plain one."""
    orthography = edge.language.orthography
    leads = orthography.articles_mark_nouns and not orthography.adjectives_follow
    noun = edge.token.term(TermKind.FORCE) if leads else None
    word = noun or edge.token.term(TermKind.MILITARY)
    if word is None or edge.numbered or word.last != edge.cursor:
        return None
    edge.mention.features -= {"weak", "role"}
    if word.term.group:
        edge.mention.features |= {"group"}
    edge.cursor = edge.mention.first = word.first
    return _Step.ON


def _take_joined(edge: _LeftEdge) -> _Step | None:
    """ "4,000 American and British troops", "350 army and navy personnel": the number counts them together."""
    if edge.token.term(TermKind.COORDINATOR) is None or edge.numbered or edge.cursor - 2 <= edge.sentence.first:
        return None
    other = edge.document.tokens[edge.cursor - 2]
    modifier = other.has(TermKind.NATION, EntryKind.ADJECTIVE.value) or other.has(TermKind.FORCE, "institution")
    counted = edge.sentence.ending(MentionKind.QUANTITY, other.index) if modifier else None
    if counted is None or is_date(edge.document, edge.sentence, counted):
        return None
    if edge.counts:
        take_count(edge.mention, counted)
    return _Step.END


def _take_second_adjective(edge: _LeftEdge) -> _Step | None:
    """ "400 frisch ausgebildete und gut bewaffnete Soldaten", "90 tired, hungry men": two adjectives that are bent
    alike, beside each other."""
    tokens, index = edge.document.tokens, edge.token.index
    joint = edge.token.form == "," or edge.token.term(TermKind.COORDINATOR) is not None
    if not joint or edge.numbered or not edge.sentence.first < index < edge.mention.head - 1:
        return None
    first, verb_final = tokens[index - 1], edge.language.orthography.verb_final
    alike = not verb_final or first.form[-2:] == tokens[edge.mention.head - 1].form[-2:]
    if not (alike and tokens[index + 1].form.islower() and first.form.islower() and _is_adjective(first, verb_final)):
        return None
    edge.cursor = edge.mention.first = index - 1
    return _Step.ON


def _take_hyphen(edge: _LeftEdge) -> _Step | None:
    tokens = edge.document.tokens
    token = edge.token
    coordinated = token.term(TermKind.COORDINATOR) is not None and edge.cursor - 3 >= edge.sentence.first
    if coordinated and tokens[edge.cursor - 2].form == "-":
        edge.cursor = edge.mention.first = edge.cursor - 3  # "Berufs- und Zeitsoldaten"
        return _Step.ON
    return _Step.END if token.form == "-" else None  # "die 28-jährige Italienerin"


def _take_ordinal(edge: _LeftEdge) -> _Step | None:
    """ "die rumänische 4. Brigade", "the Israeli 36th Division"."""
    tokens = edge.document.tokens
    if edge.token.form[0].isdigit() and edge.token.lower.endswith(edge.language.orthography.ordinal_endings):
        edge.cursor = edge.mention.first = edge.token.index
        return _Step.ON
    number = tokens[edge.cursor - 2] if edge.cursor - 2 >= edge.sentence.first else None
    if not edge.language.orthography.ordinal_point or number is None or not number.form.isdigit():
        return None
    if tokens[edge.cursor - 1].form != "." or tokens[edge.cursor - 1].start != number.end:
        return None
    edge.cursor = edge.mention.first = number.index
    return _Step.ON


def _take_strength(edge: _LeftEdge) -> _Step | None:
    """ "a 3,000-strong force", "die 800-köpfige Truppe", "die 1200 Mann starke Truppe", "die 500-Mann-Einheit"."""
    tokens = edge.document.tokens
    token = edge.token
    people = token.has(TermKind.FORCE, "person", "people") and not token.has(TermKind.FORCE, "unit")
    if edge.numbered or not (token.has(TermKind.STRENGTH, "before") or (people and not edge.counts)):
        return None
    index = token.index
    while index > edge.sentence.first and (
        tokens[index - 1].form == "-" or tokens[index - 1].has(TermKind.FORCE, "person", "people")
    ):
        index -= 1
    strength = edge.sentence.ending(MentionKind.QUANTITY, index)
    if strength is None or (people and (strength.count_max or MIN_BARE) < MIN_BARE):  # "two engineer battalions"
        return None if index == token.index else _Step.END
    take_count(edge.mention, strength)
    edge.mention.features -= {"weak"}
    edge.cursor = edge.mention.first = strength.first
    edge.numbered = True
    return _Step.ON


def _take_quote(edge: _LeftEdge) -> _Step | None:
    """ "zwischen 260 und 300“ Soldaten": only the number is quoted."""
    mark = edge.document.tokens[edge.cursor - 1]
    if mark.form[0].isalnum() or mark.form not in edge.language.quote_marks or edge.numbered:
        return None
    if edge.sentence.ending(MentionKind.QUANTITY, edge.cursor - 1) is None:
        return _Step.END
    edge.cursor -= 1
    return _Step.ON


def _take_told_attribute(edge: _LeftEdge) -> _Step | None:
    """ "die nach X verlegten 300 Soldaten": the participle of an attribute that an article opens."""
    token, orthography = edge.token, edge.language.orthography
    if not edge.numbered or not token.verbs or not token.lower.endswith(orthography.attribute_endings):
        return None
    if not token.may_be(VerbForm.PARTICIPLE, VerbForm.GERUND) or not _in_told_attribute(edge, token):
        return None
    edge.mention.features |= {"definite"}
    edge.mention.first = token.index
    return _Step.END


def _in_told_attribute(edge: _LeftEdge, participle: Token) -> bool:
    """Whether an article or number opens an attribute with a phrase of its own before the participle."""
    tokens = edge.document.tokens
    for index in range(participle.index - 1, max(edge.sentence.first, participle.index - MAX_TOLD) - 1, -1):
        if not tokens[index].form[0].isalnum() or tokens[index].may_be(*FINITE):
            return False
        counted = edge.sentence.ending(MentionKind.QUANTITY, index + 1)
        opens = counted is not None and not is_date(edge.document, edge.sentence, counted)
        if opens or tokens[index].term(TermKind.DETERMINER) is not None:
            return any(match.term.kind in _OPEN_ATTRIBUTE for match in tokens[index + 1].terms)
    return False


def _is_finite_here(edge: _LeftEdge, token: Token) -> bool:
    """ "Am Montag verlegten peruanische Soldaten …", "im Jahr 2024 verlegten …": a form that may be a participle,
    behind what stands first in a sentence, and in no attribute."""
    forms = {reading.form for reading in token.verbs}
    if token.index <= edge.sentence.first or not (VerbForm.PARTICIPLE in forms and VerbForm.PAST in forms):
        return False
    before = edge.document.tokens[token.index - 1]
    counted = edge.sentence.ending(MentionKind.QUANTITY, token.index)
    year = counted is not None and "year" in counted.features
    modifies = before.term(TermKind.NATION) is not None or before.term(TermKind.DETERMINER) is not None
    return (year or (before.form[0].isupper() and not modifies)) and not _in_told_attribute(edge, token)


def _take_adjective(edge: _LeftEdge) -> _Step:
    token = edge.token
    if token.has(TermKind.QUANTIFIER, "last"):  # "Perus letzte 90 Soldaten", "der letzte Soldat": all there were
        edge.numbered = False
        edge.mention.features -= {"person"}
    finite = edge.language.orthography.verb_final and _is_finite_here(edge, token)
    adjective = _is_adjective(token, edge.language.orthography.verb_final)
    if edge.numbered or finite or not adjective or _goes_on_verb(edge, token):
        if not edge.numbered and edge.language.orthography.verb_final:
            count_before_attribute(edge.document, edge.sentence, edge.mention, edge.cursor, edge.counts)
        return _Step.END
    if token.has(TermKind.QUANTIFIER, "foreign"):
        edge.mention.features |= {"foreign"}
    edge.mention.additional |= token.has(TermKind.QUANTIFIER, "further")  # "zusätzliche Soldaten"
    edge.cursor -= 1
    if token.form.lower() == token.form and edge.document.tokens[edge.cursor].form[0].isalnum():
        edge.mention.first = edge.cursor
    return _Step.ON


def _goes_on_verb(edge: _LeftEdge, token: Token) -> bool:
    """ "denied having soldiers", "accuse X of hosting soldiers", "have also seen soldiers": a gerund behind a verb,
    one of having behind a relator, a participle behind its helper are no adjectives."""
    index = token.index - 1
    if index > edge.sentence.first and edge.document.tokens[index].term(TermKind.TIME) is not None:
        index -= 1
    before = edge.document.tokens[index].verbs if index >= edge.sentence.first else ()
    forms = {reading.form for reading in token.verbs}
    if VerbForm.GERUND in forms:
        led = edge.document.tokens[token.index - 1].term(TermKind.RELATOR) is not None
        return bool(before) or (led and any(r.verb.frame is FrameClass.HAVE for r in token.verbs))
    return VerbForm.PARTICIPLE in forms and any(r.verb.auxiliary and not r.verb.copula for r in before)


def _is_adjective(token: Token, verb_final: bool) -> bool:
    quantifier = token.term(TermKind.QUANTIFIER)
    if quantifier is not None:
        return token.term(TermKind.RELATOR) is None
    attribute = verb_final and token.may_be(VerbForm.PARTICIPLE)
    if not token.form[0].isalpha() or any(not attribute or m.term.kind is not TermKind.CUE for m in token.terms):
        return False
    if token.form[0].isupper() and not token.form.isupper():
        return "-" in token.form
    if attribute:
        return True  # "2100 abkommandierte Soldaten": no finite verb stands before its object there
    return not token.may_be(VerbForm.PRESENT, VerbForm.PAST, VerbForm.INFINITIVE)


_RULES = (
    _take_number,
    _take_strength,
    _take_military,
    _take_owner,
    _take_possessor,
    _take_region,
    _take_pointer,
    _take_article,
    _take_joined,
    _take_second_adjective,
    _take_hyphen,
    _take_ordinal,
    _take_quote,
    _take_told_attribute,
    _take_adjective,
)
