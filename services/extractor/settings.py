"""Settings of the extractor, from the environment."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ExtractorSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VEDETTE_", env_ignore_empty=True)

    extractor_workers: int = Field(default=1, ge=1, le=64, description="processes that extract")
    extractor_deadline_seconds: float = Field(
        default=30, gt=0, description="longest time for one article; after it the article counts as failed"
    )
