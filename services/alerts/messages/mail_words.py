"""The slots of a claim in the words of a reader's language. Sentences are the templates' business."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date, format_datetime, get_timezone
from babel.numbers import format_decimal

from services.alerts.messages.country_names import country_name
from shared.events.statements import Certainty, Claim, Interval, Source, Stage

# Direction marks and overrides: they can make a line read as something else than it is.
_HIDDEN = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

SourceName = Callable[[Source], str]


@dataclass(frozen=True)
class Language:
    """Patterns of one language; `{}` takes the number or name."""

    locale: str
    day: str
    exactly: str
    at_least: str
    up_to: str
    between: str
    further: str
    further_forces: str
    stages: Mapping[Stage, str]
    said_by: Mapping[Certainty, str]
    said: Mapping[Certainty, str]
    kinds: Mapping[str, str]
    unknown: str
    no_figure: str
    since: str
    until: str
    and_more: str


ENGLISH = Language(
    locale="en",
    day="d MMM yyyy",
    exactly="{}",
    at_least="at least {}",
    up_to="up to {}",
    between="{} to {}",
    further="{} more",
    further_forces="additional forces",
    stages={
        Stage.PLANNED: "planned",
        Stage.DEPLOYED: "deployed",
        Stage.ENGAGED: "in combat",
        Stage.WITHDRAWN: "withdrawn",
    },
    said_by={
        Certainty.CONFIRMED: "confirmed by {}",
        Certainty.CLAIMED: "claimed by {}",
        Certainty.SUSPECTED: "suspected by {}",
        Certainty.DENIED: "denied by {}",
    },
    said={
        Certainty.CONFIRMED: "reported as a fact",
        Certainty.CLAIMED: "claimed, nobody named",
        Certainty.SUSPECTED: "suspected",
        Certainty.DENIED: "denied",
    },
    kinds={"new": "New", "revised": "Revised", "denied": "Denied", "corroborated": "Corroborated"},
    unknown="unknown",
    no_figure="no figure",
    since="since {}",
    until="until {}",
    and_more="{subject}, and {count} more",
)

GERMAN = Language(
    locale="de",
    day="d. MMM yyyy",
    exactly="{}",
    at_least="mindestens {}",
    up_to="bis zu {}",
    between="{} bis {}",
    further="{} weitere",
    further_forces="weitere Kräfte",
    stages={
        Stage.PLANNED: "geplant",
        Stage.DEPLOYED: "verlegt",
        Stage.ENGAGED: "im Kampf",
        Stage.WITHDRAWN: "abgezogen",
    },
    said_by={
        Certainty.CONFIRMED: "bestätigt von {}",
        Certainty.CLAIMED: "laut {}",
        Certainty.SUSPECTED: "vermutet von {}",
        Certainty.DENIED: "bestritten von {}",
    },
    said={
        Certainty.CONFIRMED: "als Tatsache gemeldet",
        Certainty.CLAIMED: "behauptet, ohne Namen",
        Certainty.SUSPECTED: "vermutet",
        Certainty.DENIED: "bestritten",
    },
    kinds={"new": "Neu", "revised": "Geändert", "denied": "Bestritten", "corroborated": "Weitere Quelle"},
    unknown="unbekannt",
    no_figure="keine Zahl",
    since="seit {}",
    until="bis {}",
    and_more="{subject}, und {count} weitere",
)

LANGUAGES: Mapping[str, Language] = {"en": ENGLISH, "de": GERMAN}


def clean(text: str, longest: int = 2_000) -> str:
    """One line of what a reader may see: no control characters, no direction marks, no broken code points."""
    kept = ("" if char in _HIDDEN else " " if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


class Words:
    """Claims in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    @property
    def locale(self) -> str:
        return self._language.locale

    def subject(self, claim: Claim, further: int) -> str:
        """ "PRK → RUS: at least 3,000, deployed (claimed by KOR)", further alerts of the same mail counted."""
        slots = [self._figure(claim), self.stage(claim)]
        told = ", ".join(slot for slot in slots if slot)
        side = claim.destination or (clean(claim.place, 60) if claim.place else "?")
        subject = f"{claim.actor or '?'} → {side}: {told} ({self._said(claim, _code)})"
        if further:
            subject = self._language.and_more.format(subject=subject, count=self._number(further))
        # Gmail leaves text in square brackets out when it compares subjects, and merges unlike mails.
        return subject.replace("[", "(").replace("]", ")")

    def headline(self, claim: Claim) -> str:
        """The subject with names instead of codes, and with the place."""
        told = ", ".join(slot for slot in (self._figure(claim), self.stage(claim)) if slot)
        return f"{self.actor(claim)} → {self.destination(claim)}: {told} ({self._said(claim, _name)})"

    def kind(self, kind: str) -> str:
        return self._language.kinds[kind]

    def actor(self, claim: Claim) -> str:
        return self._country(claim.actor)

    def destination(self, claim: Claim) -> str:
        """Country and place, as far as they are known."""
        place = clean(claim.place, 100) if claim.place else None
        if claim.destination is None:
            return place or self._language.unknown
        country = self._country(claim.destination)
        return f"{country}, {place}" if place else country

    def count(self, claim: Claim) -> str:
        return self._figure(claim) or self._language.no_figure

    def stage(self, claim: Claim) -> str:
        return self._language.stages[claim.stage]

    def source(self, claim: Claim) -> str:
        """Who says so, and for which country or organisation."""
        return self._said(claim, self._name_and_side)

    def period(self, claim: Claim) -> str | None:
        """When it happens or happened, None if the text does not say."""
        when = claim.when
        if when is None or (when.from_ is None and when.to is None):
            return None
        return self._interval(when)

    def moment(self, iso: str | None) -> str:
        """An RFC 3339 time as people write it, in UTC."""
        if iso is None:
            return self._language.unknown
        return format_datetime(
            datetime.fromisoformat(iso),
            f"{self._language.day}, HH:mm z",
            tzinfo=get_timezone("UTC"),
            locale=self._language.locale,
        )

    def _interval(self, when: Interval) -> str:
        first, last = (
            format_date(day, self._language.day, locale=self._language.locale) if day else None
            for day in (when.from_, when.to)
        )
        if first and last:
            return first if first == last else self._language.between.format(first, last)
        return self._language.since.format(first) if first else self._language.until.format(last)

    def _number(self, number: int) -> str:
        return format_decimal(number, locale=self._language.locale)

    def _figure(self, claim: Claim) -> str | None:
        language = self._language
        low, high = claim.count_min, claim.count_max
        if low is not None and high is not None:
            pattern = language.exactly if low == high else language.between
            told = pattern.format(self._number(low), self._number(high))
        elif low is not None:
            told = language.at_least.format(self._number(low))
        elif high is not None:
            told = language.up_to.format(self._number(high))
        else:
            return language.further_forces if claim.additional else None
        return language.further.format(told) if claim.additional else told

    def _said(self, claim: Claim, named: SourceName) -> str:
        if claim.source is None:
            return self._language.said[claim.certainty]
        return self._language.said_by[claim.certainty].format(named(claim.source))

    def _name_and_side(self, source: Source) -> str:
        name, code = clean(source.name, 100), source.code
        side = self._country(code) if code and code != "MEDIA" else None
        return name if side is None or side.casefold() == name.casefold() else f"{name} ({side})"

    def _country(self, code: str | None) -> str:
        return clean(country_name(code, self._language.locale), 60) if code else self._language.unknown


def _code(source: Source) -> str:
    return clean(source.code, 40) if source.code and source.code != "MEDIA" else clean(source.name, 60)


def _name(source: Source) -> str:
    return clean(source.name, 60)
