"""Part of step 6: frames without a listed verb: event nouns, headlines, unknown verbs, reported presences."""

from services.extractor.document import Clause, ClauseVerb, Document, Frame, Mention, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import after_relator, forces_in, is_agent, is_passive, mentions_in
from services.extractor.steps.contested_places import has_what_follows, who_attacks
from services.extractor.steps.force_counts import MIN_BARE
from services.extractor.steps.frame_figures import elided
from services.extractor.steps.frame_places import places_of
from services.extractor.steps.frame_senders import plain_sender
from services.extractor.steps.gerund_subjects import antecedent
from services.extractor.steps.joined_forces import frames_beside
from services.extractor.steps.object_places import bare_places
from services.extractor.steps.placed_forces import is_named
from services.extractor.vocabulary import ATTACKS, Effect, FrameClass, TermKind, VerbForm
from shared.events.statements import Stage, StatementType

_TARGET = frozenset({"at", "goal"})
"""Roles of what leads a force that something happens to: "ein Anschlag auf Soldaten in X"."""
FORCE_REACH, AGENT_REACH = 5, 12
"""Words between an event noun and its force: "die Einnahme der Stadt X im Norden des Landes durch 300 Soldaten"."""

_DONE_BY_OTHERS = ATTACKS | {FrameClass.ENTER}
"""Of an invasion tell those who suffer it as well: "Cairo condemned the occupation"."""
UNKNOWN_VERB = "unknown verb"
_NOT_BY_ANY_VERB = frozenset({"weak", "institution", "vehicle", "aircraft"})
"""What no unlisted verb moves: "delivers six jets to Ukraine" says that they change hands."""


def event_frames(document: Document, sentence: Sentence, clause: Clause, language: Language) -> list[Frame]:
    frames = []
    for index in sentence.where(TermKind.EVENT):
        match = document.tokens[index].term(TermKind.EVENT)
        if match is None or index not in clause or match.term.event is None:
            continue
        if any(verb.index == index for verb in clause.verbs):
            continue
        event = match.term.event
        frame = Frame(
            sentence.index, clause, index, event.frame, event.stage, nominal=True, weak=True, because=[match.term.rule]
        )
        frame.force = (
            who_attacks(document, sentence, frame, match.last, language)
            if frame.frame in ATTACKS and not event.holds_force and match.last == index + 1
            else _event_force(document, sentence, frame, match.last, language)
        )
        if frame.force is None and not event.holds_force and event.needs_force:
            continue
        if frame.frame not in ATTACKS or event.holds_force or not event.needs_force:
            frame.sender = _event_owner(document, sentence, frame, match.last, language)
        if frame.sender is None and frame.frame not in _DONE_BY_OTHERS:
            frame.sender = plain_sender(document, sentence, frame, language)
        if frame.sender is not None and _is_resented(document, frame, frame.sender):
            frame.accuser, frame.sender = frame.sender.code, None
        frame.places = places_of(document, sentence, clause, frame, language)
        done = frame.force is not None and is_agent(document, sentence, frame.force)
        if done and not frame.places and event.frame is FrameClass.TAKE:  # "die Einnahme der Stadt X durch Soldaten"
            frame.places = bare_places(document, sentence, clause, index, True, language)
        if frame.frame in ATTACKS and not event.holds_force and event.needs_force and not _is_placed(frame):
            continue  # "to protect them from attacks by rebels"
        frames.extend([frame, *frames_beside(document, sentence, frame, language)])
    return frames


def _is_placed(frame: Frame) -> bool:
    best = frame.places[0] if frame.places else None
    return best is not None and (best.name is not None or best.country is not None)


def _event_force(document: Document, sentence: Sentence, frame: Frame, last: int, language: Language) -> Mention | None:
    forces = [m for m in mentions_in(sentence, frame.clause, MentionKind.FORCE) if m.first >= frame.head - 4]
    forces = [m for m in forces if not has_what_follows(document, m, language)]
    end = _behind_place(sentence, last)
    behind = [m for m in forces if 0 <= m.first - last <= AGENT_REACH]
    force = next((m for m in behind if _is_its_force(document, sentence, m, last, end)), None)
    event = document.tokens[frame.head].event
    if force is not None or (event is not None and event.holds_force):
        return force
    more = elided(document, sentence, frame)
    if more is not None and more.additional and more.most >= MIN_BARE and 0 <= more.first - last <= FORCE_REACH:
        return more  # "the deployment of another 150", "die Entsendung weiterer 150"
    before = [m for m in forces_in(document, sentence, frame.clause) if m.last <= frame.head]
    if not before and document.tokens[frame.head - 1].has(TermKind.SUBORDINATOR, "relative_owner"):
        return antecedent(document, sentence, frame.clause)  # "the 300, whose deployment to X began in April"
    return before[-1] if before else None


