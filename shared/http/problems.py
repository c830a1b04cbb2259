"""Errors as problem documents (RFC 9457), one shape for every endpoint."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.ops.unavailable import Unavailable


class Problem(Exception):
    """An error for the client: HTTP status, a short title that names the kind, and what is wrong and how to mend it."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail


def problem_response(status: int, title: str, detail: str) -> JSONResponse:
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(document, status_code=status, media_type="application/problem+json")


def describe_problems(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""

    async def on_problem(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return problem_response(error.status, error.title, error.detail)

    async def on_invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem_response(422, "Invalid request", "; ".join(_sentence(item) for item in error.errors()))

    async def on_http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return problem_response(error.status_code, "Request refused", str(error.detail))

    async def on_unavailable(_request: Request, error: Exception) -> JSONResponse:
        return problem_response(503, "Not available now", str(error))

    async def on_bug(_request: Request, _error: Exception) -> JSONResponse:
        return problem_response(500, "Internal error", "Vedette failed; its log says why.")

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Unavailable, on_unavailable)
    app.add_exception_handler(Exception, on_bug)


def _sentence(item: dict[str, object]) -> str:
    location = item.get("loc")
    parts = [str(part) for part in location if part not in ("body", "query")] if isinstance(location, tuple) else []
    message = str(item.get("msg", "invalid")).removeprefix("Value error, ")
    return f"{'.'.join(parts)}: {message}" if parts else message
