"""`news.articles.v1`: one revision of an article, as the fetcher publishes it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_TEXT_BYTES = 300_000
"""Longest text on the bus (UTF-8 bytes); a longer one is cut and marked `truncated`."""

AGENCY = "the news agency that the article credits: all that print its text are one origin"


class Outlet(BaseModel):
    """Who printed the article."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    domain: str | None = None
    family: str | None = Field(
        default=None, description="owner group: one family is one voice when counting corroboration"
    )
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-3, seat of the publisher")


class Article(BaseModel):
    """One revision of an article: title and text as found, never normalised."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(description="UUIDv5 of canonical URL, else (feed, guid), else hash of title and text")
    revision: int = Field(ge=1)
    url: str | None = None
    outlet: Outlet
    agency: str | None = Field(default=None, description=AGENCY)
    feed: str = Field(description="URL of the feed it was first met in")
    title: str | None = None
    text: str
    truncated: bool = False
    text_source: Literal["feed", "page"] = "feed"
    language: str | None = Field(default=None, description="the feed's hint, ISO 639-1; the extractor decides")
    published: datetime | None = Field(default=None, description="UTC; null if unknown, never 'now'")
    fetched: datetime
