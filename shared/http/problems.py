"""Errors as problem documents (RFC 9457), one shape for every endpoint."""

from collections.abc import Mapping, Sequence
from http import HTTPMethod, HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from shared.ops.unavailable import Unavailable

PROBLEM_TYPE = "application/problem+json"

_SLOTS = {"type": "string", "title": "string", "status": "integer", "detail": "string"}
_SCHEMA = {"type": "object", "properties": {name: {"type": kind} for name, kind in _SLOTS.items()}}

PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"description": "Any error, as RFC 9457 has it.", "content": {PROBLEM_TYPE: {"schema": _SCHEMA}}}
}
"""`responses` of an application that `describe_problems` was told of; FastAPI would promise errors of its own shape."""


class Problem(Exception):
    """An error for the client: HTTP status, a short title that names the kind, what is wrong and how to mend it, and
    the headers that go with the status."""

    def __init__(self, status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers


def problem_response(problem: Problem) -> JSONResponse:
    document = {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.detail}
    return JSONResponse(document, problem.status, problem.headers, media_type=PROBLEM_TYPE)


def describe_problems(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""

    async def on_problem(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return problem_response(error)

    async def on_invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem_response(_invalid(error.errors()))

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        headers, detail = dict(error.headers or {}), str(error.detail)
        if error.status_code == HTTPStatus.NOT_FOUND:  # what is missing below a known path is a Problem
            detail = f"There is nothing at {request.url.path} here."
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(_allowed_methods(request))
        return problem_response(Problem(error.status_code, "Request refused", detail, headers))

    async def on_unavailable(_request: Request, error: Exception) -> JSONResponse:
        return problem_response(Problem(503, "Not available now", str(error)))

    async def on_bug(_request: Request, _error: Exception) -> JSONResponse:
        return problem_response(Problem(500, "Internal error", "Vedette failed; its log says why."))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Unavailable, on_unavailable)
    app.add_exception_handler(Exception, on_bug)


def _allowed_methods(request: Request) -> list[str]:
    """All that the path answers to (RFC 9110, section 10.2.1); the error knows those of one of its routes only."""
    routes = request.app.routes

    def answers(method: str) -> bool:
        return any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)

    found = [method.value for method in HTTPMethod if answers(method.value)]
    return sorted({*found, "HEAD"} if "GET" in found else found)


def _invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    if any(isinstance(item["input"], bytes) for item in errors):  # left as it came, since it is not said to be JSON
        return Problem(415, "Unsupported media type", "Send the body as JSON, with `Content-Type: application/json`.")
    return Problem(422, "Invalid request", "; ".join(map(_sentence, errors)))


def _sentence(item: Mapping[str, Any]) -> str:
    if item["type"] == "json_invalid":
        return f"the body is no JSON: {item['ctx']['error']} (character {item['loc'][-1]})"
    first, *parts = item["loc"]
    message = "there is no such field" if item["type"] == "extra_forbidden" else item["msg"]
    return f"{'.'.join(map(str, parts)) or first}: {message.removeprefix('Value error, ')}"
