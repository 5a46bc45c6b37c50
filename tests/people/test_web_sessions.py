"""Sessions: how long they hold, what ends them, and for whom a person acts in them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from anshou.people.accounts import Account, Locale, choose_locale
from anshou.people.door import Door
from anshou.people.errors import MembershipNotFound, PasswordUnfit, ProofMissing, SessionNotFound
from anshou.people.grants import Grant, set_grants
from anshou.people.own_sign_in import CHANGE_PASSWORD, change_password
from anshou.people.roles import Department, Role
from anshou.people.serving import Place, set_places
from anshou.people.signing_in import Admitted, TurnedAway
from anshou.people.sweeping import SESSIONS_KEPT, sweep
from anshou.people.web_sessions import (
    EndedBecause,
    Origin,
    WebSession,
    act_for,
    end_session,
    end_sessions,
    list_sessions,
    rotate,
)
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe
from tests.people.entering import attempt, enter, proof_of, seen

MINUTE = timedelta(minutes=1)
NEW_PASSWORD = "another 马 battery staple"


async def test_a_session_ends_when_idle_too_long_and_lasts_while_used(door: Door, anhe: Anhe) -> None:
    _, token = await enter(door, "manager")
    used = NOW
    for _ in range(3):
        used += door.limits.idle - MINUTE
        assert await seen(door, token, at=used) is not None
    assert await seen(door, token, at=used + door.limits.idle) is None


async def test_a_session_ends_at_its_absolute_end_however_busy(door: Door, anhe: Anhe) -> None:
    _, token = await enter(door, "manager")
    used = NOW
    while used + timedelta(hours=7) < NOW + door.limits.absolute:
        used += timedelta(hours=7)
        assert await seen(door, token, at=used) is not None
    assert await seen(door, token, at=NOW + door.limits.absolute) is None


async def test_the_last_sight_is_written_once_a_minute_at_most(door: Door, anhe: Anhe) -> None:
    signed_in, token = await enter(door, "manager")

    async def last_seen() -> object:
        async with door.open() as session:
            return (await session.get_one(WebSession, signed_in.session_id)).last_seen_at

    await seen(door, token, at=NOW + timedelta(seconds=59))
    assert await last_seen() == NOW
    await seen(door, token, at=NOW + MINUTE)
    assert await last_seen() == NOW + MINUTE


async def test_the_token_is_kept_only_as_its_hash(door: Door, anhe: Anhe) -> None:
    signed_in, token = await enter(door, "manager")
    async with door.open() as session:
        kept = await session.get_one(WebSession, signed_in.session_id)
    assert len(kept.token_hash) == 32
    assert token.encode() not in kept.token_hash
    assert await seen(door, token[:-1]) is None
    assert await seen(door, "") is None


async def test_every_sign_in_has_a_token_of_its_own(door: Door, anhe: Anhe) -> None:
    _, first = await enter(door, "manager")
    _, second = await enter(door, "manager")
    assert first != second
    assert await seen(door, first) is not None


async def test_a_rotated_token_is_worth_nothing_any_more(door: Door, anhe: Anhe) -> None:
    signed_in, token = await enter(door, "manager")
    async with door.open() as session:
        renewed = await rotate(session, signed_in.session_id)
    assert await seen(door, token) is None
    assert await seen(door, renewed) == signed_in


async def test_a_person_lists_their_sessions_and_ends_one_or_all_others(door: Door, anhe: Anhe) -> None:
    phone, phone_token = await enter(door, "manager")
    desk, desk_token = await enter(door, "manager", at=NOW + MINUTE)
    laptop, laptop_token = await enter(door, "manager", at=NOW + 2 * MINUTE)
    at = NOW + 3 * MINUTE
    async with door.open() as session:
        listed = await list_sessions(session, desk.person, limits=door.limits, at=at)
        assert [entry.id for entry in listed] == [laptop.session_id, desk.session_id, phone.session_id]
        assert (listed[0].address, listed[0].agent) == ("203.0.113.7", "Firefox")
        await end_session(session, phone.session_id, of=desk.person.id, because=EndedBecause.REVOKED, at=at)
    assert await seen(door, phone_token, at=at) is None
    async with door.open() as session:
        ended = await end_sessions(session, of=desk.person.id, because=EndedBecause.REVOKED, at=at, but=desk.session_id)
    assert ended == 1
    assert await seen(door, laptop_token, at=at) is None
    assert await seen(door, desk_token, at=at) is not None


async def test_nobody_ends_anothers_session(door: Door, anhe: Anhe) -> None:
    theirs, token = await enter(door, "manager")
    with pytest.raises(SessionNotFound):
        async with door.open() as session:
            await end_session(session, theirs.session_id, of=anhe.member.id, because=EndedBecause.REVOKED, at=NOW)
    assert await seen(door, token) is not None


async def test_a_new_password_ends_the_other_sessions_and_the_old_password(door: Door, anhe: Anhe) -> None:
    _, elsewhere = await enter(door, "manager")
    signed_in, token = await enter(door, "manager")
    proof = await proof_of(door, signed_in, CHANGE_PASSWORD)
    renewed = await change_password(door, signed_in, NEW_PASSWORD, proof=proof, at=NOW)
    assert await seen(door, elsewhere) is None
    assert await seen(door, token) is None
    assert await seen(door, renewed) is not None
    assert isinstance(await attempt(door, "manager"), TurnedAway)
    assert isinstance(await attempt(door, "manager", NEW_PASSWORD), Admitted)


async def test_a_password_changes_by_a_proof_for_that_and_never_to_a_weak_one(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "manager")
    other = await proof_of(door, signed_in, "something_else")
    with pytest.raises(ProofMissing):
        await change_password(door, signed_in, NEW_PASSWORD, proof=other, at=NOW)
    proof = await proof_of(door, signed_in, CHANGE_PASSWORD)
    with pytest.raises(PasswordUnfit):
        await change_password(door, signed_in, "manager12345", proof=proof, at=NOW)
    assert isinstance(await attempt(door, "manager"), Admitted)


async def test_a_change_of_roles_ends_the_sessions_that_began_before(
    door: Door, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    _, token = await enter(door, "finance")
    later = NOW + MINUTE
    wanted = {Grant(role=Role.FINANCE), Grant(role=Role.SUPERVISOR, department=Department.FINANCE)}
    async with tenants.session(tenant, AGENCY) as session:
        account = await session.get_one(Account, anhe.finance.id)
        await set_grants(session, account, wanted, by=anhe.admin, at=later)
    assert await seen(door, token, at=later) is None
    signed_in, _ = await enter(door, "finance", at=later)
    assert signed_in.person.roles == {Role.FINANCE, Role.SUPERVISOR}
    assert signed_in.person.departments == {Department.FINANCE}


async def serve_both(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> None:
    places = [
        Place(merchant_id=anhe.yunshan.id, role=Role.MERCHANT_OWNER),
        Place(merchant_id=anhe.qinghe.id, role=Role.MERCHANT_MEMBER),
    ]
    async with tenants.session(tenant, AGENCY) as session:
        account = await session.get_one(Account, anhe.owner.id)
        await set_places(session, account, places, by=anhe.admin, at=NOW + MINUTE)


async def test_a_person_of_two_merchants_acts_for_one_at_a_time_with_the_role_they_have_there(
    door: Door, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    await serve_both(tenants, tenant, anhe)
    first, token = await enter(door, "yunshan-owner", at=NOW + MINUTE)
    assert first.merchant_ids == (anhe.yunshan.id, anhe.qinghe.id)
    assert first.person == anhe.owner
    async with door.open() as session:
        await act_for(session, first, anhe.qinghe.id)
    second = await seen(door, token, at=NOW + MINUTE)
    assert second is not None
    assert second.person.merchant_id == anhe.qinghe.id
    assert second.person.roles == {Role.MERCHANT_MEMBER}
    assert second.person.context().merchant == anhe.qinghe.id


async def test_nobody_acts_for_a_merchant_they_do_not_belong_to(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "yunshan-owner")
    for stranger in (anhe.qinghe.id, new_id()):
        with pytest.raises(MembershipNotFound):
            async with door.open() as session:
                await act_for(session, signed_in, stranger)


async def test_a_lost_place_ends_the_session_and_no_place_at_all_keeps_out(
    door: Door, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    await serve_both(tenants, tenant, anhe)
    first, token = await enter(door, "yunshan-owner", at=NOW + MINUTE)
    async with door.open() as session:
        await act_for(session, first, anhe.qinghe.id)
    at = NOW + 2 * MINUTE
    async with tenants.session(tenant, AGENCY) as session:
        account = await session.get_one(Account, anhe.owner.id)
        kept = [Place(merchant_id=anhe.yunshan.id, role=Role.MERCHANT_OWNER)]
        await set_places(session, account, kept, by=anhe.admin, at=at)
    assert await seen(door, token, at=at) is None
    again, _ = await enter(door, "yunshan-owner", at=at)
    assert again.merchant_ids == (anhe.yunshan.id,)
    async with tenants.session(tenant, AGENCY) as session:
        account = await session.get_one(Account, anhe.owner.id)
        await set_places(session, account, [], by=anhe.admin, at=at + MINUTE)
    assert isinstance(await attempt(door, "yunshan-owner", at=at + MINUTE), TurnedAway)


async def test_old_sessions_are_kept_half_a_year_as_the_record_of_who_signed_in(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "manager")
    async with door.open() as session:
        await end_session(
            session, signed_in.session_id, of=signed_in.person.id, because=EndedBecause.SIGNED_OUT, at=NOW
        )
    async with door.open() as session:
        assert await sweep(session, at=NOW + SESSIONS_KEPT - MINUTE) == 0
        assert await sweep(session, at=NOW + SESSIONS_KEPT + MINUTE) == 1
        assert (await session.scalars(select(WebSession))).all() == []


async def test_a_person_chooses_their_language(door: Door, anhe: Anhe) -> None:
    signed_in, token = await enter(door, "manager")
    async with door.open() as session:
        await choose_locale(session, signed_in.person, Locale.ENGLISH)
    after = await seen(door, token)
    assert after is not None
    assert after.person.locale == "en"


def test_an_agents_name_is_kept_short() -> None:
    assert Origin(address="203.0.113.7").agent == ""
