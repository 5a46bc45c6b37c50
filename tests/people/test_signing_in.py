"""Signing in with login and password: who gets in, who waits, and what nobody learns."""

import asyncio
from datetime import timedelta

import argon2
import pytest
from sqlalchemy import select, update

from anshou.people.accounts import Account
from anshou.people.delays import OF_ADDRESS, OF_LOGIN, Backoff, address_subject
from anshou.people.door import Door
from anshou.people.errors import PasswordUnfit
from anshou.people.passwords import Password, Passwords, check_password
from anshou.people.signing_in import Admitted, TurnedAway
from anshou.people.suspending import resume, suspend
from anshou.people.sweeping import sweep
from anshou.people.web_sessions import Origin
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import HASHER, NOW, PASSWORD, Anhe
from tests.people.entering import HERE, attempt, enter, seen

SECOND = timedelta(seconds=1)


async def test_everybody_of_the_cast_signs_in_as_who_they_are(door: Door, anhe: Anhe) -> None:
    logins = {
        "manager": anhe.account_manager,
        "admin": anhe.admin,
        "supervisor": anhe.supervisor,
        "yunshan-owner": anhe.owner,
        "yunshan-member": anhe.member,
    }
    for login, person in logins.items():
        signed_in, _ = await enter(door, login)
        assert signed_in.person == person


async def test_width_and_case_of_the_login_do_not_matter(door: Door, anhe: Anhe) -> None:
    assert isinstance(await attempt(door, " Ｍanager "), Admitted)


async def test_wrong_password_unknown_login_and_suspended_account_are_answered_alike(
    door: Door, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        await suspend(session, await session.get_one(Account, anhe.finance.id), by=anhe.admin, at=NOW)
    wrong = await attempt(door, "manager", "wrong")
    unknown = await attempt(door, "nobody", "wrong")
    suspended = await attempt(door, "finance")
    assert isinstance(wrong, TurnedAway)
    assert wrong == unknown == suspended
    assert wrong.retry_at is None


async def test_a_suspended_person_is_out_at_once_and_comes_back_by_signing_in_anew(
    door: Door, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    _, token = await enter(door, "finance")
    async with tenants.session(tenant, AGENCY) as session:
        await suspend(session, await session.get_one(Account, anhe.finance.id), by=anhe.admin, at=NOW + SECOND)
    assert await seen(door, token, at=NOW + SECOND) is None
    async with tenants.session(tenant, AGENCY) as session:
        await resume(session, await session.get_one(Account, anhe.finance.id), by=anhe.admin, at=NOW + 2 * SECOND)
    assert await seen(door, token, at=NOW + 2 * SECOND) is None
    assert isinstance(await attempt(door, "finance", at=NOW + 2 * SECOND), Admitted)


async def fail(door: Door, times: int, login: str = "manager", origin: Origin = HERE) -> None:
    for _ in range(times):
        turned_away = await attempt(door, login, "wrong", origin=origin)
        assert isinstance(turned_away, TurnedAway)
        assert turned_away.retry_at is None


async def test_after_five_failures_even_the_right_password_waits_fifteen_seconds(door: Door, anhe: Anhe) -> None:
    await fail(door, 5)
    blocked = await attempt(door, "manager")
    assert isinstance(blocked, TurnedAway)
    assert blocked.retry_at == NOW + OF_LOGIN.first
    assert isinstance(await attempt(door, "manager", at=NOW + OF_LOGIN.first - SECOND), TurnedAway)
    assert isinstance(await attempt(door, "manager", at=NOW + OF_LOGIN.first), Admitted)


async def test_each_further_failure_doubles_the_delay_and_attempts_in_between_do_not(door: Door, anhe: Anhe) -> None:
    await fail(door, 5)
    for _ in range(3):
        await attempt(door, "manager", "wrong", at=NOW + SECOND)
    later = NOW + OF_LOGIN.first
    await attempt(door, "manager", "wrong", at=later)
    blocked = await attempt(door, "manager", at=later + SECOND)
    assert isinstance(blocked, TurnedAway)
    assert blocked.retry_at == later + 2 * OF_LOGIN.first


async def test_success_forgives(door: Door, anhe: Anhe) -> None:
    await fail(door, 4)
    await enter(door, "manager")
    await fail(door, 4)
    await enter(door, "manager")


async def test_failures_on_an_unknown_login_are_delayed_just_as_well(door: Door, anhe: Anhe) -> None:
    await fail(door, 5, "nobody")
    blocked = await attempt(door, "nobody", "wrong")
    assert isinstance(blocked, TurnedAway)
    assert blocked.retry_at == NOW + OF_LOGIN.first


async def test_the_others_are_not_delayed_but_an_address_with_many_failures_is(door: Door, anhe: Anhe) -> None:
    await fail(door, 5)
    await enter(door, "admin")
    for number in range(OF_ADDRESS.free - 5):
        await fail(door, 1, f"guess-{number}")
    blocked = await attempt(door, "admin")
    assert isinstance(blocked, TurnedAway)
    assert blocked.retry_at == NOW + OF_ADDRESS.first
    elsewhere = await attempt(door, "admin", origin=Origin(address="198.51.100.1"))
    assert isinstance(elsewhere, Admitted)


async def test_many_guesses_at_once_count_as_many(door: Door, anhe: Anhe) -> None:
    guesses = await asyncio.gather(*(attempt(door, "manager", f"guess {number}") for number in range(12)))
    looked_at = [guess for guess in guesses if isinstance(guess, TurnedAway) and guess.retry_at is None]
    assert len(looked_at) == OF_LOGIN.free


async def test_counts_are_forgotten_after_a_day(door: Door, anhe: Anhe) -> None:
    await fail(door, 5)
    tomorrow = NOW + OF_LOGIN.forgotten_after + SECOND
    for _ in range(4):
        turned_away = await attempt(door, "manager", "wrong", at=tomorrow)
        assert isinstance(turned_away, TurnedAway)
        assert turned_away.retry_at is None
    assert isinstance(await attempt(door, "manager", at=tomorrow), Admitted)
    async with door.open() as session:
        assert await sweep(session, at=tomorrow + OF_LOGIN.forgotten_after + SECOND) == 1


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 15), (6, 30), (9, 240), (10, 480), (11, 900), (1000, 900)]
)
def test_the_delay_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert OF_LOGIN.delay(failures).total_seconds() == seconds


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("203.0.113.7", "address:203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "address:2001:db8:1:2::/64"),
        ("", "address:"),
    ],
)
def test_failures_count_against_an_address_or_an_ipv6_network(address: str, subject: str) -> None:
    assert address_subject(address) == subject


