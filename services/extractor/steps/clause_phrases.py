"""What the phrases of a clause are to its verb: who can move, who stands beside, against or only owns something."""

from services.extractor.document import Clause, ClauseVerb, Document, Mention, MentionKind, Sentence, Token
from services.extractor.steps.relative_pronouns import is_relative_pronoun, opens_that_clause
from services.extractor.vocabulary import ATTACKS, FINITE, FrameClass, TermKind, VerbForm
from shared.events.statements import StatementType

ATTRIBUTED_WITHIN = 4
"""Words back from a phrase to the words of attribution that make it a speaker."""
MANY = 10  # fewer people than this may be officials who sit somewhere and speak
PART_WORDS = 2  # of what opens the parts of a sum: "darunter", "among them"
AGENT_WITHIN = 12
"""Words from an attack to who attacks: "die Einnahme der Stadt X im Norden des Landes durch Rebellen"."""
MEETS_WITHIN = 2  # words from a verb of talks to the name of where they take place
CLITICS = frozenset({"'s", "’s", "'", "’"})
NO_SUBJECT = frozenset({"at", "goal", "origin", "of", "near", "with", "for", "against"})
"""Roles of what leads a phrase that is not the clause's subject."""
_ATTRIBUTES = frozenset({VerbForm.PARTICIPLE, VerbForm.GERUND})
"""Forms that may stand before a noun as its adjective."""
_OTHERS = frozenset({"against", "with", "for", "via", "added_to"})
_PHRASE_PARTS = frozenset({TermKind.FORCE, TermKind.NATION, TermKind.DETERMINER, TermKind.ANAPHOR})


def mentions_in(sentence: Sentence, clause: Clause, kind: MentionKind) -> list[Mention]:
    return [mention for mention in sentence.mentions if mention.kind is kind and mention.head in clause]


def is_person_or_thing(noun: Token) -> bool:
    """Whether the noun behind "Hamas" or before "of the army" names somebody or something of theirs, and no force."""
    named = noun.term(TermKind.ROLE_NOUN) is not None or noun.has(TermKind.NOT_PEOPLE, "thing")
    return named and noun.term(TermKind.FORCE) is None


def forces_in(document: Document, sentence: Sentence, clause: Clause) -> list[Mention]:
    """Force mentions that can be who moves: not those one fights against or stands beside, nor whose something is."""
    return [
        mention
        for mention in mentions_in(sentence, clause, MentionKind.FORCE)
        if "owner" not in mention.features
        and (_is_side(document, mention) or not after_relator(document, sentence, mention, _OTHERS))
        and not _is_goal(document, sentence, mention)
        and not _attribute(document, sentence, mention)
        and not is_part(document, sentence, mention)
        and not is_attributed(document, sentence, mention)
    ]


def _is_side(document: Document, mention: Mention) -> bool:
    """ "Gefechte zwischen ruandischen Soldaten und Rebellen": the first of two who do something."""
    return mention.first > 0 and document.tokens[mention.first - 1].has(TermKind.QUANTIFIER, "between")


