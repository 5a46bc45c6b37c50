"""Every table x {select, insert, update, delete, upsert, copy} x {another merchant, another tenant}.

The tables are those of the catalog, so a new one is covered as soon as its migration is there.
"""

import re
from collections.abc import Collection

import asyncpg
import pytest

from tests.database import present_snapshot
from tests.isolation.probes import OPERATIONS, READS, REFUSALS, WRITES, Outcome, observe, observe_abroad
from tests.isolation.world import SIDES, Table, World

TABLES = sorted(set(re.findall(r"^CREATE TABLE (\w+)", present_snapshot().sql, re.MULTILINE)))

# What is meant to be reached beyond one's own merchant, and why: (table, actor) -> operations.
SHARED: dict[tuple[str, str], Collection[str]] = {
    # Colleagues know who serves whom.
    ("assignment", "staff"): READS,
    # Who signs in chooses among the merchants they serve, and who accepts an invitation begins to serve them.
    ("membership", "door"): OPERATIONS,
    ("assignment", "door"): OPERATIONS,
    # Who reports a problem takes the next number of the agency's one series.
    ("ticket_series", "merchant"): ("insert", "update", "upsert"),
    # Whose answer changes a month's figures says that they are to be counted anew, and nothing else.
    ("stale_month", "merchant"): ("insert",),
}


def reached(outcome: Outcome) -> bool:
    """Whether an operation got past the fence: it touched rows, or failed later, at a duplicate key for instance."""
    return outcome not in (0, *REFUSALS)


async def leaks(world: World, inside: asyncpg.Connection, table: Table) -> list[str]:
    """What actors of the tenant reach in the table that is not theirs."""
    attempts: list[tuple[str, str]] = [("nobody", operation) for operation in OPERATIONS]
    if table.owner_column:
        attempts += [("merchant", operation) for operation in OPERATIONS]
    else:
        attempts += [("merchant", operation) for operation in WRITES]
    if table.merchant_column:
        attempts += [(actor, operation) for actor in ("staff", "door") for operation in OPERATIONS]
    found = []
    for actor, operation in attempts:
        if operation in SHARED.get((table.name, actor), ()):
            continue
        outcome = await observe(world, inside, table, actor, "b", operation)
        if reached(outcome):
            found.append(f"{actor} may {operation} {table.name}: {outcome}")
    return found


async def blocks(world: World, inside: asyncpg.Connection, table: Table) -> list[str]:
    """What should work in the table and does not: the tests above would be green if nothing ever worked."""
    missing = []
    for operation in OPERATIONS:
        if operation in ("copy in", "give away"):
            continue
        for side in SIDES:
            outcomes = [await observe(world, inside, table, actor, side, operation) for actor in ("agency", "door")]
            privilege = {"copy out": "select", "upsert": "insert, update"}.get(operation, operation)
            granted = [
                await inside.fetchval("SELECT has_table_privilege($1, $2)", f'"{table.name}"', word)
                for word in privilege.split(", ")
            ]
            if all(granted) and not any(reached(outcome) for outcome in outcomes):
                missing.append(f"neither agency nor door may {operation} {table.name} of {side}: {outcomes}")
    return missing


def test_the_tables_tried_are_those_there_are(world: World) -> None:
    assert sorted(world.tables) == TABLES


@pytest.mark.parametrize("name", TABLES)
async def test_nobody_reaches_another_merchants_rows(world: World, inside: asyncpg.Connection, name: str) -> None:
    assert await leaks(world, inside, world.tables[name]) == []


@pytest.mark.parametrize("name", TABLES)
async def test_who_may_reaches_them(world: World, inside: asyncpg.Connection, name: str) -> None:
    assert await blocks(world, inside, world.tables[name]) == []


@pytest.mark.parametrize("name", TABLES)
async def test_another_tenant_is_refused_by_privilege(world: World, abroad: asyncpg.Connection, name: str) -> None:
    for side in SIDES:
        outcomes = {
            operation: await observe_abroad(world, abroad, world.tables[name], side, operation)
            for operation in OPERATIONS
            if operation != "give away" or world.tables[name].owner_column
        }
        assert set(outcomes.values()) == {"42501"}, outcomes
