"""Settings of the fetcher, from the environment."""

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.fetcher.schedule import Bounds


class FetcherSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VEDETTE_", env_ignore_empty=True)

    min_poll_seconds: float = Field(default=60, gt=0, description="shortest polling interval of any feed")
    max_poll_seconds: float = Field(default=86_400, gt=0, description="longest polling interval of any feed")
    starter_feeds: bool = Field(
        default=True, description="an empty data directory starts with the feeds of deploy/feeds.opml"
    )
    keep_texts_days: float = Field(default=180, gt=0, description="texts of articles are kept so long")
    polls_at_once: int = Field(
        default=32, ge=1, le=1000, description="feeds polled at the same time, each of its own host"
    )
    host_spacing_seconds: float = Field(default=0.1, ge=0, description="pause between two requests to one host")
    fetcher_workers: int = Field(default=1, ge=1, le=64, description="processes that parse feeds and extract pages")
    fetcher_deadline_seconds: float = Field(
        default=30, gt=0, description="longest time to parse one feed or extract one page; after it that one fails"
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_poll_seconds > self.max_poll_seconds:
            raise ValueError("VEDETTE_MIN_POLL_SECONDS must not be above VEDETTE_MAX_POLL_SECONDS")
        return self

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.min_poll_seconds, self.max_poll_seconds)

    @property
    def keep_texts(self) -> timedelta:
        return timedelta(days=self.keep_texts_days)
