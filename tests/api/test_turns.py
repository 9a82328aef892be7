"""Requests of people who label are worked on two at a time, the first one first; the server does not delay its answers."""

from __future__ import annotations

import asyncio
import socket

import httpx2
from fastapi import APIRouter, FastAPI

from labelwright.server.run import _bind
from labelwright.server.turns import AT_ONCE, InTurn


def app_of(began: list[int], most: list[int]) -> FastAPI:
    """An application whose only route notes the order in which requests begin, and how many run at once."""
    router = APIRouter(route_class=InTurn)
    running = 0

    @router.post("/work/{number}")
    async def work(number: int) -> int:
        nonlocal running
        began.append(number)
        running += 1
        most.append(running)
        await asyncio.sleep(0.01)
        running -= 1
        return number

    app = FastAPI()
    app.include_router(router)
    return app


def test_two_are_worked_on_at_a_time_in_the_order_of_their_coming() -> None:
    began: list[int] = []
    most: list[int] = []

    async def play() -> list[int]:
        transport = httpx2.ASGITransport(app=app_of(began, most))
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            tasks = []
            for number in range(12):
                tasks.append(asyncio.create_task(client.post(f"/work/{number}")))
                await asyncio.sleep(0)
            return [(await task).json() for task in tasks]

    assert asyncio.run(play()) == list(range(12))
    assert began == list(range(12)) and max(most) == AT_ONCE


def test_whoever_sends_slowly_holds_up_nobody() -> None:
    began: list[int] = []
    most: list[int] = []

    async def slowly():  # type: ignore[no-untyped-def]
        yield b"{"
        await asyncio.sleep(0.3)
        yield b"}"

    async def play() -> None:
        transport = httpx2.ASGITransport(app=app_of(began, most))
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            slow = [asyncio.create_task(client.post(f"/work/{90 + k}", content=slowly())) for k in range(AT_ONCE)]
            await asyncio.sleep(0.05)
            await client.post("/work/1")
            await asyncio.gather(*slow)

    asyncio.run(play())
    assert began[0] == 1 and len(began) == 1 + AT_ONCE


def test_an_answer_leaves_at_once() -> None:
    listener = _bind("127.0.0.1", 0)
    try:
        assert listener.proto == socket.IPPROTO_TCP  # else asyncio leaves the delay of small packets on
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    finally:
        listener.close()
