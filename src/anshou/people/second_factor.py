"""The second factor: time-based codes (RFC 6238) and recovery codes for the day the phone is lost.

The seed is sealed under the tenant's local key, bound to the account. A time step is accepted once, so a code that
was seen over a shoulder is worth nothing. Recovery codes are random and long, kept as hashes, each good once.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import BigInteger, ForeignKey, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.errors import CodeWrong, SecondFactorMissing
from anshou.people.tokens import digest, new_letters
from confidentiality.local_key import LocalKey
from tenants.base import Base, Row

PURPOSE = "second_factor"
STEP_SECONDS = 30
RECOVERY_CODES = 10
_RECOVERY_LETTERS = 16
# A code is accepted from the step before and after too: phones' clocks differ (RFC 6238 section 5.2).
_DRIFT_STEPS = (-1, 0, 1)


class SecondFactor(Base):
    """An account's seed, and one that waits for its first code. Read by the door alone."""

    __tablename__ = "second_factor"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed_seed: Mapped[bytes | None]
    enrolled_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    pending_seed: Mapped[bytes | None]
    pending_since: Mapped[datetime | None]


class RecoveryCode(Row, Base):
    """What is kept of a recovery code."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    code_hash: Mapped[bytes]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the person's authenticator is given: the seed in base32, and the same as an otpauth URI for a QR code."""

    seed: str
    uri: str


async def is_enrolled(session: AsyncSession, account_id: UUID) -> bool:
    """Whether signing in takes a second factor."""
    enrolled = select(SecondFactor.enrolled_at).where(SecondFactor.account_id == account_id)
    return await session.scalar(enrolled) is not None


async def begin_enrolment(
    session: AsyncSession, key: LocalKey, account_id: UUID, *, login: str, agency: str, at: datetime
) -> Enrolment:
    """Make a new seed that counts once `confirm_enrolment` has seen a code of it. An older one counts until then."""
    seed = pyotp.random_base32()
    sealed = key.seal(seed.encode(), owner=account_id, purpose=PURPOSE)
    factor = await session.get(SecondFactor, account_id, with_for_update=True)
    if factor is None:
        factor = SecondFactor(account_id=account_id)
        session.add(factor)
    factor.pending_seed, factor.pending_since = sealed, at
    await session.flush()
    return Enrolment(seed=seed, uri=pyotp.TOTP(seed).provisioning_uri(name=login, issuer_name=agency))


async def confirm_enrolment(
    session: AsyncSession, key: LocalKey, account_id: UUID, code: str, *, at: datetime
) -> list[str]:
    """Make the new seed count and return fresh recovery codes, to be shown once.

    Raises SecondFactorMissing when none is waiting and CodeWrong.
    """
    factor = await session.get(SecondFactor, account_id, with_for_update=True)
    if factor is None or factor.pending_seed is None:
        raise SecondFactorMissing
    step = _step_of(_opened(key, factor.pending_seed, account_id), code, at)
    if step is None:
        raise CodeWrong
    factor.sealed_seed, factor.enrolled_at, factor.last_step = factor.pending_seed, at, step
    factor.pending_seed = factor.pending_since = None
    await session.flush()
    return await renew_recovery_codes(session, account_id, at=at)


async def renew_recovery_codes(session: AsyncSession, account_id: UUID, *, at: datetime) -> list[str]:
    """Replace all recovery codes by new ones, to be shown once. Raises SecondFactorMissing."""
    if not await is_enrolled(session, account_id):
        raise SecondFactorMissing
    await session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [_grouped(new_letters(_RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account_id, code_hash=_kept(code), made_at=at) for code in codes)
    await session.flush()
    return codes


async def recovery_codes_left(session: AsyncSession, account_id: UUID) -> int:
    """How many recovery codes are unused."""
    unused = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return await session.scalar(unused) or 0


async def remove(session: AsyncSession, account_id: UUID) -> None:
    """Ask for no second factor any more, and forget the recovery codes."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    await session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))


async def use_code(session: AsyncSession, key: LocalKey, account_id: UUID, code: str, *, at: datetime) -> bool:
    """Whether the code is right and not used before; it is used from now on.

    Six digits are a code of the authenticator, anything else a recovery code.
    """
    code = "".join(code.split())
    if code.isascii() and code.isdigit():
        return await _use_step(session, key, account_id, code, at)
    return await _use_recovery_code(session, account_id, code, at)


async def _use_step(session: AsyncSession, key: LocalKey, account_id: UUID, code: str, at: datetime) -> bool:
    sealed = await session.scalar(select(SecondFactor.sealed_seed).where(SecondFactor.account_id == account_id))
    if sealed is None:
        return False
    step = _step_of(_opened(key, sealed, account_id), code, at)
    if step is None:
        return False
    # The condition, not the look before it, decides: of two requests with one code the second finds nothing to update.
    used = update(SecondFactor).where(
        SecondFactor.account_id == account_id, or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step)
    )
    return await session.scalar(used.values(last_step=step).returning(SecondFactor.last_step)) is not None


async def _use_recovery_code(session: AsyncSession, account_id: UUID, code: str, at: datetime) -> bool:
    used = update(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.code_hash == _kept(code), RecoveryCode.used_at.is_(None)
    )
    return await session.scalar(used.values(used_at=at).returning(RecoveryCode.id)) is not None


def _opened(key: LocalKey, sealed: bytes, account_id: UUID) -> pyotp.TOTP:
    return pyotp.TOTP(key.open(sealed, owner=account_id, purpose=PURPOSE).decode(), interval=STEP_SECONDS)


def _step_of(totp: pyotp.TOTP, code: str, at: datetime) -> int | None:
    """The time step near `at` whose code this is."""
    now = int(at.timestamp()) // STEP_SECONDS
    matching = [
        step
        for step in (now + drift for drift in _DRIFT_STEPS)
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
    ]
    return max(matching, default=None)


def _grouped(letters: str) -> str:
    groups: Sequence[str] = [letters[start : start + 4] for start in range(0, len(letters), 4)]
    return "-".join(groups)


def _kept(code: str) -> bytes:
    # How a person spaces and writes the letters does not matter.
    return digest(code.replace("-", "").casefold())
