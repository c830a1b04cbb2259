"""Part of step 7: words of attribution ("laut", "according to", "zufolge") and whom they name."""

from dataclasses import replace

from services.extractor.compounds import compound_prefix
from services.extractor.document import Clause, Mention, MentionKind, Speaker
from services.extractor.gazetteer_model import EntryKind
from services.extractor.steps.sentence_scopes import SentenceScopes
from services.extractor.terms import Match
from services.extractor.vocabulary import NAMES, Effect, TermKind

ATTRIBUTION_REACH = 7
"""Tokens between the words of attribution and the speaker they name."""


def read_attributions(scopes: SentenceScopes, clause: Clause) -> None:
    """Lays each attribution of the clause on the clauses it rules."""
    for index in scopes.sentence.where(TermKind.ATTRIBUTION):
        match = scopes.tokens[index].term(TermKind.ATTRIBUTION)
        if match is None or index not in clause or (match.term.sort == "trailing" and not _trails(scopes, match)):
            continue
        speaker = _attributed(scopes, clause, match)
        effect = match.term.effect or Effect.CLAIM
        if speaker is None and match.term.sort != "bare" and match.term.effect is None:
            continue
        if match.term.sort == "bare" and match.term.effect is None:
            speaker = scopes.memory.last
        for target in [*_attributed_clauses(scopes, clause), *_pointed_back(scopes, match)]:
            scopes.add(target, effect, speaker, match.term.rule)
        if speaker is not None:
            scopes.memory.last = speaker


def _trails(scopes: SentenceScopes, match: Match) -> bool:
    """ "…, so der Minister"; in "…, so heißt es" a verb says so."""
    behind = scopes.tokens[match.last] if match.last < scopes.sentence.last else None
    said = behind is not None and any(r.verb.says and r.verb.needs for r in behind.verbs)
    return scopes.tokens[match.first - 1].form == "," and not said


def _attributed_clauses(scopes: SentenceScopes, clause: Clause) -> list[Clause]:
    """From a main clause an attribution rules the sentence, up to a semicolon; from a subordinate one only that clause
    and its own."""
    free = [c for c in scopes.sentence.clauses if c.source is None and not scopes.parted(c, clause)]
    if clause.kind == "main":
        return free
    return [c for c in free if c is clause or c.parent is clause]


def _pointed_back(scopes: SentenceScopes, match: Match) -> list[Clause]:
    """ "This was announced by X": said of the sentence before."""
    first = scopes.sentence.first
    pointing = scopes.previous is not None and scopes.tokens[first].has(TermKind.ANAPHOR, "demonstrative")
    if (
        not pointing
        or scopes.previous is None
        or any(not scopes.tokens[k].verbs for k in range(first + 1, match.first))
    ):
        return []
    return [c for c in scopes.previous.clauses if c.source is None]


def _attributed(scopes: SentenceScopes, clause: Clause, match: Match) -> Speaker | None:
    sort = match.term.sort
    speakers = scopes.sentence.of_kind(MentionKind.SPEAKER)
    if sort == "own":
        return _subject(scopes, clause, match)
    if sort == "adjective":
        return _adjective_speaker(scopes, match)
    if sort in ("before", "trailing"):
        following = [m for m in speakers if 0 <= m.first - match.last <= ATTRIBUTION_REACH]
        return _soldiers(scopes, match, following) or (_introduced(scopes, following[0]) if following else None)
    if sort == "after":
        leading = [m for m in speakers if 0 <= match.first - m.last <= 2]
        return scopes.speaker(leading[-1]) if leading else None
    return None


def _subject(scopes: SentenceScopes, clause: Clause, match: Match) -> Speaker | None:
    """ "Chile hat nach eigenen Angaben …", "Chilenische Truppen haben nach eigenen Angaben Peru verlassen": whose own
    words they are stands before them, in the clause if it can; else behind, "Nach eigenen Angaben hat Chile …"."""
    voices = scopes.sentence.of_kind(MentionKind.SPEAKER)
    plain = [m for m in voices if (m.code or "state" in m.features) and not scopes.in_slot(m)]
    before = [m for m in plain if m.last <= match.first]
    here = [m for m in before if m.head in clause]
    forces = [m for m in scopes.sentence.of_kind(MentionKind.FORCE) if m.code and m.last <= match.first]
    if here or not forces:
        own = here or [m for m in plain if m.head in clause] or before
        return scopes.speaker(own[0]) if own else None
    return Speaker(scopes.document.words(scopes.sentence, forces[0].first, forces[0].last), forces[0].code)


def _soldiers(scopes: SentenceScopes, match: Match, speakers: list[Mention]) -> Speaker | None:
    """ "according to Ukrainian soldiers, Russia …": soldiers who speak for themselves, before any other voice."""
    forces = (m for m in scopes.sentence.mentions if m.kind is MentionKind.FORCE and m.first >= match.last)
    force = next(forces, None)
    if force is None or force.first != match.last or force.counted:
        return None
    if speakers and speakers[0].first < force.last:
        return None
    return Speaker(scopes.document.words(scopes.sentence, force.first, force.last), force.code, private=True)


def _introduced(scopes: SentenceScopes, mention: Mention) -> Speaker:
    """ "according to Jan Wit, a spokesman for the Dutch army": who a person is may be told behind the name."""
    speaker = scopes.speaker(mention)
    apposed = mention.last < scopes.sentence.last and scopes.tokens[mention.last].form == ","
    if speaker.code is not None or speaker.private or not apposed:
        return speaker
    return replace(speaker, code=scopes.apposed_code(mention.last))


def _adjective_speaker(scopes: SentenceScopes, match: Match) -> Speaker | None:
    """ "nach ukrainischen Angaben", "by the Pentagon's reckoning": whose the noun is, between a relator and it."""
    compound = _compound_speaker(scopes, match)
    if compound is not None:
        return compound
    if match.first > scopes.sentence.first and scopes.tokens[match.first - 1].has(TermKind.ANAPHOR, "owner"):
        return scopes.memory.last  # "nach seiner Darstellung"
    for index in range(match.first - 1, max(scopes.sentence.first, match.first - 3) - 1, -1):
        before = index - (scopes.tokens[index - 1].term(TermKind.DETERMINER) is not None)
        led = before > scopes.sentence.first and scopes.tokens[before - 1].term(TermKind.RELATOR) is not None
        if any(scopes.tokens[k].verbs for k in range(index, match.first)):
            break
        for named in scopes.tokens[index].terms:
            if led and named.term.entry is not None and named.term.entry.code is not None:
                words = scopes.document.words(scopes.sentence, index, match.last)
                return Speaker(words, named.term.entry.code)
    return None


def _compound_speaker(scopes: SentenceScopes, match: Match) -> Speaker | None:
    """ "nach UN-Schätzungen", "Pentagon-Angaben zufolge": the first part of the compound says so."""
    token = scopes.tokens[match.first]
    for term in compound_prefix(token, match.term, scopes.language, NAMES | {TermKind.ROLE_NOUN}):
        if term.entry is not None:
            code = "MEDIA" if term.entry.kind is EntryKind.MEDIUM else term.entry.code
            return Speaker(token.form, code)
        if term.kind is TermKind.ROLE_NOUN:  # "nach Armeeangaben"
            sort = frozenset({term.sort or "official"})
            body = Mention(MentionKind.SPEAKER, match.first, match.last, match.first, name=token.form, features=sort)
            return scopes.speaker(body)
    return None
