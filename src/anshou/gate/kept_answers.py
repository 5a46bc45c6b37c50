"""Answers kept beside the Idempotency-Key of their request, so that a request that comes again has one effect.

An answer is written in the transaction of the effect: there is never one without the other. It is kept sealed, because
it may hold a secret that is shown once.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from confidentiality.local_key import LocalKey
from tenants.base import Base, Row, new_id
from tenants.refusals import N_, Conflict, Invalid

KEPT_FOR = timedelta(hours=48)

_PURPOSE = "kept answer"


class KeptAnswer(Row, Base):
    """The answer to one request."""

    __tablename__ = "kept_answer"

    account_id: Mapped[UUID]
    key: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime]


class IdempotencyKeyReused(Invalid):
    """Raised when an Idempotency-Key comes back with another request than the one it was first used for."""

    def __init__(self) -> None:
        super().__init__(N_("这个 Idempotency-Key 已用于另一个请求。"))


class RequestInFlight(Conflict):
    """Raised when the first request with the same Idempotency-Key has not been answered yet."""

    def __init__(self) -> None:
        super().__init__(N_("相同 Idempotency-Key 的请求正在处理，请稍后重试。"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sent."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """One use of a key: by whose account, for which request, when."""

    account_id: UUID
    key: str
    fingerprint: bytes
    at: datetime


async def claim(session: AsyncSession, sealing: LocalKey, wanted: Claim) -> Answer | None:
    """Claim the key for this transaction; the kept answer if the request was answered before.

    Raises IdempotencyKeyReused for another request, RequestInFlight while the first is still under way. The lock is the
    transaction's and falls with it, whatever happens to the process.
    """
    digest = hashlib.sha256(wanted.account_id.bytes + wanted.key.encode()).digest()
    lock = int.from_bytes(digest[:8], "big", signed=True)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(literal(lock)))):
        raise RequestInFlight
    return await find_answer(session, sealing, wanted)


async def find_answer(session: AsyncSession, sealing: LocalKey, wanted: Claim) -> Answer | None:
    """The kept answer if the request was answered before. Raises IdempotencyKeyReused for another request."""
    kept = await session.scalar(
        select(KeptAnswer).where(KeptAnswer.account_id == wanted.account_id, KeptAnswer.key == wanted.key)
    )
    if kept is None:
        return None
    if kept.fingerprint != _mark(sealing, wanted):
        raise IdempotencyKeyReused
    return Answer(kept.status, kept.headers, sealing.open(kept.sealed_body, owner=kept.id, purpose=_PURPOSE))


def keep(session: AsyncSession, sealing: LocalKey, claimed: Claim, answer: Answer) -> None:
    """Write down the answer to a claimed request."""
    kept_id = new_id()
    session.add(
        KeptAnswer(
            id=kept_id,
            account_id=claimed.account_id,
            key=claimed.key,
            fingerprint=_mark(sealing, claimed),
            status=answer.status,
            headers=answer.headers,
            sealed_body=sealing.seal(answer.body, owner=kept_id, purpose=_PURPOSE),
            answered_at=claimed.at,
        )
    )


async def forget_old_answers(session: AsyncSession, *, at: datetime, kept: timedelta = KEPT_FOR) -> int:
    """Delete the answers that were kept long enough; returns how many. Runs in the agency's context."""
    old = delete(KeptAnswer).where(KeptAnswer.answered_at < at - kept).returning(KeptAnswer.id)
    return len((await session.execute(old)).all())


def _mark(sealing: LocalKey, claimed: Claim) -> bytes:
    # A body may be no more than a phone number, which is quickly found to a plain hash.
    return sealing.mark(claimed.fingerprint, purpose=_PURPOSE)
