"""`vedette config`: every setting with its value, meaning and variable; secrets masked."""

from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from services.alerts.settings import AlertsSettings
from services.cli.api_client import ClientSettings
from services.cli.failures import failures_as_exit_status
from services.cli.output import AsJson, print_json, print_table
from services.extractor.settings import ExtractorSettings
from services.fetcher.settings import FetcherSettings
from shared.ops.settings import CommonSettings

EVERY: tuple[type[BaseSettings], ...] = (
    CommonSettings,
    FetcherSettings,
    ExtractorSettings,
    AlertsSettings,
    ClientSettings,
)
COLUMNS = {"variable": "SETTING", "value": "VALUE", "meaning": "MEANING"}


def config(as_json: AsJson = False) -> None:
    """All settings in force."""
    with failures_as_exit_status():
        rows = [row for settings in EVERY for row in _rows(settings())]
        if as_json:
            print_json({"items": rows})
        else:
            print_table(rows, COLUMNS, "")


def _rows(settings: BaseSettings) -> list[dict[str, str]]:
    prefix = settings.model_config.get("env_prefix", "")
    return [
        {
            "variable": f"{prefix}{name}".upper(),
            "value": _shown(getattr(settings, name)),
            "meaning": field.description or "",
        }
        for name, field in type(settings).model_fields.items()
    ]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return "********" if value.get_secret_value() else ""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
