"""Dates of a clause as an interval of days: "bis Dezember", "am Mittwoch", "last week", "on 5 March 2024"."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.extractor.document import Token
from services.extractor.lexicon import DateWords
from services.extractor.vocabulary import TermKind

Days = tuple[date | None, date | None]
MAX_PHRASE = 5
_WEEK = 7


@dataclass(frozen=True, slots=True)
class _Found:
    days: tuple[date, date]
    first: int


def resolve_when(tokens: Sequence[Token], published: date | None, ahead: bool, words: DateWords) -> Days | None:
    """The first date that `tokens` name. `ahead`: the event is planned, so "Dezember" is the next one, else the last.

    Relative words need `published`; without it only what names a year is resolved.
    """
    for index in range(len(tokens)):
        found = _at(tokens, index, published, ahead, words)
        if found is not None:
            return _bounded(tokens, found, words)
    return None


def _bounded(tokens: Sequence[Token], found: _Found, words: DateWords) -> Days:
    """An end left open by what stands before: "bis", "since"; not "from Haiti in March"."""
    first, last = found.days
    led = tokens[max(0, found.first - 3) : found.first]
    places = [k for k, token in enumerate(led) if token.term(TermKind.NATION) or token.term(TermKind.PLACE)]
    before = [token.lower for token in led[places[-1] if places else 0 :]]
    if words.until & set(before):
        return None, last
    if words.since & set(before):
        return first, None
    return first, last


def _at(tokens: Sequence[Token], index: int, published: date | None, ahead: bool, words: DateWords) -> _Found | None:
    phrase = _phrase(tokens, index, words)
    if phrase is not None and published is not None:
        unit, shift = phrase
        return _Found(_shifted(published, unit, shift), index)
    word = tokens[index].lower
    if word in words.months:
        return _month(tokens, index, words.months[word], published, ahead)
    if word in words.weekdays and published is not None:
        distance = (words.weekdays[word] - published.weekday()) % _WEEK
        day = published + timedelta(days=distance if ahead else distance - _WEEK if distance else 0)
        return _Found((day, day), index)
    if tokens[index].is_year and index > 0 and tokens[index - 1].lower in words.before_year:
        year = int(word)
        return _Found((date(year, 1, 1), date(year, 12, 31)), index)
    return None


def _phrase(tokens: Sequence[Token], index: int, words: DateWords) -> tuple[str, int] | None:
    for size in range(min(MAX_PHRASE, len(tokens) - index), 0, -1):
        known = words.phrases.get(" ".join(token.lower for token in tokens[index : index + size]))
        if known is not None:
            return known
    return None


def _month(tokens: Sequence[Token], index: int, month: int, published: date | None, ahead: bool) -> _Found | None:
    """A month with the day before or after it, and its year, or the year that tense and publication tell."""
    year = next((int(t.form) for t in tokens[index + 1 : index + 5] if t.is_year), None)
    if year is None:
        if published is None:
            return None
        year = published.year
        if ahead and month < published.month:
            year += 1
        elif not ahead and month > published.month:
            year -= 1
    end = calendar.monthrange(year, month)[1]
    for near in (*reversed(tokens[max(0, index - 2) : index]), *tokens[index + 1 : index + 2]):
        if near.form.isdecimal() and 1 <= int(near.form) <= end and len(near.form) <= 2:
            day = date(year, month, int(near.form))
            return _Found((day, day), min(index, near.index - tokens[0].index))
    return _Found((date(year, month, 1), date(year, month, end)), index)


def _shifted(published: date, unit: str, shift: int) -> tuple[date, date]:
    if unit == "day":
        day = published + timedelta(days=shift)
        return day, day
    if unit == "days":  # from now on, or until now
        other = published + timedelta(days=shift)
        return min(published, other), max(published, other)
    if unit == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=shift)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        months = published.year * 12 + published.month - 1 + shift
        year, month = divmod(months, 12)
        return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])
    year = published.year + shift
    return date(year, 1, 1), date(year, 12, 31)
