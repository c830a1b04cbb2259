"""Settings of the alert service, from the environment."""

from datetime import timedelta
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.alerts.channels.smtp_server import parse_smtp_url, sender_address


class AlertsSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VEDETTE_", env_ignore_empty=True)

    smtp_url: SecretStr | None = Field(
        default=None,
        description="smtp://, smtps:// or smtp+starttls://user:pass@host:port; unset: e-mail subscriptions are refused",
    )
    mail_from: str | None = Field(default=None, description="sender address of the mails")
    alert_max_age_hours: float = Field(
        default=96,
        ge=0,
        description="an article older than this when fetched is no alarm: its events are late (0: no limit)",
    )
    renew_after_days: float = Field(
        default=365, ge=0, description="a claim unheard for so long may be new again (0: never)"
    )

    @field_validator("smtp_url")
    @classmethod
    def _readable_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            parse_smtp_url(url.get_secret_value())
        return url

    @field_validator("mail_from")
    @classmethod
    def _readable_sender(cls, sender: str | None) -> str | None:
        if sender is not None:
            sender_address(sender)
        return sender

    @model_validator(mode="after")
    def _server_needs_sender(self) -> Self:
        if self.smtp_url is not None and self.mail_from is None:
            raise ValueError("VEDETTE_SMTP_URL is set, so VEDETTE_MAIL_FROM must be set too")
        return self

    @property
    def max_age(self) -> timedelta | None:
        return timedelta(hours=self.alert_max_age_hours) if self.alert_max_age_hours else None

    @property
    def renew_after(self) -> timedelta | None:
        return timedelta(days=self.renew_after_days) if self.renew_after_days else None
