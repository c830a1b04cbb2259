"""Part of step 4: what describes a force before its noun: adjectives, participles with what they take along, ranks."""

from services.extractor.document import MentionKind, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.steps.force_counts import count_before_attribute, is_date, take_count
from services.extractor.steps.left_edge import LeftEdge, Step
from services.extractor.vocabulary import FINITE, FrameClass, TermKind, VerbForm

_OPEN_ATTRIBUTE = frozenset({TermKind.RELATOR, TermKind.TIME, TermKind.ANAPHOR, TermKind.QUANTIFIER, TermKind.NUMBER})
_HAS_OBJECT = frozenset({FrameClass.HAVE, FrameClass.SEND})
MAX_TOLD = 16
"""Words of an attribute before its participle: "die am Montag von Peru nach X verlegten 300 Soldaten"."""


def take_military(edge: LeftEdge) -> Step | None:
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
    return Step.ON


def take_joined(edge: LeftEdge) -> Step | None:
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
    return Step.END


def take_second_adjective(edge: LeftEdge) -> Step | None:
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
    return Step.ON


def take_hyphen(edge: LeftEdge) -> Step | None:
    tokens = edge.document.tokens
    token = edge.token
    coordinated = token.term(TermKind.COORDINATOR) is not None and edge.cursor - 3 >= edge.sentence.first
    if coordinated and tokens[edge.cursor - 2].form == "-":
        edge.cursor = edge.mention.first = edge.cursor - 3  # "Berufs- und Zeitsoldaten"
        return Step.ON
    return Step.END if token.form == "-" else None  # "die 28-jährige Italienerin"


def take_ordinal(edge: LeftEdge) -> Step | None:
    """ "die rumänische 4. Brigade", "the Israeli 36th Division"."""
    tokens = edge.document.tokens
    if edge.token.form[0].isdigit() and edge.token.lower.endswith(edge.language.orthography.ordinal_endings):
        edge.cursor = edge.mention.first = edge.token.index
        return Step.ON
    number = tokens[edge.cursor - 2] if edge.cursor - 2 >= edge.sentence.first else None
    if not edge.language.orthography.ordinal_point or number is None or not number.form.isdigit():
        return None
    if tokens[edge.cursor - 1].form != "." or tokens[edge.cursor - 1].start != number.end:
        return None
    edge.cursor = edge.mention.first = number.index
    return Step.ON


def take_quote(edge: LeftEdge) -> Step | None:
    """ "zwischen 260 und 300“ Soldaten", "300 Russian 'instructors'": only the number or the noun is quoted."""
    marks, tokens = edge.language.quote_marks, edge.document.tokens
    mark = tokens[edge.cursor - 1]
    if mark.form[0].isalnum() or mark.form not in marks or edge.numbered:
        return None
    behind = tokens[edge.mention.last].form if edge.mention.last < edge.sentence.last else ""
    noun = edge.cursor == edge.mention.head and behind in marks
    if not noun and edge.sentence.ending(MentionKind.QUANTITY, edge.cursor - 1) is None:
        return Step.END
    edge.cursor -= 1
    return Step.ON


def take_told_attribute(edge: LeftEdge) -> Step | None:
    """ "die nach X verlegten 300 Soldaten": the participle of an attribute that an article opens."""
    token, orthography = edge.token, edge.language.orthography
    if not edge.numbered or not token.verbs or not token.lower.endswith(orthography.attribute_endings):
        return None
    if not token.may_be(VerbForm.PARTICIPLE, VerbForm.GERUND) or not _in_told_attribute(edge, token):
        return None
    edge.mention.features |= {"definite"}
    edge.mention.first = token.index
    return Step.END


def _in_told_attribute(edge: LeftEdge, participle: Token) -> bool:
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


def _is_finite_here(edge: LeftEdge, token: Token) -> bool:
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


def take_adjective(edge: LeftEdge) -> Step:
    token = edge.token
    if token.has(TermKind.QUANTIFIER, "last"):  # "Perus letzte 90 Soldaten", "der letzte Soldat": all there were
        edge.numbered = False
        edge.mention.features -= {"person"}
    finite = edge.language.orthography.verb_final and _is_finite_here(edge, token)
    adjective = _is_adjective(token, edge.language.orthography.verb_final)
    if edge.numbered or finite or not adjective or _goes_on_verb(edge, token):
        if not edge.numbered and edge.language.orthography.verb_final:
            count_before_attribute(edge.document, edge.sentence, edge.mention, edge.cursor, edge.counts)
        return Step.END
    if token.has(TermKind.QUANTIFIER, "foreign"):
        edge.mention.features |= {"foreign"}
    edge.mention.additional |= token.has(TermKind.QUANTIFIER, "further")  # "zusätzliche Soldaten"
    edge.cursor -= 1
    if token.form.lower() == token.form and edge.document.tokens[edge.cursor].form[0].isalnum():
        edge.mention.first = edge.cursor
    return Step.ON


def _goes_on_verb(edge: LeftEdge, token: Token) -> bool:
    """ "denied having soldiers", "accuse X of hosting soldiers", "have also seen soldiers": a gerund behind a verb,
    one of having or sending behind a relator, a participle behind its helper are no adjectives."""
    index = token.index - 1
    if index > edge.sentence.first and edge.document.tokens[index].term(TermKind.TIME) is not None:
        index -= 1
    before = edge.document.tokens[index].verbs if index >= edge.sentence.first else ()
    forms = {reading.form for reading in token.verbs}
    if VerbForm.GERUND in forms and edge.language.orthography.verb_final:
        return bool(before)
    if VerbForm.GERUND in forms:
        led = edge.document.tokens[token.index - 1].term(TermKind.RELATOR) is not None
        return bool(before) or (led and any(r.verb.frame in _HAS_OBJECT for r in token.verbs))
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
