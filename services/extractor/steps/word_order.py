"""Part of step 6: which forces can be a verb's, by where they stand."""

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence, Token
from services.extractor.steps.clause_phrases import is_agent, is_passive, mentions_in
from services.extractor.steps.contested_places import opens_with_participle
from services.extractor.vocabulary import ATTACKS, FINITE, SUBJECT_MOVES, Effect, FrameClass, TermKind, VerbForm
from shared.events.statements import Stage

HAVE_REACH, LASTING_REACH = 3, 9
"""Words between a verb of having, or of what lasts, and the force."""
_PLACED = frozenset({MentionKind.PLACE, MentionKind.FORCE})
_DONE = frozenset({VerbForm.PAST, VerbForm.PARTICIPLE})
_THINGS = frozenset({TermKind.NOT_PEOPLE, TermKind.NO_PLACE})
_MOVES = SUBJECT_MOVES - {FrameClass.WITHDRAW, FrameClass.DEPART}


def by_word_order(document: Document, sentence: Sentence, forces: list[Mention], frame: Frame) -> list[Mention]:
    """Where the subject comes first: who moves stands before its verb, and behind the verb that rules it ("wants the
    militia to go"); what somebody has stands right behind it."""
    tokens = document.tokens
    passive = frame.verb is not None and is_passive(frame.clause, frame.verb)
    if frame.frame is FrameClass.HAVE and not passive:
        lasts = frame.verb is not None and frame.verb.reading.verb.effect is Effect.BEGIN
        reach = LASTING_REACH if lasts else HAVE_REACH  # "extended by a year the stay of its 60 soldiers"
        return [
            force
            for force in forces
            if "with" in force.features  # "has its headquarters, with 300 soldiers, in X"
            or (
                0 <= force.first - (start := _past_asides(document, sentence, frame)) <= reach
                and not any(tokens[k].verbs for k in range(start, force.first))
            )
        ]
    if frame.frame is FrameClass.SEE and not passive:
        return [force for force in forces if force.head > frame.head]  # who is seen, not who sees
    if frame.frame is FrameClass.SEND:
        sent = [force for force in forces if not _only_sends(document, force, frame)]
        if passive:  # not "crimes committed by soldiers"
            return [force for force in sent if force.first < frame.head or not is_agent(document, sentence, force)]
        return [force for force in sent if not _is_beside_object(document, force, frame)]
    if frame.frame not in _MOVES:
        return forces
    helps = frame.verb is not None and frame.verb.reading.verb.helps
    if passive:
        agents = [force for force in forces if force.first > frame.head and is_agent(document, sentence, force)]
        if agents or helps:
            return agents  # "is guarded by Ethiopian troops", not "recruits are trained in X"
    before = [force for force in forces if force.first < frame.head]
    if not before and frame.frame is FrameClass.FIGHT and _fight_each_other(document, forces):
        return forces
    if not before and frame.frame in ATTACKS:
        opens = opens_with_participle(document, frame)
        return [force for force in forces if opens and is_agent(document, sentence, force)]
    ruling = [v.index for v in frame.clause.verbs if v.index < frame.head and v.reading.verb.effect is not None]
    if ruling and frame.form is VerbForm.INFINITIVE:
        ruled = [force for force in before if force.first > ruling[-1]]
        before = ruled or before
    if frame.frame is FrameClass.LEAVE and frame.clause.kind == "gerund":
        return before or [force for force in forces if force.first == frame.head + 1]  # not "leaving it to Kenyans"
    return before if helps else before or forces  # "is to train Nepalese recruits"


