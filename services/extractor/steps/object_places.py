"""Part of step 6: places that are a verb's object, without a relator: entered, left, attacked, held, guarded."""

from services.extractor.document import Clause, Document, Frame, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import is_passive
from services.extractor.steps.place_countries import country_behind
from services.extractor.steps.place_slots import read_slot
from services.extractor.vocabulary import TermKind

LED_REACH = 3
"""Words back to the relator that leads a place, articles between."""
NEAR_OBJECT = 3
"""How many tokens behind a verb of fighting the attacked place may stand."""
SEAT = (TermKind.NATION, EntryKind.METONYM.value)
"""A capital or palace that may mean its government."""
GROUND = frozenset({"noun:site", "noun:town", "noun:region"})
"""Place nouns for what is held, entered and left without being named: "the airport", "die Stadt"."""


def bare_places(
    document: Document, sentence: Sentence, clause: Clause, verb_at: int, fights: bool, language: Language
) -> list[Mention]:
    """Places that stand as object, without a relator: "verlassen die Provinz X", "seize the town of Y".

    A country before the verb is its subject."""
    taken = [m for m in sentence.mentions if m.kind in (MentionKind.PLACE, MentionKind.FORCE)]
    found: list[Mention] = []
    for index in clause.tokens():
        token = document.tokens[index]
        if token.inside:
            continue
        named = any(m.term.kind in (TermKind.PLACE, TermKind.PLACE_NOUN, TermKind.NATION) for m in token.terms)
        named = named or token.has(TermKind.ANAPHOR, "country", "neighbour")
        if not named and not (index == verb_at + 1 and _is_unlisted_name(token, language)):
            continue
        if any(index in m for m in (*taken, *found)):
            continue
        before = document.tokens[index - 1] if index > sentence.first else None
        part = before is not None and not before.inside and language.gazetteer.is_direction(before.form, language.code)
        start = index - 1 if part else index  # "have entered | north-eastern Nigeria"
        if _is_led(document, sentence, start, language):
            continue
        slot = read_slot(document, sentence, start, None, start, language)
        if slot is None:
            continue
        slot.country = slot.country or country_behind(document.tokens, sentence, slot)  # "left Kamanyola, Congo"
        near = not language.orthography.capitalised_nouns and 0 < slot.first - verb_at <= NEAR_OBJECT
        told = slot.features & {"noun:capital", "country"} or (near and slot.features & GROUND)
        if slot.name is not None or slot.country is not None or told:
            found.append(slot)
    found = [_where_it_lies(sentence, m) for m in found]
    if fights:
        found = [m for m in found if m.first - verb_at <= NEAR_OBJECT]
    with_name = [m for m in found if m.name is not None]
    if with_name or not language.orthography.inverted_subject:
        return with_name or [m for m in found if m.features or m.first > verb_at]
    force = _who_is_told_of(sentence, clause)
    return [m for m in found if m.features or (force is not None and _is_abroad(force, m))]


def is_owned_site(place: Mention) -> bool:
    """ "a French base": whose it is, not where."""
    return "noun:site" in place.features and place.name is None and place.code is not None


def _where_it_lies(sentence: Sentence, place: Mention) -> Mention:
    """ "took over the French base | at X"."""
    behind = sentence.beginning(MentionKind.PLACE, place.last) if is_owned_site(place) else None
    return behind or place


def _is_abroad(force: Mention, place: Mention) -> bool:
    """Another country than the force's own; of a force without a side, one that it does not stand behind."""
    new = force.last <= place.first and (force.counted or bool(force.features & {"possessive", "from"}))
    own = force.code or (force.country if "from" in force.features else None)
    return place.country not in (None, own) and (force.code is not None or new)


def holds_unnamed(document: Document, frame: Frame, language: Language) -> bool:
    """ "guard the airport", "halten die Stadt besetzt": a place noun as the object, which was told of before."""
    tokens, anywhere = document.tokens, language.orthography.inverted_subject
    for index in frame.clause.tokens():
        noun = tokens[index].term(TermKind.PLACE_NOUN)
        if (
            noun is None
            or f"noun:{noun.term.sort}" not in GROUND
            or not (anywhere or 0 < index - frame.head <= NEAR_OBJECT)
        ):
            continue
        start = index
        while start > 0 and tokens[start - 1].form[0].islower() and not tokens[start - 1].terms:
            start -= 1
        led = start > 1 and tokens[start - 2].term(TermKind.RELATOR) is not None
        if start > 0 and tokens[start - 1].term(TermKind.DETERMINER) is not None and not led:
            return True
    return False


