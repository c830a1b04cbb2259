"""Part of step 6: who sends, has, withdraws or fights: the state, alliance or group that is the subject."""

from dataclasses import replace

from services.extractor.document import Clause, Document, Frame, Mention, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import (
    NO_SUBJECT,
    after_relator,
    forces_in,
    is_agent,
    is_attributed,
    is_passive,
    is_visitor,
    mentions_in,
)
from services.extractor.steps.deciders import decider
from services.extractor.vocabulary import FINITE, FrameClass, TermKind, VerbForm
from shared.events.statements import StatementType

OPENING = 4
"""Words within which the subject of a clause stands whose verb is in no list."""


def who_sends(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """An infinitive's subject stands in the clause above; else the clause's own, last another force: "die Brigade der
    US-Armee verlegt 500 Soldaten"."""
    decided = decider(document, sentence, frame, language.orthography)
    if decided is not None:
        return decided
    if frame.clause.kind == "infinitive":
        return _controller(document, sentence, frame) or plain_sender(document, sentence, frame, language)
    if frame.clause.kind == "gerund":
        return _subject_above(document, sentence, frame, language)
    sender = (
        plain_sender(document, sentence, frame, language)
        or _shared_sender(document, sentence, frame, language)
        or _antecedent(document, sentence, frame)
    )
    if sender is not None or frame.force is None:
        return sender
    for other in forces_in(document, sentence, frame.clause):
        if other.code is not None and other.last <= frame.force.first:
            return other
    return None


def _subject_above(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """ "After sending 250 soldiers, France asked …": a gerund's subject is that of the clause above."""
    parent = frame.clause.parent
    if parent is None or (frame.verb is not None and is_passive(frame.clause, frame.verb)):
        return None
    finite = next((v for v in parent.verbs if v.reading.form in FINITE), None)
    head = finite.index if finite is not None else parent.first + OPENING
    above = replace(frame, clause=parent, force=None, head=head, verb=finite)
    return who_sends(document, sentence, above, language) or pronoun_sender(document, sentence, above)


def _antecedent(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "France, which leads a battlegroup at X", "helped by France, which sent 300": the state or group right before a
    relative clause is its subject, if the clause has none of its own, "where it sent 300"."""
    clause, tokens = frame.clause, document.tokens
    if clause.kind != "relative" or any(t.has(TermKind.ANAPHOR, "where") for t in tokens[clause.first :][:2]):
        return None
    if any(tokens[k].has(TermKind.ANAPHOR, "subject") for k in clause.tokens() if clause.first < k < frame.head):
        return None
    nearest = [m for m in sentence.mentions if m.kind is MentionKind.SPEAKER and m.last <= clause.first]
    if not nearest or clause.first - nearest[-1].last > 1 or nearest[-1].code in (None, "MEDIA"):
        return None
    led = after_relator(document, sentence, nearest[-1], NO_SUBJECT)
    return None if led and not _sends_its_own(document, sentence, frame) else nearest[-1]


def _sends_its_own(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """Whether the pronoun at the clause's head sends a force or has one, elsewhere or as its host: no "the mission in
    X, which has 300", no "whose 300 soldiers"."""
    owned = document.tokens[frame.clause.first].has(TermKind.SUBORDINATOR, "relative_owner")
    hosts = frame.verb is not None and frame.verb.reading.verb.hosts
    elsewhere = frame.frame is FrameClass.HAVE and bool(mentions_in(sentence, frame.clause, MentionKind.PLACE))
    return (elsewhere or hosts or frame.frame is FrameClass.SEND) and not owned


def _shared_sender(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """ "Polen schloss die Grenze und zieht 40.000 Soldaten zusammen": the second verb has the first one's subject."""
    clause = frame.clause
    verb = min((v.index for v in clause.verbs), default=None)
    verb_first = verb == clause.first and language.orthography.verb_final  # "…, schickt aber 300 Soldaten"
    if clause.index == 0 or not (verb_first or document.tokens[clause.first].term(TermKind.COORDINATOR)):
        return None
    before = sentence.clauses[clause.index - 1]
    opened = before.kind == "relative" and before.parent is not None and before.parent.index == clause.index - 2
    if opened and before.parent is not None:
        before = before.parent
    if clause.kind != before.kind or clause.kind not in ("main", "sub"):
        return None
    ends = clause.kind == "sub" and language.orthography.verb_final  # "dass X schloss und 900 Soldaten verlegte"
    if verb is None or (verb - clause.first > 2 and not ends):
        return None  # a subject of its own stands before the verb
    first = plain_sender(document, sentence, replace(frame, clause=before, force=None), language)
    opening = 1 if before.subordinator is None else 2  # "but X", "and that X"
    if first is None or first.first > before.first + opening:
        return _before_relative(sentence, before) if opened else None
    return first


def _before_relative(sentence: Sentence, clause: Clause) -> Mention | None:
    """ "sagte, Kenia, das an Somalia grenzt, | werde 900 Soldaten schicken": the name that ends the clause before."""
    named = [m for m in mentions_in(sentence, clause, MentionKind.SPEAKER) if m.code not in (None, "MEDIA")]
    return next((m for m in named if any(m.last == last - 1 for _, last in clause.pieces)), None)


def plain_sender(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """The state, alliance or group that stands as a plain noun phrase in the clause: who sends, has or withdraws.
    Where the subject comes first, a name behind the verb is its object, unless "by" leads it."""
    mentions = mentions_in(sentence, frame.clause, MentionKind.SPEAKER)
    if not mentions:
        return None
    blocked = sentence.of_kind(MentionKind.PLACE)
    forces = mentions_in(sentence, frame.clause, MentionKind.FORCE)
    blocked += [m for m in forces if m is frame.force or m.features >= {"vehicle"}]  # "Kampfdrohnen der Ukraine"
    subject_first = not language.orthography.inverted_subject
    raised = _raised_subject(frame, mentions) or _accused(document, frame, mentions)
    if subject_first:
        mentions = _in_piece_first(frame, mentions)
    for mention in [raised] if raised is not None else mentions:
        if mention.code in (None, "MEDIA") or any(mention.first in b for b in blocked):
            continue
        leaves = frame.frame is FrameClass.LEAVE and frame.force is not None
        if leaves and frame.force is not None and mention.first > frame.force.last:
            continue  # "500 Soldaten hätten Mosambik verlassen"
        if subject_first and mention.first > frame.head and not is_agent(document, sentence, mention):
            continue
        if is_active(frame) and is_agent(document, sentence, mention):
            continue  # "haben Viertel von den Taliban zurückerobert"
        if _owns_noun(document, sentence, mention, language) or _locates(document, sentence, mention):
            continue
        if mention.last < sentence.last and document.tokens[mention.last].has(TermKind.ATTRIBUTION, "after"):
            continue
        if after_relator(document, sentence, mention, NO_SUBJECT):
            continue
        if document.tokens[mention.first].has(TermKind.DETERMINER, "dative"):
            continue  # "vertrieb den IS"
        if is_attributed(document, sentence, mention) or is_visitor(document, sentence, mention):
            continue
        return mention
    return None


def _in_piece_first(frame: Frame, mentions: list[Mention]) -> list[Mention]:
    """ "While Uganda hesitated, | Kenya sent 300": who stands between the verb and the comma before it, then the rest;
    not "Peru, | Chile and Bolivia sent 300"."""
    piece = next((piece for piece in frame.clause.pieces if piece[0] <= frame.head < piece[1]), None)
    listed = any(mentions[0].first == first and last - mentions[0].last <= 1 for first, last in frame.clause.pieces)
    if piece is None or listed:
        return mentions
    return sorted(mentions, key=lambda mention: not piece[0] <= mention.first <= frame.head)


def nameless_sender(document: Document, sentence: Sentence, frame: Frame, before_verb: bool) -> bool:
    """ "The army has moved 300 soldiers": a state's body whose country the phrase leaves out, before the verb where the
    subject comes first."""
    force = frame.force
    return any(
        m.code is None
        and "state" in m.features
        and (m.last <= frame.head or not before_verb)
        and (force is None or m.first not in force)
        and not after_relator(document, sentence, m, NO_SUBJECT)
        for m in mentions_in(sentence, frame.clause, MentionKind.SPEAKER)
    )


def is_the_country(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "The country has sent 300 soldiers": the state told of as the subject, before the verb it goes with."""
    for index in sentence.where(TermKind.ANAPHOR):
        if index not in frame.clause or not document.tokens[index].has(TermKind.ANAPHOR, "country"):
            continue
        taken = any(index in m for m in sentence.mentions)
        opens = index > sentence.first and document.tokens[index - 1].has(TermKind.DETERMINER, "definite")
        if not taken and opens and (index < frame.head) and not _is_led(document, sentence, index - 1):
            return True
    return False


def _is_led(document: Document, sentence: Sentence, index: int) -> bool:
    """Whether the article is led by a relator, or is a genitive's: "in the country", "die Armee des Landes"."""
    if index == sentence.first:
        return False
    before = document.tokens[index - 1]
    return before.term(TermKind.RELATOR) is not None or document.tokens[index].has(TermKind.DETERMINER, "genitive")


def is_by_pronoun(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "It has 3,000 soldiers in X", "Zugleich griff sie X an": a pronoun that opens the sentence, or follows the verb
    that does, is who has or sends them; so is who owns the body that opens it ("His army has …")."""
    if frame.verb is None or is_passive(frame.clause, frame.verb):
        return False
    body = sentence.beginning(MentionKind.SPEAKER, sentence.first)
    owned = body is not None and body.features >= {"possessive", "state"}
    opens = (owned or document.tokens[sentence.first].has(TermKind.ANAPHOR, "subject")) and sentence.first < frame.head
    behind = frame.head + 1 < sentence.last and document.tokens[frame.head + 1].has(TermKind.ANAPHOR, "subject")
    return (opens and sentence.first in frame.clause) or (behind and frame.clause.kind == "main")


def is_by_speaker(document: Document, sentence: Sentence, frame: Frame, before_verb: bool) -> bool:
    """ "We have 800 soldiers there", "his country will send 300", "sein Land habe keine Soldaten in X": whoever speaks
    is who has or sends them."""
    tokens = document.tokens
    for k in sentence.where(TermKind.ANAPHOR):
        if k not in frame.clause or (before_verb and k > frame.head):
            continue
        own = tokens[k].has(TermKind.ANAPHOR, "country") and tokens[k - 1].has(TermKind.ANAPHOR, "owner")
        if tokens[k].has(TermKind.ANAPHOR, "us") or (own and not _is_led(document, sentence, k - 1)):
            return True
    return False


def pronoun_sender(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "Norway said it had sent …", "… as he sent": whom a pronoun before the verb means within the sentence; a person
    rather than a body, the first rather than a later one."""
    pronoun = next(
        (k for k in frame.clause.tokens() if k < frame.head and document.tokens[k].has(TermKind.ANAPHOR, "subject")),
        None,
    )
    if pronoun is None:
        return None
    voices = [
        m
        for m in sentence.mentions
        if m.kind is MentionKind.SPEAKER
        and m.code is not None
        and m.last <= pronoun
        and not after_relator(document, sentence, m, NO_SUBJECT)
    ]
    speaks = sentence.clause_at(pronoun - 1) if document.tokens[pronoun - 1].verbs else None  # "and Angola said it had"
    if speaks is not None and speaks.says:
        voices = [m for m in voices if m.first in speaks] or voices
    persons = [m for m in voices if "person" in m.features]
    if not document.tokens[pronoun].has(TermKind.ANAPHOR, "person", "force"):
        voices = [m for m in voices if "insider" not in m.features]  # "officials estimate it has 700 fighters"
    return next(iter(persons or voices), None)


def _raised_subject(frame: Frame, mentions: list[Mention]) -> Mention | None:
    """ "expects Cuba to send", "accuse Cuba d'avoir envoyé": the name between the ruling verb and the infinitive is who
    sends."""
    verbs = [v for v in frame.clause.verbs if v is frame.verb or v.reading.verb.auxiliary]
    if frame.verb is None or not any(v.reading.form is VerbForm.INFINITIVE for v in verbs):
        return None
    rulers = [v.index for v in frame.clause.verbs if v.index < frame.head and v.reading.form in FINITE]
    if not rulers or not any(v.reading.verb.says for v in frame.clause.verbs if v.index == rulers[-1]):
        return None
    between = [m for m in mentions if rulers[-1] < m.first and m.last <= frame.head and m.code is not None]
    return between[0] if between and between[0].first == rulers[-1] + 1 else None


def _accused(document: Document, frame: Frame, mentions: list[Mention]) -> Mention | None:
    """ "accused Eritrea of sending": whom the phrase with the gerund is said of is who sends."""
    near = range(frame.head - 1, frame.head + 1)  # "of having sent"
    gerund = [v.index for v in frame.clause.verbs if v.index in near and v.reading.form is VerbForm.GERUND]
    rulers = [v.index for v in frame.clause.verbs if v.index < frame.head and v.reading.verb.says]
    if not gerund or not rulers or not document.tokens[gerund[0] - 1].leads("of"):
        return None
    return next((m for m in mentions if m.first > rulers[-1] and m.last == gerund[0] - 1 and m.code is not None), None)


def _owns_noun(document: Document, sentence: Sentence, mention: Mention, language: Language) -> bool:
    """ "Russlands Partner": the country only tells whose the noun after it is."""
    if mention.last >= sentence.last:
        return False
    after = document.tokens[mention.last]
    if after.form in language.orthography.possessive:
        return True  # "Bolivia's neighbour Paraguay": an owner that no office or force took in
    if "voice" not in mention.features:
        return False
    genitive = document.tokens[mention.last - 1].lower.endswith(language.orthography.genitive_endings)
    before = document.tokens[mention.first - 1] if mention.first > sentence.first else None
    if genitive and before is not None and before.form[0].isupper():
        return True  # "im Landesinneren Syriens", "auf Drängen Washingtons"
    return genitive and after.form[0].isupper() and not after.terms


def is_active(frame: Frame) -> bool:
    """Whether nobody can be the agent by whom it is done: a finite verb, or a participle behind "have"."""
    if frame.verb is None or frame.verb.reading.form in FINITE:
        return frame.verb is not None
    helpers = [v.reading.verb for v in frame.clause.verbs if v is not frame.verb and v.reading.verb.auxiliary]
    return bool(helpers) and not any(helper.copula or helper.passive for helper in helpers)


def _locates(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "in Tapa, Estland,": the country behind a comma only tells where the place before it lies."""
    if mention.last == sentence.last or document.tokens[mention.last].form not in (",", "."):
        return False
    place = sentence.ending(MentionKind.PLACE, mention.first - 1)
    return place is not None and place.name is not None and document.tokens[place.last].form == ","


def _controller(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """The unspoken subject of an infinitive: of planning the subject of the verb above, of an accusation its object."""
    parent = frame.clause.parent
    if parent is None:
        return None
    plain = [
        m
        for m in mentions_in(sentence, parent, MentionKind.SPEAKER)
        if m.code is not None
        and not after_relator(document, sentence, m, NO_SUBJECT)
        and not is_attributed(document, sentence, m)
        and not is_visitor(document, sentence, m)
    ]
    accuses = any(verb.reading.verb.statement is StatementType.ACCUSE for verb in parent.verbs)
    if not plain:
        return None
    return plain[-1] if accuses else plain[0]