def test_a_delay_ends_by_itself() -> None:
    backoff = Backoff(free=1, first=timedelta(seconds=10), longest=timedelta(seconds=10))
    assert backoff.blocked_until(3, NOW, NOW + 9 * SECOND) == NOW + 10 * SECOND
    assert backoff.blocked_until(3, NOW, NOW + 10 * SECOND) is None


async def test_a_password_kept_at_other_costs_is_kept_anew_at_todays(door: Door, anhe: Anhe) -> None:
    outdated = argon2.PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with door.open() as session:
        await session.execute(update(Password).where(Password.account_id == anhe.admin.id).values(hash=outdated))
    await enter(door, "admin")
    async with door.open() as session:
        kept = await session.scalar(select(Password.hash).where(Password.account_id == anhe.admin.id))
    assert kept is not None
    assert not door.passwords.is_outdated(kept)


async def test_checking_nobodys_password_does_the_same_work() -> None:
    passwords = Passwords(hasher=HASHER)
    assert not await passwords.match(None, PASSWORD)
    decoy = passwords._decoy
    assert not HASHER.check_needs_rehash(decoy)
    assert len(decoy) == len(HASHER.hash(PASSWORD))


async def test_no_more_checks_run_at_once_than_allowed() -> None:
    running = most = 0

    class Counting(argon2.PasswordHasher):
        def verify(self, *args: object) -> bool:
            nonlocal running, most
            running += 1
            most = max(most, running)
            try:
                return bool(super().verify(*args))  # type: ignore[arg-type]
            finally:
                running -= 1

    passwords = Passwords(concurrency=2, hasher=Counting(time_cost=1, memory_cost=2048, parallelism=1))
    kept = await passwords.hash(PASSWORD)
    assert all(await asyncio.gather(*(passwords.match(kept, PASSWORD) for _ in range(10))))
    assert most <= 2


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "至少 10 个字符"),
        ("a" * 201, "最多 200 个字符"),
        ("aaaaaaaaaaaaaa", "过于简单"),
        ("abcdefghijkl", "过于简单"),
        ("9876543210", "过于简单"),
        ("my Manager rules", "不能包含登录名"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, said: str) -> None:
    with pytest.raises(PasswordUnfit, match=said):
        check_password(password, login="manager")


def test_a_long_phrase_is_good_enough() -> None:
    check_password(PASSWORD, login="manager")
    check_password("安和售后平台登录口令二零二六", login="manager")
