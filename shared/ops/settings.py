"""Settings that every service shares, from the environment; command-line options win over them."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Network = IPv4Network | IPv6Network

DATABASE_FILE = "vedette.db"

SQLITE, POSTGRESQL = "sqlite+aiosqlite:///", "postgresql+asyncpg://"


class CommonSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VEDETTE_", env_ignore_empty=True)

    data_dir: Path = Field(default=Path("data"), description="where the embedded default keeps its file")
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description=f"SQLite in the data directory unless set: {POSTGRESQL}USER:PASSWORD@HOST:PORT/NAME",
    )
    bus_url: str = Field(
        default="", description="a log in the SQLite database unless set: kafka://HOST:PORT,… (goes with PostgreSQL)"
    )
    instance: str = Field(
        default="", description="this process's own name on Kafka, which no other process may have; better none"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: str = Field(
        default="", description="base of the links in mails and pages; the listening address unless set"
    )
    admin_key: SecretStr | None = Field(
        default=None,
        min_length=24,
        description="API key of scope admin; made and printed once at first start unless set, required on PostgreSQL",
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

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith((SQLITE, POSTGRESQL)):
            raise ValueError(f"must begin with {POSTGRESQL} or {SQLITE}")
        return url

    @field_validator("public_url")
    @classmethod
    def _link(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return url

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url.get_secret_value() or f"{SQLITE}{self.data_dir / DATABASE_FILE}"

    @property
    def is_embedded(self) -> bool:
        """Everything in one file of this machine: one process serves it, and it is migrated without being asked."""
        return self.database.startswith(SQLITE) and not self.bus_url
