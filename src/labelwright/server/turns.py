"""Requests that come many times a second take turns, the first one first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final
from weakref import WeakKeyDictionary

from fastapi import Request, Response
from fastapi.routing import APIRoute

AT_ONCE: Final = 2
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class InTurn(APIRoute):
    """A route of which only two requests are worked on at a time.

    Python runs one thread at a time. Many threads that begin together all end late, as each takes its part of the
    processor; one after the other, most end early. While one waits for the disk, another one works.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, in turn."""
        handle = super().get_route_handler()

        async def in_turn(request: Request) -> Response:
            await request.body()  # whoever sends slowly holds up nobody else
            turns = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
            async with turns:
                return await handle(request)

        return in_turn