def _is_goal(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "reist zu den Soldaten", "übergab den Stützpunkt an die Armee": whom something reaches."""
    index = mention.first - 1
    while index > sentence.first and document.tokens[index].inside:
        index -= 1  # "an die" is one word for two
    if index < sentence.first or document.tokens[mention.first].verbs:
        return False
    return document.tokens[index].leads("goal") and not document.tokens[index].leads("at")


def is_part(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "2000 Mann, darunter 300 Fallschirmjäger": the parts of a sum are no report of their own."""
    for index in range(mention.first - 1, max(sentence.first, mention.first - PART_WORDS) - 1, -1):
        partitive = document.tokens[index].term(TermKind.PARTITIVE)
        if partitive is not None:
            return partitive.last == mention.first
    return False


def is_whole(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "Of its 3,000 soldiers abroad, …": opened by what makes them the whole of a part told behind."""
    opener = document.tokens[mention.first - 1] if mention.first > sentence.first else None
    return opener is not None and opener.index == sentence.first and opener.leads("of")


def _attribute(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "Familien von Soldaten": the force only tells whose something else is."""
    if is_of_attack(document, sentence, mention):
        return True
    index = mention.first - 1
    if index < sentence.first:
        return False
    if document.tokens[mention.first].has(TermKind.DETERMINER, "genitive"):
        before = document.tokens[index]
        if is_person_or_thing(before) or index == sentence.first:
            return is_person_or_thing(before)  # "Funktionäre der Hamas trafen in X ein"
        owned = (TermKind.FORCE, TermKind.EVENT, TermKind.QUANTIFIER, TermKind.VAGUE)
        return before.form[0].isupper() and not any(m.term.kind in owned for m in before.terms)
    if index == sentence.first or not document.tokens[index].leads("of"):
        return False
    before = document.tokens[index - 1]
    one = is_person_or_thing(before) or before.has(TermKind.STRENGTH, "before")  # "the commander of the French forces"
    noun = before.form[0].isupper() or not before.verbs
    return one or (noun and before.form[0].isalnum() and not before.terms and not before.inside)


def is_of_attack(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "attacks of the militia", "the capture of X by rebels", "the army's siege": whose the attack is does not do what
    the clause's verb tells."""
    for index in sentence.where(TermKind.EVENT):
        match = document.tokens[index].term(TermKind.EVENT)
        if match is None or match.term.event is None or match.term.event.frame not in ATTACKS:
            continue
        if mention.last <= index <= mention.last + 2:
            return document.tokens[mention.last].form in CLITICS
        if match.last <= mention.first <= match.last + AGENT_WITHIN:
            owner = mention.first - match.last <= 1
            between = document.tokens[match.last : mention.first]
            agent = is_agent(document, sentence, mention) and not any(token.verbs for token in between)
            return agent or (owner and _owned_before(document, mention) is document.tokens[index])
    return False


def after_relator(document: Document, sentence: Sentence, mention: Mention, roles: frozenset[str]) -> bool:
    """Whether a relator of one of these roles leads the phrase."""
    if _has_led_attribute(document, sentence, mention):
        return False
    if mention.kind is MentionKind.SPEAKER and sentence.ending(MentionKind.FORCE, mention.first) is not None:
        return False  # "with 900 soldiers | Kenya has"
    for index in range(mention.first - 1, max(sentence.first, mention.first - 5) - 1, -1):
        token = document.tokens[index]
        relator = token.term(TermKind.RELATOR)
        if relator is not None:
            leads = bool(relator.term.roles & roles) and not relator.term.roles & {"by"}
            return leads and not _opens_between(document, sentence, relator.last - 1, mention)
        if token.is_year:
            return False  # "In 2015 Chad sent"
        if is_relative_pronoun(token) or token.has(TermKind.SUBORDINATOR, "relative_owner"):
            return False  # "to which Chad sends"
        if opens_that_clause(document.tokens, index):
            return False
        if token.inside:
            continue
        if token.form[0].isupper() and not any(m.term.kind in _PHRASE_PARTS for m in token.terms):
            return False
        if token.form[0] in ",;:.()–—" or token.term(TermKind.COORDINATOR) is not None:
            return False
        if any(reading.verb.says for reading in token.verbs):
            return False
        behind_force = index > sentence.first and document.tokens[index - 1].term(TermKind.FORCE) is not None
        attribute = token.may_be(*_ATTRIBUTES) and not _is_finite_here(sentence, index, mention)
        if token.may_be(*FINITE) and (behind_force or not attribute):
            return False  # "mit 300 Soldaten beteiligt sich Nepal", "an der Grenze zu Peru haben die Chilenen"
    return False


def _is_finite_here(sentence: Sentence, index: int, subject: Mention) -> bool:
    """ "Nach Angaben aus Ankara entsendet | Ungarn 200": what could be a participle is its clause's verb."""
    clause = sentence.clause_at(index) if index == subject.first - 1 else None
    return clause is not None and any(v.index == index and v.reading.form in FINITE for v in clause.verbs)


def _opens_between(document: Document, sentence: Sentence, index: int, mention: Mention) -> bool:
    """ "asked for money after moving soldiers", "to Mali after Chad had left", "criticised for moving 90 soldiers": a
    clause of its own begins before the phrase, or the relator leads a gerund."""
    if mention.first > index + 1 and document.tokens[index + 1].may_be(VerbForm.GERUND):
        return True
    return any(
        clause.kind in ("gerund", "sub") and index < clause.first <= mention.first for clause in sentence.clauses
    )


def _has_led_attribute(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "eine mit französischen Haubitzen ausgerüstete Brigade": the relator leads what stands in the attribute."""
    if not document.tokens[mention.first].may_be(VerbForm.PARTICIPLE):
        return False
    return any(m.last == mention.first for m in sentence.mentions if m.kind is MentionKind.FORCE)


def is_passive(clause: Clause, verb: ClauseVerb) -> bool:
    """ "sind stationiert", "wurden verlegt", "remained ringed", "Pulled back from X, …": the subject is moved."""
    if verb.reading.form is not VerbForm.PARTICIPLE:
        return False
    helpers = [v.reading.verb for v in clause.verbs if v is not verb]
    return any(one.copula or one.passive or one.lasts for one in helpers) or (clause.kind == "gerund" and not helpers)


def belongs_to_speaker(document: Document, sentence: Sentence, place: Mention) -> bool:
    """ "ein Militärsprecher in Port Sudan": where he sits is not where the forces are, unless they are at his seat:
    "at the embassy in X"; "nach Angaben | aus dem Pentagon": where it is told."""
    sayings = (m for k in sentence.where(TermKind.ATTRIBUTION) for m in document.tokens[k].terms)
    if place.role == "origin" and any(m.last == place.first for m in sayings):
        return True
    return any(
        m.kind is MentionKind.SPEAKER
        and "voice" not in m.features
        and m.first < place.first < m.last
        and not _is_at(document, sentence, m)
        and not _tells_whose(sentence, m)
        and not owns_place(document, m)
        and not _are_own(sentence, m)
        and not _are_many(sentence, m)
        and not is_guarded(document, sentence, m)
        and not _is_fought(sentence, m)
        for m in sentence.mentions
    )


def _are_own(sentence: Sentence, people: Mention) -> bool:
    """ "recalled its military advisers from X": the subject's people are who moves, not who speaks."""
    return any(
        m.kind is MentionKind.FORCE and m.first == people.first and "possessive" in m.features
        for m in sentence.mentions
    )


def _are_many(sentence: Sentence, people: Mention) -> bool:
    """ "und 35 Helfer in den Norden geschickt": a number of people goes where the others do."""
    number = sentence.ending(MentionKind.QUANTITY, people.first)
    return number is not None and number.most >= MANY


def is_guarded(document: Document, sentence: Sentence, seat: Mention) -> bool:
    """ "marines guard their embassy in X": a building where nobody speaks, nor is it the subject, "Parliament in X"."""
    clause = sentence.clause_at(seat.head)
    behind_verb = clause is not None and any(verb.index < seat.first for verb in clause.verbs)
    building = behind_verb and document.tokens[seat.head].term(TermKind.PLACE_NOUN) is not None
    return building and not in_saying_clause(sentence, seat.head) and not is_attributed(document, sentence, seat)


def _is_fought(sentence: Sentence, body: Mention) -> bool:
    """ "clashed with the army in X", "kämpfen gegen die Armee in X": where the other side is they fight."""
    clause = sentence.clause_at(body.first)
    if clause is None or clause.says:
        return False
    return any(v.reading.verb.frame in ATTACKS for v in clause.verbs)


def is_owner(document: Document, mention: Mention) -> bool:
    """ "the number of Russian soldiers", "die Zahl der russischen Soldaten": the noun before it is theirs."""
    return _owned_before(document, mention) is not None


def owns_place(document: Document, body: Mention) -> bool:
    """ "einen Stützpunkt der Armee in X", "a post of the army in X", "die Offensive der Armee auf X": nobody who speaks
    or sends."""
    noun = _owned_before(document, body)
    return noun is not None and any(m.term.kind in (TermKind.PLACE_NOUN, TermKind.EVENT) for m in noun.terms)


def _owned_before(document: Document, mention: Mention) -> Token | None:
    """The noun whose owner the phrase is, by "of" or by the genitive of its article."""
    tokens = document.tokens
    index = mention.first if tokens[mention.first].term(TermKind.DETERMINER) is not None else mention.first - 1
    if index < 1:
        return None
    relator = tokens[index if index == mention.first - 1 else index - 1].term(TermKind.RELATOR)
    if relator is not None:
        return tokens[relator.first - 1] if "of" in relator.term.roles and relator.first > 0 else None
    noun = tokens[index - 1]
    return noun if tokens[index].has(TermKind.DETERMINER, "genitive") and noun.form[0].isupper() else None


def _tells_whose(sentence: Sentence, body: Mention) -> bool:
    """ "two companies of the Kenyan army in X": the army is part of the force's phrase, and nobody who speaks."""
    return any(m.kind is MentionKind.FORCE and m.first < body.first < m.last for m in sentence.mentions)


def _is_at(document: Document, sentence: Sentence, seat: Mention) -> bool:
    """A relator of place leads to it, an article at most between: "an der Botschaft", "at the embassy"."""
    if "state" not in seat.features:
        return False
    for index in range(seat.first - 1, max(sentence.first, seat.first - 2) - 1, -1):
        relator = document.tokens[index].term(TermKind.RELATOR)
        if relator is not None:
            return bool(relator.term.roles & {"at", "goal", "near"})
        if not document.tokens[index].inside and document.tokens[index].term(TermKind.DETERMINER) is None:
            return False
    return False


def is_agent(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "were sent by France", not "after a visit by the French president"."""
    by = _led_by_agent(document, sentence, mention)
    return by is not None and not _tells_talks(document, by - 1)


def is_visitor(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "after a visit by the French president", "nach einem Besuch des Präsidenten": who does what a noun tells, and
    not what the clause's verb does."""
    by = _led_by_agent(document, sentence, mention)
    noun = by - 1 if by is not None else None
    owned = _owned_before(document, mention)
    return _tells_talks(document, noun if noun is not None else owned.index if owned is not None else -1)


def _led_by_agent(document: Document, sentence: Sentence, mention: Mention) -> int | None:
    """The token of the relator that makes the phrase an agent."""
    for index in range(mention.first - 1, max(sentence.first, mention.first - 3) - 1, -1):
        token = document.tokens[index]
        relator = token.term(TermKind.RELATOR)
        if relator is not None:
            return relator.first if "by" in relator.term.roles else None
        if token.term(TermKind.DETERMINER) is None:
            return None
    return None


def _tells_talks(document: Document, index: int) -> bool:
    return index >= 0 and document.tokens[index].term(TermKind.CUE) is not None and not document.tokens[index].verbs


def purposes_of(sentence: Sentence, clause: Clause) -> list[Clause]:
    """The clauses that say what for: "sent soldiers | to protect the port"."""
    return [other for other in sentence.clauses if other.kind == "purpose" and other.parent is clause]


def in_saying_clause(sentence: Sentence, index: int) -> bool:
    """ "…, erklärte sie in Brüssel", "…, a letter seen in New York shows": where, and before whom, something is said is
    not where the forces are."""
    clause = sentence.clause_at(index)
    if clause is None:
        return False
    closes = clause.index > 0 and clause.kind == "main"
    return is_where_they_meet(clause, index) or any(
        (v.reading.verb.says and v.reading.verb.frame is None)
        or (closes and v.reading.verb.frame is FrameClass.SEE and v.index > index and v.index + 2 >= clause.last)
        for v in clause.verbs
    )


def is_where_they_meet(clause: Clause, index: int) -> bool:
    """ "the Council, meeting in New York, …", "…, das in New York zusammentritt": a verb of talks beside the place."""
    verbs = [v.reading.verb for v in clause.verbs if abs(v.index - index) <= MEETS_WITHIN]
    if any(verb.auxiliary for verb in verbs):
        return False  # "troops in X have met with …"
    return any(v.statement is StatementType.CONSULT and v.frame is None and v.effect is None for v in verbs)


def is_attributed(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "according to two Iraqi officers": words of attribution before it say that the phrase only tells; not "laut Kiew
    300 Soldaten"."""
    behind = document.tokens[mention.last] if mention.last < sentence.last else None
    if behind is not None and behind.has(TermKind.ATTRIBUTION, "after"):
        return True
    for k in range(mention.first - 1, max(sentence.first, mention.first - ATTRIBUTED_WITHIN) - 1, -1):
        token = document.tokens[k]
        if token.has(TermKind.ATTRIBUTION, "before", "trailing"):
            return True
        small = token.inside or token.term(TermKind.DETERMINER) is not None or token.term(TermKind.NUMBER) is not None
        if not small and not token.leads("of", "origin"):
            return False  # "nach Angaben aus Ankara"
    return False