def uses_thing(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "Soldaten hätten Tränengas eingesetzt", "sollen ein Nervengift eingesetzt haben": right before the verb stands
    what is used, a noun that is no force, led by no relator."""
    index = frame.head - 1
    thing = document.tokens[index] if index > sentence.first else None
    if thing is None or frame.verb is None or frame.verb.reading.form in FINITE or thing.index not in frame.clause:
        return False
    if not (thing.form.isalpha() and thing.form[0].isupper()) or thing.terms or thing.inside:
        return False
    if any(m.kind in _PLACED and thing.index in m for m in sentence.mentions):
        return False
    while index > frame.clause.first and document.tokens[index - 1].form.islower():
        index -= 1
        if document.tokens[index].term(TermKind.DETERMINER) is not None:
            break
        if document.tokens[index].terms or document.tokens[index].verbs:
            return False
    before = document.tokens[index - 1]
    owned = before.form[0].isupper() and not (before.terms or before.inside)
    return index > frame.clause.first and not (owned or before.verbs or before.term(TermKind.RELATOR) is not None)


def _past_asides(document: Document, sentence: Sentence, frame: Frame) -> int:
    """Behind the verb, where, what commas set apart there, and the vehicles of a list: "keeps in the north, by
    Washington's count, 30 tanks and 1,500 soldiers"."""
    places = {m.first: m.last for m in mentions_in(sentence, frame.clause, MentionKind.PLACE)}
    vehicles = (m for m in mentions_in(sentence, frame.clause, MentionKind.FORCE) if "vehicle" in m.features)
    listed = {m.first: m.last + 1 for m in vehicles if m.last < sentence.last and document.tokens[m.last].joins}
    behind = frame.head + 1
    while behind < frame.clause.last:
        if behind in places:
            behind = places[behind]
        elif behind in listed:
            behind = listed[behind]
        elif document.tokens[behind].form == ",":
            closing = (k for k in range(behind + 2, frame.clause.last) if document.tokens[k].form == ",")
            end = next(closing, None)
            if end is None:
                break
            behind = end + 1
        else:
            break
    return behind


def _only_sends(document: Document, force: Mention, frame: Frame) -> bool:
    """ "The army ships parcels", "troops providing support": an institution before an active verb with an object, or
    anybody before one of giving, is who sends, not what is sent."""
    if force.first > frame.head or frame.verb is None:
        return False
    if frame.verb.reading.form is VerbForm.GERUND and _tells_first(force, frame):
        return True
    gives = frame.verb.reading.verb.stage is Stage.PLANNED and frame.verb.reading.form not in _DONE
    if "institution" not in force.features and not gives:
        return False
    if frame.verb.reading.form is VerbForm.PARTICIPLE and any(v.reading.verb.passive for v in frame.clause.verbs):
        return False
    after = document.tokens[frame.head + 1] if frame.head + 1 < len(document.tokens) else None
    return after is not None and after.term(TermKind.RELATOR) is None


def _is_beside_object(document: Document, force: Mention, frame: Frame) -> bool:
    """ "offers assurances | to troops", "sent 20 ambulances | to X, where soldiers …": right behind the verb stands its
    object, a noun that is no force, then a relator; not "35 tonnes of food and 340 marines"."""
    if document.tokens[force.first - 1].term(TermKind.COORDINATOR) is not None:
        return False
    particle = frame.verb.particle_at if frame.verb is not None else None  # "gave its blessing to 250 soldiers"
    between = document.tokens[(particle or frame.head) + 1 : force.first]
    led = next((k for k, token in enumerate(between) if token.term(TermKind.RELATOR) is not None), 0)
    given = [token for token in between[:led] if not _opens_object(token)]
    return bool(given) and all(_is_thing(token) for token in given)


def _opens_object(token: Token) -> bool:
    number = token.is_figure
    return number or token.term(TermKind.DETERMINER) is not None or token.has(TermKind.ANAPHOR, "owner")


def _is_thing(token: Token) -> bool:
    named = any(match.term.kind not in _THINGS for match in token.terms)
    return token.form.isalpha() and token.form.islower() and not (named or token.verbs)


def _tells_first(force: Mention, frame: Frame) -> bool:
    """ "Dutch forces accused Chad of sending a battalion"."""
    return any(v.reading.verb.says and force.last <= v.index < frame.head for v in frame.clause.verbs)


def _fight_each_other(document: Document, forces: list[Mention]) -> bool:
    """ "clashes broke out between soldiers and rebels": two sides behind the verb."""
    leads = [document.tokens[force.first - 1].term(TermKind.QUANTIFIER) for force in forces if force.first > 0]
    return len(forces) > 1 and any(match is not None and match.term.sort == "between" for match in leads)
