"""A connection of HTTP/1.1 that is kept open, on asyncio: so little work that hundreds of them measure the server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit

SECONDS: Final = 30.0  # that a server may be silent


class LostError(OSError):
    """The server is gone, or did not answer as HTTP does; what was sent may have arrived."""


class KeepAlive:
    """Posts JSON with a token, one request at a time; opens a connection where none is open to that server."""

    def __init__(self, token: str) -> None:
        self._head = f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
        self._server = ""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, server: str, path: str, body: Any) -> tuple[int, Any]:
        """Status and parsed body of the reply.

        Raises
        ------
        LostError
        """
        try:
            async with asyncio.timeout(SECONDS):
                reader, writer = await self._open(server)
                content = json.dumps(body).encode()
                host = urlsplit(server).netloc
                head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{self._head}Content-Length: {len(content)}\r\n\r\n"
                writer.write(head.encode() + content)
                await writer.drain()
                return await self._reply(reader)
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError) as error:
            self.close()
            raise LostError(f"{server}: {type(error).__name__}") from error

    def close(self) -> None:
        """Let the connection go, if there is one."""
        if self._writer is not None:
            with contextlib.suppress(OSError):
                self._writer.close()
        self._reader = self._writer = None

    async def _open(self, server: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if server != self._server or (self._reader is not None and self._reader.at_eof()):
            self.close()  # a server closes what was idle for some seconds, and is not gone for that
        if self._reader is None or self._writer is None:
            parts = urlsplit(server)
            self._reader, self._writer = await asyncio.open_connection(parts.hostname, parts.port)
            self._writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._server = server
        return self._reader, self._writer

    async def _reply(self, reader: asyncio.StreamReader) -> tuple[int, Any]:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return int(lines[0].split(" ", 2)[1]), json.loads(content) if content else None

    async def __aenter__(self) -> KeepAlive:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()
