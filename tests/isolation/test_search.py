"""The one function that reads a table as its owner answers nothing beyond the context of whoever asks."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from tenants.base import new_id
from tenants.context import Context
from tests.isolation.world import SIDES, Side, World

ASK = "SELECT ticket_id FROM control.search_tickets($1, now() + interval '1 day', gen_random_uuid(), NULL, 100)"


def wanted(*words: str) -> str:
    return json.dumps([[list(words)]])


@pytest.fixture
async def said(world: World, inside: asyncpg.Connection) -> AsyncIterator[dict[Side, UUID]]:
    """A ticket of each merchant: `退款` is said to both sides, `错发` inside the agency."""
    tickets: dict[Side, UUID] = {side: new_id() for side in SIDES}
    transaction = inside.transaction()
    await transaction.start()
    await world.enter(inside, world.actors["agency"])
    for side, ticket in tickets.items():
        await inside.execute(
            "INSERT INTO ticket_words (merchant_id, ticket_id, opened_at, words) "
            "VALUES ($1, $2, now() - interval '1 year', array_to_tsvector(string_to_array($3, ' ')))",
            world.merchants[side],
            ticket,
            f"退款 ~错发 #m{world.merchants[side].hex}",
        )
    yield tickets
    await transaction.rollback()


async def found(inside: asyncpg.Connection, *words: str) -> set[UUID]:
    return {row[0] for row in await inside.fetch(ASK, wanted(*words))}


@pytest.mark.parametrize(("actor", "sides"), [("agency", "ab"), ("merchant", "a"), ("staff", "a"), ("door", "")])
async def test_everybody_finds_within_their_fence(
    world: World, inside: asyncpg.Connection, said: dict[Side, UUID], actor: str, sides: str
) -> None:
    await world.enter(inside, world.actors[actor])
    assert await found(inside, "退款") == {ticket for side, ticket in said.items() if side in sides}


async def test_naming_another_merchant_widens_nothing(
    world: World, inside: asyncpg.Connection, said: dict[Side, UUID]
) -> None:
    for actor in ("merchant", "staff"):
        await world.enter(inside, world.actors[actor])
        assert await found(inside, f"#m{world.merchants['b'].hex}") == set()
        either = json.dumps([[["退款"], [f"#m{world.merchants['b'].hex}"]]])
        assert {row[0] for row in await inside.fetch(ASK, either)} == {said["a"]}


async def test_a_merchant_finds_nothing_by_inner_words(
    world: World, inside: asyncpg.Connection, said: dict[Side, UUID]
) -> None:
    await world.enter(inside, world.actors["staff"])
    assert await found(inside, "错发") == {said["a"]}
    await world.enter(inside, world.actors["merchant"])
    assert await found(inside, "错发") == set()
    assert await found(inside, "错*") == set()


@pytest.mark.parametrize("word", ["~错发", "~错*", "x' | '~错发", "x\\", "'"])
async def test_what_is_no_word_is_refused(
    world: World, inside: asyncpg.Connection, said: dict[Side, UUID], word: str
) -> None:
    await world.enter(inside, world.actors["merchant"])
    with pytest.raises(asyncpg.InvalidParameterValueError):
        async with inside.transaction():
            await found(inside, word)


async def test_without_a_context_there_is_no_answer(world: World, abroad: asyncpg.Connection) -> None:
    assert await abroad.fetch(ASK, wanted("退款")) == []


async def test_another_tenant_finds_its_own_only(
    world: World, abroad: asyncpg.Connection, said: dict[Side, UUID]
) -> None:
    async with abroad.transaction():
        token = await world.token(abroad, Context("agency"), role=world.other.role)
        await abroad.execute(f"SET LOCAL anshou.ctx = '{token}'")
        assert await abroad.fetch(ASK, wanted("退款")) == []
