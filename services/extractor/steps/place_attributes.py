"""Part of step 4: what stands between article and noun of a place phrase, and what it shows of the noun."""

from services.extractor.document import Mention, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.orthography import Orthography
from services.extractor.terms import Term
from services.extractor.vocabulary import TermKind, VerbForm

MAX_ATTRIBUTE = 8


def past_attribute(tokens: list[Token], index: int, last: int, orthography: Orthography) -> int:
    """ "in der | von der M23 kontrollierten | Stadt": the token behind a participle that, with or without a phrase of
    its own, stands between article and noun; `index` if there is none."""
    token = tokens[index] if index < last else None
    if token is None or not orthography.attribute_endings or not token.form[0].islower():
        return index
    if not (
        token.verbs or token.term(TermKind.RELATOR) or token.term(TermKind.TIME) or _is_attribute(token, orthography)
    ):
        return index
    for k in range(index, min(last - 1, index + MAX_ATTRIBUTE)):
        if not tokens[k].form[0].isalnum():
            return index
        if _is_attribute(tokens[k], orthography) and _begins_noun(tokens[k + 1]):
            return k + 1
    return index


def _is_attribute(token: Token, orthography: Orthography) -> bool:
    if not token.form[0].islower() or not token.lower.endswith(orthography.attribute_endings):
        return False
    if token.verbs:
        return token.may_be(VerbForm.PARTICIPLE, VerbForm.GERUND)
    return not token.terms and not token.inside


def _begins_noun(token: Token) -> bool:
    return token.form[0].isupper() or token.has(TermKind.NATION, EntryKind.ADJECTIVE.value)


def leads_there(tokens: list[Token], place: Mention, relator: Term, orthography: Orthography) -> bool:
    """ "in den Libanon", "in den Osten": where the article's form is that of a goal, unless it is a plural's."""
    both = place.role == "at" and relator.article and relator.roles >= {"at", "goal"}
    if not both or not orthography.plural_countries:
        return False
    plural = tokens[place.last - 1].lower in orthography.plural_countries
    return "noun:point" in place.features or (place.name is None and place.country is not None and not plural)


def tells_where(tokens: list[Token], inside: Mention) -> bool:
    """ "der | in Estland gelegene | Stützpunkt X": a phrase of the attribute in whose country the noun lies, which
    "an Kambodscha grenzend" does not tell."""
    relator = tokens[inside.first].term(TermKind.RELATOR)
    if relator is None or inside.country is None:
        return False
    return relator.term.names or relator.term.article or "border" in relator.term.roles
