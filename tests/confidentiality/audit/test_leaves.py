"""Leaves: in the transaction of the deed, readable by those they concern, changed by nobody."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.actions import Action, action
from confidentiality.audit.actors import Actor
from confidentiality.audit.encoding import LeafContent
from confidentiality.audit.leaves import AuditLeaf, record, write_leaves
from tenants.base import new_id
from tenants.context import AGENCY, DOOR, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.conftest import ActAs

NOW = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
TRIED = action("tests.tried", "试一试", plain=True)
SOMEBODY = Actor(new_id(), "沈清", "agency")


async def leaves(session: AsyncSession) -> list[AuditLeaf]:
    await write_leaves(session)
    return list(await session.scalars(select(AuditLeaf).order_by(AuditLeaf.id)))


async def test_a_leaf_says_who_did_what_and_when(session: AsyncSession) -> None:
    merchant, ticket, subject = new_id(), new_id(), new_id()
    receipt = await record(
        session, TRIED, actor=SOMEBODY, at=NOW, owner=merchant, subject=subject, ticket=ticket, body={"n": 1}
    )
    (leaf,) = await leaves(session)
    assert (leaf.id, leaf.leaf_hash) == (receipt.leaf_id, receipt.leaf_hash)
    assert (leaf.at, leaf.action, leaf.actor_id, leaf.actor_side) == (NOW, "tests.tried", SOMEBODY.id, "agency")
    assert (leaf.merchant_id, leaf.ticket_id, leaf.subject_id) == (merchant, ticket, subject)


async def test_what_rolls_back_leaves_no_leaf(tenants: Tenants, tenant: Tenant, session: AsyncSession) -> None:
    with pytest.raises(LookupError):
        async with tenants.session(tenant, AGENCY) as undone:
            await record(undone, TRIED, actor=SOMEBODY, at=NOW)
            raise LookupError
    assert await leaves(session) == []


async def test_what_a_savepoint_takes_back_takes_its_leaf_with_it(session: AsyncSession) -> None:
    async with session.begin_nested() as part:
        await record(session, TRIED, actor=SOMEBODY, at=NOW)
        await part.rollback()
    kept = await record(session, TRIED, actor=SOMEBODY, at=NOW)
    assert [leaf.id for leaf in await leaves(session)] == [kept.leaf_id]


async def test_the_edge_writes_what_was_recorded(tenants: Tenants, tenant: Tenant, wiped: None) -> None:
    async with tenants.session(tenant, DOOR) as session:
        at_the_door = await record(session, TRIED, actor=SOMEBODY, at=NOW)
        await tenants.switch(session, Context("staff", new_id()))
        inside = await record(session, TRIED, actor=SOMEBODY, at=NOW)
    async with tenants.session(tenant, AGENCY) as session:
        assert [leaf.id for leaf in await leaves(session)] == [at_the_door.leaf_id, inside.leaf_id]


async def test_a_merchant_sees_its_own_leaves_and_no_others(session: AsyncSession, act_as: ActAs) -> None:
    mine, other = new_id(), new_id()
    own = await record(session, TRIED, actor=SOMEBODY, at=NOW, owner=mine)
    await record(session, TRIED, actor=SOMEBODY, at=NOW, owner=other)
    await record(session, TRIED, actor=SOMEBODY, at=NOW)
    await act_as(Context("merchant", person=new_id(), merchant=mine))
    assert [leaf.id for leaf in await leaves(session)] == [own.leaf_id]


async def test_staff_and_the_door_leave_leaves_and_read_none(session: AsyncSession, act_as: ActAs) -> None:
    for context in (DOOR, Context("staff", new_id())):
        await act_as(context)
        await record(session, TRIED, actor=SOMEBODY, at=NOW)
        assert await leaves(session) == []


async def test_a_merchant_leaves_no_leaf_in_anothers_name(session: AsyncSession, act_as: ActAs) -> None:
    await act_as(Context("merchant", person=new_id(), merchant=new_id()))
    await record(session, TRIED, actor=SOMEBODY, at=NOW, owner=new_id())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await write_leaves(session)


@pytest.mark.parametrize("change", ["UPDATE audit_leaf SET at = now()", "DELETE FROM audit_leaf"])
async def test_the_login_changes_no_leaf(session: AsyncSession, change: str) -> None:
    await record(session, TRIED, actor=SOMEBODY, at=NOW)
    await write_leaves(session)
    with pytest.raises(DBAPIError):
        await session.execute(text(change))


def test_an_action_is_declared_once() -> None:
    assert action("tests.tried", "试一试", plain=True) == Action("tests.tried", "试一试", plain=True)
    with pytest.raises(ValueError, match="declared twice"):
        action("tests.tried", "别的")


def test_the_hash_is_the_tenants_and_covers_every_field() -> None:
    tenant = UUID(int=1)
    content = LeafContent(
        id=UUID(int=2),
        at=NOW,
        action="a",
        actor_id=UUID(int=3),
        actor_side="agency",
        merchant_id=None,
        subject_id=None,
        ticket_id=None,
        sealed_for=None,
        body=b"{}",
    )
    changes: list[dict[str, Any]] = [
        {"id": UUID(int=9)},
        {"at": NOW.replace(microsecond=1)},
        {"action": "b"},
        {"actor_id": UUID(int=9)},
        {"actor_side": "merchant"},
        {"merchant_id": UUID(int=9)},
        {"subject_id": UUID(int=9)},
        {"ticket_id": UUID(int=9)},
        {"sealed_for": UUID(int=9)},
        {"body": b"{} "},
    ]
    hashes = {replace(content, **change).hash(tenant) for change in changes}
    hashes |= {content.hash(tenant), content.hash(UUID(int=9))}
    assert len(hashes) == len(changes) + 2
