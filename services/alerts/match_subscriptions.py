"""Which events a subscription wants, and which of its rules said so."""

from collections.abc import Mapping
from typing import Annotated, Any

from babel import Locale
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from services.alerts.decide.compare_slots import folded, listed
from services.alerts.decide.verdict import Kind
from services.alerts.messages.country_names import ORGANISATIONS, code_meant, territories
from shared.events.statements import Certainty, Claim, Stage

DEFAULT_KINDS = (Kind.NEW, Kind.REVISED, Kind.DENIED)
MAX_VALUES = 200
MAX_LENGTH = 100


def _listed(value: object) -> object:
    """One value, a comma-separated string or a list become a list without blanks.

    Raises ValueError for a string without any value: a variable that was not set would match everything.
    """
    if value is None:
        return []
    if isinstance(value, str):
        values = [part.strip() for part in value.split(",") if part.strip()]
        if not values:
            raise ValueError("there is no value in it: name one, or leave this out")
        return values
    return value


def _choice(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LENGTH)]
Listed = BeforeValidator(_listed)
Values = Field(default=(), max_length=MAX_VALUES)


class Filter(BaseModel):
    """All slots that are set must match, each by one of its values; an empty filter matches every alert.

    `min_count` is held against the highest figure a claim tells; a claim without a figure never reaches it. `place` is
    a name as the text has it, or a key of the place or of a region around it. Raises pydantic's ValidationError with a
    sentence for each slot that names what is wrong and what to write instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: Annotated[tuple[Text, ...], Listed] = Values
    destination: Annotated[tuple[Text, ...], Listed] = Values
    place: Annotated[tuple[Text, ...], Listed] = Values
    min_count: int | None = Field(default=None, ge=1, le=100_000_000, description="people")
    stage: Annotated[tuple[Annotated[Stage, BeforeValidator(_choice)], ...], Listed] = Values
    certainty: Annotated[tuple[Annotated[Certainty, BeforeValidator(_choice)], ...], Listed] = Values
    kind: Annotated[tuple[Annotated[Kind, BeforeValidator(_choice)], ...], Listed] = Field(
        default=DEFAULT_KINDS, max_length=MAX_VALUES
    )
    language: Annotated[tuple[Text, ...], Listed] = Values

    @field_validator("actor", "destination")
    @classmethod
    def _known_sides(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(side_code(code) for code in codes)

    @field_validator("place")
    @classmethod
    def _readable_places(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not folded(name):
                raise ValueError(f"{name!r} is no place name")
        return tuple(" ".join(name.split()) for name in names)

    @field_validator("language")
    @classmethod
    def _known_languages(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        known = Locale("en").languages
        for code in codes:
            if code.lower() not in known:
                raise ValueError(f"unknown language {code!r}: write an ISO 639-1 code such as de or en")
        return tuple(code.lower() for code in codes)

    @field_validator("kind")
    @classmethod
    def _some_kind(cls, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
        if Kind.REPEATED in kinds:
            raise ValueError("repeated claims are never told: choose among new, revised, denied and corroborated")
        return kinds or DEFAULT_KINDS


def match(wanted: Filter, event: Mapping[str, Any]) -> str | None:
    """The rules that an event (a webhook body) meets, as "destination=RUS; min_count=1000", "all" if none is set.

    None if it does not match.
    """
    data = event["data"]
    claim = Claim.model_validate(data["claim"])
    if data["kind"] not in wanted.kind:
        return None
    met = {
        "actor": _one_of(wanted.actor, claim.actor),
        "destination": _one_of(wanted.destination, claim.destination),
        "place": next((name for name in wanted.place if _is_at(name, claim)), None),
        "min_count": _reached(wanted.min_count, claim),
        "stage": _one_of(wanted.stage, claim.stage),
        "certainty": _one_of(wanted.certainty, claim.certainty),
        "kind": data["kind"] if wanted.kind != DEFAULT_KINDS else None,
        "language": _one_of(wanted.language, data["evidence"]["language"]),
    }
    if any(getattr(wanted, slot) and value is None for slot, value in met.items() if slot != "kind"):
        return None
    return "; ".join(f"{slot}={value}" for slot, value in met.items() if value is not None) or "all"


def _one_of(wanted: tuple[str, ...], value: str | None) -> str | None:
    return value if value is not None and value in wanted else None


def _reached(least: int | None, claim: Claim) -> int | None:
    highest = max(claim.count_min or 0, claim.count_max or 0)
    return least if least is not None and highest >= least else None


def _is_at(name: str, claim: Claim) -> bool:
    """By its key ("UA-63") or that of a region around it, by the name in the text, or by the town in a key
    ("RUS:vladivostok"); of a list of places by the key of each."""
    told = [claim.place_key, *listed(claim.place_key)] if claim.place_key else []
    keys = [key.casefold() for key in (*told, *claim.place_within)]
    wanted = folded(name)
    names = [claim.place or "", *(key.partition(":")[2] for key in keys)]
    return name.casefold() in keys or wanted in [folded(one) for one in names]


def side_code(text: str) -> str:
    """The code of a country or an organisation, in capitals. Raises ValueError with a sentence on what to write."""
    code = text.upper().replace(" ", "_").replace("-", "_")
    if code in ORGANISATIONS or code in territories():
        return code
    meant = code_meant(text)
    instead = f"write {meant}" if meant else "write an ISO 3166-1 alpha-3 code such as RUS or DEU"
    raise ValueError(f"unknown country {text!r}: {instead}, or an organisation such as NATO or WAGNER")
