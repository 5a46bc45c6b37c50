"""What of sign-in and people's rights the audit record holds."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Account, Side
from anshou.people.admitting import Newcomer
from anshou.people.agency import AgencySettings, change_settings
from anshou.people.api_keys import KeyRequest, make_key, revoke_key
from anshou.people.door import Door
from anshou.people.errors import PermissionMissing
from anshou.people.grants import Grant, set_grants
from anshou.people.invitations import invite, revoke
from anshou.people.roles import Role, Scope
from anshou.people.serving import set_assignments
from anshou.people.suspending import resume, suspend
from anshou.people.web_sessions import EndedBecause, end_session
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.people.entering import HERE, attempt, enrol, enter

Told = list[tuple[str, dict[str, Any]]]


async def told(session: AsyncSession) -> Told:
    """What the leaves say, in order, without who it was."""
    await write_leaves(session)
    leaves = await session.scalars(select(AuditLeaf).order_by(AuditLeaf.id))
    return [(leaf.action, {k: v for k, v in json.loads(leaf.body).items() if k != "actor"}) for leaf in leaves]


async def told_since(tenants: Tenants, tenant: Tenant, *actions: str) -> Told:
    async with tenants.session(tenant, AGENCY) as session:
        return [one for one in await told(session) if one[0].startswith(actions)]


async def test_who_came_in_and_who_did_not(tenants: Tenants, tenant: Tenant, door: Door, anhe: Anhe) -> None:
    for login, password in (("specialist", "wrong"), ("nobody-of-that-name", "wrong")):
        await attempt(door, login, password)
    signed_in, _ = await enter(door, "specialist")
    async with door.open() as session:
        await end_session(
            session,
            signed_in.session_id,
            of=signed_in.person.id,
            because=EndedBecause.SIGNED_OUT,
            at=NOW,
            by=signed_in.person.actor(),
        )
    said = await told_since(tenants, tenant, "sign_in", "session")
    failed = {"at": "password", "address": HERE.address, "blocked_until": None}
    assert said == [
        ("sign_in.failed", failed),
        ("sign_in.failed", failed),
        ("sign_in.succeeded", {"address": HERE.address, "second_factor": False}),
        ("session.ended", {"because": "signed_out", "session": str(signed_in.session_id)}),
    ]
    async with tenants.session(tenant, AGENCY) as session:
        leaves = await session.scalars(
            select(AuditLeaf).where(AuditLeaf.action.startswith("sign_in")).order_by(AuditLeaf.id)
        )
        known, unknown, came_in = leaves
    assert (known.subject_id, unknown.subject_id) == (anhe.specialist.id, None)
    assert (came_in.actor_id, came_in.actor_side) == (anhe.specialist.id, "agency")


async def test_a_lockout_is_recorded_when_it_begins(tenants: Tenants, tenant: Tenant, door: Door, anhe: Anhe) -> None:
    for _ in range(8):
        await attempt(door, "specialist", "wrong")
    blocked = [body["blocked_until"] for _, body in await told_since(tenants, tenant, "sign_in.failed")]
    assert blocked[:4] == [None] * 4
    assert blocked[-1] is not None
    assert len(blocked) == 5, "what is turned away unlooked at leaves nothing, or it could fill the record"


async def test_a_second_factor_is_recorded(tenants: Tenants, tenant: Tenant, door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "specialist")
    await enrol(door, signed_in)
    assert ("second_factor.changed", {"what": "enrolled"}) in await told_since(tenants, tenant, "second_factor")


async def test_what_an_administrator_changes_is_recorded(session: AsyncSession) -> None:
    anhe = await settle(session)
    admin = anhe.admin
    before = len(await told(session))
    account = await session.get_one(Account, anhe.specialist.id)
    await set_grants(session, account, [Grant(role=Role.AUDITOR)], by=admin, at=NOW)
    await set_assignments(session, account, [anhe.yunshan.id], by=admin, at=NOW)
    await set_assignments(session, account, [anhe.yunshan.id], by=admin, at=NOW)
    newcomer = Newcomer(side=Side.STAFF, name="新人", grants=(Grant(role=Role.FINANCE),))
    invitation, _ = await invite(session, newcomer, by=admin, at=NOW)
    await revoke(session, invitation.id, by=admin, at=NOW)
    wanted = KeyRequest(name="ERP", account_id=anhe.finance.id, scopes=(Scope.READ,))
    key, _ = await make_key(session, wanted, by=admin, at=NOW)
    await revoke_key(session, key.key_id, by=admin, at=NOW)
    await suspend(session, account, by=admin, at=NOW)
    await resume(session, account, by=admin, at=NOW)
    await change_settings(session, AgencySettings(name="安和"), by=admin, at=NOW)
    said = (await told(session))[before:]
    assert [code for code, _ in said] == [
        "person.roles_changed",
        "person.assignments_changed",
        "person.invited",
        "person.invitation_revoked",
        "api_key.made",
        "api_key.revoked",
        "person.suspended",
        "person.resumed",
        "settings.changed",
    ]
    assert said[0][1]["holds"] == ["auditor"]
    assert said[1][1] == {"lost": [], "gained": [str(anhe.yunshan.id)]}
    assert said[4][1] == {"account": str(anhe.finance.id), "scopes": ["read"]}


async def test_what_is_refused_leaves_no_leaf(session: AsyncSession) -> None:
    anhe = await settle(session)
    before = len(await told(session))
    with pytest.raises(PermissionMissing):
        await change_settings(session, AgencySettings(), by=anhe.specialist, at=NOW)
    assert len(await told(session)) == before


async def test_a_contract_in_force_is_recorded_for_its_merchant(session: AsyncSession) -> None:
    anhe = await settle(session)
    await write_leaves(session)
    leaves = await session.scalars(select(AuditLeaf).where(AuditLeaf.action == "contract.version_in_force"))
    assert {(leaf.merchant_id, leaf.subject_id) for leaf in leaves} == {
        (one.id, one.version_id) for one in (anhe.yunshan, anhe.qinghe)
    }
