"""Several forces under one verb: coordinated, of several nations, told by a bare number (bare_numbers.py)."""

from dataclasses import replace

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.adjectives_behind import nation_adjective
from services.extractor.steps.bare_numbers import (
    bare_numbers,
    may_count,
    numbers_elsewhere,
    numbers_from,
    numbers_in_brackets,
)
from services.extractor.steps.clause_phrases import (
    NO_SUBJECT,
    after_relator,
    is_attributed,
    is_owner,
    is_part,
    mentions_in,
)
from services.extractor.steps.shares import shared_out, shares_of
from services.extractor.terms import Match
from services.extractor.vocabulary import FrameClass, TermKind
from shared.events.statements import Stage

FOUGHT = "fought by the force"
MAX_BETWEEN_SENDERS = 3
MAX_ADJECTIVE = 2
"""Words of a nation's adjective: "South African"."""

_OPPONENT = frozenset({"against", "foe"})
_OWNED = frozenset({FrameClass.SEND, FrameClass.HAVE, FrameClass.WITHDRAW})


def frames_beside(document: Document, sentence: Sentence, base: Frame, language: Language) -> list[Frame]:
    """Copies of the frame for each force, sender or bare number joined to its own, without the frame itself."""
    if base.force is None:
        return []
    leaving = base.stage is Stage.WITHDRAWN and base.sender is not None  # "zieht Soldaten aus Mali und Niger ab"
    members = _members(document, base.force) if not leaving else []
    if members:  # one report each
        base.force = members[0]
    beside = [with_force(base, force, "joined nation") for force in members[1:]]
    others = joined_forces(document, sentence, base, base.force, language)
    beside += [with_force(base, force, "joined force") for force in others]
    beside += [with_force(base, force, FOUGHT) for force in _opponents(document, sentence, base)]
    shares = shared_out(document, sentence, base.force)
    if shares:
        base.force = shares[0]
        beside += [with_force(base, share, "share of a force") for share in shares[1:]]
    else:
        shares = [share for share in shares_of(document, sentence, base.force) if share.head in base.clause]
        beside += [with_force(base, share, "share of a force") for share in shares]
    owned = base.frame in _OWNED or "with" in base.force.features  # "Ghana und Togo beteiligen sich mit je 90 Mann"
    gapped = _gapped(document, sentence, base.force) if owned else []
    if gapped:
        base.force, base.sender = gapped[0], _of_another(base, gapped[0], "").sender
        beside += [_of_another(base, force, "figure of its own") for force in gapped[1:]]
    if owned and base.sender is not None and base.force.code is None:
        senders = _joined_senders(document, sentence, base, base.sender)
        beside += [replace(with_force(base, base.force, "joined sender"), sender=sender) for sender in senders]
    beside += _of_joint_owners(document, sentence, base, base.force)
    beside += _each_at_its_own(document, sentence, base, base.force)
    if base.force.counted:
        elsewhere = numbers_elsewhere(document, sentence, base, base.force)
        theirs = [place.first for _, place in elsewhere]  # "300 soldiers to X and 120 to Y"
        base.places = [place for place in base.places if place.first not in theirs] or base.places
        beside += [replace(with_force(base, force, "number elsewhere"), places=[place]) for force, place in elsewhere]
    in_brackets = numbers_in_brackets(document, sentence, base.force)
    if in_brackets:
        base.force = replace(base.force, code=base.force.country)
    beside += [with_force(base, force, "number in brackets") for force in in_brackets]
    numbers = numbers_from(document, sentence, base, base.force)
    beside += [with_force(base, force, "number from elsewhere") for force in numbers]
    if base.frame in _OWNED:
        named = _named_beside(document, sentence, base, base.force)
        beside += [_of_another(base, force, "named beside") for force in named]
    if owned and base.force.counted:
        bare = bare_numbers(document, sentence, base.force)
        beside += [_of_another(base, force, "bare number") for force in bare]
    return beside


def with_force(base: Frame, force: Mention, rule: str) -> Frame:
    """The same report of another force, which `rule` found."""
    return replace(base, force=force, places=list(base.places), because=[*base.because, rule])


