"""Who reads which rows of this room: cards are wide open, secrets are the door's, the rest is the agency's."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Account, Credential
from anshou.people.api_keys import ApiKey
from anshou.people.delays import Delay
from anshou.people.grants import RoleGrant
from anshou.people.invitations import Invitation
from anshou.people.password_links import PasswordLink
from anshou.people.passwords import Password
from anshou.people.person import Person
from anshou.people.second_factor import RecoveryCode, SecondFactor
from anshou.people.serving import Assignment, Membership
from anshou.people.signing_in import SignInChallenge
from anshou.people.web_sessions import WebSession
from tenants.base import Base
from tenants.context import AGENCY, Context
from tests.cast import NOW, settle
from tests.conftest import ActAs

DOOR = Context("door")
SECRETS = (Password, SecondFactor, RecoveryCode, Delay, SignInChallenge, WebSession)
ADMINISTRATION = (Invitation, PasswordLink, ApiKey)


async def ids(session: AsyncSession, act_as: ActAs, person: Person) -> set[object]:
    await act_as(person.context())
    return set(await session.scalars(select(Account.id)))


async def test_a_merchant_sees_staff_cards_and_own_colleagues_and_nobody_of_other_merchants(
    session: AsyncSession, act_as: ActAs
) -> None:
    cast = await settle(session)
    staff = {person.id for person in cast.staff.values()}
    assert await ids(session, act_as, cast.owner) == staff | {cast.owner.id, cast.member.id}
    assert await ids(session, act_as, cast.other_owner) == staff | {cast.other_owner.id}


async def test_the_agencys_people_see_all_cards(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    everybody = {person.id for person in cast.everybody.values()} | {cast.other_owner.id}
    for person in cast.staff.values():
        assert await ids(session, act_as, person) == everybody


async def test_logins_and_addresses_are_read_by_the_agency_and_by_their_owner(
    session: AsyncSession, act_as: ActAs
) -> None:
    cast = await settle(session)
    for person in (cast.owner, cast.member, cast.account_manager):
        await act_as(person.context())
        assert list(await session.scalars(select(Credential.account_id))) == [person.id]
    await act_as(cast.admin.context())
    assert await session.scalar(select(func.count()).select_from(Credential)) == 11


async def test_secrets_are_the_doors_alone(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    await act_as(DOOR)
    assert await session.scalar(select(func.count()).select_from(Password)) == 11
    session.add(SecondFactor(account_id=cast.admin.id, pending_seed=b"x", pending_since=NOW))
    session.add(RecoveryCode(account_id=cast.admin.id, code_hash=b"x", made_at=NOW))
    session.add(Delay(subject="login:x", failures=1, last_failed_at=NOW))
    for token, table in ((b"1", SignInChallenge), (b"2", WebSession)):
        values: dict[str, object] = {"account_id": cast.admin.id, "token_hash": token, "expires_at": NOW}
        if table is SignInChallenge:
            values |= {"asked_at": NOW}
        else:
            values |= {
                "signed_in_at": NOW,
                "second_factor": False,
                "last_seen_at": NOW,
                "address": "",
                "agent": "",
            }
        session.add(table(**values))
    await session.flush()
    for context in (cast.admin.context(), cast.account_manager.context(), cast.owner.context()):
        await act_as(context)
        for table in SECRETS:
            assert await session.scalar(select(func.count()).select_from(table)) == 0, (context.scope, table)


async def test_the_agency_gives_a_first_password_and_replaces_none(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    await act_as(AGENCY)
    changed = await session.execute(text("UPDATE password SET hash = 'mine'"))
    assert changed.rowcount == 0  # type: ignore[attr-defined]
    removed = await session.execute(text("DELETE FROM password"))
    assert removed.rowcount == 0  # type: ignore[attr-defined]
    await act_as(cast.owner.context())
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with session.begin_nested():
            await session.execute(
                text("INSERT INTO password (account_id, hash, set_at) VALUES (gen_random_uuid(), 'x', now())")
            )


@pytest.mark.parametrize("table", [*ADMINISTRATION, RoleGrant])
async def test_merchants_see_nothing_of_the_administration(
    table: type[Base], session: AsyncSession, act_as: ActAs
) -> None:
    cast = await settle(session)
    session.add(Invitation(token_hash=b"1", offer={}, invited_at=NOW, expires_at=NOW))
    session.add(
        PasswordLink(
            account_id=cast.owner.id, token_hash=b"2", resets_second_factor=False, issued_at=NOW, expires_at=NOW
        )
    )
    session.add(ApiKey(account_id=cast.owner.id, key_id="k", secret_hash=b"3", name="x", scopes=["read"], made_at=NOW))
    await session.flush()
    assert await session.scalar(select(func.count()).select_from(table))
    await act_as(cast.owner.context())
    assert await session.scalar(select(func.count()).select_from(table)) == 0
    await act_as(cast.account_manager.context())
    readable = table is RoleGrant
    assert bool(await session.scalar(select(func.count()).select_from(table))) is readable


async def test_who_serves_and_who_belongs_is_seen_within_the_merchant(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    await act_as(cast.other_owner.context())
    assert set(await session.scalars(select(Assignment.merchant_id))) == {cast.qinghe.id}
    assert set(await session.scalars(select(Membership.account_id))) == {cast.other_owner.id}
    await act_as(cast.account_manager.context())
    assert set(await session.scalars(select(Membership.merchant_id))) == {cast.yunshan.id}


@pytest.mark.parametrize("who", ["owner", "account_manager"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO assignment (merchant_id, account_id, assigned_at) VALUES (:qinghe, :me, now())",
        "INSERT INTO membership (merchant_id, account_id, role, joined_at) "
        "VALUES (:qinghe, :me, 'merchant_owner', now())",
        "INSERT INTO role_grant (id, account_id, role, granted_at) "
        "VALUES (gen_random_uuid(), :me, 'agency_admin', now())",
        "INSERT INTO account (id, side, name, title, locale, created_at) "
        "VALUES (gen_random_uuid(), 'staff', 'x', '', 'zh-CN', now())",
    ],
)
async def test_nobody_lets_themselves_in(who: str, statement: str, session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    person: Person = getattr(cast, who)
    await act_as(person.context())
    wanted = {"qinghe": cast.qinghe.id, "me": person.id}
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with session.begin_nested():
            await session.execute(
                text(statement).bindparams(**{name: value for name, value in wanted.items() if f":{name}" in statement})
            )


async def test_nobody_changes_their_own_card_but_at_the_door(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    for person in (cast.owner, cast.account_manager):
        await act_as(person.context())
        changed = await session.execute(text("UPDATE account SET suspended_at = now()"))
        assert changed.rowcount == 0  # type: ignore[attr-defined]
