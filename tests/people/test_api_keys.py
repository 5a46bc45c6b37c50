"""API keys: shown once, narrowed to their scopes, gone when they or their account are."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from anshou.people.accounts import Account
from anshou.people.api_keys import ApiKey, Keyed, KeyRequest, find_keyed, list_keys, make_key, revoke_key
from anshou.people.door import Door
from anshou.people.errors import AccountNotFound, ApiKeyNotFound, PermissionMissing
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.roles import Role, Scope
from anshou.people.serving import Place, set_places
from anshou.people.suspending import suspend
from tenants.base import new_id
from tests.cast import NOW, Anhe
from tests.people.conftest import Acting

MINUTE = timedelta(minutes=1)


async def key_for(acting: Acting, anhe: Anhe, person: Person, **more: object) -> str:
    wanted = KeyRequest(name="报表", account_id=person.id, scopes=(Scope.READ,), **more)  # type: ignore[arg-type]
    async with acting(anhe.admin.context()) as session:
        _, text = await make_key(session, wanted, by=anhe.admin, at=NOW)
    return text


async def keyed(door: Door, text: str, *, after: timedelta = timedelta(0)) -> Keyed | None:
    async with door.open() as session:
        return await find_keyed(session, text, at=NOW + after)


async def test_a_key_acts_as_its_account_within_its_scopes(door: Door, acting: Acting, anhe: Anhe) -> None:
    found = await keyed(door, await key_for(acting, anhe, anhe.service_agent))
    assert found is not None
    assert found.person.id == anhe.service_agent.id
    assert found.person.context() == anhe.service_agent.context()
    assert allows(found.person, Permission.READ_TICKETS)
    assert not allows(found.person, Permission.ACCEPT_TICKET)


async def test_a_merchants_key_stays_with_its_merchant(door: Door, acting: Acting, anhe: Anhe) -> None:
    text = await key_for(acting, anhe, anhe.owner)
    found = await keyed(door, text)
    assert found is not None
    assert found.person.merchant_id == anhe.yunshan.id
    moved = [Place(merchant_id=anhe.qinghe.id, role=Role.MERCHANT_OWNER)]
    async with acting(anhe.admin.context()) as session:
        account = await session.get_one(Account, anhe.owner.id)
        await set_places(session, account, moved, by=anhe.admin, at=NOW)
    assert await keyed(door, text) is None


async def test_a_key_is_kept_only_as_a_hash(acting: Acting, anhe: Anhe) -> None:
    text = await key_for(acting, anhe, anhe.service_agent)
    _, code, key_id, secret = text.split("_")
    assert code == "anhe"
    async with acting(anhe.admin.context()) as session:
        kept = await session.scalar(select(ApiKey))
    assert kept is not None
    assert kept.key_id == key_id
    assert secret.encode() not in kept.secret_hash


async def test_only_the_whole_key_is_accepted(door: Door, acting: Acting, anhe: Anhe) -> None:
    text = await key_for(acting, anhe, anhe.service_agent)
    other = await key_for(acting, anhe, anhe.executive)
    *_, key_id, _ = text.split("_")
    other_secret = other.split("_")[-1]
    for worthless in ("", "anshou", text[:-1], text + "a", text.upper(), f"anshou_anhe_{key_id}_{other_secret}"):
        assert await keyed(door, worthless) is None


async def test_a_key_ends_when_it_expires_is_revoked_or_its_account_is_suspended(
    door: Door, acting: Acting, anhe: Anhe
) -> None:
    expiring = await key_for(acting, anhe, anhe.service_agent, expires_at=NOW + MINUTE)
    assert await keyed(door, expiring) is not None
    assert await keyed(door, expiring, after=MINUTE) is None
    revoked = await key_for(acting, anhe, anhe.service_agent)
    async with acting(anhe.admin.context()) as session:
        await revoke_key(session, revoked.split("_")[2], by=anhe.admin, at=NOW)
    assert await keyed(door, revoked) is None
    orphaned = await key_for(acting, anhe, anhe.service_agent)
    async with acting(anhe.admin.context()) as session:
        account = await session.get_one(Account, anhe.service_agent.id)
        await suspend(session, account, by=anhe.admin, at=NOW)
    assert await keyed(door, orphaned) is None


async def test_the_last_use_is_noted_once_a_minute_at_most(door: Door, acting: Acting, anhe: Anhe) -> None:
    text = await key_for(acting, anhe, anhe.service_agent)

    async def noted() -> object:
        async with acting(anhe.admin.context()) as session:
            return (await list_keys(session, by=anhe.admin))[0].last_used_at

    assert await noted() is None
    await keyed(door, text)
    await keyed(door, text, after=MINUTE / 2)
    assert await noted() == NOW
    await keyed(door, text, after=MINUTE)
    assert await noted() == NOW + MINUTE


async def test_keys_are_the_administrators_and_never_for_nobody(acting: Acting, anhe: Anhe) -> None:
    wanted = KeyRequest(name="报表", account_id=anhe.service_agent.id, scopes=(Scope.READ,))
    with pytest.raises(PermissionMissing):
        async with acting(anhe.executive.context()) as session:
            await make_key(session, wanted, by=anhe.executive, at=NOW)
    for account_id, merchant_id in ((new_id(), None), (anhe.owner.id, anhe.qinghe.id)):
        impossible = KeyRequest(name="报表", account_id=account_id, scopes=(Scope.READ,), acting_for=merchant_id)
        with pytest.raises(AccountNotFound):
            async with acting(anhe.admin.context()) as session:
                await make_key(session, impossible, by=anhe.admin, at=NOW)
    with pytest.raises(ApiKeyNotFound):
        async with acting(anhe.admin.context()) as session:
            await revoke_key(session, "aaaaaaaaaaaa", by=anhe.admin, at=NOW)