def _behind_place(sentence: Sentence, first: int) -> int:
    """ "the dispatch to the town of X of 300 soldiers": where the place right behind the event ends."""
    place = sentence.beginning(MentionKind.PLACE, first)
    return place.last if place is not None else first


def _is_its_force(document: Document, sentence: Sentence, force: Mention, noun: int, place: int) -> bool:
    """Right behind the noun, behind its place, or its agent."""
    near = force.first - noun <= FORCE_REACH or 0 <= force.first - place <= 1
    return near or is_agent(document, sentence, force)


def _event_owner(document: Document, sentence: Sentence, frame: Frame, last: int, language: Language) -> Mention | None:
    """ "der russische Einmarsch", "the U.S. withdrawal", "Aufmarsch Russlands"."""
    tokens = document.tokens
    genitives = language.orthography.genitive_endings
    owns = last < sentence.last and tokens[last].lower.endswith(genitives)
    near = (k for k in range(max(sentence.first, frame.head - 3), frame.head) if k in frame.clause)
    for k in (*near, *((last,) if owns else ())):
        for match in tokens[k].terms:
            if match.term.kind in (TermKind.NATION, TermKind.ORGANISATION) and match.term.entry is not None:
                voices = (m for m in sentence.mentions if m.kind is MentionKind.SPEAKER and k in m)
                plain = Mention(MentionKind.SPEAKER, k, match.last, k, code=match.term.entry.code)
                return next((voice for voice in voices if voice.code == plain.code), plain)
    return None


def _is_resented(document: Document, frame: Frame, voice: Mention) -> bool:
    """ "Beijing reiterated its anger at the deployment of a battery", "Moskau verurteilt die Stationierung": who only
    condemns or fears it."""
    between = [document.tokens[k] for k in range(voice.last, frame.head) if k in frame.clause]
    said = {match.term.statement for token in between for match in token.terms}
    return StatementType.ACCUSE in said.union(r.verb.statement for token in between for r in token.verbs)


def verbless_frames(document: Document, sentence: Sentence, clause: Clause, known: list[Frame]) -> list[Frame]:
    """Headlines without a verb: "Erste Nordkoreaner in Kursk", "3,000 troops for Poland"."""
    if known or clause.kind != "main" or any(v.reading.form is not VerbForm.PARTICIPLE for v in clause.verbs):
        return []
    if _sender_by_unlisted_verb(document, sentence, clause) is not None:
        return []
    frames = []
    for force in forces_in(document, sentence, clause):
        if "institution" in force.features or after_relator(document, sentence, force, _TARGET):
            continue
        places = [
            m
            for m in mentions_in(sentence, clause, MentionKind.PLACE)
            if m.role in ("at", "goal", "near", "for") and 0 <= m.first - force.last <= 2
        ]
        if not places:
            continue
        goal = places[0].role in ("goal", "for")
        frames.append(
            Frame(
                sentence.index,
                clause,
                force.head,
                FrameClass.SEND if goal else FrameClass.BE,
                Stage.PLANNED if goal else Stage.DEPLOYED,
                force=force,
                places=places,
                nominal=True,
                because=["verbless"],
            )
        )
    return frames


def _sender_by_unlisted_verb(document: Document, sentence: Sentence, clause: Clause) -> Mention | None:
    """ "Russland schob 2000 Soldaten nach X", "The army trucked 300 soldiers to X": the state or army right before a
    small word in no list, which can only be the verb."""
    for mention in mentions_in(sentence, clause, MentionKind.SPEAKER):
        after = document.tokens[min(mention.last, clause.last - 1)]
        unlisted = after.form.isalpha() and after.form.islower() and not (after.terms or after.verbs or after.inside)
        led = mention.first > clause.first and document.tokens[mention.first - 1].term(TermKind.RELATOR) is not None
        if mention.code is not None and unlisted and not led:
            return mention
    return None


def denied_presence(sentence: Sentence, clause: Clause) -> list[Frame]:
    """ "dismisses talk of its troops in Mali": what is denied is a force and, right behind it, a place."""
    places = [m for m in mentions_in(sentence, clause, MentionKind.PLACE) if m.role in ("at", "near")]
    for force in mentions_in(sentence, clause, MentionKind.FORCE):
        near = [place for place in places if 0 <= place.first - force.last <= 1]
        if near and "institution" not in force.features:
            frame = Frame(sentence.index, clause, force.head, FrameClass.BE, Stage.DEPLOYED, force=force, places=near)
            frame.weak = frame.attributive = True  # "will von Soldaten in X nichts wissen" plans nothing
            frame.because.append("denied presence")
            return [frame]
    return []


