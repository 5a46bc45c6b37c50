"""The pool keeps to its limits, overtakes nobody and loses no place, whatever its callers do."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.errors import DatabaseUnavailable
from tenants.pool import Pool, PoolLimits


@dataclass(eq=False)
class Line:
    """A line to a server that counts its lines."""

    exchange: "Exchange"
    role: str
    lent: bool = False

    async def close(self) -> None:
        await asyncio.sleep(0)
        self.exchange.lines.remove(self)


class Exchange:
    """The server's end: it knows how many lines there are, and of whom."""

    def __init__(self, limits: PoolLimits) -> None:
        self.limits = limits
        self.lines: set[Line] = set()

    async def open(self, role: str) -> Line:
        await asyncio.sleep(0)
        line = Line(self, role)
        self.lines.add(line)
        assert len(self.lines) <= self.limits.total
        assert sum(other.role == role for other in self.lines) <= self.limits.per_tenant
        return line


async def take(pool: Pool[Line], exchange: Exchange, role: str) -> Line:
    line, _ = await pool.take(role, lambda: exchange.open(role))
    assert line.role == role
    assert not line.lent
    line.lent = True
    return line


def give_back(pool: Pool[Line], line: Line) -> None:
    line.lent = False
    pool.give_back(line.role, line)


async def test_the_login_that_was_not_used_for_longest_makes_room() -> None:
    limits = PoolLimits(per_tenant=1, total=2)
    pool: Pool[Line] = Pool(limits)
    exchange = Exchange(limits)
    for role in ("anhe", "boyuan", "anhe", "chenxi"):
        give_back(pool, await take(pool, exchange, role))
    assert {line.role for line in exchange.lines} == {"anhe", "chenxi"}
    await pool.close()
    assert exchange.lines == set()


async def test_callers_are_served_in_their_order() -> None:
    limits = PoolLimits(per_tenant=1, total=1)
    pool: Pool[Line] = Pool(limits)
    exchange = Exchange(limits)
    served: list[str] = []

    async def call(role: str) -> None:
        line = await take(pool, exchange, role)
        served.append(role)
        give_back(pool, line)

    first = await take(pool, exchange, "anhe")
    calls = []
    for role in ("boyuan", "anhe", "chenxi", "boyuan"):
        calls.append(asyncio.create_task(call(role)))
        await asyncio.sleep(0)
    give_back(pool, first)
    await asyncio.gather(*calls)
    assert served == ["boyuan", "anhe", "chenxi", "boyuan"]
    await pool.close()


async def test_a_connection_that_cannot_be_opened_leaves_its_place_to_the_next() -> None:
    limits = PoolLimits(per_tenant=1, total=1)
    pool: Pool[Line] = Pool(limits)
    exchange = Exchange(limits)

    async def refuse() -> Line:
        await asyncio.sleep(0.01)
        raise ConnectionRefusedError

    failing = asyncio.create_task(pool.take("anhe", refuse))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(take(pool, exchange, "boyuan"))
    with pytest.raises(ConnectionRefusedError):
        await failing
    give_back(pool, await waiting)
    await pool.close()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    per_tenant=st.integers(1, 3),
    total=st.integers(1, 5),
    callers=st.integers(1, 40),
)
def test_no_place_is_lost_or_given_twice(seed: int, per_tenant: int, total: int, callers: int) -> None:
    limits = PoolLimits(per_tenant=per_tenant, total=total, wait_seconds=5)
    asyncio.run(_turmoil(random.Random(seed), limits, callers))  # noqa: S311


async def _turmoil(chance: random.Random, limits: PoolLimits, callers: int) -> None:
    """Callers of four tenants come, work, break their connection or are cancelled; afterwards all is as it was."""
    pool: Pool[Line] = Pool(limits)
    exchange = Exchange(limits)

    async def call() -> None:
        for _ in range(chance.randrange(10)):
            await asyncio.sleep(0)
        line = await take(pool, exchange, chance.choice("abcd"))
        try:
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            if chance.random() < 0.2:
                raise ConnectionResetError
        except BaseException:
            line.lent = False
            await pool.discard(line.role, line)
            raise
        give_back(pool, line)

    tasks = [asyncio.create_task(call()) for _ in range(callers)]
    for task in chance.sample(tasks, callers // 4):
        for _ in range(chance.randrange(6)):
            await asyncio.sleep(0)
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert not any(isinstance(outcome, DatabaseUnavailable | AssertionError) for outcome in outcomes)
    # What was passed on in the background is closed before everything can be lent at once.
    for _ in range(100):
        await asyncio.sleep(0)
    assert pool.opened == len(exchange.lines)
    with suppress(ConnectionResetError):
        everything = [await take(pool, exchange, "a") for _ in range(min(limits.per_tenant, limits.total))]
        for line in everything:
            give_back(pool, line)
    await pool.close()
    assert (pool.opened, exchange.lines) == (0, set())
