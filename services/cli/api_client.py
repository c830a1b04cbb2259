"""One code path for all commands: the HTTP API, of a running instance (`--server`) or of the application in this
process on the configured database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.cli.failures import CommandFailed, tell_of_new_data_dir
from services.one_process.application import open_application
from shared.ops.settings import CommonSettings

DEADLINE_SECONDS = 60.0

OPML = "text/x-opml"


class ClientSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VEDETTE_", env_ignore_empty=True)

    api_key: SecretStr = Field(
        default=SecretStr(""), description="the API key of the instance that a command asks with --server"
    )


class ApiClient:
    """Speaks `/api/v1`. Raises CommandFailed with the problem's detail where the API refuses."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def get(self, path: str, **query: Any) -> Any:
        return await self._call("GET", path, params=_given(query))

    async def post(self, path: str, document: Any = None, **query: Any) -> Any:
        return await self._call("POST", path, json=document, params=_given(query))

    async def post_bytes(self, path: str, content: bytes) -> Any:
        return await self._call("POST", path, content=content)

    async def patch(self, path: str, document: Any) -> Any:
        return await self._call("PATCH", path, json=document)

    async def delete(self, path: str, **query: Any) -> Any:
        return await self._call("DELETE", path, params=query)

    async def items(self, path: str, at_most: int | None = None, **query: Any) -> list[Any]:
        """The items of a list, page after page: all of them, or the first `at_most`."""
        items: list[Any] = []
        cursor = None
        while True:
            page = await self.get(path, **query, **({"after": cursor} if cursor is not None else {}))
            items += page["items"]
            cursor = page["next"]
            if cursor is None or not page["items"] or (at_most is not None and len(items) >= at_most):
                return items[:at_most]

    async def _call(self, method: str, path: str, **arguments: Any) -> Any:
        response = await self._http.request(method, path, **arguments)
        if response.is_error:
            raise CommandFailed(_reason(response))
        if response.status_code == httpx.codes.NO_CONTENT:
            return None
        kind = response.headers.get("content-type", "")
        if kind.startswith("application/json"):
            return response.json()
        if kind.startswith(OPML):
            return response.text
        raise CommandFailed(f"{response.url} does not answer as a Vedette does: --server takes the address of one")


def _given(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value not in (None, [], "")}


def _reason(response: httpx.Response) -> str:
    if response.status_code == httpx.codes.UNAUTHORIZED:
        return "the server wants its API key: set VEDETTE_API_KEY to it"
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        return str(response.json()["detail"])
    return f"the server answered {response.status_code} {response.reason_phrase}".rstrip()


@asynccontextmanager
async def api_client(server: str | None) -> AsyncIterator[ApiClient]:
    """A client of `server`, with the key from VEDETTE_API_KEY; without `server`, of the application in this process."""
    if server:
        url, headers = _address(server), _key_header()
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=DEADLINE_SECONDS, trust_env=False) as http:
            yield ApiClient(http)
        return
    settings = CommonSettings()
    tell_of_new_data_dir(settings)
    async with open_application(settings) as application:
        await application.verify("migrations")
        transport = httpx.ASGITransport(application.app, raise_app_exceptions=True)
        headers = {"Authorization": f"Bearer {application.inner_key}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://vedette", headers=headers) as http:
            yield ApiClient(http)


def _address(server: str) -> httpx.URL:
    try:
        url = httpx.URL(server.rstrip("/"))
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise CommandFailed(f"{server!r} is no address of a server: write one like http://127.0.0.1:8080")
    return url


def _key_header() -> dict[str, str]:
    key = ClientSettings().api_key.get_secret_value().strip()
    if not (key.isascii() and key.isprintable()):
        raise CommandFailed("there are characters in VEDETTE_API_KEY that no key has")
    return {"Authorization": f"Bearer {key}"} if key else {}
