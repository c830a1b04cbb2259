"""`/api/v1/dead-letters`: messages that could not be processed; look at them, bring them back."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from services.one_process.migrate_all import DEAD_LETTER_TOPICS
from shared.bus.dead_letters import REDRIVE_BATCH, REDRIVE_GROUP, redrive, why_dead
from shared.bus.port import Bus, Record
from shared.http.auth import Authorise
from shared.http.problems import Problem
from shared.http.query import refuse_unknown_parameters


def dead_letters_router(bus: Bus, authorise: Authorise) -> APIRouter:
    """Every service that has an API has this one: the dead letters of all are on the bus."""
    router = APIRouter(
        prefix="/api/v1/dead-letters", dependencies=[Depends(authorise), Depends(refuse_unknown_parameters)]
    )
    one_at_a_time = asyncio.Lock()

    @router.get("")
    async def list_letters(every: Annotated[bool, Query(alias="all")] = False) -> dict[str, Any]:
        """Those that have not been redriven, or all; by topic, oldest first."""
        group = None if every else REDRIVE_GROUP
        letters = [_summary(letter) for topic in DEAD_LETTER_TOPICS async for letter in bus.browse(topic, group)]
        return {"items": letters, "next": None}

    @router.get("/{letter:path}")
    async def show_letter(letter: str) -> dict[str, Any]:
        """One whole: why it is one, its headers and its value."""
        topic = letter.split("/")[0]
        if topic not in DEAD_LETTER_TOPICS:
            sentence = f"no dead letters are kept under {letter!r}: see `vedette dead-letters list`"
            raise Problem(404, "No such dead letter", sentence)
        async for record in bus.browse(topic):
            if _name(record) == letter:
                headers = {name: value.decode("utf-8", "replace") for name, value in record.headers.items()}
                return _summary(record) | {"headers": headers, "value": record.value.decode("utf-8", "replace")}
        sentence = f"there is no dead letter {letter}: see `vedette dead-letters list --all`"
        raise Problem(404, "No such dead letter", sentence)

    @router.post("/redrive")
    async def redrive_letters(
        topic: str, limit: Annotated[int, Query(ge=1, le=REDRIVE_BATCH)] = REDRIVE_BATCH
    ) -> dict[str, Any]:
        """Publish the oldest of one topic again, each once, as they were before they failed."""
        if topic not in DEAD_LETTER_TOPICS:
            sentence = f"{topic} is no dead-letter topic; these are: {', '.join(DEAD_LETTER_TOPICS)}"
            raise Problem(422, "Invalid request", sentence)
        async with one_at_a_time:
            return {"items": [_in_short(letter) async for letter in redrive(bus, topic, limit)]}

    return router


def _name(letter: Record) -> str:
    return f"{letter.position.topic}/{letter.position.partition}/{letter.offset}"


def _in_short(letter: Record) -> dict[str, Any]:
    return {"letter": _name(letter), "key": letter.key}


def _summary(letter: Record) -> dict[str, Any]:
    return {**_in_short(letter), "appended": letter.appended.isoformat(), **why_dead(letter)}
