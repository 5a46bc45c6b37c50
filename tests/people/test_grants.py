"""Roles, assignments and the care that an agency is never left without an administrator."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Account, Card, Side, change_card, visible_account
from anshou.people.agency import AgencySettings, change_settings, read_settings
from anshou.people.cards import colleagues, list_people, names_of, reach_of
from anshou.people.errors import (
    AccountNotFound,
    LastAdministrator,
    LoginTaken,
    OwnAccount,
    PermissionMissing,
    WrongSide,
)
from anshou.people.grants import Grant, grants_of, holders, set_grants
from anshou.people.person import SYSTEM
from anshou.people.persons import find_person
from anshou.people.roles import Department, Role
from anshou.people.serving import Place, serving, set_assignments, set_places, working_for
from anshou.people.suspending import suspend
from tenants.base import new_id
from tenants.shapes import ShapeInvalid, accept
from tests.cast import NOW, Anhe, settle, staff
from tests.conftest import ActAs
from tests.people.conftest import Acting

ADMIN = Grant(role=Role.AGENCY_ADMIN)


async def account_of(session: AsyncSession, person_id: object) -> Account:
    return await session.get_one(Account, person_id)


async def test_roles_are_set_as_a_whole(session: AsyncSession) -> None:
    cast = await settle(session)
    account = await account_of(session, cast.specialist.id)
    wanted = {
        Grant(role=Role.SPECIALIST, department=Department.LOGISTICS),
        Grant(role=Role.SPECIALIST, department=Department.OPERATIONS),
    }
    await set_grants(session, account, wanted, by=cast.admin, at=NOW)
    assert await grants_of(session, account.id) == wanted
    person = await find_person(session, account.id)
    assert person is not None
    assert person.departments == {Department.LOGISTICS, Department.OPERATIONS}


async def test_the_same_roles_again_change_nothing(session: AsyncSession) -> None:
    cast = await settle(session)
    account = await account_of(session, cast.finance.id)
    await set_grants(session, account, [Grant(role=Role.FINANCE)], by=cast.admin, at=NOW)
    assert account.privileges_changed_at is None


async def test_the_last_administrator_stays(session: AsyncSession) -> None:
    cast = await settle(session)
    admin = await account_of(session, cast.admin.id)
    with pytest.raises(LastAdministrator):
        async with session.begin_nested():
            await set_grants(session, admin, [Grant(role=Role.AUDITOR)], by=cast.admin, at=NOW)
    await session.refresh(admin)
    with pytest.raises(OwnAccount):
        await suspend(session, admin, by=cast.admin, at=NOW)


async def test_two_administrators_cannot_suspend_each_other_at_once(acting: Acting, anhe: Anhe) -> None:
    async with acting(anhe.admin.context()) as session:
        second = await staff(session, "齐明", "second-admin", Role.AGENCY_ADMIN)

    async def suspends(one: object, other: object) -> None:
        by = anhe.admin if one == anhe.admin.id else second
        async with acting(by.context()) as session:
            await suspend(session, await account_of(session, other), by=by, at=NOW)

    outcomes = await asyncio.gather(
        suspends(anhe.admin.id, second.id), suspends(second.id, anhe.admin.id), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastAdministrator", "NoneType"]


async def test_the_two_sides_do_not_mix(session: AsyncSession) -> None:
    cast = await settle(session)
    owner, finance = await account_of(session, cast.owner.id), await account_of(session, cast.finance.id)
    with pytest.raises(WrongSide):
        await set_grants(session, owner, [ADMIN], by=cast.admin, at=NOW)
    with pytest.raises(WrongSide):
        await set_assignments(session, owner, [cast.qinghe.id], by=cast.admin, at=NOW)
    with pytest.raises(WrongSide):
        await set_places(session, finance, [Place(merchant_id=cast.qinghe.id)], by=cast.admin, at=NOW)


async def test_only_administrators_change_roles_assignments_and_places(session: AsyncSession) -> None:
    cast = await settle(session)
    account = await account_of(session, cast.finance.id)
    for person in (cast.executive, cast.supervisor, cast.account_manager, cast.owner):
        with pytest.raises(PermissionMissing):
            await set_grants(session, account, [ADMIN], by=person, at=NOW)
        with pytest.raises(PermissionMissing):
            await set_assignments(session, account, [cast.qinghe.id], by=person, at=NOW)
        with pytest.raises(PermissionMissing):
            await suspend(session, account, by=person, at=NOW)


async def test_holders_of_a_role_are_those_who_can_sign_in(session: AsyncSession) -> None:
    cast = await settle(session)
    assert await holders(session, Role.SUPERVISOR) == [cast.supervisor.id]
    assert await holders(session, Role.SUPERVISOR, Department.OPERATIONS) == [cast.supervisor.id]
    assert await holders(session, Role.SUPERVISOR, Department.QUALITY) == []
    await suspend(session, await account_of(session, cast.supervisor.id), by=cast.admin, at=NOW)
    assert await holders(session, Role.SUPERVISOR) == []


async def test_who_serves_a_merchant_and_who_works_for_it(session: AsyncSession) -> None:
    cast = await settle(session)
    assert {card.id for card in await serving(session, cast.yunshan.id)} == {
        cast.account_manager.id,
        cast.service_agent.id,
    }
    await set_assignments(
        session, await account_of(session, cast.account_manager.id), [cast.qinghe.id], by=cast.admin, at=NOW
    )
    assert [card.id for card in await serving(session, cast.yunshan.id)] == [cast.service_agent.id]
    assert {card.id for card in await working_for(session, cast.yunshan.id)} == {cast.owner.id, cast.member.id}
    assert [card.id for card in await working_for(session, cast.yunshan.id, Role.MERCHANT_OWNER)] == [cast.owner.id]


async def test_cards_name_people_and_say_where_notices_go(session: AsyncSession) -> None:
    cast = await settle(session)
    names = await names_of(session, [cast.owner.id, cast.finance.id])
    assert names == {cast.owner.id: "云飞", cast.finance.id: "方萍", SYSTEM.id: "系统"}
    (reach,) = await reach_of(session, [cast.finance.id])
    assert (reach.email, reach.locale) == ("finance@agency.example", "zh-CN")
    technicians = await colleagues(session, role=Role.SPECIALIST, department=Department.TECHNICAL_SUPPORT)
    assert [colleague.id for colleague in technicians] == [cast.specialist.id]
    at_qinghe = await colleagues(session, merchant_id=cast.qinghe.id)
    assert [colleague.id for colleague in at_qinghe] == [cast.service_agent.id]


async def test_the_list_of_people_is_paged_by_name(session: AsyncSession) -> None:
    cast = await settle(session)
    everybody = await list_people(session, Side.STAFF, by=cast.admin)
    assert {entry.id for entry in everybody} == {person.id for person in cast.staff.values()}
    manager = next(entry for entry in everybody if entry.id == cast.account_manager.id)
    assert manager.grants == (Grant(role=Role.ACCOUNT_MANAGER),)
    assert manager.merchant_ids == (cast.yunshan.id,)
    pages = []
    after = None
    while page := await list_people(session, Side.STAFF, by=cast.admin, after=after, limit=3):
        pages.extend(page)
        after = (page[-1].name, page[-1].id)
    assert pages == everybody
    merchants = await list_people(session, Side.MERCHANT, by=cast.admin)
    owner = next(entry for entry in merchants if entry.id == cast.owner.id)
    assert owner.places == (Place(merchant_id=cast.yunshan.id, role=Role.MERCHANT_OWNER),)


async def test_a_card_is_changed_by_administrators_and_a_login_stays_unique(
    session: AsyncSession, act_as: ActAs
) -> None:
    cast = await settle(session)
    await act_as(cast.admin.context())
    account = await visible_account(session, cast.finance.id, by=cast.admin)
    await change_card(session, account, Card(name="方萍萍", login="Fang"), by=cast.admin)
    await session.flush()
    assert (account.name, account.credential.login, account.credential.email) == ("方萍萍", "fang", None)
    with pytest.raises(LoginTaken):
        await change_card(session, account, Card(name="方萍萍", login="Manager"), by=cast.admin)
    with pytest.raises(AccountNotFound):
        await visible_account(session, new_id(), by=cast.admin)


async def test_the_agency_sets_itself_up(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    assert (await read_settings(session)).zone.key == "Asia/Shanghai"
    wanted = AgencySettings(name="安和电商", time_zone="Asia/Urumqi", reopen_days=7)
    with pytest.raises(PermissionMissing):
        await change_settings(session, wanted, by=cast.executive, at=NOW)
    await change_settings(session, wanted, by=cast.admin, at=NOW)
    await change_settings(session, wanted, by=cast.admin, at=NOW)
    for person in (cast.owner, cast.account_manager, cast.auditor):
        await act_as(person.context())
        assert await read_settings(session) == wanted
    with pytest.raises(ShapeInvalid, match="没有“Mars/Base”这个时区"):
        accept(AgencySettings, {"time_zone": "Mars/Base"})
