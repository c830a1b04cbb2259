"""Query parameters are taken as seriously as the fields of a body: one that nobody knows is a mistake."""

from fastapi import Request
from fastapi.routing import APIRoute

from shared.http.problems import Problem


async def refuse_unknown_parameters(request: Request) -> None:
    """A dependency of routes. Raises a 422 problem: `?actr=PRK` would otherwise answer for every actor."""
    route = request.scope["route"]
    known = [field.alias for field in route.dependant.query_params] if isinstance(route, APIRoute) else []
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        instead = f"these are known: {', '.join(known)}" if known else "this takes none"
        raise Problem(422, "Invalid request", f"{', '.join(unknown)}: there is no such query parameter; {instead}")
