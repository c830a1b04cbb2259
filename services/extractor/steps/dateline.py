"""The dateline of an agency report: "Kigali (nak) –", "MINSK, July 3 (NAK) -". It is no part of the first sentence."""

from services.extractor.document import Document, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.vocabulary import TermKind

MAX_DATELINE_TOKENS = 14
_DASHES = frozenset("–—-|")
_SIGNS = frozenset("/,().:")
MAX_SENTENCES = 4
MAX_CREDITS = 8
"""Words and signs of what names the agencies: "(dpa/AFP)"."""
MAX_CREDIT = 4
"""Letters of an agency's sign: "dpa", "nak"."""
_NO_SEATS = frozenset({EntryKind.ADJECTIVE.value, EntryKind.DEMONYM.value})


def strip_dateline(document: Document, sentence: Sentence) -> None:
    """Moves the sentence's first token behind its dateline; the sentence's text still begins before it."""
    if (
        sentence.field != "text"
        or document.dateline is not None
        or sentence.index - _first_text(document) > MAX_SENTENCES
    ):
        return
    tokens = document.tokens
    depth = 0
    for index in range(sentence.first, min(sentence.last - 1, sentence.first + MAX_DATELINE_TOKENS)):
        form = tokens[index].form
        depth += (form == "(") - (form == ")")
        if form in _DASHES and tokens[index].start > tokens[index - 1].end - (form == "–"):
            if _is_told(tokens, sentence, index):
                seats = (_seat(token) for token in tokens[sentence.first : index])
                document.datelines = tuple(dict.fromkeys(code for code in seats if code is not None))
                document.dateline = next(iter(document.datelines), None)
                sentence.first = index + 1
            return
        named = form[0].isupper() or form[0].isdigit() or _is_medium(tokens[index])
        if depth <= 0 and not (form in _SIGNS or named):
            return


def _is_told(tokens: list[Token], sentence: Sentence, dash: int) -> bool:
    """Whether the dash ends a dateline: by a listed place, capitals, an agency, a date, or one word before it."""
    first, words = sentence.first, tokens[sentence.first : dash]
    if not words or _is_closed(tokens, dash, sentence.last):
        return False
    dated = len(words) > 1 and words[1].form == "," and any(word.form.isdecimal() for word in words)
    lone = len(words) == 1 and tokens[dash + 1].form[0].isupper() and words[0].form.isalpha()
    apart = lone and all(token.form not in _DASHES for token in tokens[dash + 1 : sentence.last])
    listed = any(_seat(word) is not None and (k == 0 or words[k - 1].form == ",") for k, word in enumerate(words))
    return listed or words[0].form.isupper() or dated or apart or _closes_credit(tokens, first, dash)


def _is_closed(tokens: list[Token], index: int, last: int) -> bool:
    """ "Canada – a member of the alliance – has sent": what the dashes put in, not what begins behind a dateline."""
    aside = tokens[index + 1 : min(last, index + MAX_DATELINE_TOKENS)]
    closed = any(token.form == tokens[index].form for token in aside)
    return closed and tokens[index - 1].term(TermKind.NATION) is not None and aside[0].form[0].islower()


def _closes_credit(tokens: list[Token], first: int, index: int) -> bool:
    """ "Ramstein (dpa) | – ", "Ulm (dpa/lsw) –": the town is in no list, but agencies are named in brackets."""
    opened = next((k for k in range(index - 1, max(first, index - MAX_CREDITS) - 1, -1) if tokens[k].form == "("), None)
    if opened is None or tokens[index - 1].form != ")":
        return False
    return all(token.form == "/" or _is_agency(token) for token in tokens[opened + 1 : index - 1])


def _is_agency(token: Token) -> bool:
    sign = token.form.islower() and len(token.form) <= MAX_CREDIT
    return sign or _is_medium(token)


def _is_medium(token: Token) -> bool:
    return token.has(TermKind.ORGANISATION, EntryKind.MEDIUM.value)


def _first_text(document: Document) -> int:
    return next((sentence.index for sentence in document.sentences if sentence.field == "text"), 0)


def _seat(token: Token) -> str | None:
    """The country of a place; "Ghanaian soldiers – 300 in all – …" is no dateline."""
    for match in token.terms:
        if (
            match.term.sort not in _NO_SEATS
            and match.term.kind in (TermKind.NATION, TermKind.PLACE)
            and match.term.entry is not None
        ):
            entry = match.term.entry
            return entry.code or (entry.place.country if entry.place else None)
    return None
