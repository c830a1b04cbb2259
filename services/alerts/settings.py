"""Settings of the alert service, from the environment."""

from datetime import timedelta

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class AlertsSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VEDETTE_")

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

    @property
    def max_age(self) -> timedelta | None:
        return timedelta(hours=self.alert_max_age_hours) if self.alert_max_age_hours else None

    @property
    def renew_after(self) -> timedelta | None:
        return timedelta(days=self.renew_after_days) if self.renew_after_days else None
