"""HTTP/1.1 with the budgets of a connection that the server library leaves open: time, and how many there are."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


class Protocol(H11Protocol):
    """One connection.

    It is closed if the head of a request is not complete in time, however slowly it trickles, or if the body stops
    coming. If there are too many connections, the one that has kept the server waiting longest makes room; those that
    are being answered stay.

    Attributes
    ----------
    head_seconds : float
        From the beginning of a connection, or from the first byte of a later request, to the end of the head.
    pause_seconds : float
        Between two parts of a body.
    max_connections : int
    """

    head_seconds: ClassVar[float] = 10.0
    pause_seconds: ClassVar[float] = 60.0
    max_connections: ClassVar[int] = 1000

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waits_since = self.loop.time()
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def _lacks_head(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    @property
    def keeps_waiting(self) -> bool:
        """Whether it is the client's turn: to send a head, or the rest of a body."""
        return self._lacks_head or self.cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and make room."""
        super().connection_made(transport)
        self._expect(self.head_seconds)
        if len(self.connections) > self.max_connections:
            others = [one for one in self.connections if isinstance(one, Protocol) and one.keeps_waiting]
            min(others, key=lambda one: one._waits_since).transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on; a part of a head buys no time, a part of a body does."""
        super().data_received(data)
        if not self._lacks_head:
            self._waits_since = self.loop.time()
            self._expect(self.pause_seconds if self.cycle.more_body else None)
        elif self._deadline is None:
            self._expect(self.head_seconds)

    def on_response_complete(self) -> None:
        """Wait for the next request; how long is the time to keep alive."""
        self._expect(None)
        self._waits_since = self.loop.time()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._expect(None)
        super().connection_lost(exc)

    def _expect(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)


def raise_file_limit() -> None:
    """Let the process open as many files and connections as the system allows."""
    try:
        import resource
    except ImportError:  # not on Windows, which has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # a system may refuse what it names
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
