"""What is still open as a month is closed and goes over into the next: each thing with the reason, kept for good.

A row belongs to one month. What is still open a month later is decided on anew.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.ledger.errors import PeriodNotReady
from billing.ledger.periods import PERIOD_REFUSED
from tenants.base import Base, Row, new_id
from tenants.refusals import N_, Message

# Rows of one statement: a server takes no more parameters than 65535.
_AT_A_TIME = 2_000


class CarriedOver(Row, Base):
    """A thing carried over: `matter` says of what kind it is in a word of code, `fen` what it came to."""

    __tablename__ = "carried_over"

    month: Mapped[date]
    matter: Mapped[str]
    subject_id: Mapped[UUID]
    fen: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    reason: Mapped[str]
    carried_by: Mapped[UUID]
    carried_at: Mapped[datetime]


async def carry_over(
    session: AsyncSession,
    month: date,
    matter: str,
    subjects: Mapping[UUID, tuple[int, str]],
    *,
    reason: str,
    by: UUID,
    at: datetime,
) -> int:
    """Keep that these go over, fen and currency by id; how many did not before. Raises PeriodNotReady."""
    rows = [
        {
            "id": new_id(),
            "month": month,
            "matter": matter,
            "subject_id": subject,
            "fen": fen,
            "currency": currency,
            "reason": reason,
            "carried_by": by,
            "carried_at": at,
        }
        for subject, (fen, currency) in subjects.items()
    ]
    made = 0
    try:
        for start in range(0, len(rows), _AT_A_TIME):
            # Two people may carry the same thing over at once; the first one's reason stands.
            written = insert(CarriedOver).values(rows[start : start + _AT_A_TIME]).on_conflict_do_nothing()
            made += len((await session.execute(written.returning(CarriedOver.id))).all())
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != PERIOD_REFUSED:
            raise
        raise PeriodNotReady(month, Message(N_("未处于可记账状态，不能再登记结转"))) from None
    return made
