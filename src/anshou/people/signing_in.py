"""Signing in: login and password, then the second factor if there is one.

What keeps somebody out is an outcome and not a refusal, since a refusal would roll the counted failure back. The
outcome for a wrong password, an unknown login and a suspended account is the same, and takes as long.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.accounts import Credential, normal_login
from anshou.people.deeds import SIGN_IN_FAILED, SIGNED_IN
from anshou.people.delays import (
    OF_ADDRESS,
    OF_CODE,
    OF_LOGIN,
    address_subject,
    blocked_until,
    code_subject,
    count_failure,
    forgive,
    login_subject,
)
from anshou.people.door import Door
from anshou.people.passwords import Password, keep_password
from anshou.people.person import Person
from anshou.people.persons import find_person
from anshou.people.second_factor import is_enrolled, use_code
from anshou.people.tokens import digest, new_token
from anshou.people.web_sessions import Origin, open_session
from confidentiality.audit.actors import NOBODY
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.refusals import N_, Message

CHALLENGE_LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Signed in; `token` is for the cookie."""

    account_id: UUID
    session_id: UUID
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAsked:
    """The password was right; `token` stands for that until `expires_at` (UTC) and is brought back with the code."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """Not let in. `retry_at` (UTC) is set while attempts are not even looked at; `start_again` ends a second stage."""

    message: Message
    retry_at: datetime | None = None
    start_again: bool = False


class SignInChallenge(Row, Base):
    """That somebody gave an account's right password and owes its second factor."""

    __tablename__ = "sign_in_challenge"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


async def sign_in(
    door: Door, *, login: str, password: str, origin: Origin, at: datetime
) -> Admitted | SecondFactorAsked | TurnedAway:
    """Check login and password; begin a session, or ask for the second factor."""
    login = normal_login(login)
    async with door.open() as session:
        until = await blocked_until(session, address_subject(origin.address), OF_ADDRESS, at=at)
        until = until or await count_failure(session, login_subject(login), OF_LOGIN, at=at)
        if until is not None:
            return too_often(until)
        kept = await _kept_password(session, login)
    account_id, hashed = kept or (None, None)
    if not await door.passwords.match(hashed, password) or account_id is None or hashed is None:
        async with door.open() as session:
            await count_failure(session, address_subject(origin.address), OF_ADDRESS, at=at)
            # The same leaf for a login that does not exist, or it would take less time.
            until = await blocked_until(session, login_subject(login), OF_LOGIN, at=at)
            await _record_failure(session, account_id, "password", until, origin=origin, at=at)
        return _unknown()
    fresh = await door.passwords.hash(password) if door.passwords.is_outdated(hashed) else None
    async with door.open() as session:
        await forgive(session, login_subject(login))
        person = await find_person(session, account_id)
        if person is None:
            return _unknown()
        if fresh is not None:
            await keep_password(session, account_id, fresh, at=at)
        if await is_enrolled(session, account_id):
            return await _ask_second_factor(session, account_id, at)
        return await _admit(door, session, person, second_factor=False, origin=origin, at=at)


async def answer_second_factor(
    door: Door, *, token: str, code: str, origin: Origin, at: datetime
) -> Admitted | TurnedAway:
    """Check the second factor that `sign_in` asked for, and begin a session."""
    async with door.open() as session:
        asked = await session.scalar(
            select(SignInChallenge).where(SignInChallenge.token_hash == digest(token)).with_for_update()
        )
        if asked is None or asked.expires_at <= at:
            return TurnedAway(message=Message(N_("登录已超时，请重新输入密码。")), start_again=True)
        until = await blocked_until(session, address_subject(origin.address), OF_ADDRESS, at=at)
        until = until or await count_failure(session, code_subject(asked.account_id), OF_CODE, at=at)
        if until is not None:
            return too_often(until)
        if not await use_code(session, door.key, asked.account_id, code, at=at):
            await count_failure(session, address_subject(origin.address), OF_ADDRESS, at=at)
            until = await blocked_until(session, code_subject(asked.account_id), OF_CODE, at=at)
            await _record_failure(session, asked.account_id, "code", until, origin=origin, at=at)
            return TurnedAway(message=Message(N_("验证码不正确或已使用过。")))
        await session.delete(asked)
        await forgive(session, code_subject(asked.account_id))
        person = await find_person(session, asked.account_id)
        if person is None:
            return _unknown()
        return await _admit(door, session, person, second_factor=True, origin=origin, at=at)


async def forget_old_challenges(session: AsyncSession, *, at: datetime) -> int:
    """Drop challenges that nobody can answer any more; returns how many."""
    gone = await session.scalars(
        delete(SignInChallenge).where(SignInChallenge.expires_at <= at).returning(SignInChallenge.id)
    )
    return len(gone.all())


def too_often(until: datetime) -> TurnedAway:
    """What is said while a delay runs."""
    return TurnedAway(message=Message(N_("尝试次数过多，请稍后再试。")), retry_at=until)


def _unknown() -> TurnedAway:
    # The same words as for an agency that does not exist.
    return TurnedAway(message=Message(N_("公司代码、登录名或密码不正确。")))


async def _kept_password(session: AsyncSession, login: str) -> tuple[UUID, str] | None:
    found = await session.execute(
        select(Password.account_id, Password.hash)
        .join(Credential, Credential.account_id == Password.account_id)
        .where(Credential.login == login)
    )
    row = found.one_or_none()
    return None if row is None else (row.account_id, row.hash)


async def _ask_second_factor(session: AsyncSession, account_id: UUID, at: datetime) -> SecondFactorAsked:
    token = new_token()
    asked = SignInChallenge(
        account_id=account_id,
        token_hash=digest(token),
        asked_at=at,
        expires_at=at + CHALLENGE_LASTS,
    )
    session.add(asked)
    return SecondFactorAsked(token=token, expires_at=asked.expires_at)


async def _admit(
    door: Door, session: AsyncSession, person: Person, *, second_factor: bool, origin: Origin, at: datetime
) -> Admitted:
    session_id, token = await open_session(
        session, person.id, second_factor=second_factor, origin=origin, limits=door.limits, at=at
    )
    said = {"address": origin.address, "second_factor": second_factor}
    await record(session, SIGNED_IN, actor=person.actor(), at=at, subject=session_id, body=said)
    return Admitted(account_id=person.id, session_id=session_id, token=token)


async def _record_failure(
    session: AsyncSession,
    account_id: UUID | None,
    at_what: str,
    until: datetime | None,
    *,
    origin: Origin,
    at: datetime,
) -> None:
    said = {"at": at_what, "address": origin.address, "blocked_until": until.isoformat() if until else None}
    await record(session, SIGN_IN_FAILED, actor=NOBODY, at=at, subject=account_id, body=said)
