"""Coming in by an invitation, and setting a new password by a link."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from anshou.people.accounts import Account, Side
from anshou.people.admitting import Newcomer
from anshou.people.delays import OF_LOGIN
from anshou.people.door import Door
from anshou.people.errors import (
    InvitationNotFound,
    InvitationOver,
    LoginTaken,
    PasswordLinkOver,
    PasswordUnfit,
    PermissionMissing,
)
from anshou.people.grants import Grant
from anshou.people.invitations import (
    LASTS,
    Acceptance,
    accept,
    invite,
    invite_first_administrator,
    open_invitations,
    revoke,
    visible_invitation,
)
from anshou.people.password_links import LASTS as LINK_LASTS
from anshou.people.password_links import issue_link, set_password, visible_link
from anshou.people.roles import Department, Role
from anshou.people.serving import Place, assigned_to
from anshou.people.signing_in import Admitted, SecondFactorAsked, TurnedAway
from tenants import shapes
from tests.cast import NOW, PASSWORD, Anhe
from tests.people.conftest import Acting
from tests.people.entering import attempt, enrol, enter, seen

NEW_PASSWORD = "another 马 battery staple"
ACCEPTED = Acceptance(name="钱多", login="Qian", password=NEW_PASSWORD)


def newcomer(*merchants: UUID) -> Newcomer:
    grants = (Grant(role=Role.SUPERVISOR, department=Department.QUALITY), Grant(role=Role.SERVICE_AGENT))
    return Newcomer(side=Side.STAFF, name="待填", email="qian@agency.example", grants=grants, merchants=merchants)


async def invited(acting: Acting, anhe: Anhe, who: Newcomer | None = None) -> str:
    async with acting(anhe.admin.context()) as session:
        _, token = await invite(session, who or newcomer(anhe.qinghe.id), by=anhe.admin, at=NOW)
    return token


async def test_the_invited_person_chooses_name_login_and_password_and_is_what_was_offered(
    door: Door, acting: Acting, anhe: Anhe
) -> None:
    token = await invited(acting, anhe)
    async with door.open() as session:
        assert (await visible_invitation(session, token, at=NOW)).newcomer == newcomer(anhe.qinghe.id)
    account = await accept(door, token, ACCEPTED, at=NOW)
    admitted = await attempt(door, "qian", NEW_PASSWORD)
    assert isinstance(admitted, Admitted)
    signed_in = await seen(door, admitted.token)
    assert signed_in is not None
    assert signed_in.person.name == "钱多"
    assert signed_in.person.roles == {Role.SUPERVISOR, Role.SERVICE_AGENT}
    assert signed_in.person.departments == {Department.QUALITY}
    async with acting(anhe.admin.context()) as session:
        assert await assigned_to(session, account.id) == [anhe.qinghe.id]


async def test_a_merchants_person_comes_in_at_their_merchants(door: Door, acting: Acting, anhe: Anhe) -> None:
    place = Place(merchant_id=anhe.qinghe.id, role=Role.MERCHANT_MEMBER)
    token = await invited(acting, anhe, Newcomer(side=Side.MERCHANT, name="小苗", places=(place,)))
    await accept(door, token, Acceptance(name="小苗", login="miao", password=NEW_PASSWORD), at=NOW)
    admitted = await attempt(door, "miao", NEW_PASSWORD)
    assert isinstance(admitted, Admitted)
    signed_in = await seen(door, admitted.token)
    assert signed_in is not None
    assert signed_in.person.merchant_id == anhe.qinghe.id
    assert signed_in.person.roles == {Role.MERCHANT_MEMBER}


async def test_an_invitation_is_good_once_even_for_two_at_once(door: Door, acting: Acting, anhe: Anhe) -> None:
    token = await invited(acting, anhe)
    others = [Acceptance(name="钱多", login=f"qian-{number}", password=NEW_PASSWORD) for number in range(3)]
    outcomes = await asyncio.gather(
        *(accept(door, token, acceptance, at=NOW) for acceptance in others), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Account", "InvitationOver", "InvitationOver"]
    with pytest.raises(InvitationOver):
        await accept(door, token, ACCEPTED, at=NOW)


async def test_an_invitation_expires_after_a_week(door: Door, acting: Acting, anhe: Anhe) -> None:
    token = await invited(acting, anhe)
    with pytest.raises(InvitationOver):
        await accept(door, token, ACCEPTED, at=NOW + LASTS)
    await accept(door, token, ACCEPTED, at=NOW + LASTS - timedelta(seconds=1))


async def test_a_revoked_invitation_is_over_and_listed_no_more(door: Door, acting: Acting, anhe: Anhe) -> None:
    token = await invited(acting, anhe)
    async with acting(anhe.admin.context()) as session:
        (listed,) = await open_invitations(session, by=anhe.admin, at=NOW)
        await revoke(session, listed.id, by=anhe.admin, at=NOW)
    async with acting(anhe.admin.context()) as session:
        assert await open_invitations(session, by=anhe.admin, at=NOW) == []
    with pytest.raises(InvitationOver):
        await accept(door, token, ACCEPTED, at=NOW)


async def test_an_accepted_invitation_cannot_be_revoked(door: Door, acting: Acting, anhe: Anhe) -> None:
    token = await invited(acting, anhe)
    async with acting(anhe.admin.context()) as session:
        (listed,) = await open_invitations(session, by=anhe.admin, at=NOW)
    await accept(door, token, ACCEPTED, at=NOW)
    with pytest.raises(InvitationOver):
        async with acting(anhe.admin.context()) as session:
            await revoke(session, listed.id, by=anhe.admin, at=NOW)


async def test_a_made_up_link_invites_nobody(door: Door, anhe: Anhe) -> None:
    with pytest.raises(InvitationNotFound):
        await accept(door, "made-up", ACCEPTED, at=NOW)


async def test_a_taken_login_or_weak_password_leaves_the_invitation_open(
    door: Door, acting: Acting, anhe: Anhe
) -> None:
    token = await invited(acting, anhe)
    with pytest.raises(LoginTaken):
        await accept(door, token, Acceptance(name="钱多", login="ADMIN", password=NEW_PASSWORD), at=NOW)
    with pytest.raises(PasswordUnfit):
        await accept(door, token, Acceptance(name="钱多", login="qian", password="qian12345678"), at=NOW)
    await accept(door, token, ACCEPTED, at=NOW)


async def test_two_newcomers_who_choose_one_login_at_once_do_not_both_get_it(
    door: Door, acting: Acting, anhe: Anhe
) -> None:
    tokens = [await invited(acting, anhe) for _ in range(3)]
    outcomes = await asyncio.gather(
        *(accept(door, token, ACCEPTED, at=NOW) for token in tokens), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Account", "LoginTaken", "LoginTaken"]


async def test_only_who_manages_people_invites(acting: Acting, anhe: Anhe) -> None:
    for person in (anhe.executive, anhe.account_manager, anhe.owner):
        with pytest.raises(PermissionMissing):
            async with acting(anhe.admin.context()) as session:
                await invite(session, newcomer(), by=person, at=NOW)


async def test_a_new_agency_begins_with_an_invitation_that_nobody_there_could_give(
    door: Door, acting: Acting, wiped: None
) -> None:
    admin = Newcomer(side=Side.STAFF, name="首位管理员", grants=(Grant(role=Role.AGENCY_ADMIN),))
    async with door.open() as session:
        _, token = await invite_first_administrator(session, admin, at=NOW)
    await accept(door, token, Acceptance(name="许静", login="admin", password=NEW_PASSWORD), at=NOW)
    assert isinstance(await attempt(door, "admin", NEW_PASSWORD), Admitted)


@pytest.mark.parametrize(
    ("offer", "path"),
    [
        ({"side": "staff", "name": "甲"}, "grants"),
        ({"side": "merchant", "name": "甲"}, "places"),
        ({"side": "staff", "name": "甲", "grants": [{"role": "merchant_owner"}]}, "grants[0].role"),
        ({"side": "staff", "name": "甲", "grants": [{"role": "specialist"}]}, "grants[0].department"),
        (
            {"side": "staff", "name": "甲", "grants": [{"role": "finance", "department": "finance"}]},
            "grants[0].department",
        ),
        ({"side": "staff", "name": "甲", "grants": [{"role": "finance"}], "email": "nowhere"}, "email"),
        (
            {"side": "merchant", "name": "甲", "places": [{"merchant_id": str(UUID(int=1)), "role": "auditor"}]},
            "places[0].role",
        ),
        ({"side": "merchant", "name": "甲", "places": [{"merchant_id": str(UUID(int=1))}] * 2}, "places"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused_at_its_field(offer: dict[str, object], path: str) -> None:
    with pytest.raises(shapes.ShapeInvalid) as refused:
        shapes.accept(Newcomer, offer)
    assert list(refused.value.fields) == [path]


async def link_for(acting: Acting, anhe: Anhe, account_id: UUID, *, resets_second_factor: bool = False) -> str:
    async with acting(anhe.admin.context()) as session:
        account = await session.get_one(Account, account_id)
        return await issue_link(session, account, by=anhe.admin, at=NOW, resets_second_factor=resets_second_factor)


async def test_a_password_link_sets_the_password_once_ends_sessions_and_forgives(
    door: Door, acting: Acting, anhe: Anhe
) -> None:
    _, token = await enter(door, "manager")
    for _ in range(OF_LOGIN.free):
        await attempt(door, "manager", "forgotten")
    link = await link_for(acting, anhe, anhe.account_manager.id)
    async with door.open() as session:
        assert (await visible_link(session, link, at=NOW))[1] == "manager"
    await set_password(door, link, NEW_PASSWORD, at=NOW)
    assert await seen(door, token) is None
    assert isinstance(await attempt(door, "manager", NEW_PASSWORD), Admitted)
    assert isinstance(await attempt(door, "manager", PASSWORD), TurnedAway)
    with pytest.raises(PasswordLinkOver):
        await set_password(door, link, PASSWORD, at=NOW)


async def test_of_two_uses_of_a_link_at_once_one_counts(door: Door, acting: Acting, anhe: Anhe) -> None:
    link = await link_for(acting, anhe, anhe.account_manager.id)
    outcomes = await asyncio.gather(
        *(set_password(door, link, f"password number {number} 字", at=NOW) for number in range(3)),
        return_exceptions=True,
    )
    assert sum(outcome is None for outcome in outcomes) == 1


async def test_a_link_ends_after_a_day_and_when_a_later_one_is_issued(door: Door, acting: Acting, anhe: Anhe) -> None:
    first = await link_for(acting, anhe, anhe.account_manager.id)
    second = await link_for(acting, anhe, anhe.account_manager.id)
    for link, at in ((first, NOW), (second, NOW + LINK_LASTS), ("made-up", NOW)):
        with pytest.raises(PasswordLinkOver):
            await set_password(door, link, NEW_PASSWORD, at=at)
    with pytest.raises(PasswordUnfit):
        await set_password(door, second, "short", at=NOW)
    await set_password(door, second, NEW_PASSWORD, at=NOW)


@pytest.mark.parametrize("resets", [True, False])
async def test_a_link_takes_the_second_factor_away_only_if_it_says_so(
    resets: bool, door: Door, acting: Acting, anhe: Anhe
) -> None:
    signed_in, _ = await enter(door, "manager")
    await enrol(door, signed_in)
    link = await link_for(acting, anhe, anhe.account_manager.id, resets_second_factor=resets)
    await set_password(door, link, NEW_PASSWORD, at=NOW)
    assert isinstance(await attempt(door, "manager", NEW_PASSWORD), Admitted if resets else SecondFactorAsked)