def _of_joint_owners(document: Document, sentence: Sentence, base: Frame, force: Mention) -> list[Frame]:
    """ "Spain and Portugal said their soldiers had left": of each of the two, told of before the force."""
    if base.sender is not None or force.code is not None or "possessive" not in force.features:
        return []
    voices = [m for m in sentence.of_kind(MentionKind.SPEAKER) if m.code is not None and "voice" in m.features]
    named = [m for m in voices if m.last <= force.first]
    if len(named) < 2 or not _are_joined(document, *named[-2:]):
        return []
    first, second = named[-2:]
    if sentence.clause_at(first.first) is not sentence.clause_at(second.first):  # "in X, while Y denies that its …"
        return []
    base.force, base.sender = replace(force, code=first.code), first
    return [replace(with_force(base, replace(force, code=second.code), "joint owner"), sender=second)]


def _each_at_its_own(document: Document, sentence: Sentence, base: Frame, first: Mention) -> list[Frame]:
    """ "1,700 soldiers will go to X and another 300 soldiers to Y", "in X stehen 60 Soldaten, in Y eine Kompanie":
    joined to the first force and its place, each further force takes over the place beside it, and what follows."""
    places = sorted(base.places, key=lambda place: place.first)
    starts: list[int] = []
    forces: list[Mention] = []
    for force in mentions_in(sentence, base.clause, MentionKind.FORCE):
        place = next((m for m in places if force.first == m.last or force.last == m.first), None)
        foreign = base.sender is not None and force.code not in (None, base.sender.code, first.code)
        if force.first < first.last or place is None or foreign or is_part(document, sentence, force):
            continue
        start = min(force.first, place.first)
        if document.tokens[start - 1].joins:
            starts.append(start)
            forces.append(force)
    if not starts or places[0].first >= starts[0]:
        return []
    because = [*base.because, "at its own place"]
    frames = [
        replace(base, force=force, places=[m for m in base.places if start <= m.first < end], because=because)
        for force, start, end in zip(forces, starts, [*starts[1:], sentence.last], strict=True)
    ]
    base.places = [m for m in base.places if m.first < starts[0]]
    return frames


def _of_another(base: Frame, force: Mention, rule: str) -> Frame:
    """The same report of another side, who sends as the first one does; the first one's name is not theirs."""
    sender = replace(base.sender, code=force.code, name=None) if base.sender is not None else None
    return replace(with_force(base, force, rule), sender=sender)


def _members(document: Document, force: Mention) -> list[Mention]:
    """ "soldiers from Ghana and Togo": one force for each nation, if no number counts them together."""
    if "several" not in force.features or force.counted or force.code is not None:
        return []
    found: list[Mention] = []
    relator = document.tokens[force.last].term(TermKind.RELATOR)
    index = relator.last if relator is not None else force.last
    while index < len(document.tokens):
        nation = next((m for m in document.tokens[index].terms if m.side is not None), None)
        if nation is not None:
            member = replace(force, code=nation.side, features=force.features - {"from", "several"})
            if found:
                member.first, member.last, member.head = nation.first, nation.last, nation.first
            found.append(member)
            index = nation.last
        elif _links(document.tokens[index]):
            index += 1
        else:
            break
    return found


def share_out(document: Document, sentence: Sentence, frames: list[Frame]) -> None:
    """ "Norway and Denmark send 100 and 200 soldiers": each sender in turn has its number."""
    force = frames[0].force
    senders = sorted((f for f in frames if f.sender is not None and f.force is force), key=_sender_first)
    if force is None or not force.counted or len(senders) < len(frames):
        return
    numbers = [force]
    while (number := _number_joined_before(document, sentence, numbers[0].first)) is not None:
        numbers.insert(0, number)
    if len(numbers) == len(senders) > 1:
        for frame, number in zip(senders, numbers, strict=True):
            frame.force = replace(force, count_min=number.count_min, count_max=number.count_max)


def _sender_first(frame: Frame) -> int:
    return frame.sender.first if frame.sender is not None else -1


