"""Part of step 5: which words of a clause a verb can need."""

from services.extractor.document import Clause, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.orthography import Orthography
from services.extractor.terms import Match
from services.extractor.vocabulary import ATTACKS, FINITE, TermKind

ANY_FORCE = "*force"
ANY_PEOPLE = "*people"
ANY_FIGHT = "*fight"
NEXT_VERB = "*verb"
"""An infinitive with its marker or a gerund right behind the verb, a relator between at most."""
_ANY_PLACE = "*place"
_ANY_SEAT = "*seat"
"""A capital, where it is what is left or given up: "abandoned Kabul"."""
_ARMED = frozenset({EntryKind.FORCES.value, EntryKind.ARMED_GROUP.value})
NOUN_KINDS = frozenset(
    {TermKind.FORCE, TermKind.EVENT, TermKind.PLACE_NOUN, TermKind.ROLE_NOUN, TermKind.NATION, TermKind.ORGANISATION}
)
_TELLING = NOUN_KINDS | {TermKind.PLACE, TermKind.PARTITIVE, TermKind.NUMBER}


def words_needed(tokens: list[Token], clause: Clause, orthography: Orthography) -> set[str]:
    """What a verb can need: the clause's words, the entries behind them ("Truppe" of "UN-Truppen"), and whether a
    force is among them."""
    words = set()
    for index in _without_reasons(tokens, clause, orthography):
        token = tokens[index]
        if not (token.terms and _describes_force(tokens, index)):
            words.add(token.lower)
        for match in token.terms:
            if match.term.kind not in _TELLING:
                continue
            if match.term.kind in NOUN_KINDS:
                words.add(match.term.rule.partition(":")[2].lower())
            if match.term.kind is TermKind.PLACE:
                words.add(_ANY_PLACE)
            if match.term.sort == EntryKind.METONYM.value:
                words.add(_ANY_SEAT)
            if match.term.event is not None and match.term.event.frame in ATTACKS:
                words.add(ANY_FIGHT)
            if match.term.role:
                continue
            people = match.term.kind is TermKind.FORCE and match.term.sort not in ("vehicle", "presence")
            if match.term.kind is TermKind.FORCE and (match.term.counts or _is_listed_unit(tokens, match)):
                words.add(ANY_PEOPLE)
            pointing = match.term.kind in (TermKind.PARTITIVE, TermKind.NUMBER)  # "most of them", "the first thousand"
            if people or pointing or (match.term.kind is TermKind.ORGANISATION and match.term.sort in _ARMED):
                words.add(ANY_FORCE)
        if token.form[0].isdigit():
            words.add(ANY_FORCE)  # "the 130 were brought back"
    return words


def _is_listed_unit(tokens: list[Token], unit: Match) -> bool:
    """ "sent a brigade and 40 tanks": soldiers went with the tanks."""
    beside = tokens[max(0, unit.first - 2) : unit.first] + tokens[unit.last : unit.last + 1]
    return unit.term.sort == "unit" and any(token.term(TermKind.COORDINATOR) is not None for token in beside)


def _without_reasons(tokens: list[Token], clause: Clause, orthography: Orthography) -> list[int]:
    """ "entered X because of the fighting": what only tells why ends with the next relator, sign or verb; where nouns
    have capitals, with its noun: "lieferten sich trotz der Waffenruhe | neue Gefechte"."""
    own, reason = [], False
    for index in clause.tokens():
        token = tokens[index]
        relator = token.term(TermKind.RELATOR) if token.terms else None
        if relator is not None:
            reason = "reason" in relator.term.roles
        elif reason:
            reason = token.form[0].isalnum() and not token.may_be(*FINITE)
        if not reason:
            own.append(index)
        elif relator is None:
            reason = not (orthography.capitalised_nouns and token.form[0].isupper())
    return own


def _describes_force(tokens: list[Token], index: int) -> bool:
    """ "Combat troops entered X" need not have entered combat."""
    if tokens[index].term(TermKind.MILITARY) is not None and index + 1 < len(tokens):
        return tokens[index + 1].term(TermKind.FORCE) is not None
    force = tokens[index].term(TermKind.FORCE)
    return force is not None and force.last > index + 1
