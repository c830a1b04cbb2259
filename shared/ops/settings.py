"""Settings that every service shares, from the environment; command-line options win over them."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Network = IPv4Network | IPv6Network

DATABASE_FILE = "vedette.db"


class CommonSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VEDETTE_")

    data_dir: Path = Field(default=Path("data"), description="where the embedded default keeps its file")
    database_url: str = Field(
        default="", description="SQLite in the data directory unless set: `sqlite+aiosqlite:///FILE`"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: str = Field(
        default="", description="base of the links in mails and pages; the listening address unless set"
    )
    admin_key: SecretStr | None = Field(
        default=None,
        min_length=24,
        description="API key of scope admin; made and printed once at first start unless set",
    )
    allow_networks: Annotated[tuple[Network, ...], NoDecode] = Field(
        default=(), description="private networks (CIDR list) that feeds and webhooks may live in"
    )
    log_level: str = Field(
        default="INFO", pattern="^(?i:debug|info|warning|error)$", description="least level that is logged"
    )

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return (
            tuple(ip_network(item.strip()) for item in value.split(",") if item.strip())
            if isinstance(value, str)
            else value
        )

    @model_validator(mode="after")
    def _only_sqlite(self) -> Self:
        if self.database_url and not self.database_url.startswith("sqlite+aiosqlite:"):
            raise ValueError(
                "VEDETTE_DATABASE_URL must begin with sqlite+aiosqlite: (other databases are not built in yet)"
            )
        return self

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / DATABASE_FILE}"