def _number_joined_before(document: Document, sentence: Sentence, index: int) -> Mention | None:
    if index - 1 <= sentence.first:
        return None
    return sentence.ending(MentionKind.QUANTITY, index - 1) if document.tokens[index - 1].joins else None


def joined_forces(
    document: Document, sentence: Sentence, base: Frame, force: Mention, language: Language
) -> list[Mention]:
    """Forces of other actors beside this one: "M23 rebels and Rwandan troops", and further nations' adjectives."""
    found = [
        m
        for m in mentions_in(sentence, base.clause, MentionKind.FORCE)
        if not m.counted
        and (m.code is not None or "home" in m.features)
        and m.code != force.code
        and ("weak" not in m.features or "unit" in m.features)
        and (goes_along(document, sentence, m) or _are_joined(document, *sorted((m, force), key=lambda f: f.first)))
        and not is_attributed(document, sentence, m)
        and not after_relator(document, sentence, m, frozenset({"for"}))  # "as part of Barkhane, 90 Danish soldiers"
    ]
    at_home = any(place.country is not None for place in base.places)
    if found and at_home and force.code is None and "institution" in force.features:
        force.features |= {"home"}  # "in X kämpfen Armee und RSF"
    return found + _further_nations(document, sentence, force, language)


def goes_along(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "together with M23 rebels", "accompanied by Rwandan troops"."""
    return after_relator(document, sentence, force, frozenset({"beside"}))


def _opponents(document: Document, sentence: Sentence, base: Frame) -> list[Mention]:
    """ "exchanged fire with M23 rebels", "kämpfen in X gegen die M23", "battled M23 rebels": who is fought with fights
    too."""
    if base.frame is not FrameClass.FIGHT or base.force is None or base.clause.kind == "relative":
        return []  # "the soldiers who fought X have come home"
    mutual = base.verb is not None and base.verb.reading.verb.mutual
    return [
        m
        for m in mentions_in(sentence, base.clause, MentionKind.FORCE)
        if m.code not in (None, base.force.code)
        and ("weak" not in m.features or "unit" in m.features)
        and not is_attributed(document, sentence, m)
        and (after_relator(document, sentence, m, _OPPONENT) or (mutual and _is_object(document, sentence, base, m)))
    ]


def _is_object(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> bool:
    led = is_owner(document, force) or after_relator(document, sentence, force, NO_SUBJECT)
    return force.first > frame.head and not led


def receives_others(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "The Americans in X are joined by 300 Belgians": who comes is told of, not where the others are."""
    behind = frame.head + 1 < frame.clause.last and document.tokens[frame.head + 1].leads("beside")
    joined = behind and frame.verb is not None and frame.verb.reading.verb.copula
    return joined and frame.force is not None and not goes_along(document, sentence, frame.force)


def _further_nations(document: Document, sentence: Sentence, force: Mention, language: Language) -> list[Mention]:
    """ "Canadian, Spanish and Italian soldiers": one force for each adjective; how many of "300 Indian and Rwandan
    soldiers" are whose nobody tells."""
    behind = language.orthography.adjectives_follow
    found = (_further_nations_behind if behind else _further_nations_before)(document, sentence, force)
    figures = (m for m in sentence.of_kind(MentionKind.QUANTITY) if m.first < force.last)
    if found and not any("each" in m.features for m in figures):
        for one in (force, *found):
            one.count_min, one.count_max, one.counted = None, None, False
    return found


def _further_nations_before(document: Document, sentence: Sentence, force: Mention) -> list[Mention]:
    found: list[Mention] = []
    index = force.first
    while force.code is not None and index - 2 >= sentence.first and document.tokens[index - 1].joins:
        words = range(index - 2, max(sentence.first, index - 1 - MAX_ADJECTIVE) - 1, -1)
        match = next((m for k in words for m in document.tokens[k].terms if _is_nations(m, index - 1)), None)
        if match is None:
            break
        found.append(replace(force, code=match.side, first=match.first, last=index - 1, head=match.first))
        index = match.first
    return found


def _further_nations_behind(document: Document, sentence: Sentence, force: Mention) -> list[Mention]:
    """ "soldats maliens, nigériens et burkinabè": one force for each adjective after the first."""
    found: list[Mention] = []
    index = force.last
    while force.code is not None and index + 1 < sentence.last and document.tokens[index].joins:
        match = nation_adjective(document.tokens[index + 1])
        if match is None or match.term.entry is None:
            break
        found.append(replace(force, code=match.term.entry.code, first=index + 1, last=match.last, head=index + 1))
        index = match.last
    return found


def _is_nations(match: Match, end: int) -> bool:
    """ "North Korean and …", at a sentence's head also "Deutsche und …"."""
    sorts = (EntryKind.ADJECTIVE.value, EntryKind.DEMONYM.value)
    return match.last == end and match.term.sort in sorts and match.side is not None


def is_listed(document: Document, people: Mention, force: Mention) -> bool:
    """ "1500 US-Soldaten, außerdem 240 Deutsche", "15 Franzosen und 17 Letten": a nation's people told of in one breath
    with another's."""
    beside = any(token.joins for token in document.tokens[max(0, people.first - 2) : people.first])
    others = force.code not in (None, people.code) and beside
    return "demonym" in people.features and ("demonym" in force.features or others)


def _links(token: Token) -> bool:
    return token.joins or token.term(TermKind.DETERMINER) is not None


def _are_joined(document: Document, left: Mention, right: Mention) -> bool:
    between = document.tokens[left.last : right.first]
    listed = len(between) == 1 or any(token.term(TermKind.COORDINATOR) is not None for token in between)
    return 0 < len(between) <= 2 and listed and all(map(_links, between))


def _joined_senders(document: Document, sentence: Sentence, base: Frame, sender: Mention) -> list[Mention]:
    """ "Ghana, Nepal and India have sent", "Ghana und Nepal planen, … zu schicken": names joined to the subject, all
    before the verb."""
    found = [sender]
    clause = next((c for c in sentence.clauses if sender.head in c), base.clause)
    for mention in mentions_in(sentence, clause, MentionKind.SPEAKER):
        between = document.tokens[found[-1].last : mention.first]
        if (
            mention.code is not None
            and "voice" in mention.features
            and mention.last <= base.head
            and 0 < len(between) <= MAX_BETWEEN_SENDERS
            and all(map(_links, between))
            and any(token.joins for token in between)
        ):
            found.append(mention)
    return found[1:]


def _gapped(document: Document, sentence: Sentence, force: Mention) -> list[Mention]:
    """ "Kenya has sent 900 and Uganda 400 soldiers", "Kanada ist mit 1000, Spanien mit 600 Soldaten vertreten": each
    figure stands behind its name, the noun behind the last."""
    found: list[Mention] = []
    figure = sentence.beginning(MentionKind.QUANTITY, force.first) if force.code is None else None
    while figure is not None and may_count(figure):
        start = figure.first - document.tokens[figure.first - 1].leads("with")
        names = [m for m in sentence.of_kind(MentionKind.SPEAKER) if "voice" in m.features and m.last <= start]
        if not names or names[-1].code is None or (names[-1].last < start and not found):
            return []
        found.insert(0, replace(force, code=names[-1].code, count_min=figure.count_min, count_max=figure.count_max))
        if names[-1].last < start or not document.tokens[names[-1].first - 1].joins:
            break
        figure = sentence.ending(MentionKind.QUANTITY, names[-1].first - 1)
    return found if len({m.code for m in found}) > 1 else []


def _named_beside(document: Document, sentence: Sentence, base: Frame, force: Mention) -> list[Mention]:
    """ "Kenya sends 400 soldiers, Uganda two companies": a name and, right behind it, a force, in a list."""
    found = []
    for other in mentions_in(sentence, base.clause, MentionKind.FORCE):
        if other.code is not None:
            continue
        name = sentence.ending(MentionKind.SPEAKER, other.first)
        if name is None or other.first <= force.last or "voice" not in name.features or name.first <= sentence.first:
            continue
        if document.tokens[name.first - 1].joins:
            found.append(replace(other, code=name.code))
    return found