def unknown_verb_frames(document: Document, sentence: Sentence, clause: Clause, language: Language) -> list[Frame]:
    """A verb in no list: a plain force and a goal make a movement; a number of people at a place a presence."""
    told = next((v for v in clause.verbs if _tells_of_object(v)), None)
    if told is not None:
        return _told_presence(document, sentence, clause, told)
    modal = next((v for v in clause.verbs if v.reading.verb.modal), None)
    others = [v.reading.verb for v in clause.verbs if v is not modal]
    done = modal is not None and any(verb.auxiliary for verb in others)  # "sollen in X geplündert haben"
    if done or any(verb.statement or verb.effect for verb in others):
        return []
    forces = [f for f in forces_in(document, sentence, clause) if _may_do_anything(f)]
    inside = [m for m in mentions_in(sentence, clause, MentionKind.PLACE) if m.role in ("goal", "at")]
    places = [m for m in inside if is_named(m)] or [m for m in inside if m.features & {"there", "where"}]
    goals = [m for m in places if m.role == "goal"]
    present = places and forces and _is_told_of(document, clause, forces[0], places[0], language)
    if not forces or not (goals or present or (modal is not None and _has_task(forces[0], modal, language))):
        return []
    future = (v.reading for v in clause.verbs if v.reading.verb.future and not v.reading.verb.passive)
    ahead = any(reading.form is VerbForm.PRESENT for reading in future)
    sender = _sender_by_unlisted_verb(document, sentence, clause) if goals else None
    return [
        Frame(
            sentence.index,
            clause,
            forces[0].head,
            FrameClass.SEND if sender else FrameClass.GO if goals or modal else FrameClass.BE,  # one's task lies ahead
            Stage.PLANNED if ahead else Stage.DEPLOYED,
            force=forces[0],
            sender=sender,
            places=goals or places,
            weak=True,
            because=[UNKNOWN_VERB, "goal" if goals else "number at a place"],
        )
    ]


def _is_told_of(document: Document, clause: Clause, force: Mention, place: Mention, language: Language) -> bool:
    """ "300 Soldaten bewachen X"; where the subject comes first, a number of people who open the clause and do
    something, or a nation's in another country: "Chinese sailors have feasted at X"."""
    if language.orthography.inverted_subject:
        return force.counted
    abroad = force.code is not None and place.country not in (None, force.code)
    if not force.counted and (not abroad or force.features & {"definite", "possessive"}):
        return False
    if clause.verbs and clause.verbs[-1].reading.verb.copula:
        return False  # "are tired"
    before = document.tokens[clause.first : force.first]
    opens = all(t.term(TermKind.COORDINATOR) or t.term(TermKind.SUBORDINATOR) or t.term(TermKind.TIME) for t in before)
    return opens or before[-1].form == ","


def _may_do_anything(force: Mention) -> bool:
    """ "500 Amerikaner wohnen in X": whom a verb in no list moves or leaves somewhere."""
    numbered = force.counted and "demonym" in force.features
    return not force.features & (_NOT_BY_ANY_VERB - {"weak"} if numbered else _NOT_BY_ANY_VERB)


def _has_task(force: Mention, modal: ClauseVerb, language: Language) -> bool:
    """ "310 Mann sollen die Gendarmerie entlasten": a new number of men, sent where the text last told of."""
    new = force.counted and not force.features & {"definite", "part"}
    return new and language.orthography.verb_final and modal.reading.verb.effect is Effect.SUSPECT


def _tells_of_object(verb: ClauseVerb) -> bool:
    says = verb.reading.verb.says and verb.reading.verb.statement is None
    return says or verb.reading.verb.effect is Effect.PLAN


def _told_presence(document: Document, sentence: Sentence, clause: Clause, told: ClauseVerb) -> list[Frame]:
    """ "Peru meldet 300 chilenische Soldaten an der Grenze", "the plan foresees 300 soldiers in X", "are expected in
    X": a number of forces and, right behind them or the verb that tells of them, a place."""
    for force in forces_in(document, sentence, clause):
        end = force.last if force.first > told.index else told.index + 1
        if not force.counted or (end != force.last and not is_passive(clause, told)):
            continue
        places = [
            m
            for m in mentions_in(sentence, clause, MentionKind.PLACE)
            if m.role in ("at", "near", "goal") and 0 <= m.first - end <= 1
        ]
        if places:
            return [
                Frame(
                    sentence.index,
                    clause,
                    force.head,
                    FrameClass.BE,
                    Stage.DEPLOYED,
                    force=force,
                    places=places,
                    weak=True,
                    because=["number told at a place"],
                )
            ]
    return []