def held_places(document: Document, sentence: Sentence, frame: Frame, language: Language) -> list[Mention]:
    """ "have held Uvira", "are guarding the town of Goma", "hold half of Gaza", "sichern seit Jahren die Region Gedo":
    known places that are the object of who is there, or a part of them."""
    if frame.force is None or frame.verb is None or frame.verb.reading.verb.copula:
        return []
    anywhere = language.orthography.inverted_subject or is_passive(frame.clause, frame.verb)  # "X is held by rebels"
    objects = bare_places(document, sentence, frame.clause, frame.head, False, language)
    return [
        m
        for m in objects
        if m.name is not None
        and (m.key is not None or ("noun:border" in m.features and m.code is not None))
        and "several" not in m.features
        and not (document.tokens[m.first].has(*SEAT) and not _guards_seat(frame, m, anywhere))
        and m.first not in frame.force
        and (anywhere or _only_led_by_part(document.tokens[frame.head + 1 : m.first]))
    ]


def _guards_seat(frame: Frame, seat: Mention, anywhere: bool) -> bool:
    """ "soldiers guard Juba", "Soldaten bewachen Juba": not "London will hold", "unterstützen Kiew"."""
    force, verb = frame.force, frame.verb
    if force is None or verb is None or verb.reading.verb.helps:
        return False
    if anywhere:
        return verb.reading.verb.task and force.last <= seat.first and not is_passive(frame.clause, verb)
    return force.last <= frame.head < seat.first


def _only_led_by_part(between: list[Token]) -> bool:
    """Nothing but articles, or "just over half of", "80 percent of", "large parts of"."""
    part = any(t.term(TermKind.VAGUE) or t.term(TermKind.PLACE_NOUN) for t in between)
    return all(t.term(TermKind.DETERMINER) or (part and t.form[0].isalnum() and not t.verbs) for t in between)


def _who_is_told_of(sentence: Sentence, clause: Clause) -> Mention | None:
    """The clause's own people, or those before a relative clause: "150 Soldaten, die die Elfenbeinküste verlassen"."""
    forces = [m for m in sentence.of_kind(MentionKind.FORCE) if "vehicle" not in m.features]
    before = [m for m in forces if m.last <= clause.first and clause.kind == "relative"]
    return next((m for m in forces if m.head in clause), next(reversed(before), None))


def place_noun_behind(document: Document, sentence: Sentence, verb_at: int) -> bool:
    """ "recaptured the palace", "captured it", "captured 90 rebels": an object that is no place by name."""
    for token in document.tokens[verb_at + 1 : min(sentence.last, verb_at + 5)]:
        if token.term(TermKind.PLACE_NOUN) or token.term(TermKind.FORCE) or token.has(TermKind.ANAPHOR, "subject"):
            return True
        relates = token.term(TermKind.RELATOR) is not None and not token.leads("of")
        if relates or not token.form[0].isalnum():
            return False
    return False


def _is_led(document: Document, sentence: Sentence, index: int, language: Language) -> bool:
    """Whether a relator or attribution leads the noun phrase: "Seite an Seite mit Belarus", "selon Minsk"; not "hat
    nach eigener Darstellung | die Stadt X eingenommen", where the article's case is another."""
    tokens = document.tokens
    k, complete = index - 1, False
    for _ in range(LED_REACH):
        while k > sentence.first and tokens[k].inside:
            k -= 1  # the longer entry that ends here: "d'après", "close to"
        if k < sentence.first:
            return False
        if tokens[k].term(TermKind.RELATOR) is not None:
            return not tokens[k].leads("of")
        if tokens[k].term(TermKind.ATTRIBUTION) is not None:
            return not (complete or tokens[k].has(TermKind.ATTRIBUTION, "own"))  # "nach eigenen Angaben | Peru"
        if tokens[k].term(TermKind.DETERMINER) is None:
            return False
        complete = bool(language.orthography.genitive_endings) and not tokens[k].has(TermKind.DETERMINER, "genitive")
        k -= 1
    return False


def _is_unlisted_name(token: Token, language: Language) -> bool:
    """ "have stormed Nyala": only where a capital letter means a name."""
    return not language.orthography.capitalised_nouns and token.form[0].isupper() and not token.terms
