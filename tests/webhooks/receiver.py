"""A receiver of webhooks on the loopback: answers as told and keeps what it was sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    """One request: its head as sent, header names in lower case."""

    request_line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers` are taken one by one, the last one for ever; an empty one closes the connection without a word.

    One that `holds` leaves the connection open behind its answer.
    """

    answers: list[bytes] = field(default_factory=lambda: [b"HTTP/1.1 204 No Content\r\n\r\n"])
    received: list[Received] = field(default_factory=list)
    port: int = 0
    holds: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.received.append(Received(head[0], headers, body))
        writer.write(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        await writer.drain()
        if self.holds:
            await reader.read()
        writer.close()


@asynccontextmanager
async def listening(*answers: bytes, holds: bool = False) -> AsyncIterator[Receiver]:
    """A receiver that gives these answers."""
    receiver = Receiver(list(answers), holds=holds) if answers else Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver
