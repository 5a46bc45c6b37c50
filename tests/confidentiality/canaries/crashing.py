"""A job that fails with canaries in hand, as every job of a confidential ticket has; and what is sent to the broker."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec
from dramatiq import Message
from sqlalchemy import text

from anshou.worker.broker import MemoryBroker
from anshou.worker.work import AnyActor, Work, actor
from confidentiality.keys.vault import open_keys
from tenants.context import AGENCY
from tenants.jobs import enqueue
from tenants.refusals import Conflict
from tests.confidentiality.canaries.life import Life
from tests.confidentiality.canaries.values import CANARIES


class Fate(msgspec.Struct):
    """How the job is to fail, and whose record it holds meanwhile."""

    way: int
    owner: str


class Unforeseen(Exception):
    """Raised by nothing but this."""


async def _by_message(work: Work, phone: str) -> None:
    raise Unforeseen(f"{phone} is no phone", {"typed": phone})


async def _by_refusal(work: Work, phone: str) -> None:
    raise Conflict(phone)


async def _by_the_database(work: Work, phone: str) -> None:
    async with work.finish() as session:
        await session.execute(text("SELECT CAST(:phone || 'x' AS int)"), {"phone": phone})


async def _by_a_cause(work: Work, phone: str) -> None:
    try:
        int(phone + "x")
    except ValueError as wrong:
        raise Unforeseen(phone) from wrong


async def _in_a_group(work: Work, phone: str) -> None:
    raise ExceptionGroup(phone, [Unforeseen(phone), ValueError(phone)])


async def _by_shape(work: Work, phone: str) -> None:
    msgspec.convert({"way": phone}, Fate)


WAYS: tuple[Callable[[Work, str], Awaitable[None]], ...] = (
    *(_by_message, _by_refusal, _by_the_database, _by_a_cause, _in_a_group, _by_shape),
)


@actor("test.fails_with_canaries", Fate, attempts=1, time_limit=timedelta(seconds=10))
async def crash(work: Work, fate: Fate) -> None:
    """Hold a key ring and a phone, and fail."""
    phone = CANARIES["phone"]
    async with work.look() as session:
        ring = await open_keys(session, work.tenant.id)
    assert ring is not None
    await WAYS[fate.way](work, phone)


CRASHING: tuple[AnyActor, ...] = (crash,)


async def leave_failing_jobs(life: Life) -> None:
    """One job for each way to fail."""
    async with life.house.app.state.gate.tenants.session(life.house.tenant, AGENCY) as session:
        for way in range(len(WAYS)):
            await enqueue(session, crash.name, {"way": way, "owner": str(life.house.anhe.yunshan.id)})


@contextmanager
def every_message(collect: Callable[[str, bytes], None]) -> Iterator[None]:
    """Hear what the broker is given, in the very bytes that RabbitMQ would be sent, for as long as the block."""
    usual = MemoryBroker.enqueue

    def heard(broker: MemoryBroker, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        collect(f"message for {message.actor_name}", message.encode() + repr(message).encode())
        return usual(broker, message, delay=delay)

    MemoryBroker.enqueue = heard  # type: ignore[method-assign]
    try:
        yield
    finally:
        MemoryBroker.enqueue = usual  # type: ignore[method-assign]
