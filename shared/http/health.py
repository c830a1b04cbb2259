"""`/livez`, `/readyz`, `/metrics` and `/status`: what operators and their probes look at. No key, no secret."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.http.pages import PAGE_HEADERS
from shared.ops.metrics import Metrics
from shared.ops.unavailable import Unavailable

Check = Callable[[], Awaitable[None]]
"""Raises if something the service needs is not there."""

Status = Callable[[], Awaitable[dict[str, Any]]]

CHECK_DEADLINE_SECONDS = 2.0


def health_router(
    checks: Mapping[str, Check],
    status: Status,
    metrics: Metrics,
    page: Callable[[dict[str, Any]], str],
) -> APIRouter:
    """The four endpoints. `page` renders the status document as HTML for browsers."""
    router = APIRouter(tags=["status"])

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "pass"}

    @router.get("/readyz", responses={503: {"description": "A check fails.", "content": {"application/json": {}}}})
    async def readyz() -> JSONResponse:
        results = await _run_all(checks)
        passed = all(result["status"] == "pass" for result in results.values())
        document = {"status": "pass" if passed else "fail", "checks": results}
        return JSONResponse(document, status_code=200 if passed else 503)

    @router.get("/metrics", response_class=_Exposition)
    async def show_metrics() -> Response:
        for name, result in (await _run_all(checks)).items():
            metrics.checks.labels(name).set(result["status"] == "pass")
        with suppress(Unavailable):  # counters are wanted most when a neighbour is away
            await status()  # brings the gauges up to date
        return _Exposition(generate_latest(metrics.registry))

    @router.get("/status", responses={200: {"content": {"text/html": {}}}})
    async def show_status(request: Request) -> Response:
        document = await status()
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(page(document), headers=PAGE_HEADERS)
        return JSONResponse(document)

    return router


class _Exposition(Response):
    media_type = CONTENT_TYPE_LATEST


async def _run_all(checks: Mapping[str, Check]) -> dict[str, dict[str, str]]:
    return dict(zip(checks, await asyncio.gather(*(_run(check) for check in checks.values())), strict=True))


async def _run(check: Check) -> dict[str, str]:
    try:
        async with asyncio.timeout(CHECK_DEADLINE_SECONDS):
            await check()
    except Exception as error:
        return {"status": "fail", "output": str(error) or type(error).__name__}
    return {"status": "pass"}
