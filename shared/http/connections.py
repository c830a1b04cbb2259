"""How many connections a server holds, and how long it waits for the other side. uvicorn bounds neither: a connection
that never says a byte is kept for ever, and a thousand of them take all files that a process may open."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

TAKING_THE_ANSWER = "TAKING_THE_ANSWER"
WITHIN_SECONDS: dict[Any, float] = {h11.IDLE: 10.0, h11.SEND_BODY: 60.0, TAKING_THE_ANSWER: 60.0}
"""How long the other side may take for the head of a request, for its body (h11's words), and for some of the answer
where that is long."""

MOST_CONNECTIONS = 1_000
BACKLOG = 100
"""Connections that are taken in one go, and so may be above the cap for a moment."""


def connection_cap(open_files: int) -> int:
    """Connections a server may hold where its process may open so many files: the rest is for everything else."""
    return min(MOST_CONNECTIONS, open_files // 4)


class ImpatientProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, which hangs up on who does not get on, and at once on who is one too many.

    The cap is uvicorn's `limit_concurrency`; when it is reached, uvicorn answers 503.
    """

    _patience: asyncio.TimerHandle | None = None
    _awaited: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) > self.limit_concurrency:
            transport.abort()
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget()

    def _watch(self) -> None:
        """One deadline for whatever is awaited of the other side: bytes that come in drops do not put it off."""
        awaited = TAKING_THE_ANSWER if self.flow.write_paused else self.conn.their_state
        if awaited is not self._awaited:
            self._forget()
            self._awaited = awaited
            self._wait()

    def _wait(self) -> None:
        if self._awaited in WITHIN_SECONDS:
            untaken = self.transport.get_write_buffer_size()
            self._patience = self.loop.call_later(WITHIN_SECONDS[self._awaited], self._lose_patience, untaken)

    def _lose_patience(self, untaken: int) -> None:
        if self.transport.get_write_buffer_size() < untaken:
            self._wait()  # a long answer, and a slow line
        else:
            self.transport.abort()

    def _forget(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
