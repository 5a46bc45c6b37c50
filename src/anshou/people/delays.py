"""Growing delays after failed sign-ins, per login and per address; never a lasting lock.

A lasting lock would let anybody keep anybody out. An attempt during a delay is turned away unchecked and does not
prolong it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tenants.base import Base


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How the delay grows: `free` failures cost nothing, the next costs `first`, each further doubles, to `longest`.

    After `forgotten_after` without a failure the count begins anew.
    """

    free: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta = timedelta(hours=24)

    def delay(self, failures: int) -> timedelta:
        """How long to wait after so many failures."""
        if failures < self.free:
            return timedelta(0)
        # Sixteen doublings of a second are eighteen hours: more would only overflow.
        doubled: int = 2 ** min(failures - self.free, 16)
        return min(self.first * doubled, self.longest)

    def blocked_until(self, failures: int, last_failed_at: datetime, at: datetime) -> datetime | None:
        """The end of a delay that still runs at `at`, or None."""
        until = last_failed_at + self.delay(failures)
        return until if until > at else None


# Five slips are human. Colleagues share an address behind one router, so it gets more.
OF_LOGIN = Backoff(free=5, first=timedelta(seconds=15), longest=timedelta(minutes=15))
OF_ADDRESS = Backoff(free=50, first=timedelta(seconds=15), longest=timedelta(minutes=15))
# Reached only with the right password. A code has six digits: three free guesses and then ever slower ones.
OF_CODE = Backoff(free=3, first=timedelta(seconds=30), longest=timedelta(minutes=15))


class Delay(Base):
    """How often sign-in has failed lately for a subject."""

    __tablename__ = "sign_in_delay"

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime]


def login_subject(login: str) -> str:
    """Whom failures of this login count against; the same whether the login exists or not."""
    return "login:" + hashlib.sha256(login.encode()).hexdigest()


def address_subject(address: str) -> str:
    """Whom failures from this address count against; for IPv6 its network of 64 bits, which is one customer's."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"address:{address}"
    return f"address:{ip_network((parsed, 64), strict=False) if parsed.version == 6 else parsed}"


def code_subject(account_id: UUID) -> str:
    """Whom wrong codes of the second factor count against."""
    return f"code:{account_id}"


async def blocked_until(session: AsyncSession, subject: str, backoff: Backoff, *, at: datetime) -> datetime | None:
    """The end of the subject's delay, or None."""
    found = await session.execute(select(Delay.failures, Delay.last_failed_at).where(Delay.subject == subject))
    counted = found.one_or_none()
    return None if counted is None else backoff.blocked_until(counted.failures, counted.last_failed_at, at)


async def count_failure(session: AsyncSession, subject: str, backoff: Backoff, *, at: datetime) -> datetime | None:
    """Count a failure, unless a delay still runs: then return its end and count nothing.

    Counted *before* the secret is checked and forgiven if it was right, so that many guesses at once count as many.
    """
    counted = insert(Delay).values(subject=subject, failures=0, last_failed_at=at)
    # Updates nothing, but locks the row and returns it, whether it was there before or not.
    counted = counted.on_conflict_do_update(index_elements=[Delay.subject], set_={"subject": subject})
    before = (await session.execute(counted.returning(Delay.failures, Delay.last_failed_at))).one()
    failures = 0 if at - before.last_failed_at >= backoff.forgotten_after else before.failures
    until = backoff.blocked_until(failures, before.last_failed_at, at)
    if until is None:
        await session.execute(
            update(Delay).where(Delay.subject == subject).values(failures=failures + 1, last_failed_at=at)
        )
    return until


async def forgive(session: AsyncSession, subject: str) -> None:
    """Forget the subject's failures, because it has proved itself."""
    await session.execute(delete(Delay).where(Delay.subject == subject))


async def forget_old_delays(session: AsyncSession, *, at: datetime) -> int:
    """Drop counts that no longer matter; returns how many."""
    oldest = at - OF_LOGIN.forgotten_after
    gone = await session.scalars(delete(Delay).where(Delay.last_failed_at < oldest).returning(Delay.subject))
    return len(gone.all())
