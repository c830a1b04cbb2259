"""`news.statements.v1`: every escalation-relevant statement of one article revision, with its deployment claims."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.events.article import AGENCY, Outlet


class StatementType(StrEnum):
    """PLOVER event types (https://osf.io/preprints/socarxiv/rm5dw), as gold/GUIDE.md narrows them."""

    MOBILIZE = "mobilize"
    ASSAULT = "assault"
    THREATEN = "threaten"
    COERCE = "coerce"
    SANCTION = "sanction"
    ACCUSE = "accuse"
    REJECT = "reject"
    REQUEST = "request"
    AID = "aid"
    RETREAT = "retreat"
    CONSULT = "consult"
    COOPERATE = "cooperate"


class Stage(StrEnum):
    PLANNED = "planned"
    DEPLOYED = "deployed"
    ENGAGED = "engaged"
    WITHDRAWN = "withdrawn"


class Certainty(StrEnum):
    CONFIRMED = "confirmed"
    CLAIMED = "claimed"
    SUSPECTED = "suspected"
    DENIED = "denied"


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Source(Model):
    """Who says so: the name as it stands in the text and the country or organisation behind it (MEDIA for a medium)."""

    name: str
    code: str | None = None


class Interval(Model):
    """Days, both inclusive; an open end is null."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None


class Claim(Model):
    """One troop-deployment assertion (a *report* of one article). Slots as in gold/GUIDE.md."""

    actor: str | None = Field(description="ISO 3166-1 alpha-3 or an organisation's code")
    destination: str | None = Field(description="ISO 3166-1 alpha-3; for a withdrawal the country left")
    place: str | None = Field(default=None, description="most specific place as it stands in the text")
    place_key: str | None = Field(
        default=None, description="canonical key, equal over languages; the ledger compares only keys"
    )
    place_within: tuple[str, ...] = Field(
        default=(), description="keys of the regions around the place, or around the destination"
    )
    count_min: int | None = Field(default=None, ge=0, description="people")
    count_max: int | None = Field(default=None, ge=0, description="people")
    additional: bool = Field(default=False, description="on top of forces told before")
    stage: Stage
    certainty: Certainty
    source: Source | None = None
    when: Interval | None = None


class Statement(Model):
    """One escalation-relevant sentence. `start` and `end` are code points into `field`, which is never normalised."""

    type: StatementType
    speaker: Source | None = None
    field: Literal["title", "text"]
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    claims: tuple[Claim, ...] = ()


class Extractor(Model):
    name: str
    version: str


class ArticleReference(Model):
    """What a reader of statements needs to know of the article they stand in."""

    id: str
    revision: int = Field(ge=1)
    url: str | None = None
    title: str | None = None
    outlet: Outlet
    agency: str | None = Field(default=None, description=AGENCY)
    published: datetime | None = None
    fetched: datetime


class ArticleStatements(Model):
    """All statements of one article revision, possibly none, so that the ledger sees the article whole."""

    article: ArticleReference
    language: str | None = None
    extractor: Extractor
    statements: tuple[Statement, ...] = ()
